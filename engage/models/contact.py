from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.models.agency import Agency
from engage.models.choices import Channel
from engage.models.erasable import Erasable
from engage.models.identifiers import uuid7
from engage.sealed_column import SealedColumn


class Contact(Erasable):
    """One address for one event, or for one subscription: sealed, and found again by a keyed fingerprint.

    One row never serves two events: an agency-wide contact would be an attendance register.
    """

    class Scope(models.TextChoices):
        EVENT = "event", "event"
        SUBSCRIPTION = "subscription", "subscription"
        CONTRIBUTION = "contribution", "contribution"

    class CalendarState(models.TextChoices):
        NONE = "none", "none"
        REQUESTED = "requested", "requested"
        CANCELLED = "cancelled", "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    scope = models.CharField(max_length=16, choices=Scope.choices)
    # The event's, subscription's or target's id; no foreign key, since engage lies below events and outreach.
    scope_id = models.UUIDField()
    sealed_address = SealedColumn(padded_to=288)
    fingerprint = models.BinaryField(max_length=32)
    language = models.CharField(max_length=16, default="en")
    consented_at = models.DateTimeField(default=timezone.now)
    proven_on = models.DateField(null=True, blank=True)
    # SEQUENCE in this contact's mails = the event's + calendar_bumps; what the calendar over there last heard.
    calendar_bumps = models.PositiveIntegerField(default=0)
    calendar_state = models.CharField(
        max_length=12, choices=CalendarState.choices, default=CalendarState.NONE
    )
    # The day on which the first confirmation (and only it, while unproven) was allowed out.
    confirmation_allowed_at = models.DateTimeField(null=True, blank=True)
    confirmation_withheld = models.BooleanField(default=False)
    cancellation_allowed_at = models.DateTimeField(null=True, blank=True)
    link_version = models.PositiveIntegerField(default=1)
    # One click (RFC 8058): no more reminders and summaries; answers, moves and cancellations still go.
    stopped_on = models.DateField(null=True, blank=True)
    # Set by a hard bounce or STOP: nothing more goes there.
    unreachable_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "fingerprint"], name="contact_fingerprint_once"),
            models.UniqueConstraint(fields=["agency", "id"], name="contact_of_agency"),
            models.CheckConstraint(
                condition=Q(calendar_bumps__gte=0), name="contact_calendar_bumps_only_grow"
            ),
        ]
        indexes = [models.Index(fields=["scope", "scope_id"], name="contact_scope")]

    def __str__(self) -> str:
        return str(self.id)


class BlockedAddress(models.Model):
    """An address whose owner said "not me": a year without mail. Its own key, no link to any other row, no hour."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    fingerprint = models.BinaryField(max_length=32, unique=True)
    until = models.DateField()

    class Meta:
        verbose_name_plural = "blocked addresses"

    def __str__(self) -> str:
        return str(self.id)


class ReadPurpose(models.TextChoices):
    """What staff may need a name or an address for. Kept on the record; each resident reads it in their own language."""

    CALL_BACK = "call_back", _("To call or write back")
    CHANGE_PLACE = "change_place", _("To change or give back their place")
    ARRANGE_NEED = "arrange_need", _("To arrange what they need")
    PREPARE_DOOR = "prepare_door", _("To prepare the door or the seats")
    ASKED_BY_THEM = "asked_by_them", _("They asked us to")
    SAFETY = "safety", _("Somebody may be in danger")
    DOOR = "door", _("Letting people in at the door")


class ContactRead(models.Model):
    """Who was shown which contact or list, and why. One row per reveal, page of a list, door or need; append-only."""

    class What(models.TextChoices):
        REVEAL = "reveal", "reveal"
        LIST = "list", "list"
        # Open until the door closes: also for places that are saved afterwards.
        DOOR = "door", "door"
        # From then on: the words beside a need, for whoever took it on.
        NEED = "need", "need"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey("engage.Person", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=8, choices=What.choices)
    # A ReadPurpose; rows from before the list have a sentence of the reader's own.
    purpose = models.CharField(max_length=200)
    event_id = models.UUIDField(null=True)
    rsvp_id = models.UUIDField(null=True)
    contact_ids = ArrayField(models.UUIDField(), default=list)
    # How many places were shown.
    shown = models.PositiveIntegerField(default=1, db_default=1)
    # Beyond the hour's number, and the reader themself had said yes to it.
    granted_alone = models.BooleanField(default=False, db_default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["rsvp_id"], name="contact_read_rsvp"),
            models.Index(fields=["agency", "-at", "-id"], name="contact_read_list"),
            models.Index(fields=["reader", "agency", "at"], name="contact_read_hour"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ReadingRequest(models.Model):
    """Somebody has read so many names and addresses in an hour that a second person has to say yes to more.

    ``granted_by`` is the reader only at night, when nobody else is there.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey("engage.Person", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=32, choices=ReadPurpose.choices)
    asked_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(
        "engage.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "reader"], condition=Q(granted_at=None), name="reading_request_one_open"
            ),
            models.CheckConstraint(
                condition=Q(granted_at=None, granted_by=None)
                | Q(granted_at__isnull=False, granted_by__isnull=False),
                name="reading_request_granted_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-asked_at"], name="reading_request_list")]

    def __str__(self) -> str:
        return str(self.id)


class Destruction(models.Model):
    """What a purge or an erasure removed, as counts and without names; its id tells no hour."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    cause = models.CharField(max_length=16)
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.on} {self.cause}"

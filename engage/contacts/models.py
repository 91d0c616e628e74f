from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.agencies.models import Agency
from engage.database.erasable import Erasable
from engage.database.ids import uuid7
from engage.sealing.column import SealedColumn


class Channel(models.TextChoices):
    EMAIL = "email", _("Email")
    SMS = "sms", _("Text message")


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
    # How many confirmations were allowed out while unproven.
    confirmation_rounds = models.PositiveSmallIntegerField(default=0, db_default=0)
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


class LetterAsk(Erasable):
    """Somebody typed an address and asked for a letter to it. The worker finds out whether anybody has that address.

    Nothing here differs for one that is known: no foreign key to its owner, no size, and no time but the second.
    """

    class Letter(models.TextChoices):
        LINK_AGAIN = "link_again", "link again"
        NEW_PASSWORD = "new_password", "new password"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.CharField(max_length=16, choices=Letter.choices)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # For a link again; no foreign key, since engage lies below events.
    event_id = models.UUIDField(null=True, blank=True)
    # The longest that the form for a password takes: 320 letters of four bytes.
    sealed_address = SealedColumn(padded_to=1284)
    asked_at = models.DateTimeField()
    # Could not be answered; until then the others go first.
    next_try_at: models.DateTimeField[Any, Any] = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.id)

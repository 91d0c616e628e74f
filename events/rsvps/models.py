from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.agencies.models import BOUNDS, Agency
from engage.contacts.models import Contact
from engage.database.erasable import Erasable
from engage.database.ids import uuid7
from engage.sealing.column import SealedColumn
from events.event.models import Event


class RsvpStatus(models.TextChoices):
    CONFIRMED = "confirmed", _("Place saved")
    WAITLISTED = "waitlisted", _("On the waitlist")
    OFFERED = "offered", _("A place is offered")
    CANCELLED = "cancelled", _("Cancelled")


class Remind(models.TextChoices):
    EMAIL = "email", _("Email")
    SMS = "sms", _("Text message")
    NONE = "none", _("No reminder")


class RsvpSource(models.TextChoices):
    WEB = "web", _("Web")
    API = "api", _("Program")
    STAFF = "staff", _("By telephone, through staff")
    MADE = "made", _("Made up for the demo")


class Rsvp(Erasable):
    """One party's place. It stands for itself: the same address may hold several."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, db_constraint=False, on_delete=models.PROTECT, related_name="rsvps")
    sealed_name = SealedColumn(padded_to=512, null=True, blank=True)
    party_size = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=12, choices=RsvpStatus.choices)
    queue_number = models.BigIntegerField(null=True, blank=True)
    language = models.CharField(max_length=16, default="en")
    remind = models.CharField(max_length=8, choices=Remind.choices, default=Remind.NONE)
    source = models.CharField(max_length=8, choices=RsvpSource.choices, default=RsvpSource.WEB)
    checkin_code = models.CharField(max_length=10)
    email_contact = models.ForeignKey(
        Contact,
        db_constraint=False,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="rsvps_by_email",
    )
    phone_contact = models.ForeignKey(
        Contact,
        db_constraint=False,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="rsvps_by_phone",
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # When its holder last said that they keep it as the meeting stands then: after a move, or by taking an offer.
    kept_at = models.DateTimeField(null=True, blank=True)
    offer_expires_at = models.DateTimeField(null=True, blank=True)
    offers_lapsed = models.PositiveSmallIntegerField(default=0)
    link_version = models.PositiveIntegerField(default=1)
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(party_size__range=BOUNDS["largest_party"]), name="rsvp_party_1_to_20"
            ),
            models.CheckConstraint(
                condition=Q(status="waitlisted", queue_number__isnull=False)
                | Q(status="offered")
                | Q(status__in=["confirmed", "cancelled"], queue_number=None),
                name="rsvp_queue_number_while_waiting",
            ),
            models.CheckConstraint(
                condition=Q(status="offered", offer_expires_at__isnull=False)
                | (~Q(status="offered") & Q(offer_expires_at=None)),
                name="rsvp_offer_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | Q(confirmed_at__isnull=False),
                name="rsvp_confirmed_at_once_confirmed",
            ),
            models.UniqueConstraint(fields=["event", "checkin_code"], name="rsvp_code_once_an_event"),
            models.UniqueConstraint(
                fields=["event", "queue_number"],
                condition=Q(status="waitlisted"),
                name="rsvp_queue_number_once",
            ),
            models.UniqueConstraint(fields=["agency", "id"], name="rsvp_of_agency"),
        ]
        indexes = [
            models.Index(fields=["event", "status", "id"], name="rsvp_event_status"),
            models.Index(fields=["offer_expires_at"], condition=Q(status="offered"), name="rsvp_offer_ends"),
            models.Index(fields=["email_contact"], name="rsvp_email_contact"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ArrivalWay(models.TextChoices):
    CODE = "code", _("Code")
    LIST = "list", _("Door list")
    WALK_IN = "walk_in", _("Walk-in")


class CheckIn(Erasable):
    """One arrival of a party. Only the device's own ``client_id`` makes it unique, so it is safe to send again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, db_constraint=False, on_delete=models.PROTECT, related_name="check_ins")
    rsvp = models.ForeignKey(
        Rsvp, db_constraint=False, null=True, blank=True, on_delete=models.SET_NULL, related_name="check_ins"
    )
    party = models.PositiveSmallIntegerField(default=1)
    way = models.CharField(max_length=8, choices=ArrivalWay.choices)
    client_id = models.CharField(max_length=64)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "client_id"], name="check_in_once_a_client_id"),
            models.UniqueConstraint(
                fields=["rsvp"], condition=Q(undone_at=None), name="check_in_one_standing_an_rsvp"
            ),
            models.CheckConstraint(condition=Q(party__range=(1, 50)), name="check_in_party_1_to_50"),
        ]

    def __str__(self) -> str:
        return str(self.id)

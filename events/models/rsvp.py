from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.models import Agency, Contact, Erasable, Person, uuid7
from engage.sealed_column import SealedColumn
from events.models.event import Event


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
    offer_expires_at = models.DateTimeField(null=True, blank=True)
    offers_lapsed = models.PositiveSmallIntegerField(default=0)
    link_version = models.PositiveIntegerField(default=1)
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(party_size__range=(1, 20)), name="rsvp_party_1_to_20"),
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


class AccessKind(models.TextChoices):
    SIGN_LANGUAGE = "sign_language", _("Sign language interpreter")
    CAPTIONS = "captions", _("Live captions")
    INTERPRETER = "interpreter", _("Language interpreter")
    WHEELCHAIR = "wheelchair", _("Wheelchair space or a seat near the door")
    CHILDCARE = "childcare", _("Childcare")
    TRANSPORT = "transport", _("Transport")
    LARGE_PRINT = "large_print", _("Large print")
    OTHER = "other", _("Something else")


class AccessStatus(models.TextChoices):
    ASKED = "asked", _("Asked")
    ARRANGING = "arranging", _("Being arranged")
    ARRANGED = "arranged", _("Arranged")
    MET = "met", _("Met")
    NOT_MET = "not_met", _("Not possible")


class AccessRequest(Erasable):
    """What somebody needs to take part: work with an owner, a deadline and a result."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(
        Event, db_constraint=False, on_delete=models.PROTECT, related_name="access_requests"
    )
    rsvp = models.ForeignKey(
        Rsvp, db_constraint=False, on_delete=models.CASCADE, related_name="access_requests"
    )
    kind = models.CharField(max_length=16, choices=AccessKind.choices)
    language = models.CharField(max_length=16, blank=True)
    sealed_detail = SealedColumn(padded_to=4096, null=True, blank=True)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    needed_by = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=AccessStatus.choices, default=AccessStatus.ASKED)
    # What was arranged, in words for the resident; staff write it.
    outcome = models.CharField(max_length=500, blank=True)
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="interpreter") | ~Q(language=""),
                name="access_request_interpreter_names_language",
                violation_error_code="language_required",
            ),
        ]
        indexes = [models.Index(fields=["event", "status", "id"], name="access_request_list")]

    def __str__(self) -> str:
        return self.get_kind_display()

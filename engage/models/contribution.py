from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engage.models.agency import Agency
from engage.models.contact import Contact
from engage.models.dialogue import Dialogue, Theme
from engage.models.erasable import Erasable
from engage.sealed_column import SealedColumn


class ContributionKind(models.TextChoices):
    QUESTION = "question", _("Question")
    CONCERN = "concern", _("Concern")
    IDEA = "idea", _("Idea")
    THANKS = "thanks", _("Thanks")
    NOTE = "note", _("Note")


class WayIn(models.TextChoices):
    WEB = "web", _("Web")
    LIVE = "live", _("Live note")
    DOOR = "door", _("At the door")
    PAPER = "paper", _("Paper")
    SMS = "sms", _("Text message")
    STAFF = "staff", _("Written down by staff")


class SaidBy(models.TextChoices):
    """Whose words a note holds, as far as it is ever said: never a resident's name."""

    RESIDENT = "resident", _("A resident")
    DEPARTMENT = "department", _("The department")
    OTHER = "other", _("Someone else")


class Contribution(Erasable):
    """What was said. UUIDv4, no time of day anywhere: an anonymous author must stay one in a full dump."""

    class Moderation(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SHOWN = "shown", _("Shown")
        HIDDEN = "hidden", _("Hidden")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="contributions")
    event = models.ForeignKey(
        "events.Event", null=True, blank=True, on_delete=models.PROTECT, related_name="contributions"
    )
    dialogue = models.ForeignKey(
        Dialogue, null=True, blank=True, on_delete=models.PROTECT, related_name="contributions"
    )
    theme = models.ForeignKey(
        Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="contributions"
    )
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(
        max_length=16, choices=ContributionKind.choices, default=ContributionKind.QUESTION
    )
    way_in = models.CharField(max_length=8, choices=WayIn.choices, default=WayIn.WEB)
    language = models.CharField(max_length=16, default="en")
    # In clear where nobody is named by it; a signed one is sealed until a moderator shows it.
    body = models.TextField(max_length=4000, blank=True)
    sealed_body = SealedColumn(padded_to=16_384, null=True, blank=True)
    anonymous = models.BooleanField(default=True)
    said_on = models.DateField()
    said_by = models.CharField(
        max_length=12, choices=SaidBy.choices, default=SaidBy.RESIDENT, db_default=SaidBy.RESIDENT
    )
    speaker = models.CharField(max_length=120, blank=True)
    table_label = models.CharField(max_length=60, blank=True)
    may_quote = models.BooleanField(default=False)
    endorsements_count = models.PositiveIntegerField(default=0)
    answer = models.TextField(max_length=4000, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    moderation = models.CharField(max_length=8, choices=Moderation.choices, default=Moderation.WAITING)
    moderated_on = models.DateField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=500, blank=True)
    edit_version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(moderation="hidden") | ~Q(hidden_reason=""),
                name="contribution_hidden_needs_reason",
                violation_error_code="reason_required",
            ),
            models.CheckConstraint(
                condition=~Q(moderation="shown") | (~Q(body="") & Q(sealed_body=None)),
                name="contribution_shown_is_in_clear",
            ),
            models.CheckConstraint(
                condition=Q(anonymous=False) | Q(contact=None), name="contribution_anonymous_has_no_contact"
            ),
            # A worker of the release before the sealed intake, still at work beside a newer web, must not empty what
            # it cannot read.
            models.CheckConstraint(
                condition=~Q(body="") | Q(sealed_body__isnull=False), name="contribution_says_something"
            ),
            models.UniqueConstraint(fields=["agency", "id"], name="contribution_of_agency"),
        ]
        indexes = [
            models.Index(fields=["event", "moderation", "id"], name="contribution_event_list"),
            models.Index(fields=["dialogue", "moderation", "id"], name="contribution_dialogue_list"),
            models.Index(fields=["agency", "moderation", "id"], name="contribution_agency_list"),
            models.Index(fields=["agency", "moderation", "said_on", "id"], name="contribution_agency_days"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ContributionRevision(models.Model):
    """The words that stood before a correction of a shown contribution."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="revisions")
    body = models.TextField(max_length=4000)
    replaced_on = models.DateField()
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return str(self.id)


class ContributionIntake(models.Model):
    """Where an anonymous text waits among others until the worker empties the table as one (docs/privacy.md).

    No foreign key, no time of day; nothing but the intake reads it: no count, no feed, no page. What was said, and
    everything about it that only the worker needs, is in ``sealed``.
    """

    class Target(models.TextChoices):
        EVENT = "event", "event"
        DIALOGUE = "dialogue", "dialogue"
        AGENCY = "agency", "agency"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency_id = models.UUIDField()
    target = models.CharField(max_length=8, choices=Target.choices)
    target_id = models.UUIDField()
    local_day = models.DateField()
    # ``engage.intake_sealing``: one length for all. Null in a row that the release before this one wrote.
    sealed = models.BinaryField(null=True)
    # HMAC of the browser's Idempotency-Key, so that a retry finds its own text; without a key as many random bytes.
    retry_mark = models.BinaryField(max_length=32, null=True, unique=True)
    # It already stands among the others, in an order that means nothing; false until the next run writes it anew.
    mixed = models.BooleanField(default=False, db_default=False)
    # Written by the release before this one, which put them down in clear; empty since, and dropped by a later one.
    kind = models.CharField(max_length=16, choices=ContributionKind.choices, blank=True, db_default="")
    way_in = models.CharField(max_length=8, choices=WayIn.choices, blank=True, db_default="")
    language = models.CharField(max_length=16, blank=True, db_default="")
    body = models.TextField(max_length=4000, blank=True, db_default="")

    class Meta:
        db_table = "contribution_intake"

    def __str__(self) -> str:
        return str(self.id)


class EndorsementMark(models.Model):
    """A browser-made mark behind a "me too": SHA-256 of the browser's secret and the contribution's id; kept 30 days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="+")
    mark = models.BinaryField(max_length=32)
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution", "mark"], name="endorsement_once_a_browser")
        ]

    def __str__(self) -> str:
        return str(self.id)

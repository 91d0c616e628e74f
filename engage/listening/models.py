from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.agencies.models import Agency, Community
from engage.commitments.models import FocusArea
from engage.contacts.models import Contact
from engage.database.bounds import LongText, no_longer
from engage.database.erasable import Erasable
from engage.database.ids import uuid7
from engage.sealing.column import SealedColumn


class ParticipationLevel(models.TextChoices):
    """How much a resident's word decides (after the IAP2 spectrum)."""

    INFORM = "inform", _("We tell you")
    CONSULT = "consult", _("We ask you")
    INVOLVE = "involve", _("We work on it with you")
    COLLABORATE = "collaborate", _("We decide it with you")
    EMPOWER = "empower", _("You decide")


class Dialogue(models.Model):
    """An ongoing conversation with a purpose and a declared level of participation."""

    class Stage(models.TextChoices):
        PLANNING = "planning", _("Planning")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        REPORTED = "reported", _("Reported")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="dialogues")
    partners = models.ManyToManyField(Agency, blank=True, related_name="partner_dialogues")
    communities = models.ManyToManyField(Community, blank=True, related_name="dialogues")
    title = models.CharField(max_length=200)
    purpose = LongText(max_length=5000, blank=True)
    focus_area = models.CharField(max_length=32, choices=FocusArea.choices)
    participation_level = models.CharField(
        max_length=16, choices=ParticipationLevel.choices, default=ParticipationLevel.CONSULT
    )
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.PLANNING)
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            *no_longer("dialogue", {"purpose": 5000}),
            models.UniqueConstraint(fields=["agency", "id"], name="dialogue_of_agency"),
        ]
        indexes = [models.Index(fields=["agency", "-created_at", "-id"], name="dialogue_list")]

    def __str__(self) -> str:
        return self.title


class Theme(models.Model):
    """A cluster of contributions in one dialogue, or in one event that has none."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    dialogue = models.ForeignKey(
        Dialogue, null=True, blank=True, on_delete=models.PROTECT, related_name="themes"
    )
    event = models.ForeignKey(
        "events.Event", null=True, blank=True, on_delete=models.PROTECT, related_name="themes"
    )
    title = models.CharField(max_length=200)
    text = LongText(max_length=2000, blank=True)
    translations = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    # Shown contributions, moved only by theming.py and moderating.py in the transaction of the change.
    contributions_count = models.PositiveIntegerField(default=0)
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            *no_longer("theme", {"text": 2000}),
            models.CheckConstraint(
                condition=Q(dialogue__isnull=False, event=None) | Q(dialogue=None, event__isnull=False),
                name="theme_of_dialogue_or_event",
            ),
            models.UniqueConstraint(fields=["agency", "id"], name="theme_of_agency"),
        ]

    def __str__(self) -> str:
        return self.title


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
    body = LongText(max_length=4000, blank=True)
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
    answer = LongText(max_length=4000, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    moderation = models.CharField(max_length=8, choices=Moderation.choices, default=Moderation.WAITING)
    moderated_on = models.DateField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=500, blank=True)
    edit_version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            *no_longer("contribution", {"body": 4000, "answer": 4000}),
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
    body = LongText(max_length=4000)
    replaced_on = models.DateField()
    reason = models.CharField(max_length=500)

    class Meta:
        constraints = [*no_longer("contribution_revision", {"body": 4000})]

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
    # ``engage.sealing.intake``: one length for all. Null in a row that the release before this one wrote.
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

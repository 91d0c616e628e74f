from __future__ import annotations

from typing import Final

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engage.agencies.models import Agency, Community
from engage.database.bounds import LongText, no_longer
from engage.database.ids import uuid7
from engage.people.models import Person
from engage.roles.answering import Owned


class FocusArea(models.TextChoices):
    """The five focus areas of the IACP Institute for Community-Police Relations (2016)."""

    LEADERSHIP_AND_CULTURE = "leadership_and_culture", _("Leadership and culture")
    COMMUNITY_ENGAGEMENT = "community_engagement", _("Community engagement")
    PROCEDURAL_JUSTICE = "procedural_justice", _("Procedural justice")
    POLICY_AND_PRACTICE = "policy_and_practice", _("Policy and leading practices")
    SAFETY_AND_WELLNESS = "safety_and_wellness", _("Officer safety and wellness")


class CommitmentStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("promise", "Open")
    IN_PROGRESS = "in_progress", _("In progress")
    KEPT = "kept", _("Kept")
    KEPT_IN_PART = "kept_in_part", _("Kept in part")
    NOT_KEPT = "not_kept", _("Not kept")
    WILL_NOT_DO = "will_not_do", pgettext_lazy("promise", "Stopped")


ENDED = (
    CommitmentStatus.KEPT,
    CommitmentStatus.KEPT_IN_PART,
    CommitmentStatus.NOT_KEPT,
    CommitmentStatus.WILL_NOT_DO,
)


class Commitment(Owned):
    """What the agency promised. Late is worked out from ``due_on`` and the agency's today, never stored."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="commitments")
    number = models.PositiveIntegerField(null=True, blank=True)
    title = models.CharField(max_length=300)
    done_means = LongText(max_length=2000)
    owner_office = models.CharField(max_length=120)
    owner = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="commitments"
    )
    focus_area = models.CharField(max_length=32, choices=FocusArea.choices)
    communities = models.ManyToManyField(Community, blank=True, related_name="commitments")
    dialogue = models.ForeignKey(
        "engage.Dialogue", null=True, blank=True, on_delete=models.PROTECT, related_name="commitments"
    )
    event = models.ForeignKey(
        "events.Event", null=True, blank=True, on_delete=models.PROTECT, related_name="commitments"
    )
    theme = models.ForeignKey(
        "engage.Theme", null=True, blank=True, on_delete=models.PROTECT, related_name="commitments"
    )
    # What somebody of the department said in the room, if it was promised there.
    note = models.ForeignKey(
        "engage.Contribution", null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments"
    )
    due_on = models.DateField()
    first_due_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    draft = models.BooleanField(default=False)
    status = models.CharField(max_length=16, choices=CommitmentStatus.choices, default=CommitmentStatus.OPEN)
    updates_count = models.PositiveIntegerField(default=0)
    last_updated_on = models.DateField(null=True, blank=True)
    translations = models.JSONField(default=dict, blank=True)
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            *no_longer("commitment", {"done_means": 2000}),
            models.UniqueConstraint(fields=["agency", "number"], name="commitment_number_once"),
            models.UniqueConstraint(fields=["agency", "id"], name="commitment_of_agency"),
            models.CheckConstraint(
                condition=Q(draft=True, number=None) | Q(draft=False, number__isnull=False),
                name="commitment_number_given_when_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "in_progress"], closed_on=None)
                | Q(status__in=["kept", "kept_in_part", "not_kept", "will_not_do"], closed_on__isnull=False),
                name="commitment_closed_on_when_ended",
            ),
            models.CheckConstraint(
                condition=Q(draft=False) | Q(status="open"), name="commitment_draft_is_open"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-created_at", "-id"], name="commitment_list"),
            models.Index(
                fields=["agency", "due_on"],
                condition=Q(status__in=["open", "in_progress"], draft=False),
                name="commitment_still_owed",
            ),
            models.Index(
                fields=["agency", "status", "-closed_on", "-number"],
                condition=Q(draft=False, closed_on__isnull=False),
                name="commitment_ended",
            ),
            models.Index(fields=["theme"], name="commitment_theme"),
        ]

    def __str__(self) -> str:
        return self.title


class CommitmentUpdate(models.Model):
    """One change to a commitment, from and to, with its reason. Public and append-only, numbered without gaps."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="updates")
    number = models.PositiveIntegerField()
    status_from = models.CharField(max_length=16, blank=True)
    status_to = models.CharField(max_length=16, blank=True)
    due_from = models.DateField(null=True, blank=True)
    due_to = models.DateField(null=True, blank=True)
    owner_from = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner_to = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner_office_from = models.CharField(max_length=120, blank=True)
    owner_office_to = models.CharField(max_length=120, blank=True)
    title_from = models.CharField(max_length=300, blank=True)
    title_to = models.CharField(max_length=300, blank=True)
    done_means_from = LongText(max_length=2000, blank=True)
    done_means_to = LongText(max_length=2000, blank=True)
    reason = LongText(max_length=2000, blank=True)
    note = LongText(max_length=4000, blank=True)
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            *no_longer(
                "commitment_update",
                {"done_means_from": 2000, "done_means_to": 2000, "reason": 2000, "note": 4000},
            ),
            models.UniqueConstraint(fields=["commitment", "number"], name="commitment_update_number_once"),
            models.CheckConstraint(
                condition=~Q(status_to__in=["kept_in_part", "not_kept", "will_not_do"]) | ~Q(reason=""),
                name="commitment_update_end_needs_reason",
                violation_error_code="reason_required",
            ),
            models.CheckConstraint(
                condition=(
                    (Q(due_to=None) | Q(due_to=F("due_from")))
                    & Q(title_to="", done_means_to="")
                    & Q(owner_office_to="", owner_to=None)
                )
                | ~Q(reason=""),
                name="commitment_update_change_needs_reason",
                violation_error_code="reason_required",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.commitment_id} #{self.number}"


class Evidence(models.Model):
    """What shows that a change is true: a link (files come later)."""

    class Kind(models.TextChoices):
        LINK = "link", _("Link")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="evidence")
    update = models.ForeignKey(
        CommitmentUpdate, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.LINK)
    url = models.URLField(max_length=1000)
    title = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.title or self.url


# The texts of an update that a resident could be named in, and what stands in it under that name.
TEXTS: Final = {
    "title": ("title_from", "title_to"),
    "done_means": ("done_means_from", "done_means_to"),
    "reason": ("reason",),
    "note": ("note",),
}


class Redaction(models.Model):
    """Hides one text of an update that names a resident; the update itself never changes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    update = models.ForeignKey(CommitmentUpdate, on_delete=models.PROTECT, related_name="redactions")
    # One of TEXTS.
    field = models.CharField(max_length=32)
    reason = models.CharField(max_length=500)
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["update", "field"], name="redaction_once_a_field"),
            models.CheckConstraint(condition=~Q(reason=""), name="redaction_needs_reason"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.id)

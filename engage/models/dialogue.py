from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.models.agency import Agency, Community
from engage.models.choices import FocusArea, ParticipationLevel
from engage.models.identifiers import uuid7


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
    purpose = models.TextField(max_length=5000, blank=True)
    focus_area = models.CharField(max_length=32, choices=FocusArea.choices)
    participation_level = models.CharField(
        max_length=16, choices=ParticipationLevel.choices, default=ParticipationLevel.CONSULT
    )
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.PLANNING)
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "id"], name="dialogue_of_agency")]
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
    text = models.TextField(max_length=2000, blank=True)
    # Shown contributions, moved only by theming.py and moderating.py in the transaction of the change.
    contributions_count = models.PositiveIntegerField(default=0)
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(dialogue__isnull=False, event=None) | Q(dialogue=None, event__isnull=False),
                name="theme_of_dialogue_or_event",
            ),
            models.UniqueConstraint(fields=["agency", "id"], name="theme_of_agency"),
        ]

    def __str__(self) -> str:
        return self.title

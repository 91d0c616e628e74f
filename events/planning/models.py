from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.database.bounds import between
from engage.database.ids import uuid7
from engage.people.models import Person
from events.event.models import Event


class ChecklistItem(models.Model):
    """One thing that the staff still have to do for an event, or have done."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="checklist_items")
    title = models.CharField(max_length=200)
    # By the calendar of the event's place; nothing for "whenever".
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0, validators=between(0, 10_000))
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="checklist_item_has_a_title"),
            models.CheckConstraint(
                condition=Q(done_by=None) | Q(done_at__isnull=False), name="checklist_item_done_by_when_done"
            ),
        ]
        indexes = [models.Index(fields=["event", "position", "id"], name="checklist_item_list")]

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    """One point of the evening, perhaps a report on a promise."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="agenda_items")
    position = models.PositiveSmallIntegerField(default=0, validators=between(0, 10_000))
    title = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, validators=between(1, 1440))
    commitment = models.ForeignKey(
        Commitment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from engage.agencies.models import Agency
from engage.database.ids import uuid7
from engage.people.models import Person
from events.event.models import Event


class HeadCount(models.Model):
    """Anonymous counts of one device. Both numbers only grow; the larger of two reports stands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(
        Event, db_constraint=False, on_delete=models.PROTECT, related_name="head_counts"
    )
    device = models.CharField(max_length=64)
    added = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "device"], name="head_count_once_a_device"),
            models.CheckConstraint(condition=Q(added__gte=F("removed")), name="head_count_not_below_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.device}: {self.added - self.removed}"


class DoorLink(models.Model):
    """Opens one event's door on one named device, without an account, until it expires. Stored as a hash."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, db_constraint=False, on_delete=models.PROTECT, related_name="door_links")
    device = models.CharField(max_length=60)
    token_sha256 = models.BinaryField(max_length=32, unique=True)
    session_sha256 = models.BinaryField(max_length=32, null=True, unique=True)
    # Its maker's, when it was made.
    access_version = models.PositiveIntegerField(default=1, db_default=1)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.device


class EventTotals(models.Model):
    """What stays when the people's rows are gone: frozen 12 hours after the end."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="totals")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    confirmed = models.PositiveIntegerField(default=0)
    confirmed_parties = models.PositiveIntegerField(default=0)
    waitlisted = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    # RSVPs whose people came, and how many people that was.
    came = models.PositiveIntegerField(default=0)
    came_people = models.PositiveIntegerField(default=0, db_default=0)
    walk_ins = models.PositiveIntegerField(default=0)
    head_count = models.PositiveIntegerField(default=0)
    # RSVPs by language, requests by kind and by result.
    languages = models.JSONField(default=dict)
    needs = models.JSONField(default=dict)
    needs_results = models.JSONField(default=dict)
    frozen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "event totals"

    def __str__(self) -> str:
        return str(self.event_id)

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone

from engage.agencies.models import Agency
from engage.contacts.models import Channel
from engage.database.bounds import between
from engage.database.ids import uuid7
from events.event.models import Event

# 5 minutes to 30 days: said here alone. Who needs the ends asks ``bounds_of`` the field.
_MINUTES: Final = (5, 43_200)


class ReminderRule(models.Model):
    """So many minutes before the start. An event's own rules replace its agency's."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="reminder_rules")
    event = models.ForeignKey(
        Event, null=True, blank=True, on_delete=models.PROTECT, related_name="reminder_rules"
    )
    minutes_before = models.PositiveIntegerField(validators=between(*_MINUTES))
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.EMAIL)
    # A sentence of the host's own in the message, by language: {"en": "…"}.
    wording = models.JSONField(default=dict, blank=True)
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Its name is the database's own and stays, whatever the ends become.
            models.CheckConstraint(
                condition=Q(minutes_before__range=_MINUTES), name="reminder_rule_5_minutes_to_30_days"
            ),
            models.UniqueConstraint(
                fields=["agency", "event", "minutes_before", "channel"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="reminder_rule_once",
                violation_error_code="rule_exists",
            ),
        ]
        indexes = [models.Index(fields=["event"], name="reminder_rule_event")]

    def __str__(self) -> str:
        return f"{self.minutes_before} min, {self.channel}"


class ReminderMark(models.Model):
    """This rule was planned for this event at this schedule version: planning writes recipients for new marks only."""

    id = models.BigAutoField(primary_key=True)
    rule = models.ForeignKey(ReminderRule, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    schedule_version = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "rule", "schedule_version"], name="reminder_mark_once")
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.schedule_version}"

from __future__ import annotations

import uuid

from django.db import models


class ActivityStumble(models.Model):
    """An activity whose announcing failed: it gets its next try here and blocks nobody."""

    activity_id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    reason = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return str(self.activity_id)


class FollowersToTell(models.Model):
    """An act whose places are told of; whoever only follows, and had heard of the event, is still to be told."""

    activity_id = models.UUIDField(primary_key=True)
    event_id = models.UUIDField(db_index=True)
    verb = models.CharField(max_length=48)

    def __str__(self) -> str:
        return f"{self.verb} {self.activity_id}"

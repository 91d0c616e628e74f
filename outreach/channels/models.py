from __future__ import annotations

from django.db import models

from engage.contacts.models import Channel


class ChannelState(models.Model):
    """How a channel as a whole stands. Its troubles are nobody's message's: they end no row and count no attempt."""

    channel = models.CharField(max_length=8, primary_key=True, choices=Channel.choices)
    # A code of ours; empty while the channel takes letters.
    trouble = models.CharField(max_length=48, blank=True, db_default="")
    since = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(db_default=0)
    # Nobody claims anything for this channel before.
    next_try_at = models.DateTimeField(null=True)
    # When it last took a letter, to the minute.
    worked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.channel} {self.trouble or 'works'}"

from __future__ import annotations

import uuid

from django.db import models

from engage.agencies.models import Agency


class Destruction(models.Model):
    """What a purge or an erasure removed, as counts and without names; its id tells no hour."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    cause = models.CharField(max_length=16)
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.on} {self.cause}"

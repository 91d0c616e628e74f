from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from engage.agencies.models import Agency
from engage.database.ids import uuid7


class ImportedSource(models.Model):
    """A file of notices that was moved into the present: by whole weeks, fixed at its first import."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    shift_weeks = models.IntegerField(default=0)
    first_imported_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="imported_source_once")]

    def __str__(self) -> str:
        return self.name

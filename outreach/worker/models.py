from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Round(models.Model):
    """When each round of the worker last began and last came through; whichever worker looks first goes it."""

    name = models.CharField(max_length=48, primary_key=True)
    began_at = models.DateTimeField(db_default=Now())
    through_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

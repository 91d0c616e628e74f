from __future__ import annotations

from django.db import models


class Lineage(models.Model):
    """One row: how far this database has come, to be compared with what was written outside of it.

    held_at: when it was found to be a restored one; until a person has decided, nothing that was due before goes out.
    backed_up_at: how far it had come by then.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    pulse = models.BigIntegerField(default=0)
    pulsed_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    backed_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="lineage_has_one_row")]

    def __str__(self) -> str:
        return f"{self.pulse}"

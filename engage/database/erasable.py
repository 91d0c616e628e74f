"""What holds something about a resident carries the day on which it must be gone."""

from django.db import models


class Erasable(models.Model):
    """A personal row. The purge deletes it once ``erase_after`` has passed; null means a standing subscription."""

    erase_after = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        abstract = True

from __future__ import annotations

from django.db import models
from django.utils import timezone


class KeyMark(models.Model):
    """One key this database was written with, to be known again: nothing here leads to the key.

    setting and number: ``CONTACT_KEYS`` 1; number 0 where the setting holds one key. mark: an HMAC under the key of
    its own name. sealed: under CONTACT_KEYS, a known text as a resident's would be sealed.
    """

    setting = models.CharField(max_length=32)
    number = models.PositiveSmallIntegerField(default=0)
    mark = models.BinaryField(max_length=32)
    sealed = models.BinaryField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["setting", "number"], name="key_mark_once")]

    def __str__(self) -> str:
        return f"{self.setting} {self.number}".removesuffix(" 0")

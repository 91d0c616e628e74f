from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from engage.models.agency import Agency
from engage.models.erasable import Erasable
from engage.sealed_column import SealedColumn


class LetterAsk(Erasable):
    """Somebody typed an address and asked for a letter to it. The worker finds out whether anybody has that address.

    Nothing here differs for one that is known: no foreign key to its owner, no size, and no time but the second.
    """

    class Letter(models.TextChoices):
        LINK_AGAIN = "link_again", "link again"
        NEW_PASSWORD = "new_password", "new password"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.CharField(max_length=16, choices=Letter.choices)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # For a link again; no foreign key, since engage lies below events.
    event_id = models.UUIDField(null=True, blank=True)
    # The longest that the form for a password takes: 320 letters of four bytes.
    sealed_address = SealedColumn(padded_to=1284)
    asked_at = models.DateTimeField()
    # Could not be answered; until then the others go first.
    next_try_at: models.DateTimeField[Any, Any] = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.id)

from __future__ import annotations

from django.db import models


class IdempotentAnswer(models.Model):
    """The stored answer to a POST that may be sent again; unreadable without the client's own key.

    ``key_sha256`` covers method, route, agency, principal and key. ``body_mark`` is an HMAC of the body under the
    key. ``sealed`` is the answer under HKDF(key), padded to one size; gone after 24 hours.
    """

    key_sha256 = models.BinaryField(max_length=32, primary_key=True)
    body_mark = models.BinaryField(max_length=32)
    sealed = models.BinaryField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key_sha256.hex()

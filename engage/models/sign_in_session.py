from __future__ import annotations

import uuid

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from engage.models.person import Person


class SignInSession(AbstractBaseSession):
    """A browser in which somebody is signed in, or about to be. ``session_key`` is the SHA-256 of what the cookie holds."""

    session_key = models.CharField(max_length=64, primary_key=True)
    # What its owner sees and ends it by.
    number = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    # To the minute; no address, and of the browser its family only.
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    device = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "sign-in session"

    def __str__(self) -> str:
        return str(self.number)

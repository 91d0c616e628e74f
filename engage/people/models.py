from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from engage.database.ids import uuid7


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Someone who signs in. Residents never need to be one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=16, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Counts up whenever what was opened for this person ends; what carries an older number opens nothing.
    access_version = models.PositiveIntegerField(default=1, db_default=1)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = PersonManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="person_email_once", violation_error_code="email_taken"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new password ends what was opened under the old one, whoever sets it."""
        # Django forgets the raw password where it only hashes the same one better.
        if self._password is not None and not self._state.adding:  # type: ignore[attr-defined]
            self.access_version += 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "access_version"}
        super().save(*args, **kwargs)

    def access_mark(self) -> str:
        """16 letters that change whenever what was opened for this person ends; they tell nothing else."""
        message = f"{self.pk} {self.access_version}"
        return salted_hmac("engage.access-mark", message, algorithm="sha256").hexdigest()[:16]

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """Django's own check of each session, which so ends with the version too, not with the password alone."""
        return f"{super()._get_session_auth_hash(secret)}:{self.access_version}"  # type: ignore[misc]


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

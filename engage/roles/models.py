from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.agencies.models import Agency
from engage.database.ids import uuid7
from engage.people.models import Person


class RoleQuerySet(models.QuerySet["Role"]):
    def standing(self) -> Self:
        """Those that give something now: not ended, and whoever holds it can sign in."""
        return self.filter(until=None, person__is_active=True)


class Role(models.Model):
    """What a person may do in an agency. Ended, never deleted."""

    class Kind(models.TextChoices):
        LIAISON = "liaison", _("Community liaison")
        LEADER = "leader", _("Leader")
        PANELIST = "panelist", _("Advisory panel member")
        ADMIN = "admin", _("Administrator")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="roles")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "agency", "kind"],
                condition=Q(until=None),
                name="role_once_while_it_lasts",
                violation_error_code="role_exists",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="role_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Invitation(models.Model):
    """A role offered by mail to somebody who may not have signed in yet. Its link is derived (engage.contacts.links)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(max_length=254)
    kind = models.CharField(max_length=16, choices=Role.Kind.choices)
    language = models.CharField(max_length=16, default="en")
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    link_version = models.PositiveIntegerField(default=1)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.id)


class AccessToken(models.Model):
    """A program's key to the API: it belongs to a person and an agency, is shown once and stored as SHA-256."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="access_tokens")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="access_tokens")
    label = models.CharField(max_length=100, blank=True)
    scopes = ArrayField(models.CharField(max_length=32))
    token_sha256 = models.BinaryField(max_length=32, unique=True)
    # Its person's, when it was made.
    access_version = models.PositiveIntegerField(default=1, db_default=1)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label or str(self.id)

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from engage.agencies.models import Agency
from engage.contacts.models import Contact
from engage.database.erasable import Erasable
from engage.database.ids import uuid7


class SubscriptionTarget(models.TextChoices):
    AGENCY = "agency", "agency"
    DIALOGUE = "dialogue", "dialogue"
    COMMUNITY = "community", "community"
    THEME = "theme", "theme"
    EVENT = "event", "event"
    COMMITMENT = "commitment", "commitment"
    CONTRIBUTION = "contribution", "contribution"


class Subscription(Erasable):
    """An address wants to hear about something. It hears nothing until it has confirmed, nor after it stopped."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    target = models.CharField(max_length=16, choices=SubscriptionTarget.choices)
    target_id = models.UUIDField()
    language = models.CharField(max_length=16, default="en")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    link_version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["target", "target_id"],
                condition=Q(confirmed_at__isnull=False, ended_at=None),
                name="subscription_standing",
            ),
            models.Index(fields=["contact"], name="subscription_contact"),
        ]

    def __str__(self) -> str:
        return str(self.id)

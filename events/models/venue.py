from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.models import Agency, uuid7


class AccessFeature(models.TextChoices):
    STEP_FREE = "step_free", _("Step-free entrance")
    WHEELCHAIR_SPACES = "wheelchair_spaces", _("Wheelchair spaces")
    HEARING_LOOP = "hearing_loop", _("Hearing loop")
    ACCESSIBLE_TOILET = "accessible_toilet", _("Accessible restroom")
    QUIET_ROOM = "quiet_room", _("Quiet room")
    PARKING = "parking", _("Accessible parking")
    TRANSIT = "transit", _("Near public transit")


class Venue(models.Model):
    """A place or an online room, with how to get in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="venues")
    name = models.CharField(max_length=300)
    room = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=400, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    access_features = ArrayField(
        models.CharField(max_length=32, choices=AccessFeature.choices), default=list, blank=True
    )
    getting_there = models.TextField(max_length=2000, blank=True)
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="venue_of_agency"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="venue_coordinates_on_earth",
            ),
        ]
        indexes = [models.Index(fields=["agency", "name"], name="venue_list")]

    def __str__(self) -> str:
        return self.name

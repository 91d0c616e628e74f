from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.agencies.models import Agency
from engage.database.ids import uuid7


class ReadPurpose(models.TextChoices):
    """What staff may need a name or an address for. Kept on the record; each resident reads it in their own language."""

    CALL_BACK = "call_back", _("To call or write back")
    CHANGE_PLACE = "change_place", _("To change or give back their place")
    ARRANGE_NEED = "arrange_need", _("To arrange what they need")
    PREPARE_DOOR = "prepare_door", _("To prepare the door or the seats")
    ASKED_BY_THEM = "asked_by_them", _("They asked us to")
    SAFETY = "safety", _("Somebody may be in danger")
    DOOR = "door", _("Letting people in at the door")


class ContactRead(models.Model):
    """Who was shown which contact or list, and why. One row per reveal, page of a list, door or need; append-only."""

    class What(models.TextChoices):
        REVEAL = "reveal", "reveal"
        LIST = "list", "list"
        # Open until the door closes: also for places that are saved afterwards.
        DOOR = "door", "door"
        # From then on: the words beside a need, for whoever took it on.
        NEED = "need", "need"
        # That many places came from one connection, without a word about whose; and all of them, given back.
        FLOOD = "flood", "flood"
        UNDONE = "undone", "undone"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey("engage.Person", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=8, choices=What.choices)
    # A ReadPurpose; rows from before the list have a sentence of the reader's own.
    purpose = models.CharField(max_length=200)
    event_id = models.UUIDField(null=True)
    rsvp_id = models.UUIDField(null=True)
    contact_ids = ArrayField(models.UUIDField(), default=list)
    # How many places were shown.
    shown = models.PositiveIntegerField(default=1, db_default=1)
    # Beyond the hour's number, and the reader themself had said yes to it.
    granted_alone = models.BooleanField(default=False, db_default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["rsvp_id"], name="contact_read_rsvp"),
            models.Index(fields=["agency", "-at", "-id"], name="contact_read_list"),
            models.Index(fields=["reader", "agency", "at"], name="contact_read_hour"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ReadingRequest(models.Model):
    """What a second person has to say yes to: more readings in an hour than one may have, or giving a flood of places back.

    ``granted_by`` is the reader only when nobody else is there: at night; of a flood also where nobody else could say yes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey("engage.Person", on_delete=models.PROTECT, related_name="+")
    # A ReadPurpose of readings; of a flood none.
    purpose = models.CharField(max_length=32, choices=ReadPurpose.choices, blank=True)
    # Of a flood: its meeting, and a handle that means something to this reader for a day, and nothing without the cache.
    event_id = models.UUIDField(null=True, blank=True)
    flood = models.CharField(max_length=16, blank=True, default="", db_default="")
    asked_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(
        "engage.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "reader", "flood"],
                condition=Q(granted_at=None),
                name="reading_request_one_open",
            ),
            models.CheckConstraint(
                condition=Q(flood="", event_id=None) & ~Q(purpose="")
                | ~Q(flood="") & Q(event_id__isnull=False, purpose=""),
                name="reading_request_for_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(granted_at=None, granted_by=None)
                | Q(granted_at__isnull=False, granted_by__isnull=False),
                name="reading_request_granted_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-asked_at"], name="reading_request_list")]

    def __str__(self) -> str:
        return str(self.id)

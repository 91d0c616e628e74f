from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engage.models import (
    Agency,
    Commitment,
    Community,
    Dialogue,
    FocusArea,
    ParticipationLevel,
    Person,
    uuid7,
)
from events.models.local_time import LocalDateTimeField
from events.models.venue import Venue


class EventKind(models.TextChoices):
    TOWN_HALL = "town_hall", _("Town hall")
    LISTENING_SESSION = "listening_session", _("Listening session")
    WALK = "walk", _("Walk")
    PANEL_MEETING = "panel_meeting", _("Panel meeting")
    PUBLIC_QA = "public_qa", _("Questions and answers")
    OTHER = "other", _("Other meeting")


class EventFormat(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("In person and online")


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everyone")
    INVITED = "invited", _("Invited people")
    STAFF = "staff", _("Staff")


class EventStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", pgettext_lazy("meeting", "Published")
    LIVE = "live", _("Happening now")
    ENDED = "ended", _("Ended")
    REPORTED = "reported", _("Reported")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")


class RsvpMode(models.TextChoices):
    OPEN = "open", _("People may save a place")
    NONE = "none", _("No RSVP needed")


def _english() -> list[str]:
    return ["en"]


class Event(models.Model):
    """One dated meeting.

    ``local_*`` with ``timezone`` is what people agreed on; ``starts_at``/``ends_at`` are the instants worked out
    from it, and worked out anew when the zone's rules change. The counters are moved by ``seats.py`` alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="events")
    partners = models.ManyToManyField(Agency, blank=True, related_name="partner_events")
    dialogue = models.ForeignKey(
        Dialogue, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    communities = models.ManyToManyField(Community, blank=True, related_name="events")
    title = models.CharField(max_length=200)
    description = models.TextField(max_length=10_000, blank=True)
    kind = models.CharField(max_length=32, choices=EventKind.choices, default=EventKind.TOWN_HALL)
    format = models.CharField(max_length=16, choices=EventFormat.choices, default=EventFormat.IN_PERSON)
    audience = models.CharField(max_length=16, choices=Audience.choices, default=Audience.PUBLIC)
    discreet = models.BooleanField(default=False)
    focus_area = models.CharField(max_length=32, choices=FocusArea.choices, blank=True)
    participation_level = models.CharField(max_length=16, choices=ParticipationLevel.choices, blank=True)

    timezone = models.CharField(max_length=64)
    local_starts_at = LocalDateTimeField()
    local_ends_at = LocalDateTimeField()
    # PEP 495: which of two equal readings of the clock is meant in the hour that autumn repeats.
    starts_fold = models.PositiveSmallIntegerField(default=0)
    ends_fold = models.PositiveSmallIntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    doors_open_at = models.DateTimeField(null=True, blank=True)
    # An all-day notice was imported: a draft that has a day but no hour yet.
    time_to_set = models.BooleanField(default=False)

    venue = models.ForeignKey(Venue, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    online_url = models.URLField(max_length=1000, blank=True)
    run_by = models.CharField(max_length=300, blank=True)
    getting_there = models.TextField(max_length=2000, blank=True)
    languages = ArrayField(models.CharField(max_length=16), default=_english, blank=True)
    access_offered = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    access_deadline_on = models.DateField(null=True, blank=True)
    translations = models.JSONField(default=dict, blank=True)

    rsvp_mode = models.CharField(max_length=8, choices=RsvpMode.choices, default=RsvpMode.OPEN)
    rsvp_opens_at = models.DateTimeField(null=True, blank=True)
    rsvp_closes_at = models.DateTimeField(null=True, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    seats_taken = models.IntegerField(default=0)
    seats_held = models.IntegerField(default=0)
    waiting = models.IntegerField(default=0)
    queue_tail = models.BigIntegerField(default=0)
    # What the last joining party got; read back by the statement that decided it, of no meaning afterwards.
    last_join_fit = models.BooleanField(default=True)

    status = models.CharField(max_length=16, choices=EventStatus.choices, default=EventStatus.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField(max_length=500, blank=True)
    # On the wall of the hall, from publishing until the meeting is over (events/room_codes.py).
    room_code = models.CharField(max_length=6, blank=True, default="", db_default="")
    totals_frozen_at = models.DateTimeField(null=True, blank=True)

    uid = models.CharField(max_length=255)
    sequence = models.PositiveIntegerField(default=0)
    schedule_version = models.PositiveIntegerField(default=1)
    rescheduled_at = models.DateTimeField(null=True, blank=True)
    edit_version = models.PositiveIntegerField(default=1)
    # The VEVENT of the public feed, written when the event is saved; empty where the feed does not show it.
    vevent = models.TextField(blank=True)
    feed_changed_at = models.DateTimeField(default=now)

    # Where an imported notice came from. Imported history never counts as "summary late" and mails nobody.
    imported = models.BooleanField(default=False)
    source_key = models.CharField(max_length=300, blank=True)
    source_digest = models.CharField(max_length=64, blank=True)

    created_at = models.DateTimeField(default=now, editable=False)
    created_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seats_taken__gte=0, seats_held__gte=0, waiting__gte=0)
                & (Q(capacity=None) | Q(capacity__gte=F("seats_taken") + F("seats_held"))),
                name="event_seats_never_oversold",
                violation_error_code="event_full",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="event_ends_after_it_starts",
                violation_error_code="ends_before_start",
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gte=1), name="event_capacity_at_least_1"
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancelled_reason=""),
                name="event_cancelled_needs_reason",
                violation_error_code="reason_required",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False),
                name="event_published_at_once_published",
            ),
            models.UniqueConstraint(fields=["uid"], name="event_uid_once"),
            models.UniqueConstraint(fields=["agency", "id"], name="event_of_agency"),
            models.UniqueConstraint(
                fields=["agency", "source_key"], condition=~Q(source_key=""), name="event_source_once"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "starts_at", "id"], name="event_list"),
            models.Index(fields=["starts_at", "id"], name="event_list_of_all"),
            models.Index(
                fields=["starts_at"], condition=Q(status__in=["published", "live"]), name="event_coming_or_on"
            ),
            models.Index(fields=["ends_at"], condition=Q(status="live"), name="event_on"),
            # What is on the board of its staff; imported history, however long, is not read for it.
            models.Index(
                fields=["agency", "status", "starts_at"],
                condition=~Q(status="ended", imported=True),
                name="event_on_the_board",
            ),
            models.Index(
                fields=["ends_at"],
                condition=Q(totals_frozen_at=None, status__in=["ended", "reported"]),
                name="event_totals_due",
            ),
            models.Index(fields=["dialogue", "starts_at"], name="event_of_dialogue_list"),
            # The version of a feed is read from these two alone, however long the texts are.
            models.Index(
                fields=["agency"],
                include=["edit_version", "feed_changed_at"],
                condition=~Q(vevent=""),
                name="event_feed_version",
            ),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="event_title_words"),
        ]

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    """One point of the evening, perhaps a report on a promise."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="agenda_items")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    commitment = models.ForeignKey(
        Commitment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class ImportedSource(models.Model):
    """A file of notices that was moved into the present: by whole weeks, fixed at its first import."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    shift_weeks = models.IntegerField(default=0)
    first_imported_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="imported_source_once")]

    def __str__(self) -> str:
        return self.name

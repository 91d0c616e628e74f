from __future__ import annotations

import datetime as dt
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.validators import ArrayMaxLengthValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engage.agencies.models import Agency, Community, language_tag
from engage.commitments.models import FocusArea
from engage.database.bounds import LongText, between, no_longer
from engage.database.ids import uuid7
from engage.listening.models import Dialogue, ParticipationLevel
from engage.people.models import Person
from events.event.local_time import LocalDateTimeField


class VenueFeature(models.TextChoices):
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
    latitude = models.DecimalField(
        max_digits=9, decimal_places=6, null=True, blank=True, validators=between(-90, 90)
    )
    longitude = models.DecimalField(
        max_digits=9, decimal_places=6, null=True, blank=True, validators=between(-180, 180)
    )
    capacity = models.PositiveIntegerField(null=True, blank=True, validators=between(0, 1_000_000))
    access_features = ArrayField(
        models.CharField(max_length=32, choices=VenueFeature.choices), default=list, blank=True,
        validators=[ArrayMaxLengthValidator(20)],
    )  # fmt: skip
    getting_there = LongText(max_length=2000, blank=True)
    translations = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            *no_longer("venue", {"getting_there": 2000}),
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


# People come: places are saved, given back and moved up while it is one of these.
OPEN: Final = frozenset({EventStatus.PUBLISHED.value, EventStatus.LIVE.value})
# Neither over nor called off: what was planned of it may still be changed.
STANDING: Final = OPEN | {EventStatus.DRAFT.value}
# It took place.
OVER: Final = frozenset({EventStatus.ENDED.value, EventStatus.REPORTED.value})


# ``Event.over_at`` and ``Event.last_end`` in SQL.
OVER_AT: Final = Coalesce("open_until", "ends_at")
LAST_END: Final = Greatest("ends_at", Coalesce("open_until", "ends_at"))


class RsvpMode(models.TextChoices):
    OPEN = "open", _("People may save a place")
    NONE = "none", _("No RSVP needed")


def _english() -> list[str]:
    return ["en"]


# What a liaison gives as it is, each by its field's own rule (events/planning/fields.py); forms ask for those they know.
PLAIN: Final[tuple[str, ...]] = (
    "title", "description", "kind", "format", "audience", "discreet", "focus_area", "participation_level",
    "online_url", "run_by", "getting_there", "languages", "access_offered", "access_deadline_on", "translations",
    "capacity", "rsvp_mode", "walk_in_when_closed",
)  # fmt: skip


class Event(models.Model):
    """One dated meeting.

    ``local_*`` with ``timezone`` is what people agreed on; ``starts_at``, ``ends_at``, ``doors_open_at`` and the two of
    RSVPs are the instants worked out from it, and worked out anew when the zone's rules change. The counters are moved by ``rsvps/seats.py`` alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="events")
    partners = models.ManyToManyField(Agency, blank=True, related_name="partner_events")
    dialogue = models.ForeignKey(
        Dialogue, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    communities = models.ManyToManyField(Community, blank=True, related_name="events")
    title = models.CharField(max_length=200)
    description = LongText(max_length=10_000, blank=True)
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
    starts_fold = models.PositiveSmallIntegerField(default=0, validators=between(0, 1))
    ends_fold = models.PositiveSmallIntegerField(default=0, validators=between(0, 1))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    local_doors_open_at = LocalDateTimeField(null=True, blank=True)
    doors_open_fold = models.PositiveSmallIntegerField(default=0, db_default=0, validators=between(0, 1))
    doors_open_at = models.DateTimeField(null=True, blank=True)
    # When its instants followed new rules of the zone, until somebody sets its times anew.
    followed_rules_at = models.DateTimeField(null=True, blank=True)
    # An all-day notice was imported: a draft that has a day but no hour yet.
    time_to_set = models.BooleanField(default=False)

    venue = models.ForeignKey(Venue, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    online_url = models.URLField(max_length=1000, blank=True)
    run_by = models.CharField(max_length=300, blank=True)
    getting_there = LongText(max_length=2000, blank=True)
    languages = ArrayField(
        models.CharField(max_length=16, validators=[language_tag]),
        default=_english, blank=True, validators=[ArrayMaxLengthValidator(30)],
    )  # fmt: skip
    access_offered = ArrayField(
        models.CharField(max_length=32), default=list, blank=True, validators=[ArrayMaxLengthValidator(30)]
    )
    access_deadline_on = models.DateField(null=True, blank=True)
    translations = models.JSONField(default=dict, blank=True)

    rsvp_mode = models.CharField(max_length=8, choices=RsvpMode.choices, default=RsvpMode.OPEN)
    local_rsvp_opens_at = LocalDateTimeField(null=True, blank=True)
    rsvp_opens_fold = models.PositiveSmallIntegerField(default=0, db_default=0, validators=between(0, 1))
    rsvp_opens_at = models.DateTimeField(null=True, blank=True)
    local_rsvp_closes_at = LocalDateTimeField(null=True, blank=True)
    rsvp_closes_fold = models.PositiveSmallIntegerField(default=0, db_default=0, validators=between(0, 1))
    rsvp_closes_at = models.DateTimeField(null=True, blank=True)
    # Whether one may come without a place once no more are saved; null: as the agency has it (``standing``).
    walk_in_when_closed = models.BooleanField(null=True, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True, validators=between(1, 1_000_000))
    seats_taken = models.IntegerField(default=0)
    seats_held = models.IntegerField(default=0)
    waiting = models.IntegerField(default=0)
    # Of those, parties that the whole room could not hold: it was larger when they asked.
    waiting_too_large = models.IntegerField(default=0, db_default=0)
    queue_tail = models.BigIntegerField(default=0)
    # What the last joining party got; read back by the statement that decided it, of no meaning afterwards.
    last_join_fit = models.BooleanField(default=True)

    status = models.CharField(max_length=16, choices=EventStatus.choices, default=EventStatus.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Until when a meeting that had ended is open again; null where its planned end holds.
    open_until = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField(max_length=500, blank=True)
    # How many days what people leave here is kept, where that is fewer than the agency's: it was promised before those grew.
    people_kept_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # When it was last called back after a cancellation, and what is said to everybody about it.
    reinstated_at = models.DateTimeField(null=True, blank=True)
    reinstated_note = models.CharField(max_length=500, blank=True, default="", db_default="")
    # On the wall of the hall, from publishing until the meeting is over (events/planning/room_codes.py).
    room_code = models.CharField(max_length=6, blank=True, default="", db_default="")
    # Of its short address, from the first publishing on, for ever (``short_addresses``).
    short_code = models.CharField(max_length=6, blank=True, default="", db_default="")
    totals_frozen_at = models.DateTimeField(null=True, blank=True)

    uid = models.CharField(max_length=255)
    sequence = models.PositiveIntegerField(default=0)
    schedule_version = models.PositiveIntegerField(default=1)
    rescheduled_at = models.DateTimeField(null=True, blank=True)
    # When and where people were told to come before it was moved, the oldest first (``announced``).
    schedules = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True)
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
            *no_longer("event", {"description": 10_000, "getting_there": 2000}),
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
            models.UniqueConstraint(
                fields=["short_code"], condition=~Q(short_code=""), name="event_short_code_once"
            ),
            models.CheckConstraint(
                condition=Q(short_code="") | Q(short_code__regex="^[a-z]{6}$"),
                name="event_short_code_typable",
            ),
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
            models.Index(
                fields=["published_at"],
                condition=Q(short_code="", published_at__isnull=False),
                name="event_short_code_missing",
            ),
            models.Index(fields=["dialogue", "starts_at"], name="event_of_dialogue_list"),
            # The version of a feed is read from these two alone, however long the texts are.
            models.Index(
                fields=["agency"],
                include=["edit_version", "feed_changed_at"],
                condition=~Q(vevent=""),
                name="event_feed_version",
            ),
            # Whether a feed names a discreet meeting: for most agencies there is nothing to look at.
            models.Index(
                fields=["agency", "dialogue"],
                condition=Q(discreet=True) & ~Q(vevent=""),
                name="event_discreet_in_a_feed",
            ),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="event_title_words"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def over_at(self) -> dt.datetime:
        """When the clock ends it."""
        return self.open_until or self.ends_at

    @property
    def days_kept(self) -> int:
        """How many days after it what people left here goes."""
        if self.people_kept_days is None:
            return int(self.agency.retention_days)
        return self.people_kept_days

    @property
    def last_end(self) -> dt.datetime:
        """From when the days count after which what people left here goes."""
        return max(self.ends_at, self.over_at)

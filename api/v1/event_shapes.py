"""How an event looks, coming in and going out."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.paging import PageQuery
from api.strict_fields import (
    Choice,
    Id,
    Strict,
    Text,
    Translations,
    When,
    WholeNumber,
    of,
)
from engage.agencies.models import Agency
from engage.commitments.models import FocusArea
from engage.listening.models import ParticipationLevel
from engage.roles.permissions import Viewer
from events.event.models import Audience, Event, EventFormat, EventKind, EventStatus, RsvpMode, VenueFeature
from events.event.short_addresses import short_address
from events.event.standing import (
    TAKINGS,
    EventStanding,
    in_line,
    moved_from,
    seats_left,
    standing_of,
    taking_of,
)
from events.planning.fields import TRANSLATED
from events.planning.models import AgendaItem
from events.rsvps.needs.models import NeedKind
from events.rsvps.rules import link_for_everybody

OFFERED = {**dict(NeedKind.choices), **dict(VenueFeature.choices)}


class AgendaItemAnswer(Answer):
    id = serializers.UUIDField()
    position = serializers.IntegerField()
    title = serializers.CharField()
    minutes = serializers.IntegerField(allow_null=True)
    commitment = serializers.UUIDField(source="commitment_id", allow_null=True)


class PlaceAnswer(Answer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    room = serializers.CharField()
    address = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    access_features = serializers.ListField(child=serializers.CharField())
    getting_there = serializers.CharField()


class ScheduleAnswer(Answer):
    """When and where it was announced before it moved."""

    starts_at = serializers.DateTimeField(help_text="With the offset of `timezone`.")
    ends_at = serializers.DateTimeField()
    timezone = serializers.CharField()
    format = Choice(choices=EventFormat.choices)
    venue = serializers.UUIDField(source="venue_id", allow_null=True)
    where = serializers.CharField(help_text="The venue's name, room and address as they were, in a line.")


class RemarkAnswer(Answer):
    code = serializers.CharField()
    detail = serializers.CharField()


class EventAnswer(Answer):
    id = serializers.UUIDField()
    title = serializers.CharField()
    description = serializers.CharField()
    kind = Choice(choices=EventKind.choices)
    format = Choice(choices=EventFormat.choices)
    audience = Choice(choices=Audience.choices)
    discreet = serializers.BooleanField()
    dialogue = serializers.UUIDField(source="dialogue_id", allow_null=True)
    agency = serializers.CharField(source="agency.slug", help_text="A slug.")
    partners = serializers.ListField(child=serializers.CharField(), help_text="Slugs of agencies.")
    venue = serializers.UUIDField(source="venue_id", allow_null=True)
    place = PlaceAnswer(allow_null=True, help_text="The venue, in full.")
    online_url = serializers.CharField(
        allow_null=True, help_text="For staff and for whoever holds a place; null for everybody else."
    )
    starts_at = serializers.DateTimeField(help_text="With the offset of `timezone`.")
    ends_at = serializers.DateTimeField()
    open_until = serializers.DateTimeField(
        allow_null=True, help_text="Of one that had ended and goes on: until when. Null: until `ends_at`."
    )
    timezone = serializers.CharField()
    doors_open_at = serializers.DateTimeField(allow_null=True)
    run_by = serializers.CharField()
    getting_there = serializers.CharField()
    access_deadline_on = serializers.DateField(allow_null=True)
    capacity = serializers.IntegerField(allow_null=True, help_text="Null: no limit.")
    rsvp_mode = Choice(choices=RsvpMode.choices)
    seats_taken = serializers.IntegerField(
        allow_null=True,
        help_text="Null for the public where the meeting is `discreet`, like the three below.",
    )
    seats_left = serializers.IntegerField(
        allow_null=True, help_text="0 while anyone waits; null without a capacity."
    )
    waitlist_count = serializers.IntegerField(allow_null=True, help_text="Parties in line.")
    waitlist_too_large = serializers.IntegerField(
        allow_null=True,
        help_text="Parties that wait, but are larger than the room, which was made smaller: in nobody's way, and not "
        "counted in `waitlist_count`. Null as there.",
    )
    rsvp_opens_at = serializers.DateTimeField(allow_null=True, help_text="At publishing, unless set.")
    rsvp_closes_at = serializers.DateTimeField(allow_null=True, help_text="At the start, unless set.")
    walk_in_when_closed = serializers.BooleanField(
        allow_null=True,
        help_text="May people without a place still come once no more are saved; null: as the agency has it.",
    )
    languages = serializers.ListField(child=serializers.CharField())
    access_offered = serializers.ListField(child=serializers.CharField())
    agenda = AgendaItemAnswer(many=True)
    status = Choice(choices=EventStatus.choices)
    standing = Choice(
        choices=[each.value for each in EventStanding],
        help_text="How it stands now, by the clock too: the first that holds.",
    )
    taking = Choice(
        choices=[each.value for each in TAKINGS],
        allow_null=True,
        help_text="What somebody finds who wants to come, before it begins and while it is on; else null.",
    )
    moved_from = ScheduleAnswer(
        allow_null=True,
        help_text="What was announced last before it moved, until it ends; null again once it is moved back.",
    )
    cancelled_reason = serializers.CharField()
    sequence = serializers.IntegerField()
    uid = serializers.CharField()
    focus_area = Choice(choices=FocusArea.choices, allow_null=True)
    communities = serializers.ListField(child=serializers.UUIDField())
    participation_level = Choice(choices=ParticipationLevel.choices, allow_null=True)
    translations = serializers.DictField()
    time_to_set = serializers.BooleanField(help_text="An imported notice has a day but no hour yet.")
    short_url = serializers.CharField(
        allow_null=True,
        help_text="Of its public page, for a poster or a message; the same for ever. Null where it has no such page.",
    )

    def short_url_of(self, event: Event) -> str | None:
        return short_address(event) or None

    def partners_of(self, event: Event) -> list[str]:
        return sorted(event.partner_slugs)  # type: ignore[attr-defined]

    def communities_of(self, event: Event) -> list[UUID]:
        return sorted(event.community_ids)  # type: ignore[attr-defined]

    def place_of(self, event: Event) -> dict[str, Any] | None:
        return PlaceAnswer().say(event.venue) if event.venue else None

    def standing_of(self, event: Event) -> str:
        return standing_of(event, self.context["now"]).value

    def taking_of(self, event: Event) -> str | None:
        taking = taking_of(event, self.context["now"])
        return taking.value if taking else None

    def moved_from_of(self, event: Event) -> dict[str, Any] | None:
        was = moved_from(event, self.context["now"])
        return ScheduleAnswer().say(was) if was else None

    def agenda_of(self, event: Event) -> list[dict[str, Any]]:
        return AgendaItemAnswer().say_all(event.agenda_items.all())

    def online_url_of(self, event: Event) -> str | None:
        viewer: Viewer = self.context["viewer"]
        joins = self.context.get("holds_an_rsvp") or viewer.reads("how to join from afar", event.agency_id)
        return event.online_url if joins else link_for_everybody(event) or None

    def seats_taken_of(self, event: Event) -> int | None:
        return event.seats_taken if self._counts(event) else None

    def waitlist_count_of(self, event: Event) -> int | None:
        return in_line(event) if self._counts(event) else None

    def waitlist_too_large_of(self, event: Event) -> int | None:
        return event.waiting_too_large if self._counts(event) else None

    def _counts(self, event: Event) -> bool:
        return shows_counts(event, self.context["viewer"])

    def seats_left_of(self, event: Event) -> int | None:
        return seats_left(event) if self._counts(event) else None

    def starts_at_of(self, event: Event) -> dt.datetime:
        return event.starts_at.astimezone(ZoneInfo(event.timezone))

    def ends_at_of(self, event: Event) -> dt.datetime:
        return event.ends_at.astimezone(ZoneInfo(event.timezone))

    def open_until_of(self, event: Event) -> dt.datetime | None:
        return _there(event.open_until, event)

    def doors_open_at_of(self, event: Event) -> dt.datetime | None:
        return _there(event.doors_open_at, event)

    def rsvp_opens_at_of(self, event: Event) -> dt.datetime | None:
        return _there(event.rsvp_opens_at or event.published_at, event)

    def rsvp_closes_at_of(self, event: Event) -> dt.datetime | None:
        return _there(event.rsvp_closes_at or event.starts_at, event)

    def focus_area_of(self, event: Event) -> str | None:
        return event.focus_area or None

    def participation_level_of(self, event: Event) -> str | None:
        return event.participation_level or None


def with_everything(events: QuerySet[Event]) -> QuerySet[Event]:
    """``events`` with all that an answer says of them: four statements, however many there are.

    Agencies and places repeat in a list: read once each, they cost less than joined to every row.
    """
    partners = Agency.objects.filter(partner_events=OuterRef("pk")).values("slug")
    communities = Event.communities.through.objects.filter(event_id=OuterRef("pk")).values("community_id")
    return (
        events.defer("vevent", "source_key", "source_digest")
        .annotate(partner_slugs=ArraySubquery(partners), community_ids=ArraySubquery(communities))
        .prefetch_related("agency", "venue", "agenda_items")
    )


class EventChanged(EventAnswer):
    warnings = RemarkAnswer(many=True, help_text="What hinders nothing, but is missing.")

    def warnings_of(self, event: Event) -> list[dict[str, Any]]:
        return RemarkAnswer().say_all(self.context["warnings"])


def _there(instant: dt.datetime | None, event: Event) -> dt.datetime | None:
    return instant.astimezone(ZoneInfo(event.timezone)) if instant else None


def event_tag(event: Event, viewer: Viewer, now: dt.datetime) -> str:
    """``"<edit version>-<counters>-<audience>"``.

    With the counters count the place's own version, and how it stands: that changes by the clock, and nobody edits it.
    """
    stands = f"{standing_of(event, now)}.{taking_of(event, now) or ''}"
    venue = event.venue.edit_version if event.venue else 0
    counters = f"{event.seats_taken}.{event.seats_held}.{event.waiting}.{event.waiting_too_large}.{venue}"
    if not shows_counts(event, viewer):
        # A tag that moves with each place would say what the answer leaves out.
        counters = f"x.{venue}"
    staff = viewer.reads("how to join from afar", event.agency_id)
    return etags.tag(event.edit_version, f"{counters}.{stands}", "staff" if staff else "public")


def shows_counts(event: Event, viewer: Viewer) -> bool:
    """How full a discreet meeting is concerns its staff."""
    return not event.discreet or viewer.reads("how full a discreet meeting is", event.agency_id)


class AgendaItemBody(Strict):
    position = of(AgendaItem, "position")
    title = of(AgendaItem, "title")
    minutes = of(AgendaItem, "minutes")
    commitment = Id(required=False, allow_null=True)


class EventBody(Strict):
    agency = Text(max_length=63, required=False, help_text="A slug; the token's agency unless given.")
    title = of(Event, "title")
    description = of(Event, "description")
    kind = of(Event, "kind")
    format = of(Event, "format")
    audience = of(Event, "audience")
    discreet = of(Event, "discreet")
    dialogue = Id(required=False, allow_null=True)
    partners = serializers.ListField(child=Text(max_length=63), required=False, max_length=50)
    venue = Id(required=False, allow_null=True)
    online_url = of(Event, "online_url")
    starts_at = When(help_text="Local time of `timezone`, or with any offset (RFC 3339).")
    ends_at = When()
    timezone = of(Event, "timezone", help_text="IANA, e.g. `America/Chicago`.")
    fold = WholeNumber(
        required=False, max_value=1, help_text="Which of two equal readings of the clock in autumn is meant."
    )
    starts_fold = of(Event, "starts_fold")
    ends_fold = of(Event, "ends_fold")
    doors_open_at = When(required=False, allow_null=True)
    doors_open_fold = of(Event, "doors_open_fold")
    run_by = of(Event, "run_by")
    getting_there = of(Event, "getting_there")
    access_deadline_on = of(Event, "access_deadline_on")
    capacity = of(Event, "capacity")
    rsvp_mode = of(Event, "rsvp_mode")
    rsvp_opens_at = When(required=False, allow_null=True)
    rsvp_closes_at = When(required=False, allow_null=True)
    rsvp_opens_fold = of(Event, "rsvp_opens_fold")
    rsvp_closes_fold = of(Event, "rsvp_closes_fold")
    walk_in_when_closed = of(Event, "walk_in_when_closed", allow_null=True)
    languages = of(Event, "languages")
    access_offered = of(Event, "access_offered", child=Choice(choices=sorted(OFFERED)))
    agenda = AgendaItemBody(many=True, required=False)
    focus_area = of(Event, "focus_area", allow_null=True)
    communities = serializers.ListField(child=Id(), required=False, max_length=200)
    participation_level = of(Event, "participation_level", allow_null=True)
    translations = Translations(texts=TRANSLATED, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        # "Not said" is an empty text in the database and null outside.
        for name in ("focus_area", "participation_level"):
            if name in attrs and attrs[name] is None:
                attrs[name] = ""
        return attrs


class EventQuery(PageQuery):
    agency = serializers.CharField(required=False, max_length=63, help_text="A slug.")
    dialogue = serializers.UUIDField(required=False)
    status = serializers.ChoiceField(choices=EventStatus.choices, required=False)
    kind = serializers.ChoiceField(choices=EventKind.choices, required=False)
    format = serializers.ChoiceField(choices=EventFormat.choices, required=False)
    focus_area = serializers.ChoiceField(choices=FocusArea.choices, required=False)
    community = serializers.UUIDField(required=False)
    starts_after = serializers.DateTimeField(required=False, help_text="Starts at or after this instant.")
    starts_before = serializers.DateTimeField(required=False, help_text="Starts before this instant.")
    language = serializers.CharField(required=False, max_length=16)
    q = serializers.CharField(required=False, max_length=100, help_text="Words of the title.")
    ordering = serializers.ChoiceField(
        choices=["starts_at", "-starts_at"], required=False, default="starts_at"
    )

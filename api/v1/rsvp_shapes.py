"""How an RSVP looks: to whoever made it, and to staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.paging import PageQuery
from api.strict_fields import Choice, Day, Id, Language, LongText, Strict, Text, WholeNumber, YesNo, of
from api.v1.event_shapes import EventAnswer, ScheduleAnswer
from engage.contacts.addresses import LONGEST_EMAIL
from engage.readings.recording import TO_CHOOSE
from events.event.models import Event
from events.rsvps.models import Remind, Rsvp, RsvpSource, RsvpStatus
from events.rsvps.needs.asking import LONGEST_DETAIL, Need
from events.rsvps.needs.models import AccessRequest, NeedKind, NeedStatus
from events.rsvps.needs.reading import details_for
from events.rsvps.parties import can_never_be_seated
from events.rsvps.resident_record import words_behind
from events.rsvps.responding import LONGEST_QUESTION
from events.rsvps.rules import LONGEST_NAME
from events.rsvps.standing import moved_since_kept, standing_of

PUBLIC_STATUS = ["confirmed", "waitlisted"]


class NeedBody(Strict):
    kind = Choice(choices=NeedKind.choices)
    language = Language(required=False, allow_blank=True, help_text="Of an interpreter: which one.")
    detail = LongText(max_length=LONGEST_DETAIL, required=False)


class RsvpBody(Strict):
    name = Text(max_length=LONGEST_NAME, required=False, allow_blank=True)
    email = Text(max_length=LONGEST_EMAIL, required=False, allow_blank=True)
    phone = Text(max_length=32, required=False, allow_blank=True)
    party_size = WholeNumber(required=False, default=1, min_value=1, max_value=1000)
    language = Language(required=False, help_text="Of messages.")
    access_requests = NeedBody(many=True, required=False)
    question = Text(max_length=LONGEST_QUESTION, required=False, allow_blank=True)
    anonymous_question = YesNo(required=False, default=True)
    remind = Choice(
        choices=Remind.choices, required=False, help_text="Email where one is given, unless said otherwise."
    )
    waitlist = YesNo(
        required=False,
        default=True,
        help_text="False: 409 `event_full` instead of a place in the queue, with `seats_left`, `seats_kept` (free, but for "
        "those who wait) and `choices`: each a `party_size` and a `waitlist` to send instead.",
    )


class RsvpMade(Answer):
    id = serializers.UUIDField()
    status = Choice(choices=PUBLIC_STATUS)
    waitlist_position = serializers.IntegerField(allow_null=True)
    party_size = serializers.IntegerField()
    manage_url = serializers.CharField()
    manage_token = serializers.CharField()
    checkin_code = serializers.CharField()
    calendar_url = serializers.CharField()
    question_received = serializers.BooleanField()


class NeedAnswer(Answer):
    id = serializers.UUIDField()
    kind = Choice(choices=NeedKind.choices)
    language = serializers.CharField()
    status = Choice(choices=NeedStatus.choices)
    outcome = serializers.CharField()


class OwnNeedAnswer(NeedAnswer):
    detail = serializers.CharField()

    def detail_of(self, request: AccessRequest) -> str:
        return words_behind(self.context["reach"], request)


def move_shown(rsvp: Rsvp, event: Event, *, came: bool, now: dt.datetime) -> dict[str, Any] | None:
    """As one's own RSVP tells it, and its tag stands for."""
    was = moved_since_kept(rsvp, event, standing_of(rsvp, came=came), now)
    return ScheduleAnswer().say(was) if was else None


class OwnRsvpAnswer(Answer):
    """What a resident's link shows."""

    id = serializers.UUIDField()
    status = Choice(choices=RsvpStatus.choices)
    party_size = serializers.IntegerField()
    waitlist_position = serializers.IntegerField(
        allow_null=True, help_text="In line, from 1. Null where it does not wait, and where `room_too_small`."
    )
    room_too_small = serializers.BooleanField(
        help_text="It waits, and the room was made smaller than the party: it can never be seated. Ask for fewer places, which "
        "keeps the turn, or leave."
    )
    moved_from = ScheduleAnswer(
        allow_null=True,
        help_text="When and where it was announced when this place was made, or last kept by its holder; null where that "
        "holds, once it is over, and of who is in or gave the place back. The event's own `moved_from` is its newest move.",
    )
    offer_expires_at = serializers.DateTimeField(allow_null=True)
    language = serializers.CharField()
    remind = Choice(choices=Remind.choices)
    access_requests = OwnNeedAnswer(many=True)
    checkin_code = serializers.CharField()
    event = EventAnswer()

    def waitlist_position_of(self, rsvp: Rsvp) -> int | None:
        return self.context["position"]

    def room_too_small_of(self, rsvp: Rsvp) -> bool:
        return can_never_be_seated(self.context["event"], rsvp)

    def moved_from_of(self, rsvp: Rsvp) -> dict[str, Any] | None:
        return move_shown(
            rsvp, self.context["event"], came=self.context["reach"].came, now=self.context["now"]
        )

    def access_requests_of(self, rsvp: Rsvp) -> list[dict[str, Any]]:
        return OwnNeedAnswer(context=self.context).say_all(rsvp.access_requests.all())

    def event_of(self, rsvp: Rsvp) -> dict[str, Any]:
        # Whoever waits or has given the place back comes to no room, and to no call either.
        holds = rsvp.status == RsvpStatus.CONFIRMED
        return EventAnswer(context={**self.context, "holds_an_rsvp": holds}).say(self.context["event"])


class OwnRsvpBody(Strict):
    party_size = WholeNumber(required=False, min_value=1, max_value=1000)
    language = Language(required=False)
    remind = Choice(choices=Remind.choices, required=False)
    access_requests = NeedBody(
        many=True, required=False, help_text="The whole list; what is left out is withdrawn."
    )


class StaffRsvpAnswer(Answer):
    """Without name and address: those are shown one at a time, by `reveal/`, with a purpose."""

    id = serializers.UUIDField()
    event = serializers.UUIDField(source="event_id")
    status = Choice(choices=RsvpStatus.choices)
    party_size = serializers.IntegerField()
    queue_number = serializers.IntegerField(allow_null=True)
    offer_expires_at = serializers.DateTimeField(allow_null=True)
    language = serializers.CharField()
    remind = Choice(choices=Remind.choices)
    source = Choice(choices=RsvpSource.choices)  # type: ignore[assignment]
    checkin_code = serializers.CharField()
    has_email = serializers.BooleanField()
    has_phone = serializers.BooleanField()
    checked_in = serializers.BooleanField()
    access_requests = NeedAnswer(many=True)
    created_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)

    def has_email_of(self, rsvp: Rsvp) -> bool:
        return rsvp.email_contact_id is not None

    def has_phone_of(self, rsvp: Rsvp) -> bool:
        return rsvp.phone_contact_id is not None

    def checked_in_of(self, rsvp: Rsvp) -> bool:
        return any(arrival.undone_at is None for arrival in rsvp.check_ins.all())

    def access_requests_of(self, rsvp: Rsvp) -> list[dict[str, Any]]:
        return NeedAnswer().say_all(rsvp.access_requests.all())


class RsvpQuery(PageQuery):
    status = serializers.ChoiceField(choices=RsvpStatus.choices, required=False)
    ordering = serializers.ChoiceField(
        choices=["created_at", "-created_at"], required=False, default="created_at"
    )


class PurposeField(Choice):
    """What a name or an address is needed for, of a list; a refusal names it."""

    def __init__(self, **more: Any) -> None:
        codes = [one.value for one in TO_CHOOSE]
        told = f"Choose one of: {', '.join(codes)}."
        super().__init__(
            choices=codes,
            error_messages={"invalid_choice": told, "required": told},
            help_text="Kept on the record with the reader's name, and shown to the resident.",
            **more,
        )


class RevealBody(Strict):
    purpose = PurposeField()


class RevealAnswer(Answer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()


class AccessRequestAnswer(Answer):
    id = serializers.UUIDField()
    event = serializers.UUIDField(source="event_id")
    rsvp = serializers.UUIDField(source="rsvp_id")
    kind = Choice(choices=NeedKind.choices)
    language = serializers.CharField()
    detail = serializers.CharField(
        allow_null=True,
        help_text="The resident's own words, for whoever arranges it; null for everybody else.",
    )
    owner = serializers.UUIDField(
        source="owner_now_id", allow_null=True, help_text="Null too where whoever arranged it has left."
    )
    needed_by = serializers.DateField(allow_null=True)
    status = Choice(choices=NeedStatus.choices)
    outcome = serializers.CharField()

    def detail_of(self, request: AccessRequest) -> str | None:
        return self._words.get(request.pk)

    def say(self, thing: AccessRequest) -> dict[str, Any]:
        return self.say_all([thing])[0]

    def say_all(self, things: Iterable[AccessRequest]) -> list[dict[str, Any]]:
        rows = list(things)
        self._words = details_for(rows, self.context["viewer"].person, now=self.context["now"])
        return super().say_all(rows)


class AccessRequestBody(Strict):
    owner = Id(required=False, allow_null=True)
    needed_by = Day(required=False, allow_null=True)
    status = of(AccessRequest, "status")
    outcome = of(AccessRequest, "outcome", help_text="In words for the resident.")


class AccessRequestQuery(PageQuery):
    status = serializers.ChoiceField(choices=NeedStatus.choices, required=False)
    kind = serializers.ChoiceField(choices=NeedKind.choices, required=False)


class ResendBody(Strict):
    email = Text(max_length=LONGEST_EMAIL)


def needs_from(items: list[dict[str, Any]] | None) -> list[Need] | None:
    return None if items is None else [Need(**item) for item in items]


def rsvp_tag(rsvp: Rsvp) -> str:
    return etags.tag(rsvp.edit_version, rsvp.status)

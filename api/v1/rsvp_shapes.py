"""How an RSVP looks: to whoever made it, and to staff."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.paging import PageQuery
from api.strict_fields import Choice, Day, Id, Language, LongText, Strict, Text, WholeNumber, YesNo
from api.v1.event_shapes import EventAnswer
from engage.contact_reading import TO_CHOOSE
from events.access_asking import Need
from events.models import AccessKind, AccessRequest, AccessStatus, Remind, Rsvp, RsvpSource, RsvpStatus
from events.needs_reading import details_for
from events.resident_record import words_behind

PUBLIC_STATUS = ["confirmed", "waitlisted"]


class NeedBody(Strict):
    kind = Choice(choices=AccessKind.choices)
    language = Language(required=False, allow_blank=True, help_text="Of an interpreter: which one.")
    detail = LongText(max_length=1000, required=False)


class RsvpBody(Strict):
    name = Text(max_length=120, required=False, allow_blank=True)
    email = Text(max_length=254, required=False, allow_blank=True)
    phone = Text(max_length=32, required=False, allow_blank=True)
    party_size = WholeNumber(required=False, default=1, min_value=1, max_value=1000)
    language = Language(required=False, help_text="Of messages.")
    access_requests = NeedBody(many=True, required=False)
    question = Text(max_length=4000, required=False, allow_blank=True)
    anonymous_question = YesNo(required=False, default=True)
    remind = Choice(
        choices=Remind.choices, required=False, help_text="Email where one is given, unless said otherwise."
    )
    waitlist = YesNo(
        required=False, default=True, help_text="False: 409 `event_full` instead of a place in the queue."
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
    kind = Choice(choices=AccessKind.choices)
    language = serializers.CharField()
    status = Choice(choices=AccessStatus.choices)
    outcome = serializers.CharField()


class OwnNeedAnswer(NeedAnswer):
    detail = serializers.CharField()

    def detail_of(self, request: AccessRequest) -> str:
        return words_behind(self.context["access"], request)


class OwnRsvpAnswer(Answer):
    """What a resident's link shows."""

    id = serializers.UUIDField()
    status = Choice(choices=RsvpStatus.choices)
    party_size = serializers.IntegerField()
    waitlist_position = serializers.IntegerField(allow_null=True)
    offer_expires_at = serializers.DateTimeField(allow_null=True)
    language = serializers.CharField()
    remind = Choice(choices=Remind.choices)
    access_requests = OwnNeedAnswer(many=True)
    checkin_code = serializers.CharField()
    event = EventAnswer()

    def waitlist_position_of(self, place: Rsvp) -> int | None:
        return self.context["position"]

    def access_requests_of(self, place: Rsvp) -> list[dict[str, Any]]:
        return OwnNeedAnswer(context=self.context).say_all(place.access_requests.all())

    def event_of(self, place: Rsvp) -> dict[str, Any]:
        # Whoever waits or has given the place back comes to no room, and to no call either.
        holds = place.status == RsvpStatus.CONFIRMED
        return EventAnswer(context={**self.context, "holds_a_place": holds}).say(self.context["event"])


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

    def has_email_of(self, place: Rsvp) -> bool:
        return place.email_contact_id is not None

    def has_phone_of(self, place: Rsvp) -> bool:
        return place.phone_contact_id is not None

    def checked_in_of(self, place: Rsvp) -> bool:
        return any(arrival.undone_at is None for arrival in place.check_ins.all())

    def access_requests_of(self, place: Rsvp) -> list[dict[str, Any]]:
        return NeedAnswer().say_all(place.access_requests.all())


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
    kind = Choice(choices=AccessKind.choices)
    language = serializers.CharField()
    detail = serializers.CharField(
        allow_null=True,
        help_text="The resident's own words, for whoever arranges it; null for everybody else.",
    )
    owner = serializers.UUIDField(source="owner_id", allow_null=True)
    needed_by = serializers.DateField(allow_null=True)
    status = Choice(choices=AccessStatus.choices)
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
    status = Choice(choices=AccessStatus.choices, required=False)
    outcome = Text(max_length=500, required=False, allow_blank=True, help_text="In words for the resident.")


class AccessRequestQuery(PageQuery):
    status = serializers.ChoiceField(choices=AccessStatus.choices, required=False)
    kind = serializers.ChoiceField(choices=AccessKind.choices, required=False)


class ResendBody(Strict):
    email = Text(max_length=254)


def needs_from(items: list[dict[str, Any]] | None) -> list[Need] | None:
    return None if items is None else [Need(**item) for item in items]


def rsvp_tag(place: Rsvp) -> str:
    return etags.tag(place.edit_version, place.status)

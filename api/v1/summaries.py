"""/events/{id}/summary/: what we heard, what we will do, and what we will not; approved by a leader, then public."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.endpoint import NoBody, operation
from api.strict_fields import Choice, Id, Language, LongText, Strict, Text, WholeNumber, of
from api.v1.event_shapes import RemarkAnswer
from api.v1.events import EventEndpoint
from engage.refusals import Unknown
from events.event.models import Event
from events.event.permissions import event_visible_to
from outreach.summaries import writing
from outreach.summaries.models import SummaryStatus, SummaryVersion
from outreach.summaries.parts import LONGEST, MOST_PARTS, MOST_QUOTES, warnings_about
from outreach.summaries.reading import newest_version, published_version


class HeardAnswer(Answer):
    theme = serializers.UUIDField(allow_null=True)
    title = serializers.CharField()
    count = serializers.IntegerField()
    text = serializers.CharField()
    quotes = serializers.ListField(child=serializers.CharField())


class WillNotDoAnswer(Answer):
    text = serializers.CharField()
    reason = serializers.CharField()


class SummaryAnswer(Answer):
    id = serializers.UUIDField()
    event = serializers.UUIDField()
    version = serializers.IntegerField(source="number")
    status = Choice(choices=SummaryStatus.choices)
    heard = HeardAnswer(many=True)
    will_do = serializers.ListField(child=serializers.UUIDField(), help_text="Commitments.")
    will_not_do = WillNotDoAnswer(many=True)
    pulse = serializers.DictField(allow_null=True)
    attendance = serializers.DictField()
    next_steps = serializers.CharField()
    reply = serializers.CharField(help_text="Of the leader who approved it.")
    languages = serializers.ListField(child=serializers.CharField())
    translations = serializers.DictField()
    correction_note = serializers.CharField()
    drafted_at = serializers.DateTimeField()
    approved_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    warnings = RemarkAnswer(many=True, help_text="For staff: missing translations and empty parts.")

    def event_of(self, version: SummaryVersion) -> UUID:
        return self.context["event"].pk

    def warnings_of(self, version: SummaryVersion) -> list[dict[str, Any]]:
        return RemarkAnswer().say_all(self.context["warnings"])


class HeardBody(Strict):
    theme = Id(required=False, allow_null=True)
    title = Text(max_length=LONGEST["title"])
    count = WholeNumber(required=False)
    text = LongText(max_length=LONGEST["text"], required=False)
    quotes = serializers.ListField(
        child=Text(max_length=LONGEST["quote"]), required=False, max_length=MOST_QUOTES
    )


class WillNotDoBody(Strict):
    text = Text(max_length=LONGEST["text"])
    reason = Text(max_length=LONGEST["reason"])


class SummaryBody(Strict):
    """An edit needs a new approval."""

    heard = HeardBody(many=True, required=False)
    will_do = serializers.ListField(child=Id(), required=False, max_length=MOST_PARTS)
    will_not_do = WillNotDoBody(many=True, required=False)
    next_steps = of(SummaryVersion, "next_steps")
    languages = serializers.ListField(child=Language(), required=False, max_length=30)
    translations = serializers.DictField(child=serializers.DictField(), required=False)
    correction_note = of(SummaryVersion, "correction_note")


class DraftBody(Strict):
    correction_note = of(
        SummaryVersion,
        "correction_note",
        help_text="What it corrects, as everybody will read it. After publishing it has to be there; before, it is left out.",
    )


class ApprovalBody(Strict):
    reply = of(SummaryVersion, "reply", help_text="In the leader's own words, public with the summary.")


class _Summary(EventEndpoint):
    tag = "What came of it"

    def theirs(self, event_id: UUID, act: str) -> Event:
        """The event, for whose it is to do that (``ROLE_OF_ACT``). Raises Unknown, Forbidden."""
        event = self.own(event_id, "outreach:write")
        self.viewer.must_do(act, event.agency_id)
        return event

    def latest(self, event: Event) -> SummaryVersion:
        """The newest version; for the public the newest published one. Raises Unknown."""
        staff = self.viewer.reads("summaries being written", event.agency_id)
        found = newest_version(event) if staff else published_version(event)
        if found is None:
            raise Unknown
        return found

    def said(self, event: Event, version: SummaryVersion, status: int = 200) -> Any:
        staff = self.viewer.reads("summaries being written", event.agency_id)
        warnings = warnings_about(version) if staff else []
        shape = self.shape(SummaryAnswer, event=event, warnings=warnings)
        edited = f"{_called(version)}{version.edit_version}"
        tag = etags.tag(edited, version.number, version.status, "staff" if staff else "public")
        return self.one(tag, lambda: shape.say(version), status=status)


def _called(version: SummaryVersion) -> str:
    """One that is thrown away leaves its address, its number and its first edit to the next one, so its tag says which it is."""
    return f"{version.pk.hex}."


class Summary(_Summary):
    @operation("What came of the meeting", answer=SummaryAnswer, sign_in="welcome", tagged=True,
               scope="outreach:read|outreach:write|events:read")  # fmt: skip
    def get(self, request: Any, event_id: UUID) -> Any:
        event = event_visible_to(self.viewer, event_id)
        return self.said(event, self.latest(event))

    @operation("Draft it from the record; after publishing, the next version", body=DraftBody, answer=SummaryAnswer,
               status=201, also={200: SummaryAnswer}, scope="outreach:write")  # fmt: skip
    def post(self, request: Any, event_id: UUID) -> Any:
        event = self.theirs(event_id, "summary.draft")
        note = self.body.get("correction_note", "")
        drafted = writing.draft(event, actor=self.person, now=self.now, correction_note=note)
        return self.said(event, drafted.version, status=201 if drafted.created else 200)

    @operation(
        "Change the wording", body=SummaryBody, answer=SummaryAnswer, scope="outreach:write", tagged=True
    )
    def patch(self, request: Any, event_id: UUID) -> Any:
        event = self.theirs(event_id, "summary.edit")
        version = self.latest(event)
        with etags.unchanged(request, version, called=_called(version)):
            writing.edit(version, actor=self.person, fields=self.body, now=self.now)
        return self.said(event, self.latest(event))

    @operation(
        "Throw away the version that is not published yet", status=204, scope="outreach:write", tagged=True
    )
    def delete(self, request: Any, event_id: UUID) -> None:
        """A correction, or the first wording. What is published stays (409)."""
        event = self.theirs(event_id, "summary.discard")
        version = self.latest(event)
        with etags.unchanged(request, version, called=_called(version)):
            writing.discard(version, actor=self.person, now=self.now)


class ApproveSummary(_Summary):
    @operation(
        "Approve it, as a leader",
        body=ApprovalBody,
        answer=SummaryAnswer,
        scope="outreach:write",
        tagged=True,
    )
    def post(self, request: Any, event_id: UUID) -> Any:
        event = self.theirs(event_id, "summary.approve")
        version = self.latest(event)
        with etags.unchanged(request, version, called=_called(version)):
            writing.approve(version, actor=self.person, reply=self.body.get("reply", ""), now=self.now)
        return self.said(event, self.latest(event))


class PublishSummary(_Summary):
    @operation("Publish it; everyone who was there is told", body=NoBody, answer=SummaryAnswer, scope="outreach:write",
               tagged=True)  # fmt: skip
    def post(self, request: Any, event_id: UUID) -> Any:
        event = self.theirs(event_id, "summary.publish")
        version = self.latest(event)
        with etags.unchanged(request, version, called=_called(version)):
            writing.publish(version, actor=self.person, now=self.now)
        return self.said(event, self.latest(event))

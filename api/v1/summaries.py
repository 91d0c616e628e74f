"""/events/{id}/summary/: what we heard, what we will do, and what we will not; approved by a leader, then public."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.endpoint import NoBody, operation
from api.strict_fields import Choice, Id, Language, LongText, Strict, Text, WholeNumber
from api.v1.event_shapes import RemarkAnswer
from api.v1.events import EventEndpoint
from engage.models import Role
from engage.rule_violation import Unknown
from events.access import event_visible_to
from events.models import Event
from outreach import outcome_summarising
from outreach.models import SummaryStatus, SummaryVersion
from outreach.summary_shapes import warnings_about


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
    title = Text(max_length=200)
    count = WholeNumber(required=False)
    text = LongText(max_length=2000, required=False)
    quotes = serializers.ListField(child=Text(max_length=4000), required=False, max_length=50)


class WillNotDoBody(Strict):
    text = Text(max_length=500)
    reason = Text(max_length=1000)


class SummaryBody(Strict):
    """An edit needs a new approval."""

    heard = HeardBody(many=True, required=False)
    will_do = serializers.ListField(child=Id(), required=False, max_length=200)
    will_not_do = WillNotDoBody(many=True, required=False)
    next_steps = LongText(max_length=4000, required=False)
    languages = serializers.ListField(child=Language(), required=False, max_length=30)
    translations = serializers.DictField(child=serializers.DictField(), required=False)
    correction_note = Text(max_length=1000, required=False, allow_blank=True)


class ApprovalBody(Strict):
    reply = LongText(
        max_length=4000, required=False, help_text="In the leader's own words, public with the summary."
    )


class _Summary(EventEndpoint):
    tag = "What came of it"

    def theirs(self, event_id: UUID, kind: str) -> Event:
        """The event, for who has that role in its agency. Raises Unknown, Forbidden."""
        event = self.own(event_id, "outreach:write")
        self.must_be(kind, event.agency_id)
        return event

    def latest(self, event: Event) -> SummaryVersion:
        """The newest version; for the public the newest published one. Raises Unknown."""
        versions = SummaryVersion.objects.filter(summary__event=event).order_by("-number")
        if not self.viewer.reads("summaries being written", event.agency_id):
            versions = versions.filter(status=SummaryStatus.PUBLISHED)
        found = versions.first()
        if found is None:
            raise Unknown
        return found

    def said(self, event: Event, version: SummaryVersion, status: int = 200) -> Any:
        staff = self.viewer.reads("summaries being written", event.agency_id)
        warnings = warnings_about(version) if staff else []
        shape = self.shape(SummaryAnswer, event=event, warnings=warnings)
        tag = etags.tag(version.edit_version, version.number, version.status, "staff" if staff else "public")
        return self.one(tag, lambda: shape.say(version), status=status)


class Summary(_Summary):
    @operation("What came of the meeting", answer=SummaryAnswer, sign_in="welcome", tagged=True,
               scope="outreach:read|outreach:write|events:read")  # fmt: skip
    def get(self, request: Any, event_id: UUID) -> Any:
        event = event_visible_to(self.viewer, event_id)
        return self.said(event, self.latest(event))

    @operation("Draft it from the record; after publishing, the next version", body=NoBody, answer=SummaryAnswer,
               status=201, also={200: SummaryAnswer}, scope="outreach:write")  # fmt: skip
    def post(self, request: Any, event_id: UUID) -> Any:
        event = self.theirs(event_id, Role.Kind.LIAISON)
        drafted = outcome_summarising.draft(event, actor=self.person, now=self.now)
        return self.said(event, drafted.version, status=201 if drafted.created else 200)

    @operation(
        "Change the wording", body=SummaryBody, answer=SummaryAnswer, scope="outreach:write", tagged=True
    )
    def patch(self, request: Any, event_id: UUID) -> Any:
        event = self.theirs(event_id, Role.Kind.LIAISON)
        version = self.latest(event)
        with etags.unchanged(request, version):
            outcome_summarising.edit(version, actor=self.person, fields=self.body, now=self.now)
        return self.said(event, self.latest(event))


class ApproveSummary(_Summary):
    @operation(
        "Approve it, as a leader",
        body=ApprovalBody,
        answer=SummaryAnswer,
        scope="outreach:write",
        tagged=True,
    )
    def post(self, request: Any, event_id: UUID) -> Any:
        event = self.theirs(event_id, Role.Kind.LEADER)
        version = self.latest(event)
        with etags.unchanged(request, version):
            outcome_summarising.approve(
                version, actor=self.person, reply=self.body.get("reply", ""), now=self.now
            )
        return self.said(event, self.latest(event))


class PublishSummary(_Summary):
    @operation("Publish it; everyone who was there is told", body=NoBody, answer=SummaryAnswer, scope="outreach:write",
               tagged=True)  # fmt: skip
    def post(self, request: Any, event_id: UUID) -> Any:
        event = self.theirs(event_id, Role.Kind.LIAISON)
        version = self.latest(event)
        with etags.unchanged(request, version):
            outcome_summarising.publish(version, actor=self.person, now=self.now)
        return self.said(event, self.latest(event))

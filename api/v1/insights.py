"""/insights/follow-through/: what became of the promises; /activity/: the record."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.answers import Answer
from api.endpoint import Endpoint, operation
from api.paging import PageQuery
from api.strict_fields import Strict
from engage.agencies.finding import id_of_agency
from engage.agencies.models import Agency
from engage.commitments.figures import follow_through
from engage.local_time import local_day
from engage.refusals import FieldError, Invalid
from engage.roles.permissions import acts_shown_to


class CountsAnswer(Answer):
    """`total` is the sum of all but `kept_on_time`."""

    total = serializers.IntegerField()
    kept = serializers.IntegerField()
    kept_on_time = serializers.IntegerField(help_text="Of those kept.")
    kept_in_part = serializers.IntegerField()
    on_track = serializers.IntegerField()
    moved = serializers.IntegerField(help_text="Due ahead, but late on the first date.")
    at_risk = serializers.IntegerField(allow_null=True)
    late = serializers.IntegerField()
    not_kept = serializers.IntegerField()
    will_not_do = serializers.IntegerField()


class AgeingAnswer(Answer):
    commitment = serializers.UUIDField()
    days = serializers.IntegerField()


class FollowThroughAnswer(Answer):
    counts = CountsAnswer()
    ageing = AgeingAnswer(many=True)
    by_focus_area = serializers.ListField(child=serializers.DictField())
    by_community = serializers.ListField(child=serializers.DictField())
    by_owner_office = serializers.ListField(child=serializers.DictField())


class FollowThroughQuery(Strict):
    agency = serializers.CharField(required=False, max_length=63)
    to = serializers.DateField(required=False, help_text="Promised before this day.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        # Days at the ends of the calendar have no instant in every zone.
        far = [name for name, day in attrs.items() if name != "agency" and not 1900 <= day.year <= 2200]
        if far:
            raise serializers.ValidationError({name: ["1900–2200"] for name in far})
        return attrs

    def get_fields(self) -> dict[str, Any]:
        # `from` is a word of Python's.
        return {"from": serializers.DateField(required=False), **super().get_fields()}


class FollowThrough(Endpoint):
    """Leaders see everything; the public sees the same without what is at risk."""

    tag = "Insights"

    @operation("What became of the promises", answer=FollowThroughAnswer, query=FollowThroughQuery, sign_in="welcome",
               scope="insights:read", refuses=(404,))  # fmt: skip
    def get(self, request: Any) -> Any:
        agency = self._agency()
        start, end = self.query.get("from"), self.query.get("to")
        if start and end and start >= end:
            raise Invalid(errors=[FieldError("to", "before_from", "")])
        public = not self.viewer.may("insights:read", agency.pk)
        today = local_day(agency.timezone, self.now)
        return follow_through(agency=agency, today=today, start=start, end=end, public=public)

    def _agency(self) -> Agency:
        if slug := self.query.get("agency"):
            return self.agency_at(slug)
        if self.viewer.agency_id is None:
            raise Invalid(errors=[FieldError("agency", "required", "")])
        return Agency.objects.get(pk=self.viewer.agency_id)


class ActivityAnswer(Answer):
    id = serializers.UUIDField()
    agency = serializers.CharField(source="agency.slug", allow_null=True)
    verb = serializers.CharField()
    object_type = serializers.CharField()
    object_id = serializers.UUIDField()
    actor = serializers.UUIDField(source="actor_id", allow_null=True)
    at = serializers.DateTimeField()
    data = serializers.DictField()  # type: ignore[assignment]
    public = serializers.BooleanField()


class ActivityQuery(PageQuery):
    agency = serializers.CharField(required=False, max_length=63)
    verb = serializers.CharField(required=False, max_length=64)
    object_type = serializers.CharField(required=False, max_length=32)
    object_id = serializers.UUIDField(required=False)
    since = serializers.DateTimeField(required=False, help_text="Done at or after this instant.")


class TheRecord(Endpoint):
    """What staff did. They read all of their own agency, everybody the public part; what residents do is in neither."""

    tag = "Insights"

    @operation(
        "What staff did, newest first",
        answer=ActivityAnswer,
        many=True,
        query=ActivityQuery,
        sign_in="welcome",
        scope="insights:read",
    )
    def get(self, request: Any) -> Any:
        rows = acts_shown_to(self.viewer)
        if "since" in self.query:
            rows = rows.filter(at__gte=self.query["since"])
        if "agency" in self.query:
            rows = rows.filter(agency=id_of_agency(self.query["agency"]))
        for name in ("verb", "object_type", "object_id"):
            if name in self.query:
                rows = rows.filter(**{name: self.query[name]})
        return self.list_of(rows.select_related("agency"), ActivityAnswer, order=("-at", "-id"))

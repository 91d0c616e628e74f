"""/readings/: who of the staff read names and addresses; /reading-requests/: more of them in an hour than one may have."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers

from api.answers import Answer
from api.endpoint import Endpoint, NoBody, operation
from api.paging import PageQuery
from api.strict_fields import Choice, Strict, Text
from api.v1.rsvp_shapes import PurposeField
from engage.agencies.finding import id_of_agency
from engage.agencies.models import Agency
from engage.readings.granting import ask_for_more, grant, may_say_yes, requests_of
from engage.readings.models import ContactRead, ReadingRequest
from engage.refusals import Forbidden, Unknown


class ReadingAnswer(Answer):
    """No place and no resident: who reads the readings learns about readers."""

    id = serializers.UUIDField()
    agency = serializers.CharField(source="agency.slug")
    reader = serializers.UUIDField(source="reader_id")
    reader_name = serializers.CharField()
    event = serializers.UUIDField(source="event_id", allow_null=True)
    what = Choice(choices=ContactRead.What.choices)
    shown = serializers.IntegerField(help_text="How many places were shown.")
    purpose = serializers.CharField(help_text="A code of the list; older readings have a sentence.")
    granted_alone = serializers.BooleanField(
        help_text="Beyond the hour's number, by the reader's own yes at night."
    )
    at = serializers.DateTimeField()

    def reader_name_of(self, reading: ContactRead) -> str:
        return str(reading.reader)


class ReadingQuery(PageQuery):
    agency = serializers.CharField(required=False, max_length=63, help_text="A slug.")
    reader = serializers.UUIDField(required=False)
    event = serializers.UUIDField(required=False)


class Readings(Endpoint):
    tag = "Readings"

    @operation("Who read names and addresses, newest first", answer=ReadingAnswer, many=True, query=ReadingQuery,
               scope="admin")  # fmt: skip
    def get(self, request: Any) -> Any:
        ruled = [agency for agency in self.viewer.roles if self.viewer.may("admin", agency)]
        if not ruled:
            raise Forbidden
        rows = ContactRead.objects.filter(agency_id__in=ruled).select_related("reader", "agency")
        if "agency" in self.query:
            rows = rows.filter(agency=id_of_agency(self.query["agency"]))
        for name, column in (("reader", "reader"), ("event", "event_id")):
            if name in self.query:
                rows = rows.filter(**{column: self.query[name]})
        return self.list_of(rows, ReadingAnswer, order=("-at", "-id"))


class ReadingRequestAnswer(Answer):
    id = serializers.UUIDField()
    agency = serializers.CharField(source="agency.slug")
    reader = serializers.UUIDField(source="reader_id")
    purpose = serializers.CharField()
    asked_at = serializers.DateTimeField()
    granted_by = serializers.UUIDField(source="granted_by_id", allow_null=True)
    granted_at = serializers.DateTimeField(allow_null=True)


class ReadingRequestBody(Strict):
    agency = Text(max_length=63, required=False)
    purpose = PurposeField()


class _Requests(Endpoint):
    tag = "Readings"

    def rows(self) -> QuerySet[ReadingRequest]:
        """One's own, and those that one may say yes to. Raises Forbidden where there could be neither."""
        found, asked = ReadingRequest.objects.none(), False
        for agency in Agency.objects.filter(pk__in=list(self.viewer.roles)):
            # What is asked about a flood is decided beside what the desk shows of it.
            lately = requests_of(agency, now=self.now).filter(flood="")
            if may_say_yes(self.viewer, agency):
                found, asked = found | lately, True
            elif self.viewer.may("rsvps:read", agency.pk):
                found, asked = found | lately.filter(reader=self.person), True
        if not asked:
            raise Forbidden
        return found.select_related("agency")


class ReadingRequests(_Requests):
    @operation("Who asks to read more", answer=ReadingRequestAnswer, many=True, query=PageQuery,
               scope="rsvps:read|commitments:write|admin")  # fmt: skip
    def get(self, request: Any) -> Any:
        return self.list_of(self.rows(), ReadingRequestAnswer, order=("-asked_at", "-id"))

    @operation("Ask to read more than twenty in this hour", body=ReadingRequestBody, answer=ReadingRequestAnswer,
               status=201, scope="rsvps:read")  # fmt: skip
    def post(self, request: Any) -> Any:
        agency = self.own_agency("rsvps:read")
        made = ask_for_more(agency, reader=self.person, purpose=self.body["purpose"], now=self.now)
        return self.shape(ReadingRequestAnswer).say(made)


class GrantReading(_Requests):
    """A leader or administrator, not oneself; at night once oneself, which the administrators and the residents are told."""

    @operation(
        "Say yes to it", body=NoBody, answer=ReadingRequestAnswer, scope="rsvps:read|commitments:write|admin"
    )
    def post(self, request: Any, request_id: UUID) -> Any:
        found = self.rows().filter(pk=request_id).first()
        if found is None:
            raise Unknown
        return self.shape(ReadingRequestAnswer).say(grant(found, viewer=self.viewer, now=self.now))

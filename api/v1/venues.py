"""/venues/: places to meet, and how to get in. The place of a public meeting is shown with the meeting."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.endpoint import Endpoint, operation
from api.paging import PageQuery
from api.strict_fields import Strict, Text, Translations, of
from engage.refusals import Forbidden, Unknown
from events.event.models import Venue
from events.event.permissions import venues_visible_to
from events.planning.venues import TRANSLATED, add_venue, edit_venue, remove_venue


class VenueAnswer(Answer):
    id = serializers.UUIDField()
    agency = serializers.CharField(source="agency.slug")
    name = serializers.CharField()
    room = serializers.CharField()
    address = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    capacity = serializers.IntegerField(allow_null=True)
    access_features = serializers.ListField(child=serializers.CharField())
    getting_there = serializers.CharField()
    translations = serializers.DictField()


class VenueBody(Strict):
    agency = Text(max_length=63, required=False)
    name = of(Venue, "name")
    room = of(Venue, "room")
    address = of(Venue, "address")
    latitude = of(Venue, "latitude")
    longitude = of(Venue, "longitude")
    capacity = of(Venue, "capacity")
    access_features = of(Venue, "access_features")
    getting_there = of(Venue, "getting_there")
    translations = Translations(texts=TRANSLATED, required=False)


class VenueQuery(PageQuery):
    q = serializers.CharField(required=False, max_length=100)
    ordering = serializers.ChoiceField(choices=["name", "-name"], required=False, default="name")


class _VenueEndpoint(Endpoint):
    tag = "Events"

    def rows(self) -> Any:
        return venues_visible_to(self.viewer).select_related("agency")

    def said(self, venue: Venue, status: int = 200) -> Any:
        return self.one(
            etags.tag(venue.edit_version), lambda: self.shape(VenueAnswer).say(venue), status=status
        )


class Venues(_VenueEndpoint):
    @operation("Your agency's venues", answer=VenueAnswer, many=True, query=VenueQuery, scope="events:read")
    def get(self, request: Any) -> Any:
        if not any(self.viewer.may("events:read", agency) for agency in self.viewer.roles):
            raise Forbidden
        rows = self.rows()
        if words := self.query.get("q"):
            rows = rows.filter(name__icontains=words)
        by = self.query["ordering"]
        return self.list_of(rows, VenueAnswer, order=(by, "-id" if by.startswith("-") else "id"))

    @operation("Add a venue", body=VenueBody, answer=VenueAnswer, status=201, scope="events:write")
    def post(self, request: Any) -> Any:
        agency = self.own_agency("events:write")
        return self.said(add_venue(agency=agency, actor=self.person, now=self.now, **self.body), status=201)


class OneVenue(_VenueEndpoint):
    @operation("One venue", answer=VenueAnswer, scope="events:read", tagged=True)
    def get(self, request: Any, venue_id: UUID) -> Any:
        venue = self.rows().filter(pk=venue_id).first()
        if venue is None:
            raise Unknown
        return self.said(venue)

    @operation("Change a venue; a new address is told to everyone who was to go there", body=VenueBody,
               answer=VenueAnswer, scope="events:write", tagged=True)  # fmt: skip
    def patch(self, request: Any, venue_id: UUID) -> Any:
        venue = self.mine(self.rows(), venue_id, "events:write")
        if self.body.pop("agency", venue.agency.slug) != venue.agency.slug:
            raise Forbidden(field="agency")
        wanted = etags.version_wanted(request)
        edit_venue(venue, actor=self.person, now=self.now, fields=self.body, if_version=wanted)
        return self.said(self.rows().get(pk=venue_id))

    @operation("Remove a venue where nothing was held", status=204, scope="events:write", tagged=True)
    def delete(self, request: Any, venue_id: UUID) -> None:
        venue = self.mine(self.rows(), venue_id, "events:write")
        with etags.unchanged(request, venue):
            remove_venue(venue, actor=self.person, now=self.now)

"""/agencies/{slug}/communities/: the parts of the public that an agency serves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.endpoint import Endpoint, operation
from api.paging import PageQuery
from api.strict_fields import Choice, Strict, of
from engage.agencies.communities import add_community, edit_community, remove_community
from engage.agencies.models import Agency, Community
from engage.refusals import Forbidden, Unknown


class CommunityAnswer(Answer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = Choice(choices=Community.Kind.choices)
    population_share = serializers.FloatField(
        allow_null=True, help_text="Percent of the agency's population."
    )
    seldom_heard = serializers.BooleanField()
    last_heard_at = serializers.DateTimeField(allow_null=True)


class CommunityBody(Strict):
    name = of(Community, "name")
    kind = of(Community, "kind")
    population_share = of(Community, "population_share")
    seldom_heard = of(Community, "seldom_heard")
    last_heard_at = of(Community, "last_heard_at")


class CommunityQuery(PageQuery):
    kind = serializers.ChoiceField(choices=Community.Kind.choices, required=False)
    ordering = serializers.ChoiceField(choices=["name", "-name"], required=False, default="name")


class _OfAgency(Endpoint):
    tag = "Agencies"

    def staff_agency(self, slug: str) -> Agency:
        """Raises Unknown for another agency, Forbidden for who is not its staff."""
        agency = self.agency_at(slug)
        if not self.viewer.belongs_to(agency.pk):
            raise Unknown
        writes = ("dialogue:write", "commitments:write", "admin")
        if not self.viewer.is_staff_of(agency.pk) or not any(
            self.viewer.may(one, agency.pk) for one in writes
        ):
            raise Forbidden
        return agency


class Communities(_OfAgency):
    @operation(
        "An agency's communities", answer=CommunityAnswer, many=True, query=CommunityQuery, sign_in="welcome"
    )
    def get(self, request: Any, slug: str) -> Any:
        rows = Community.objects.filter(agency=self.agency_at(slug))
        if kind := self.query.get("kind"):
            rows = rows.filter(kind=kind)
        by = self.query["ordering"]
        return self.list_of(rows, CommunityAnswer, order=(by, "-id" if by.startswith("-") else "id"))

    @operation(
        "Add a community",
        body=CommunityBody,
        answer=CommunityAnswer,
        status=201,
        scope="dialogue:write|commitments:write|admin",
    )
    def post(self, request: Any, slug: str) -> Any:
        agency = self.staff_agency(slug)
        return self.shape(CommunityAnswer).say(
            add_community(agency, actor=self.person, now=self.now, **self.body)
        )


class OneCommunity(_OfAgency):
    @operation("One community", answer=CommunityAnswer, sign_in="welcome", tagged=True)
    def get(self, request: Any, slug: str, community_id: UUID) -> Any:
        community = Community.objects.filter(agency__slug=slug, pk=community_id).first()
        if community is None:
            raise Unknown
        said = self.shape(CommunityAnswer).say(community)
        return self.one(etags.tag_of_content(said), lambda: said)

    @operation(
        "Change a community",
        body=CommunityBody,
        answer=CommunityAnswer,
        scope="dialogue:write|commitments:write|admin",
        tagged=True,
    )
    def patch(self, request: Any, slug: str, community_id: UUID) -> Any:
        community = self._mine(slug, community_id)
        edit_community(community, actor=self.person, now=self.now, fields=self.body)
        said = self.shape(CommunityAnswer).say(community)
        return self.one(etags.tag_of_content(said), lambda: said)

    @operation(
        "Remove a community that nothing refers to",
        status=204,
        scope="dialogue:write|commitments:write|admin",
        tagged=True,
    )
    def delete(self, request: Any, slug: str, community_id: UUID) -> None:
        remove_community(self._mine(slug, community_id), actor=self.person, now=self.now)

    def _mine(self, slug: str, community_id: UUID) -> Community:
        agency = self.staff_agency(slug)
        community = Community.objects.filter(agency=agency, pk=community_id).first()
        if community is None:
            raise Unknown
        etags.must_match(self.request, etags.tag_of_content(self.shape(CommunityAnswer).say(community)))
        return community

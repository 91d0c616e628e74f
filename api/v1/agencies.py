"""/agencies/: the hosts, what they promise about themselves, and the communities they serve."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.endpoint import Endpoint, operation
from api.paging import PageQuery
from api.strict_fields import (
    Choice,
    Clock,
    Decimal,
    Instant,
    Language,
    Strict,
    Text,
    WholeNumber,
    YesNo,
    Zone,
)
from engage.agency_onboarding import (
    add_community,
    change_settings,
    edit_community,
    remove_community,
    sign_pledge,
    withdraw_pledge,
)
from engage.models import Agency, Community, Pledge
from engage.rule_violation import Forbidden, Unknown


class PledgeAnswer(Answer):
    id = serializers.UUIDField()
    code = serializers.CharField()
    text = serializers.CharField()
    signed_on = serializers.DateField()


class SettingsAnswer(Answer):
    population = serializers.IntegerField(allow_null=True)
    retention_days = serializers.IntegerField()
    smallest_group = serializers.IntegerField()
    largest_party = serializers.IntegerField()
    summary_due_days = serializers.IntegerField()
    at_risk_due_days = serializers.IntegerField()
    at_risk_silent_days = serializers.IntegerField()
    offer_least_minutes = serializers.IntegerField()
    offer_most_minutes = serializers.IntegerField()
    pass_over_hours = serializers.IntegerField()
    sms_quiet_from = Clock()
    sms_quiet_until = Clock()
    email_quiet_from = Clock(allow_null=True)
    email_quiet_until = Clock(allow_null=True)
    holiday_calendar = serializers.CharField()
    mfa_required = serializers.BooleanField()


class AgencyAnswer(Answer):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    kind = Choice(choices=Agency.Kind.choices)
    country = serializers.CharField()
    region = serializers.CharField()
    timezone = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    contact_office = serializers.CharField()
    contact_phone = serializers.CharField()
    offices = serializers.ListField(child=serializers.CharField())
    pledges = PledgeAnswer(many=True)
    settings = SettingsAnswer(allow_null=True, help_text="For administrators of the agency; null for others.")

    def pledges_of(self, agency: Agency) -> list[dict[str, Any]]:
        return PledgeAnswer(context=self.context).say_all(agency.pledges.all())

    def settings_of(self, agency: Agency) -> dict[str, Any] | None:
        if not self.context["viewer"].may("admin", agency.pk):
            return None
        return SettingsAnswer(context=self.context).say(agency)


class SettingsBody(Strict):
    population = WholeNumber(required=False, allow_null=True)
    retention_days = WholeNumber(required=False, min_value=1, max_value=730)
    smallest_group = WholeNumber(required=False, min_value=5, max_value=1000)
    largest_party = WholeNumber(required=False, min_value=1, max_value=20)
    summary_due_days = WholeNumber(required=False, min_value=1, max_value=365)
    at_risk_due_days = WholeNumber(required=False, min_value=0, max_value=365)
    at_risk_silent_days = WholeNumber(required=False, min_value=1, max_value=365)
    offer_least_minutes = WholeNumber(required=False, min_value=5, max_value=1440)
    offer_most_minutes = WholeNumber(required=False, min_value=5, max_value=10_080)
    pass_over_hours = WholeNumber(required=False, max_value=720)
    sms_quiet_from = Clock(required=False)
    sms_quiet_until = Clock(required=False)
    email_quiet_from = Clock(required=False, allow_null=True)
    email_quiet_until = Clock(required=False, allow_null=True)
    holiday_calendar = Text(required=False, max_length=16, allow_blank=True)
    mfa_required = YesNo(required=False)


class AgencyBody(Strict):
    name = Text(required=False, max_length=200)
    kind = Choice(required=False, choices=Agency.Kind.choices)
    country = Text(required=False, min_length=2, max_length=2)
    region = Text(required=False, max_length=100, allow_blank=True)
    timezone = Zone(required=False)
    languages = serializers.ListField(required=False, child=Language(), allow_empty=False, max_length=30)
    contact_office = Text(required=False, max_length=200, allow_blank=True)
    contact_phone = Text(required=False, max_length=32, allow_blank=True)
    offices = serializers.ListField(required=False, child=Text(max_length=120), max_length=100)
    settings = SettingsBody(required=False)


def agencies() -> Any:
    standing = Pledge.objects.filter(withdrawn_on=None).order_by("signed_on", "id")
    return Agency.objects.prefetch_related(Prefetch("pledges", queryset=standing))


def agency_tag(agency: Agency, endpoint: Endpoint) -> str:
    pledges = ".".join(str(pledge.pk.int & 0xFFFFFFFF) for pledge in agency.pledges.all())
    who = "admin" if endpoint.viewer.may("admin", agency.pk) else "public"
    return etags.tag(agency.edit_version, pledges or 0, who)


class AgencyQuery(PageQuery):
    ordering = serializers.ChoiceField(choices=["slug", "-slug"], required=False, default="slug")


class Agencies(Endpoint):
    tag = "Agencies"

    @operation("The agencies", answer=AgencyAnswer, many=True, query=AgencyQuery, sign_in="welcome")
    def get(self, request: Any) -> Any:
        return self.list_of(agencies(), AgencyAnswer, order=(self.query["ordering"],))


class OneAgency(Endpoint):
    tag = "Agencies"

    def _agency(self, slug: str) -> Agency:
        agency = agencies().filter(slug=slug).first()
        if agency is None:
            raise Unknown
        return agency

    def _said(self, agency: Agency) -> Any:
        return self.one(agency_tag(agency, self), lambda: self.shape(AgencyAnswer).say(agency))

    @operation("One agency", answer=AgencyAnswer, sign_in="welcome", tagged=True)
    def get(self, request: Any, slug: str) -> Any:
        return self._said(self._agency(slug))

    @operation(
        "Change an agency's own data and settings",
        body=AgencyBody,
        answer=AgencyAnswer,
        scope="admin",
        tagged=True,
    )
    def patch(self, request: Any, slug: str) -> Any:
        agency = self._agency(slug)
        self.viewer.must("admin", agency.pk)
        fields = self.body | self.body.pop("settings", {})
        fields.pop("settings", None)
        with etags.unchanged(request, agency):
            change_settings(agency, actor=self.person, fields=fields)
        return self._said(self._agency(slug))


class PledgeBody(Strict):
    code = serializers.SlugField(max_length=63)
    text = Text(max_length=500)


class Pledges(Endpoint):
    tag = "Agencies"

    @operation(
        "Sign a pledge about the agency's own conduct",
        body=PledgeBody,
        answer=PledgeAnswer,
        status=201,
        scope="admin",
    )
    def post(self, request: Any, slug: str) -> Any:
        agency = self.agency_at(slug)
        self.viewer.must("admin", agency.pk)
        pledge = sign_pledge(
            agency, actor=self.person, code=self.body["code"], text=self.body["text"], now=self.now
        )
        return self.shape(PledgeAnswer).say(pledge)


class OnePledge(Endpoint):
    tag = "Agencies"

    @operation("Withdraw a pledge; that is public", status=204, scope="admin")
    def delete(self, request: Any, slug: str, pledge_id: UUID) -> None:
        pledge = self.mine(Pledge.objects.filter(agency__slug=slug, withdrawn_on=None), pledge_id, "admin")
        withdraw_pledge(pledge, actor=self.person, now=self.now)


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
    name = Text(max_length=200)
    kind = Choice(choices=Community.Kind.choices, required=False)
    population_share = Decimal(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False, allow_null=True
    )
    seldom_heard = YesNo(required=False)
    last_heard_at = Instant(required=False, allow_null=True)


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

    @operation("Add a community", body=CommunityBody, answer=CommunityAnswer, status=201, scope="staff")
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

    @operation("Change a community", body=CommunityBody, answer=CommunityAnswer, scope="staff", tagged=True)
    def patch(self, request: Any, slug: str, community_id: UUID) -> Any:
        community = self._mine(slug, community_id)
        edit_community(community, actor=self.person, now=self.now, fields=self.body)
        said = self.shape(CommunityAnswer).say(community)
        return self.one(etags.tag_of_content(said), lambda: said)

    @operation("Remove a community that nothing refers to", status=204, scope="staff", tagged=True)
    def delete(self, request: Any, slug: str, community_id: UUID) -> None:
        remove_community(self._mine(slug, community_id), actor=self.person, now=self.now)

    def _mine(self, slug: str, community_id: UUID) -> Community:
        agency = self.staff_agency(slug)
        community = Community.objects.filter(agency=agency, pk=community_id).first()
        if community is None:
            raise Unknown
        etags.must_match(self.request, etags.tag_of_content(self.shape(CommunityAnswer).say(community)))
        return community

"""/agencies/: the hosts, how they look, and what they promise about themselves."""

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
    Language,
    Strict,
    Text,
    WebAddress,
    WholeNumber,
    YesNo,
    Zone,
)
from engage.agency_onboarding import change_settings, sign_pledge, withdraw_pledge
from engage.models import Agency, AgencyMark, Pledge
from engage.rule_violation import Unknown


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


class LinkAnswer(Answer):
    title = serializers.CharField()
    url = serializers.CharField()


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
    contact_address = serializers.CharField()
    contact_email = serializers.CharField()
    emergency_number = serializers.CharField()
    official_line = serializers.CharField(help_text="Stands on top of every page.")
    tagline = serializers.CharField()
    mark = Choice(choices=AgencyMark.choices)
    mark_letters = serializers.CharField()
    primary_color = serializers.CharField(help_text="As #07648d; empty for the pages' own blue.")
    other_links = LinkAnswer(many=True)
    offices = serializers.ListField(child=serializers.CharField())
    pledges = PledgeAnswer(many=True)
    settings = SettingsAnswer(allow_null=True, help_text="For administrators of the agency; null for others.")

    def pledges_of(self, agency: Agency) -> list[dict[str, Any]]:
        return PledgeAnswer(context=self.context).say_all(agency.pledges.all())

    def other_links_of(self, agency: Agency) -> list[dict[str, Any]]:
        return LinkAnswer().say_all(agency.other_links)

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


class LinkBody(Strict):
    title = Text(max_length=80)
    url = WebAddress(max_length=500)


class AgencyBody(Strict):
    name = Text(required=False, max_length=200)
    kind = Choice(required=False, choices=Agency.Kind.choices)
    country = Text(required=False, min_length=2, max_length=2)
    region = Text(required=False, max_length=100, allow_blank=True)
    timezone = Zone(required=False)
    languages = serializers.ListField(required=False, child=Language(), allow_empty=False, max_length=30)
    contact_office = Text(required=False, max_length=200, allow_blank=True)
    contact_phone = Text(required=False, max_length=32, allow_blank=True)
    contact_address = Text(required=False, max_length=300, allow_blank=True)
    contact_email = serializers.EmailField(required=False, max_length=254, allow_blank=True)
    emergency_number = Text(required=False, max_length=16, allow_blank=True)
    official_line = Text(required=False, max_length=200, allow_blank=True)
    tagline = Text(required=False, max_length=120, allow_blank=True)
    mark = Choice(required=False, choices=AgencyMark.choices)
    mark_letters = Text(required=False, max_length=3, allow_blank=True)
    primary_color = Text(required=False, max_length=7, allow_blank=True)
    other_links = serializers.ListField(child=LinkBody(), required=False, max_length=8)
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

    @operation("The agencies", answer=AgencyAnswer, many=True, query=AgencyQuery, sign_in="welcome",
               scope="admin")  # fmt: skip
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

    @operation("One agency", answer=AgencyAnswer, sign_in="welcome", tagged=True, scope="admin")
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

"""/agencies/: the hosts, how they look, and what they promise about themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from rest_framework import serializers

from api import etags
from api.answers import Answer, said
from api.confirming import ConfirmBody
from api.endpoint import Endpoint, operation
from api.paging import PageQuery
from api.strict_fields import Choice, OwnWords, Strict, Text, WebAddress, Zone, of
from engage.agencies.appearance import LONGEST_TITLE, LONGEST_URL, MOST_LINKS
from engage.agencies.models import SETTINGS, Agency, AgencyMark, Pledge
from engage.agencies.onboarding import change_settings
from engage.agencies.pledges import ENFORCED, sign_pledge, withdraw_pledge
from engage.refusals import Unknown


class PledgeAnswer(Answer):
    id = serializers.UUIDField()
    code = serializers.CharField()
    text = serializers.CharField()
    signed_on = serializers.DateField()
    enforced = serializers.BooleanField(
        help_text="Whether the software refuses what would break it; else it is the agency's word."
    )

    def enforced_of(self, pledge: Pledge) -> bool:
        return pledge.code in ENFORCED


class SettingsAnswer(Answer):
    def get_fields(self) -> dict[str, Any]:
        return {name: said(Agency, name) for name in SETTINGS} | {
            "retention_days_next": said(Agency, "retention_days_next"),
            "retention_next_at": said(Agency, "retention_next_at"),
        }


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
    contact_tty = serializers.CharField(help_text="Its text telephone, for who cannot hear or speak.")
    contact_address = serializers.CharField()
    contact_email = serializers.CharField()
    emergency_number = serializers.CharField()
    official_line = serializers.CharField(help_text="Stands on top of every page.")
    tagline = serializers.CharField()
    mark = Choice(choices=AgencyMark.choices)
    mark_letters = serializers.CharField()
    primary_color = serializers.CharField(help_text="As #07648d; empty for the pages' own blue.")
    other_links = LinkAnswer(many=True)
    translations = serializers.DictField(
        help_text="By language, by text as it stands here (a line, an office, a link, a pledge, a community): its translation."
    )
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
    def get_fields(self) -> dict[str, Any]:
        return {name: of(Agency, name, required=False) for name in SETTINGS}


class LinkBody(Strict):
    title = Text(max_length=LONGEST_TITLE)
    url = WebAddress(max_length=LONGEST_URL)


class AgencyBody(ConfirmBody):
    name = of(Agency, "name", required=False)
    kind = of(Agency, "kind", required=False)
    country = of(Agency, "country", required=False)
    region = of(Agency, "region", required=False)
    timezone = Zone(required=False)
    languages = of(Agency, "languages", required=False)
    contact_office = of(Agency, "contact_office", required=False)
    contact_phone = of(Agency, "contact_phone", required=False)
    contact_tty = of(Agency, "contact_tty", required=False)
    contact_address = of(Agency, "contact_address", required=False)
    contact_email = of(Agency, "contact_email", required=False)
    emergency_number = of(Agency, "emergency_number", required=False)
    official_line = of(Agency, "official_line", required=False)
    tagline = of(Agency, "tagline", required=False)
    mark = of(Agency, "mark", required=False)
    mark_letters = of(Agency, "mark_letters", required=False)
    primary_color = of(Agency, "primary_color", required=False)
    other_links = serializers.ListField(child=LinkBody(), required=False, max_length=MOST_LINKS)
    offices = of(Agency, "offices", required=False)
    translations = OwnWords(required=False)
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
        settings, confirm = self.body.pop("settings", {}), self.body.pop("confirm", "")
        fields = self.body | settings
        with etags.unchanged(request, agency):
            change_settings(agency, actor=self.person, fields=fields, now=self.now, confirm=confirm)
        return self._said(self._agency(slug))


class PledgeBody(Strict):
    code = of(Pledge, "code")
    text = of(Pledge, "text")


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

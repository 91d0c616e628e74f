"""Agencies, their settings, their pledges, and the communities they serve."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from engage.agency_onboarding import (
    CommunityInUse,
    NameTaken,
    PledgeStands,
    SharesOver100,
    SlugTaken,
    add_community,
    change_settings,
    create_agency,
    edit_community,
    remove_community,
    sign_pledge,
    withdraw_pledge,
)
from engage.models import Activity, Agency, Community, Invitation
from engage.role_granting import invitation_behind
from engage.rule_violation import Forbidden, Invalid, RuleViolation, WrongState
from tests.makers.agencies import a_community, a_person, an_agency
from tests.makers.commitments import a_commitment

BOTH = ["default", "owner"]
NOW = timezone.now()
db = pytest.mark.django_db(databases=BOTH)


@db
def test_an_agency_is_taken_in_once():
    made = create_agency(slug="harbor-falls", name="Harbor Falls PD", timezone="America/Chicago", now=NOW)
    assert Agency.objects.get(slug="harbor-falls") == made
    with pytest.raises(SlugTaken):
        create_agency(slug="harbor-falls", name="Another", now=NOW)


@db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "Harbor Falls!"),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../etc/passwd"),
        ("languages", []),
        ("kind", "army"),
        ("largest_party", -1),
        ("name", ""),
    ],
)
def test_each_field_that_does_not_fit_is_named(field, value):
    given = {"slug": "x", "name": "X", "now": NOW} | {field: value}
    with pytest.raises(Invalid) as refused:
        create_agency(**given)
    assert [error.field for error in refused.value.errors] == [field]
    assert not Agency.objects.exists()


@db
@pytest.mark.parametrize(
    ("field", "value"),
    [("smallest_group", 4), ("largest_party", 21), ("retention_days", 0), ("offer_least_minutes", 5000)],
)
def test_a_setting_beyond_its_bounds_is_refused_by_rule(field, value):
    agency = an_agency()
    with pytest.raises(RuleViolation):
        change_settings(agency, actor=None, fields={field: value})
    agency.refresh_from_db()
    assert agency.edit_version == 1


@db
def test_settings_change_with_a_line_of_the_record():
    agency, admin = an_agency(), None
    change_settings(agency, actor=admin, fields={"smallest_group": 12, "offices": ["Patrol"]}, now=NOW)
    fresh = Agency.objects.get(pk=agency.pk)
    assert (fresh.smallest_group, fresh.offices, fresh.edit_version, agency.edit_version) == (
        12,
        ["Patrol"],
        2,
        2,
    )
    assert Activity.objects.get(verb="agency.changed").data == {"fields": ["offices", "smallest_group"]}


@db
@pytest.mark.parametrize("field", ["slug", "last_commitment_number", "id"])
def test_what_is_fixed_cannot_be_set(field):
    with pytest.raises(TypeError):
        change_settings(an_agency(), actor=None, fields={field: 1})


@db
def test_a_pledge_is_signed_by_an_administrator_with_date_and_withdrawn_in_public():
    agency = an_agency()
    admin = a_person(agency, "admin")
    given = {"code": "no-immigration", "text": "We ask nobody's status.", "now": NOW}
    for stranger in (a_person(agency, "liaison"), a_person(an_agency(), "admin")):
        with pytest.raises(Forbidden):
            sign_pledge(agency, actor=stranger, **given)
    pledge = sign_pledge(agency, actor=admin, **given)
    with pytest.raises(PledgeStands):
        sign_pledge(agency, actor=admin, **given)
    withdraw_pledge(pledge, actor=admin, now=NOW)
    with pytest.raises(WrongState):
        withdraw_pledge(pledge, actor=admin, now=NOW)
    sign_pledge(agency, actor=admin, **given)
    verbs = Activity.objects.filter(public=True).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["pledge.signed", "pledge.withdrawn", "pledge.signed"]


@db
def test_shares_of_one_kind_never_come_to_more_than_the_whole():
    agency = an_agency()
    north = add_community(agency, actor=None, now=NOW, name="North", population_share=Decimal(60))
    add_community(agency, actor=None, now=NOW, name="South", population_share=Decimal(40))
    add_community(agency, actor=None, now=NOW, name="Spanish", kind="language", population_share=Decimal(70))
    with pytest.raises(SharesOver100) as refused:
        add_community(agency, actor=None, now=NOW, name="East", population_share=Decimal("0.01"))
    assert refused.value.errors[0].field == "population_share"
    with pytest.raises(SharesOver100):
        edit_community(north, actor=None, now=NOW, fields={"population_share": Decimal("60.01")})
    assert north.population_share == Decimal(60)
    edit_community(north, actor=None, now=NOW, fields={"population_share": Decimal(59), "seldom_heard": True})
    add_community(agency, actor=None, now=NOW, name="East", population_share=Decimal(1))
    add_community(an_agency(), actor=None, now=NOW, name="North", population_share=Decimal(100))


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_shares_added_at_once_never_come_to_more_than_the_whole():
    agency = an_agency()

    def add(number: int) -> bool:
        try:
            add_community(agency, actor=None, now=NOW, name=f"Ward {number}", population_share=Decimal(30))
        except SharesOver100:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(add, range(16))) == 3


@db
def test_a_name_stands_once_in_its_kind():
    agency = an_agency()
    add_community(agency, actor=None, now=NOW, name="North")
    with pytest.raises(NameTaken):
        add_community(agency, actor=None, now=NOW, name="North")
    add_community(agency, actor=None, now=NOW, name="North", kind="faith")


@db
@pytest.mark.parametrize("share", ["-1", "100.01", "12.345"])
def test_a_share_is_a_percentage(share):
    with pytest.raises(RuleViolation):
        add_community(an_agency(), actor=None, now=NOW, name="North", population_share=Decimal(share))


@db
def test_a_community_that_a_promise_names_stays():
    agency = an_agency()
    used, unused = a_community(agency), a_community(agency)
    a_commitment(agency, communities=[used])
    with pytest.raises(CommunityInUse):
        remove_community(used, actor=None, now=NOW)
    remove_community(unused, actor=None, now=NOW)
    assert list(Community.objects.all()) == [used]


@db
def test_the_command_takes_an_agency_in_and_invites_its_administrator():
    said = StringIO()
    call_command(
        "create_agency", "cedar-bend", "--name", "Cedar Bend", "--timezone", "America/Denver",
        "--admin-email", "Piet@cedar-bend.example", "--languages", "en, es", stdout=said,
    )  # fmt: skip
    agency = Agency.objects.get(slug="cedar-bend")
    assert agency.languages == ["en", "es"]
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.kind) == ("piet@cedar-bend.example", "admin")
    token = said.getvalue().split("/invitation/")[1].strip()
    assert invitation_behind(token, now=timezone.now()) == invitation
    assert Activity.objects.filter(
        verb="invitation.made", object_id=invitation.pk, announced_at=None
    ).exists()


@db
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"--timezone": "Nowhere/Land"}, "--timezone"),
        ({"--admin-email": "nobody"}, "--email"),
        ({"--name": ""}, "--name"),
    ],
)
def test_the_command_refuses_with_a_sentence_and_changes_nothing(change, named):
    given = {"--name": "X", "--timezone": "UTC", "--admin-email": "a@x.example"} | change
    with pytest.raises(CommandError, match=named):
        call_command(
            "create_agency", "x", *[word for pair in given.items() for word in pair], stdout=StringIO()
        )
    assert not Agency.objects.exists()


@db
def test_a_shorter_retention_is_told_to_whoever_knows_when_meetings_end(monkeypatch):
    from engage import agency_onboarding

    told: list[int] = []
    monkeypatch.setattr(
        agency_onboarding, "when_retention_shortens", [lambda one: told.append(one.retention_days)]
    )
    agency = an_agency(retention_days=30)
    for days in (60, 20, 20):
        change_settings(agency, actor=None, fields={"retention_days": days}, now=NOW + dt.timedelta(0))
    assert told == [20]

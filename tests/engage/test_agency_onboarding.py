"""Agencies, their settings, their pledges, and the communities they serve."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from engage.activity.models import Activity
from engage.agencies import shorter_retention
from engage.agencies.communities import (
    CommunityInUse,
    NameTaken,
    SharesOver100,
    add_community,
    edit_community,
    remove_community,
)
from engage.agencies.models import BOUNDS, Agency, Community
from engage.agencies.onboarding import SlugTaken, change_settings, create_agency
from engage.agencies.pledges import PledgeStands, sign_pledge, withdraw_pledge
from engage.refusals import Forbidden, Invalid, RuleViolation, WrongState
from engage.roles.granting import invitation_behind
from engage.roles.models import Invitation
from tests.makers.agencies import a_community, a_person, an_agency
from tests.makers.api_clients import api_of
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
        ("timezone", "Factory"),
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


BEYOND = [(name, end) for name, (least, most) in BOUNDS.items() for end in (least - 1, most + 1)]


@db
@pytest.mark.parametrize(("field", "value"), BEYOND)
def test_no_number_lies_beyond_its_bounds_whoever_sets_it(field, value):
    agency = an_agency()
    with pytest.raises(Invalid) as refused:
        change_settings(agency, actor=None, fields={field: value})
    told = {error.field: error.code for error in refused.value.errors}
    assert told == {field: "min_value" if value < BOUNDS[field][0] else "max_value"}
    body = {"settings": {field: value}}
    answer = api_of(agency, "admin").patch(f"/agencies/{agency.slug}/", body)
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/settings/{field}"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=agency.pk).update(**{field: value})


@db
def test_all_that_does_not_fit_is_told_at_once():
    wrong = {
        "pass_over_hours": 30_000, "at_risk_silent_days": 0, "offer_most_minutes": 2_000_000_000, "name": "",
        "country": "U", "languages": ["en", "not a tag"], "email_quiet_from": dt.time(21), "offices": ["x"] * 101,
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        change_settings(an_agency(), actor=None, fields=wrong)
    told = {error.field for error in refused.value.errors}
    assert told == wrong.keys() - {"email_quiet_from"} | {"email_quiet_until"}


@db
def test_two_settings_that_speak_against_each_other_are_refused_by_rule():
    agency = an_agency()
    for fields, trouble in (
        ({"offer_least_minutes": 90, "offer_most_minutes": 60}, ("offer_least_minutes", "offer_times_out_of_order")),
        ({"email_quiet_until": dt.time(7)}, ("email_quiet_from", "required")),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            change_settings(agency, actor=None, fields=fields)
        assert [(error.field, error.code) for error in refused.value.errors] == [trouble]


@pytest.mark.slow
@db
def test_an_upgrade_moves_what_lies_beyond_a_bound_onto_it():
    def migrate_to(name):
        return MigrationExecutor(connections["owner"]).migrate([("engage", name)])

    beyond = {
        "pass_over_hours": 30_000, "at_risk_silent_days": 0, "summary_due_days": 0, "smallest_group": 2000,
        "offer_least_minutes": 20_000, "offer_most_minutes": 30_000, "email_quiet_from": dt.time(21),
    }  # fmt: skip
    # As that version knew it: what came later has no column yet.
    then = migrate_to("0021_second_person").apps.get_model("engage", "Agency")
    stood = then.objects.using("owner")
    odd, usual = (stood.create(slug=slug, name=slug, **more) for slug, more in (("o", beyond), ("u", {})))
    migrate_to("0022_agency_bounds")
    assert stood.filter(pk=odd.pk).values(*beyond).get() == {
        "pass_over_hours": 720, "at_risk_silent_days": 1, "summary_due_days": 1, "smallest_group": 1000,
        "offer_least_minutes": 1440, "offer_most_minutes": 10_080, "email_quiet_from": None,
    }  # fmt: skip
    assert stood.get(pk=odd.pk).edit_version > 1
    assert stood.get(pk=usual.pk).edit_version == 1


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
def test_a_community_that_a_commitment_names_stays():
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
        ({"--timezone": "Nowhere/Land"}, "--timezone: "),
        ({"--admin-email": "nobody"}, "--admin-email: "),
        ({"--name": ""}, "--name: "),
        ({"slug": "no such slug"}, "slug: "),
    ],
)
def test_the_command_refuses_with_a_sentence_and_changes_nothing(change, named):
    given = {"slug": "x", "--name": "X", "--timezone": "UTC", "--admin-email": "a@x.example"} | change
    words = [given.pop("slug"), *(word for pair in given.items() for word in pair)]
    with pytest.raises(CommandError, match=f"^{named}"):
        call_command("create_agency", *words, stdout=StringIO())
    assert not Agency.objects.exists()


@db
def test_a_shorter_retention_is_told_to_whoever_knows_when_events_end(monkeypatch):
    told: list[int] = []
    monkeypatch.setattr(
        shorter_retention, "when_retention_shortens", [lambda one: told.append(one.retention_days)]
    )
    agency = an_agency(retention_days=30)
    for days in (60, 20, 20):
        change_settings(agency, actor=None, fields={"retention_days": days}, now=NOW + dt.timedelta(0))
    assert told == [20]

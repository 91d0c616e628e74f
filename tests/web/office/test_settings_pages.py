"""What an administrator sets: each section keeps what does not fit at its field, and checks before it saves."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from engage.models import Activity, Agency
from tests.makers.agencies import an_agency
from tests.web.staff_clients import errors_of, staff
from web.office.settings_forms import SECTIONS

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture
def agency() -> Agency:
    return an_agency(offices=["Patrol", "Records"], languages=["en", "es"])


@pytest.fixture
def admin(agency: Agency) -> Client:
    return staff(agency, "admin")


def at(agency: Agency, section: str = "") -> str:
    return f"/desk/{agency.slug}/office/{section + '/' if section else ''}"


def as_it_is(client: Client, path: str) -> dict[str, Any]:
    """What a browser sends that changes nothing."""
    form = client.get(path).context["form"]
    return {field.html_name: field.value() for field in form if field.value() not in (None, False)}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_and_saves_what_stands_as_it_stands(
    agency: Agency, admin: Client, section: str
) -> None:
    before = Agency.objects.filter(pk=agency.pk).values().get()
    assert f'href="{at(agency, section)}"' in admin.get(at(agency)).content.decode()
    answer = admin.post(at(agency, section), as_it_is(admin, at(agency, section)))
    assert answer.status_code == 302, answer.context["form"].errors
    after = Agency.objects.filter(pk=agency.pk).values().get()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"edit_version"}
    assert Activity.objects.filter(verb="agency.changed").count() == 1


@pytest.mark.parametrize("section", ["", *SECTIONS, "people", "pledges", "keys", "communities"])
def test_only_an_administrator_of_this_agency_comes_in(agency: Agency, section: str) -> None:
    for kind in ("liaison", "leader", "panelist"):
        assert staff(agency, kind).get(at(agency, section)).status_code == 403
    assert staff(None, "admin").get(at(agency, section)).status_code == 404
    assert Client().get(at(agency, section)).status_code == 302
    assert staff(agency, "admin").get(at(agency, "nothing")).status_code == 404


def test_offices_are_one_a_line_and_each_once(agency: Agency, admin: Client) -> None:
    path = at(agency, "about")
    admin.post(path, as_it_is(admin, path) | {"offices": " Patrol \r\n\r\nTraffic   Unit\r\nPatrol"})
    agency.refresh_from_db()
    assert agency.offices == ["Patrol", "Traffic Unit"]


def test_what_does_not_fit_stays_in_its_field(agency: Agency, admin: Client) -> None:
    path = at(agency, "about")
    answer = admin.post(
        path, as_it_is(admin, path) | {"name": "", "contact_email": "nobody", "tagline": "Kept words"}
    )
    assert answer.status_code == 400
    assert set(errors_of(answer)) == {"name", "contact_email"}
    said = answer.content.decode()
    assert "<title>Error: " in said
    assert 'value="Kept words"' in said
    agency.refresh_from_db()
    assert agency.tagline == ""


def test_a_color_that_nobody_can_read_on_is_refused_at_its_field(agency: Agency, admin: Client) -> None:
    path = at(agency, "look")
    answer = admin.post(path, {"mark": "tree", "mark_letters": "", "primary_color": "#ffd000"})
    assert answer.status_code == 400
    assert set(errors_of(answer)) == {"primary_color"}
    assert 'value="#ffd000"' in answer.content.decode()
    assert set(errors_of(admin.post(path, {"mark": "letters", "primary_color": "red"}))) == {
        "primary_color",
        "mark_letters",
    }
    assert admin.post(path, {"mark": "tree", "primary_color": "2E6B2F"}).status_code == 302
    agency.refresh_from_db()
    assert (agency.mark, agency.primary_color) == ("tree", "#2e6b2f")


def test_the_look_can_be_seen_before_it_is_saved(agency: Agency, admin: Client) -> None:
    said = admin.get(
        at(agency, "look") + "?mark=letters&mark_letters=%3Cb&primary_color=%23ffd000"
    ).content.decode()
    assert "&lt;b</text>" in said
    assert "White words cannot be read on this color." in said
    assert "1.5 to 1" in said
    fine = admin.get(at(agency, "look") + "?mark=bridge&primary_color=%232e6b2f").content.decode()
    assert "Everybody can read this." in fine
    agency.refresh_from_db()
    assert (agency.mark, agency.primary_color) == ("skyline", "")


def test_links_need_words_and_an_address(agency: Agency, admin: Client) -> None:
    path = at(agency, "links")
    answer = admin.post(path, {"title_1": "Oversight board", "url_1": "", "url_2": "https://city.example/"})
    assert set(errors_of(answer)) == {"url_1", "title_2"}
    assert set(errors_of(admin.post(path, {"title_1": "x", "url_1": "javascript:alert(1)"}))) == {"url_1"}
    admin.post(path, {"title_2": "Oversight board", "url_2": "board.example/"})
    agency.refresh_from_db()
    assert agency.other_links == [{"title": "Oversight board", "url": "https://board.example/"}]
    admin.post(path, {})
    agency.refresh_from_db()
    assert agency.other_links == []


def test_languages_keep_their_order_and_one_stays(agency: Agency, admin: Client) -> None:
    path = at(agency, "languages")
    assert set(errors_of(admin.post(path, {}))) == {"languages"}
    admin.post(path, {"languages": ["vi", "es"]})
    agency.refresh_from_db()
    assert agency.languages == ["es", "vi"]


def test_a_shorter_retention_says_what_it_does(agency: Agency, admin: Client) -> None:
    path = at(agency, "privacy")
    assert set(errors_of(admin.post(path, {"retention_days": 0, "smallest_group": 4}))) == {
        "retention_days",
        "smallest_group",
    }
    said = admin.post(path, {"retention_days": 14, "smallest_group": 10}, follow=True).content.decode()
    assert "What is here already is erased earlier now, too." in said
    longer = admin.post(path, {"retention_days": 60, "smallest_group": 10}, follow=True).content.decode()
    assert (
        "erased earlier"
        not in longer.partition("<form")[0].partition('id="said"')[2].partition("</div>\n")[0]
    )


def test_times_in_order_and_quiet_hours_in_pairs(agency: Agency, admin: Client) -> None:
    wrong = {"largest_party": 6, "offer_least_minutes": 120, "offer_most_minutes": 60, "pass_over_hours": 24}
    assert set(errors_of(admin.post(at(agency, "places"), wrong))) == {"offer_least_minutes"}
    quiet = {"email_quiet_from": "21:00", "sms_quiet_from": "20:00", "sms_quiet_until": "09:00"}
    assert set(errors_of(admin.post(at(agency, "messages"), quiet))) == {"email_quiet_until"}
    assert admin.post(at(agency, "messages"), quiet | {"email_quiet_until": "07:00"}).status_code == 302


def test_a_second_factor_can_be_asked_of_everybody(agency: Agency, admin: Client) -> None:
    admin.post(at(agency, "security"), {"mfa_required": "on"})
    agency.refresh_from_db()
    assert agency.mfa_required

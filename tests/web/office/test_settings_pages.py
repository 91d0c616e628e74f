"""What an administrator sets: each section keeps what does not fit at its field, and checks before it saves."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from engage.activity.models import Activity
from engage.agencies.models import Agency
from tests.attackers.reading_forms import forms_of
from tests.makers.agencies import an_agency
from tests.makers.events import an_event
from tests.makers.pages import html_of
from tests.makers.rsvps import an_rsvp
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
    assert f'href="{at(agency, section)}"' in html_of(admin.get(at(agency)))
    answer = admin.post(at(agency, section), as_it_is(admin, at(agency, section)))
    assert answer.status_code == 302, answer.context["form"].errors
    after = Agency.objects.filter(pk=agency.pk).values().get()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"edit_version"}
    assert Activity.objects.filter(verb="agency.changed").count() == 1


@pytest.mark.parametrize("section", ["", *SECTIONS, "people", "pledges", "tokens", "communities"])
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
    said = html_of(answer)
    assert "<title>Error: " in said
    assert 'value="Kept words"' in said
    agency.refresh_from_db()
    assert agency.tagline == ""


def test_a_color_that_nobody_can_read_on_is_refused_at_its_field(agency: Agency, admin: Client) -> None:
    path = at(agency, "look")
    answer = admin.post(path, {"mark": "tree", "mark_letters": "", "primary_color": "#ffd000"})
    assert answer.status_code == 400
    assert set(errors_of(answer)) == {"primary_color"}
    assert 'value="#ffd000"' in html_of(answer)
    assert set(errors_of(admin.post(path, {"mark": "letters", "primary_color": "red"}))) == {
        "primary_color",
        "mark_letters",
    }
    assert admin.post(path, {"mark": "tree", "primary_color": "2E6B2F"}).status_code == 302
    agency.refresh_from_db()
    assert (agency.mark, agency.primary_color) == ("tree", "#2e6b2f")


def test_the_look_can_be_seen_before_it_is_saved(agency: Agency, admin: Client) -> None:
    said = html_of(admin.get(at(agency, "look") + "?mark=letters&mark_letters=%3Cb&primary_color=%23ffd000"))
    assert "&lt;b</text>" in said
    assert "White words cannot be read on this color." in said
    assert "1.5 to 1" in said
    fine = html_of(admin.get(at(agency, "look") + "?mark=bridge&primary_color=%232e6b2f"))
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
    assert "The settings are saved." in html_of(
        admin.post(path, {"retention_days": 14, "smallest_group": 10}, follow=True)
    )
    agency.refresh_from_db()
    assert agency.retention_days == 14


def test_fewer_days_are_asked_about_begin_in_the_second_night_and_can_be_taken_back(
    agency: Agency, admin: Client
) -> None:
    path = at(agency, "privacy")
    an_rsvp(an_event(agency), email="ana@example.org")
    fewer = {"retention_days": 1, "smallest_group": 12}
    asked = html_of(admin.post(path, fewer))
    assert "Keep names and addresses for fewer days?" in asked
    assert "It erases 1 saved place with its name and code." in asked or "erased sooner" in asked
    form = next(
        one for one in forms_of(path, admin.post(path, fewer).content.decode()) if "confirm" in one.fields
    )
    said = html_of(admin.post(path, form.fields, follow=True))
    assert "Until then it is 30 days, as before" in said
    agency.refresh_from_db()
    assert (agency.retention_days, agency.retention_days_next, agency.smallest_group) == (30, 1, 12)
    back = next(
        one
        for one in forms_of(path, admin.get(path).content.decode())
        if one.fields.get("retention_days") == "30"
    )
    assert "as before" not in html_of(admin.post(path, back.fields, follow=True))
    agency.refresh_from_db()
    assert (agency.retention_days, agency.retention_days_next) == (30, None)


def test_times_in_order_and_quiet_hours_in_pairs(agency: Agency, admin: Client) -> None:
    wrong = {"largest_party": 6, "offer_least_minutes": 120, "offer_most_minutes": 60, "pass_over_hours": 24}
    assert set(errors_of(admin.post(at(agency, "rsvps"), wrong))) == {"offer_least_minutes"}
    quiet = {"email_quiet_from": "21:00", "sms_quiet_from": "20:00", "sms_quiet_until": "09:00"}
    assert set(errors_of(admin.post(at(agency, "messages"), quiet))) == {"email_quiet_until"}
    assert admin.post(at(agency, "messages"), quiet | {"email_quiet_until": "07:00"}).status_code == 302


def test_a_second_factor_can_be_asked_of_everybody(agency: Agency, admin: Client) -> None:
    admin.post(at(agency, "security"), {"mfa_required": "on"})
    agency.refresh_from_db()
    assert agency.mfa_required

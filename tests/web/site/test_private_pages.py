"""Pages that hold a key: kept by no cache, found by no search engine, changed by no scanner."""

import pytest
from django.test import Client

from engage.contacts.links import Purpose, mint
from events.rsvps.models import Rsvp
from tests.makers.agencies import an_agency
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp
from tests.web.staff_clients import staff

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.mark.parametrize(
    "path",
    ["/r/x", "/R/x", "/accept/x", "/unsubscribe/x", "/confirm/x", "/invitation/x", "/c/ABC", "/C/ABC",
     "/accounts/login/", "/calendars/rsvp/x.ics", "/r/x/nowhere"],
)  # fmt: skip
def test_no_answer_below_a_private_path_is_kept_or_found(client: Client, path: str) -> None:
    answer = client.get(path)
    assert "no-store" in answer["Cache-Control"]
    assert "public" not in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"].startswith("noindex")


@pytest.mark.parametrize(
    "path", ["/agencies/{slug}/", "/es/agencies/{slug}/meetings/", "/calendars/{slug}.ics", "/healthz"]
)
def test_public_pages_set_no_cookie_and_do_not_vary_by_one(client: Client, path: str) -> None:
    answer = client.get(path.format(slug=an_agency().slug))
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_pages_behind_a_link_set_no_cookie(client: Client) -> None:
    rsvp = an_rsvp(an_event(), email="a@home.example")
    answer = client.get(f"/r/{mint(Purpose.RSVP_MAIL, rsvp.pk)}")
    assert answer.status_code == 200
    assert not answer.cookies


def test_every_page_has_the_strict_policy_and_no_inline_script_or_style(client: Client) -> None:
    rsvp = an_rsvp(an_event())
    for path in ("/", "/accounts/login/", f"/r/{mint(Purpose.RSVP_SCREEN, rsvp.pk)}", "/c/ABC", "/nothing"):
        answer = client.get(path)
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert b"<style" not in answer.content
        assert b" style=" not in answer.content
        assert b"onclick" not in answer.content


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_never_changes_anything(client: Client, method: str) -> None:
    rsvp = an_rsvp(an_event(), email="a@home.example")
    before = Rsvp.objects.values().get(pk=rsvp.pk)
    token = mint(Purpose.RSVP_MAIL, rsvp.pk)
    for path in ("", "/cancel", "/accept", "/decline", "/data", "/erase", "/not-me"):
        getattr(client, method)(f"/r/{token}{path}")
    getattr(client, method)(f"/accept/{mint(Purpose.ACCEPT, rsvp.pk)}")
    getattr(client, method)(f"/calendars/rsvp/{mint(Purpose.CALENDAR, rsvp.pk)}.ics")
    assert Rsvp.objects.values().get(pk=rsvp.pk) == before


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused_with_what_is_allowed(client: Client, method: str) -> None:
    rsvp = an_rsvp(an_event())
    answer = getattr(client, method)(f"/r/{mint(Purpose.RSVP_SCREEN, rsvp.pk)}")
    assert answer.status_code == 405
    assert "POST" in answer["Allow"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://[broken"},
        {"Origin": "https://testserver.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    ],
)
def test_another_sites_page_cannot_press_our_buttons(headers: dict[str, str]) -> None:
    rsvp = an_rsvp(an_event())
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"/r/{mint(Purpose.RSVP_SCREEN, rsvp.pk)}/cancel", headers=headers)
    assert answer.status_code == 403
    assert Rsvp.objects.get(pk=rsvp.pk).status == "confirmed"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://testserver"}, {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}],
)
def test_our_own_page_needs_no_cookie(headers: dict[str, str]) -> None:
    rsvp = an_rsvp(an_event())
    client = Client(enforce_csrf_checks=True)
    answer = client.post(f"/r/{mint(Purpose.RSVP_SCREEN, rsvp.pk)}/cancel", headers=headers)
    assert answer.status_code == 302
    assert Rsvp.objects.get(pk=rsvp.pk).status == "cancelled"


def test_every_broken_link_gets_the_same_answer(client: Client) -> None:
    rsvp = an_rsvp(an_event(), email="a@home.example")
    good = mint(Purpose.RSVP_MAIL, rsvp.pk)
    wrong = [
        "x",
        "a" * 53,
        good[:-1],
        good[:-1] + ("b" if good[-1] != "b" else "c"),
        good.upper(),
        mint(Purpose.CALENDAR, rsvp.pk),
        mint(Purpose.RSVP_MAIL, rsvp.pk, 2),
        mint(Purpose.RSVP_MAIL, rsvp.event_id),
    ]
    answers = {(client.get(f"/r/{token}").status_code, client.get(f"/r/{token}").content) for token in wrong}
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_whoever_guesses_links_is_slowed_down_and_a_good_link_still_opens(client: Client) -> None:
    rsvp = an_rsvp(an_event())
    tries = [client.get(f"/r/guess{n}", REMOTE_ADDR="203.0.113.77").status_code for n in range(22)]
    assert tries[:20] == [404] * 20
    assert tries[20:] == [429, 429]
    good = client.get(f"/r/{mint(Purpose.RSVP_SCREEN, rsvp.pk)}", REMOTE_ADDR="203.0.113.77")
    assert good.status_code == 200
    late = client.get("/r/guess", REMOTE_ADDR="203.0.113.77")
    assert 1 <= int(late["Retry-After"]) <= 60


def test_signing_out_clears_what_the_browser_holds_of_the_desk() -> None:
    agency = an_agency()
    liaison = staff(agency)
    assert "Clear-Site-Data" not in liaison.get("/accounts/logout/").headers
    assert "Clear-Site-Data" not in liaison.get(f"/desk/{agency.slug}/").headers
    gone = liaison.post("/accounts/logout/")
    assert gone.status_code == 302
    assert gone["Clear-Site-Data"] == '"cache", "storage"'
    assert liaison.get(f"/desk/{agency.slug}/").status_code == 302

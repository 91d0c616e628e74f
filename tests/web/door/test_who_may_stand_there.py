"""Who may stand at a door: by a link's cookie, or signed in; what a link gives away, and when it ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from engage.readings.models import ContactRead
from events.door.links import revoke
from events.door.models import DoorLink, HeadCount
from events.planning.lifecycle import end
from events.rsvps.models import CheckIn
from tests.makers.agencies import an_agency
from tests.makers.events import a_draft
from tests.makers.rsvps import an_rsvp
from tests.web.door.doors import Screen, a_live_event, a_secret, device_at, signed_in, staff_at, words_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
POSTS = ("open", "leave", "find", "matches", "check-in", "walk-in", "undo", "people", "heads")


def rows() -> tuple[Any, ...]:
    return (
        list(DoorLink.objects.values_list("session_sha256", "revoked_at")),
        CheckIn.objects.count(),
        HeadCount.objects.count(),
        ContactRead.objects.count(),
    )


def test_looking_at_a_door_link_changes_nothing_and_gives_no_cookie() -> None:
    event = a_live_event()
    an_rsvp(event, name="Ada Park")
    client, path = Client(), f"/door/open/{a_secret(event)}"
    before = rows()
    for look in (client.get, client.head, client.get):
        answer = look(path)
        assert answer.status_code == 200
        assert not answer.cookies
    assert rows() == before
    assert "Ada" not in words_of(client.get(path))


@pytest.mark.parametrize(("public_url", "secure"), [("http://testserver", ""), ("https://testserver", True)])
def test_the_cookie_is_for_the_door_alone(public_url: str, secure: Any) -> None:
    event = a_live_event()
    with override_settings(PUBLIC_URL=public_url, SESSION_COOKIE_SECURE=bool(secure)):
        client = Client()
        answer = client.post(f"/door/open/{a_secret(event)}", secure=bool(secure))
    cookie = answer.cookies["door"]
    assert answer["Location"] == f"/door/{event.pk}/"
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (
        True,
        "Strict",
        "/door/",
        secure,
    )
    link = DoorLink.objects.get()
    left = (link.expires_at - timezone.now()).total_seconds()
    assert abs(cookie["max-age"] - left) < 5
    assert set(answer.cookies) == {"door"}


def test_a_device_holds_no_session_of_ours_and_no_page_of_it_is_kept() -> None:
    screen = device_at(a_live_event())
    page = screen.get()
    assert set(screen.client.cookies) == {"door"}
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "same-origin"


def test_another_event_s_door_is_not_there() -> None:
    event = a_live_event()
    other = a_live_event(event.agency)
    an_rsvp(other, name="Ada Park")
    screen = device_at(event)
    assert screen.client.get(f"/door/{other.pk}/").status_code == 404
    for path in POSTS:
        assert screen.client.post(f"/door/{other.pk}/{path}", {"q": "ada", "key": "k"}).status_code == 404
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize("ended", ["revoked", "expired", "opened elsewhere"])
def test_a_link_that_has_ended_says_so_and_shows_nobody(ended: str) -> None:
    event = a_live_event()
    an_rsvp(event, name="Ada Park")
    secret, client = a_secret(event), Client()
    client.post(f"/door/open/{secret}")
    screen = Screen(event, client)
    link = DoorLink.objects.get()
    if ended == "revoked":
        revoke(link, actor=link.created_by, now=timezone.now())
    elif ended == "expired":
        DoorLink.objects.update(expires_at=timezone.now())
    else:
        Client().post(f"/door/open/{secret}")
    if ended != "opened elsewhere":
        assert Client().get(f"/door/open/{secret}").status_code == 404
        assert Client().post(f"/door/open/{secret}").status_code == 404
    part = screen.post("find", {"q": "ada", "key": "k"}, headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Refresh"]) == (403, "true")
    page = screen.get()
    assert page.status_code == 403
    assert "This door link has ended" in words_of(page)
    assert page.cookies["door"].value == ""
    assert "Ada" not in words_of(page)


def test_a_made_up_link_is_not_there() -> None:
    assert Client().get("/door/open/" + "a" * 43).status_code == 404
    assert Client().post("/door/open/" + "a" * 43).status_code == 404


def test_leaving_forgets_the_device_and_keeps_what_was_counted() -> None:
    event = a_live_event()
    screen = device_at(event)
    screen.post("heads", {"step": "1", "added": "0", "removed": "0"})
    assert screen.get("leave").status_code == 405
    answer = screen.post("leave", follow=True)
    assert "This device has left the door" in words_of(answer)
    assert screen.get().status_code == 302
    assert HeadCount.objects.get().added == 1


def test_who_is_not_signed_in_is_asked_to() -> None:
    event = a_live_event()
    answer = Client().get(f"/door/{event.pk}/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next=/door/{event.pk}/"
    part = Client().post(f"/door/{event.pk}/find", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Refresh"]) == (403, "true")


@pytest.mark.parametrize("path", ["", *POSTS])
def test_staff_of_another_agency_find_no_door_here(path: str) -> None:
    event = a_live_event()
    screen = Screen(event, signed_in(an_agency()))
    answer = screen.post(path, {"key": "k"}) if path else screen.get()
    assert answer.status_code == 404


@pytest.mark.parametrize("kind", ["leader", "panelist", "admin"])
def test_a_role_without_guest_lists_is_told_so(kind: str) -> None:
    event = a_live_event()
    screen = Screen(event, signed_in(event.agency, kind))
    assert screen.get().status_code == 403
    assert screen.post("open").status_code == 403
    assert not ContactRead.objects.exists()


@pytest.mark.parametrize("path", POSTS)
def test_a_form_of_another_site_is_refused(path: str) -> None:
    event = a_live_event()
    an_rsvp(event, name="Ada Park")
    fields = {"key": "k", "party": "2", "step": "1", "added": "0", "removed": "0"}
    for screen in (device_at(event), staff_at(event)):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            assert screen.post(path, fields, headers=headers).status_code == 403
    assert (CheckIn.objects.count(), HeadCount.objects.count()) == (0, 0)


def test_staff_need_the_token_of_their_session_and_a_device_has_none() -> None:
    event = a_live_event()
    careful = {"enforce_csrf_checks": True}
    staff = Screen(event, signed_in(event.agency, **careful))
    assert staff.post("open").status_code == 403
    staff.get()
    token = staff.client.cookies["csrftoken"].value
    assert staff.post("open", {"csrfmiddlewaretoken": token}).status_code == 302
    assert staff.post("walk-in", {"party": "2", "key": "k"}).status_code == 403
    device = Screen(event, Client(**careful))  # type: ignore[arg-type]
    device.client.post(f"/door/open/{a_secret(event)}")
    assert device.post("walk-in", {"party": "2", "key": "k"}).status_code == 302
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize("path", POSTS)
def test_looking_is_not_acting(path: str) -> None:
    event = a_live_event()
    screen = staff_at(event)
    before = rows()
    assert screen.get(path).status_code == 405
    for shown in (
        "",
        "?arrival=nonsense&again=1",
        "?code=0000000000",
        "?heads=none",
        "?arrival=" + str(event.pk),
    ):
        assert screen.get(shown).status_code == 200
    assert screen.client.head(screen.at()).status_code == 200
    assert rows() == before


def test_a_draft_s_door_is_not_open_yet_and_a_past_one_s_is_closed() -> None:
    draft = a_draft(an_agency())
    assert "The door is not open yet" in words_of(signed_in(draft.agency).get(f"/door/{draft.pk}/"))
    event = a_live_event()
    screen = staff_at(event)
    screen.post("walk-in", {"party": "3", "key": "k"})
    end(event, now=timezone.now())
    assert "Welcome" in screen.tap("walk-in", {"party": "2", "key": "k2"})
    long_ago = timezone.now() - dt.timedelta(hours=13)
    type(event).objects.filter(pk=event.pk).update(
        ended_at=long_ago, ends_at=long_ago, starts_at=long_ago - dt.timedelta(hours=1)
    )
    said = words_of(screen.get())
    assert "The door is closed" in said
    assert "All together 5" in said
    assert screen.post("walk-in", {"party": "2", "key": "k3"}).status_code == 302
    assert CheckIn.objects.count() == 2


def test_a_ticket_read_by_a_telephone_at_the_door_leads_to_its_row() -> None:
    event = a_live_event()
    code = an_rsvp(event, name="Ada Park").checkin_code
    explained = Client().get(f"/c/{code}")
    assert f"/door/code/{code}" in explained.content.decode()
    for screen in (device_at(event), staff_at(event)):
        page = screen.client.get(f"/door/code/{code.lower()}", follow=True)
        assert "Check in Ada Park" in words_of(page)
    assert not CheckIn.objects.exists()
    fresh = signed_in(event.agency)
    asked = fresh.get(f"/door/code/{code}", follow=True)
    assert "Open the list of names?" in words_of(asked)
    assert "Check in Ada Park" in words_of(fresh.post(f"/door/{event.pk}/open", {"code": code}, follow=True))
    assert signed_in(an_agency()).get(f"/door/code/{code}").status_code == 404
    assert Client().get(f"/door/code/{code}").status_code == 302

"""Addresses of the desk that were renamed: a bookmark, and a form that was drawn before the upgrade, still arrive."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import resolve

from tests.makers.agencies import an_agency
from tests.web.desk.at_the_desk import at_the_desk

_ID = "01890000-0000-7000-8000-000000000000"
_EVENT = f"events/{_ID}"
# As it was below /desk/<agency>/, and as it is.
MOVED = {
    "places/": "venues/",
    "places/new": "venues/new",
    f"places/{_ID}": f"venues/{_ID}",
    f"places/{_ID}/remove": f"venues/{_ID}/remove",
    "promises/": "commitments/",
    "promises/new": "commitments/new",
    f"promises/{_ID}/": f"commitments/{_ID}/",
    f"promises/{_ID}/edit": f"commitments/{_ID}/edit",
    f"promises/{_ID}/confirm": f"commitments/{_ID}/confirm",
    f"promises/{_ID}/lines/1/hide": f"commitments/{_ID}/lines/1/hide",
    **{f"promises/{_ID}/{act}": f"commitments/{_ID}/{act}" for act in ("update", "date", "owner")},
    "questions/": "contributions/",
    "questions/many": "contributions/many",
    "questions/write": "contributions/write",
    f"questions/{_ID}/": f"contributions/{_ID}/",
    **{
        f"questions/{_ID}/{act}": f"contributions/{_ID}/{act}"
        for act in ("show", "hide", "theme", "answer", "correct")
    },
    f"{_EVENT}/questions/": f"{_EVENT}/contributions/",
    f"{_EVENT}/questions/write": f"{_EVENT}/contributions/write",
    f"{_EVENT}/notes/{_ID}/promise": f"{_EVENT}/notes/{_ID}/commitment",
    "office/keys/": "office/tokens/",
    f"office/keys/{_ID}/revoke": f"office/tokens/{_ID}/revoke",
    "office/places/": "office/rsvps/",
    "office/promises/": "office/commitments/",
}


@pytest.mark.parametrize("old", MOVED)
def test_an_old_address_leads_to_todays_with_its_method_and_query(old: str) -> None:
    new = f"/desk/here/{MOVED[old]}"
    assert resolve(new).url_name != "old_address"
    for ask in (Client().get, Client().post):
        for query in ("", "?state=shown&back=%2Fdesk%2F"):
            answer = ask(f"/desk/here/{old}{query}")
            # With 308 a browser sends the same form again, where 301 would make a GET of it.
            assert (answer.status_code, answer["Location"]) == (308, new + query)


@pytest.mark.django_db
def test_a_form_that_was_drawn_before_the_upgrade_does_what_it_says() -> None:
    agency = an_agency()
    liaison = at_the_desk(agency)
    answer = liaison.post(f"/desk/{agency.slug}/places/new", {"name": "Library"}, follow=True)
    assert answer.redirect_chain[0] == (f"/desk/{agency.slug}/venues/new", 308)
    assert "Library" in liaison.get(f"/desk/{agency.slug}/venues/").content.decode()


@pytest.mark.django_db
def test_what_never_was_an_address_is_none() -> None:
    for path in ("placespromises/", "events/places/", f"{_EVENT}/promises/", "office/questions/"):
        answer = Client().get(f"/desk/here/{path}")
        assert answer.status_code != 308, path


def test_a_name_that_looks_like_another_site_leads_nowhere_else() -> None:
    answer = Client().get("/desk/here/places//elsewhere.example/%0d%0aX: 1")
    assert answer["Location"].startswith("/desk/here/venues//elsewhere.example/")
    assert "\n" not in answer["Location"]

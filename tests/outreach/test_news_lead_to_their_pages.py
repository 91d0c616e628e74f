"""A letter of news leads to the page that says all of it, and the page is there for everybody."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.commitments.tracking import update
from outreach.subscriptions import subscribing
from outreach.worker.rounds import go_round
from tests.makers.agencies import an_agency
from tests.makers.commitments import a_commitment
from tests.makers.events import an_event
from tests.makers.letters import links_in, text_of
from tests.makers.mail_server import Post

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def following(post: Post, agency: Any, target: str, target_id: Any, *, language: str = "en") -> None:
    subscribing.subscribe(
        agency=agency,
        target=target,
        target_id=target_id,
        email="reader@mail.example",
        language=language,
        now=timezone.now(),
    )
    go_round()
    (token,) = links_in(post.letters[-1], "/confirm")
    subscribing.confirm(token, now=timezone.now())


def page_in(post: Post, path: str) -> str:
    (found,) = re.findall(rf"https?://[^/\s]+({path})(?=\s|$)", text_of(post.letters[-1]))
    return str(found)


def test_news_of_a_commitment_lead_to_its_history(post: Post, client: Client) -> None:
    commitment = a_commitment(an_agency(languages=["en", "es"]), title="Mend the lamp")
    following(post, commitment.agency, "commitment", commitment.pk, language="es")
    update(commitment, actor=None, status="in_progress", note="The lamp is ordered.", now=timezone.now())
    go_round()
    path = page_in(post, rf"/es/agencies/{commitment.agency.slug}/promises/{commitment.number}/")
    assert "The lamp is ordered." in client.get(path).content.decode()


def test_news_of_an_event_lead_to_where_an_rsvp_is_saved(post: Post, client: Client) -> None:
    agency = an_agency()
    following(post, agency, "agency", agency.pk)
    event = an_event(agency, title="Town hall")
    go_round()
    assert b"Town hall" in client.get(page_in(post, f"/events/{event.pk}")).content


def test_news_of_a_discreet_event_lead_to_its_page_and_nowhere_else(post: Post, client: Client) -> None:
    agency = an_agency()
    following(post, agency, "agency", agency.pk)
    event = an_event(agency, title="Survivors", discreet=True)
    go_round()
    text = text_of(post.letters[-1]).partition("-" * 64)[0]
    assert re.findall(r"https?://[^/\s]+(/\S+)", text) == [f"/events/{event.pk}"]
    assert b"Survivors" in client.get(f"/events/{event.pk}").content

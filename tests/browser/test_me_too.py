"""Pressing "me too" in a real browser: its own secret stays in it, and it counts once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, expect

from engage.listening.models import Contribution
from tests.makers.contributions import a_contribution
from tests.makers.events import an_event

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def test_one_press_a_browser_with_a_secret_that_never_leaves_it(phone: Page) -> None:
    event = an_event()
    question = a_contribution(event.agency, event=event, kind="question", moderation="shown")
    sent: list[str] = []

    def keep(request: Request) -> None:
        sent.append(f"{request.url} {request.post_data or ''}")

    phone.on("request", keep)
    phone.goto(f"/events/{event.pk}")
    assert phone.evaluate("localStorage.length") == 0, "nothing is made before the press"
    for _again in range(2):
        phone.get_by_role("button", name="Me too").click()
        expect(phone.get_by_role("heading", name="Counted")).to_be_visible()
        expect(phone.get_by_text("1 person asks this too.")).to_be_visible()
        phone.get_by_role("link", name="Back to the questions").click()
    assert Contribution.objects.get(pk=question.pk).endorsements_count == 1
    secret = phone.evaluate("JSON.parse(localStorage.getItem('me-too')).secret")
    assert not any(secret in one for one in sent)
    assert phone.context.cookies() == []

"""What somebody asked for: each letter says how far it is and what happens next, never a word of ours alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from outreach.reminders.setting import add_rule
from outreach.worker.rounds import go_round
from tests.makers.agencies import a_person, an_agency
from tests.makers.every_letter import Town
from tests.makers.letters import html_of, text_of
from tests.makers.mail_server import Post

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
PHONE = "202-555-0123"


def words(letter: Any) -> str:
    return " ".join(text_of(letter).split())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Interpreter, Somali: we have your request and have not answered yet. We write to you when we know what we could arrange.",
        ),
        (
            "es",
            "Intérprete, somalí: recibimos su pedido y todavía no hemos respondido. Le escribimos cuando sepamos qué pudimos organizar.",
        ),
    ],
)
def test_a_confirmation_says_which_language_was_asked_for_and_that_we_write(
    post: Post, language: str, said: str
) -> None:
    town = Town(an_agency(languages=["en", "es"]), post, language)
    town.rsvp(town.ahead(), "ana", needs=[Need("interpreter", language="so")])
    go_round()
    assert said in words(post.letters[0])


def test_a_language_that_somebody_typed_is_not_repeated(post: Post) -> None:
    town = Town(an_agency(), post, "en")
    town.rsvp(town.ahead(), "ana", needs=[Need("interpreter", language="qq-callme")])
    go_round()
    assert "Language interpreter: we have your request" in words(post.letters[0])
    assert "callme" not in post.letters[0].as_string()


@pytest.mark.parametrize(
    ("status", "outcome", "said"),
    [
        (
            None,
            "",
            f"Sign language interpreter: we have your request and have not answered yet. Please call {PHONE}, so that you know before you come.",
        ),
        (
            "arranging",
            "",
            f"Sign language interpreter: we are arranging it. Please call {PHONE}, so that you know before you come.",
        ),
        (
            "arranged",
            "They sit at the front.",
            "Sign language interpreter: it is arranged. They sit at the front.",
        ),
        (
            "not_met",
            "All are booked.",
            f"Sign language interpreter: we could not arrange it. All are booked. To look for another way, call {PHONE}.",
        ),
    ],
)
def test_a_reminder_says_how_far_it_is_and_whom_to_call(
    post: Post, status: str | None, outcome: str, said: str
) -> None:
    agency = an_agency(contact_phone=PHONE)
    town = Town(agency, post, "en")
    event = town.soon()
    add_rule(agency=agency, event=event, actor=None, minutes_before=90, now=timezone.now())
    rsvp = town.rsvp(event, "ana", needs=[Need("sign_language")])
    if status is not None:
        need = AccessRequest.objects.get(rsvp=rsvp)
        arrange(need, actor=a_person(agency), status=status, outcome=outcome, now=timezone.now())
    town.told_long_ago(rsvp)
    go_round()
    (reminder,) = [one for one in post.letters if one["Subject"].startswith(("Today", "Tomorrow"))]
    assert said in words(reminder)
    if PHONE in said:
        assert f'<a href="tel:2025550123">{PHONE}</a>' in html_of(reminder)

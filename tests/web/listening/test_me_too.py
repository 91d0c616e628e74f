"""A press on "me too" counts once a browser, and says nothing of whose it was."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from engage.listening.models import Contribution, EndorsementMark
from events.event.models import Event
from tests.makers.contributions import a_contribution
from tests.makers.events import an_event
from tests.makers.pages import html_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
MARK = sha256(b"a secret").hexdigest()


@pytest.fixture
def event() -> Event:
    return an_event()


def asked(event: Event, **more: Any) -> Contribution:
    shown = {"event": event, "body": "Why are stops so long?", "kind": "question", "moderation": "shown"}
    return a_contribution(event.agency, **(shown | more))


def path_of(question: Contribution, language: str = "") -> str:
    return f"{language}/events/{question.event_id}/questions/{question.pk}/me-too"


def pressed(path: str, **given: str) -> Any:
    return Client().post(path, given)


def test_the_mark_of_a_browser_counts_once_and_sets_no_cookie(event: Event) -> None:
    question = asked(event)
    for _again in range(2):
        answer = pressed(path_of(question), mark=MARK)
        assert "1 person asks this too." in html_of(answer)
        assert not answer.cookies
        assert "no-store" in answer["Cache-Control"]
    pressed(path_of(question), mark=sha256(b"another").hexdigest())
    question.refresh_from_db()
    assert (question.endorsements_count, EndorsementMark.objects.count()) == (2, 2)


@pytest.mark.parametrize("mark", ["", "zz", MARK.upper(), "a" * 5000])
def test_the_page_asks_a_browser_without_scripts_once_more_and_counts_it_once(
    event: Event, mark: str
) -> None:
    question = asked(event)
    once_more = html_of(pressed(path_of(question, "/es"), mark=mark))
    assert "¿Usted también lo pregunta?" in once_more
    assert not EndorsementMark.objects.exists()
    (key,) = re.findall(r'name="key" value="([^"]+)"', once_more)
    for _again in range(2):
        assert pressed(path_of(question, "/es"), key=key).status_code == 200
    question.refresh_from_db()
    assert question.endorsements_count == 1


def test_only_a_question_that_everybody_can_read_is_seconded_and_only_at_its_event(event: Event) -> None:
    waiting, idea = asked(event, moderation="waiting"), asked(event, kind="idea")
    elsewhere = asked(an_event(event.agency))
    paths = [path_of(waiting), path_of(idea), f"/events/{event.pk}/questions/{elsewhere.pk}/me-too"]
    assert [pressed(path, mark=MARK).status_code for path in paths] == [404] * 3
    assert not EndorsementMark.objects.exists()


def test_the_button_stands_where_the_questions_of_others_do(event: Event) -> None:
    question, answered = asked(event), asked(event, answer="They will be shorter.")
    for page in (f"/events/{event.pk}", f"/events/{event.pk}/ask"):
        shown = html_of(Client().get(page))
        assert question.body in shown
        assert f'action="{path_of(question)}"' in shown
        assert "They will be shorter." in shown
        assert f'action="{path_of(answered)}"' not in shown
    assert Client().get(path_of(question))["Location"] == f"/events/{event.pk}#asked"

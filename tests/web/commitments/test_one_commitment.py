"""One promise: where it stands, every change with its before and after, and when the calendar made it late."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.commitments.models import Commitment
from engage.commitments.reading import tell
from engage.commitments.tracking import add_evidence, redact, update
from engage.listening.moderating import show
from engage.listening.theming import make_theme
from tests.makers.agencies import a_dialogue, a_person, an_agency
from tests.makers.commitments import a_commitment, today_of
from tests.makers.contributions import a_contribution
from tests.makers.events import a_draft, an_event
from tests.makers.pages import html_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DAY = dt.timedelta(days=1)


def seen(commitment: Commitment, language: str = "") -> str:
    answer = Client().get(f"{language}/agencies/{commitment.agency.slug}/promises/{commitment.number}/")
    assert answer.status_code == 200
    return html_of(answer)


def test_every_change_is_there_newest_first_with_its_reason() -> None:
    agency = an_agency()
    commitment = a_commitment(agency, title="Lamps on the stairs", now=timezone.now() - 40 * DAY)
    person = a_person(agency, name="Inés Moreau")
    more: dict[str, Any] = {"actor": person}
    update(
        commitment,
        status="in_progress",
        note="Nine lamps are ordered.",
        now=timezone.now() - 30 * DAY,
        **more,
    )
    day = today_of(agency) + 70 * DAY
    update(commitment, due_on=day, reason="The vendor was late.", now=timezone.now() - 20 * DAY, **more)
    update(
        commitment,
        owner_office="Public Works",
        reason="They own the poles.",
        now=timezone.now() - 9 * DAY,
        **more,
    )
    update(
        commitment,
        status="kept",
        note="All nine burn.",
        evidence=[{"url": "https://records.example/lamps", "title": "A picture of each"}],
        now=timezone.now(),
        **more,
    )
    page = seen(commitment)
    texts = ["Kept", "Another office is responsible", "Due date moved", "Work has begun", "Promise made"]
    positions = [page.index(f"<h3>{text}</h3>") for text in texts]
    assert positions == sorted(positions)
    for text in (
        "The vendor was late.",
        "They own the poles.",
        "A picture of each",
        "Inés Moreau",
        "First due",
    ):
        assert text in page
    assert '<a href="https://records.example/lamps"' in page
    assert "<del>Traffic Unit</del> to <b>Public Works</b>" in page
    assert "All nine burn." in page[page.index("Where it stands") : page.index('id="history"')]


def test_evidence_behind_no_change_is_in_the_history_too() -> None:
    commitment = a_commitment()
    add_evidence(commitment, actor=None, url="https://records.example/1", title="Minutes", now=timezone.now())
    assert "Minutes" in seen(commitment)


def test_the_calendar_says_when_it_became_late_and_says_it_again_after_a_new_date() -> None:
    agency = an_agency()
    today = today_of(agency)
    commitment = a_commitment(agency, due_on=today - 30 * DAY, now=timezone.now() - 60 * DAY)
    update(commitment, actor=None, due_on=today - 5 * DAY, reason="Rain.", now=timezone.now() - 20 * DAY)
    commitment.refresh_from_db()
    assert tell(commitment, today=today).late_from == [today - 29 * DAY, today - 4 * DAY]
    assert seen(commitment).count("Became late") == 2


def test_a_date_moved_in_time_and_a_commitment_kept_in_time_were_never_late() -> None:
    agency = an_agency()
    today = today_of(agency)
    moved = a_commitment(agency, due_on=today - 3 * DAY, now=timezone.now() - 60 * DAY)
    update(moved, actor=None, due_on=today + 9 * DAY, reason="Rain.", now=timezone.now() - 10 * DAY)
    assert tell(moved, today=today).late_from == []
    kept = a_commitment(agency, due_on=today - 3 * DAY, now=timezone.now() - 60 * DAY)
    proof = [{"url": "https://records.example/1"}]
    update(kept, actor=None, status="kept", evidence=proof, now=timezone.now() - 10 * DAY)
    assert tell(kept, today=today).late_from == []
    due_today = a_commitment(agency, due_on=today, now=timezone.now() - 60 * DAY)
    assert tell(due_today, today=today).late_from == []
    assert tell(due_today, today=today + DAY).late_from == [today + DAY]


def test_a_text_that_named_a_resident_is_gone_and_the_reason_stands_there() -> None:
    agency = an_agency()
    commitment = a_commitment(agency)
    line = update(commitment, actor=None, note="Rosa Diaz saw the lamp.", now=timezone.now())
    moved = update(commitment, actor=None, title="Lamps for Rosa Diaz", reason="Clearer.", now=timezone.now())
    update(commitment, actor=None, title="Lamps", reason="It named somebody.", now=timezone.now())
    for each, name in ((line, "note"), (moved, "title")):
        redact(each, field=name, reason="It names a resident.", actor=a_person(agency), now=timezone.now())
    page = seen(commitment)
    assert page.count("A text is hidden here: It names a resident.") == 2
    assert "Rosa Diaz saw" not in page
    assert "to <b>Lamps for Rosa Diaz" not in page


def test_a_draft_and_another_agencys_number_are_not_there() -> None:
    agency, other = an_agency(), an_agency()
    a_commitment(agency, draft=True)
    a_commitment(other)
    assert Client().get(f"/agencies/{agency.slug}/promises/1/").status_code == 404
    assert Client().get(f"/agencies/{agency.slug}/promises/0/").status_code == 404
    assert Client().get(f"/agencies/{agency.slug}/promises/99999999999/").status_code == 404


def test_where_it_was_made_is_named_only_where_everyone_may_know_of_the_event() -> None:
    agency = an_agency()
    public = an_event(agency, title="Evening at the library")
    hidden = a_draft(agency, title="Staff only", audience="staff")
    assert "Evening at the library" in seen(a_commitment(agency, event=public))
    assert "Staff only" not in seen(a_commitment(agency, event=hidden))


def test_the_theme_is_counted_and_quoted_only_with_consent() -> None:
    agency = an_agency()
    dialogue = a_dialogue(agency, stage="open")
    theme = make_theme(actor=None, title="Dark corners", dialogue=dialogue)
    for body, may in (("The stairs are dark.", True), ("My name is on the door.", False)):
        contribution = a_contribution(agency, dialogue=dialogue, theme=theme, body=body, may_quote=may)
        show(contribution, actor=None, now=timezone.now())
    page = seen(a_commitment(agency, theme=theme))
    assert "It came from 2 comments about “Dark corners”." in page
    assert "The stairs are dark." in page
    assert "My name is on the door." not in page


def test_what_is_planned_only_lends_a_commitment_no_theme() -> None:
    agency = an_agency()
    theme = make_theme(actor=None, title="Not out yet", dialogue=a_dialogue(agency, stage="planning"))
    assert "Not out yet" not in seen(a_commitment(agency, theme=theme))


def test_texts_are_escaped_and_dates_are_said_in_the_readers_language() -> None:
    agency = an_agency()
    commitment = a_commitment(
        agency, title="<i>Lamps</i>", due_on=dt.date(2031, 3, 4), translations={"es": {"title": "Farolas"}}
    )
    update(commitment, actor=None, note="<img src=x onerror=alert(1)>", now=timezone.now())
    page = seen(commitment)
    assert "<i>Lamps</i>" not in page
    assert "<img" not in page
    spanish = seen(commitment, language="/es")
    assert "4 de marzo de 2031" in spanish
    assert "Farolas" in spanish
    assert '<html lang="es"' in spanish


def test_the_same_few_queries_however_long_the_history(django_assert_max_num_queries: Any) -> None:
    agency = an_agency()
    event = an_event(agency)
    theme = make_theme(actor=None, title="Dark corners", event=event)
    commitment = a_commitment(agency, event=event, theme=theme)
    for _n in range(15):
        update(commitment, actor=a_person(agency), note="One more lamp.", now=timezone.now())
    with django_assert_max_num_queries(11):
        seen(commitment)


def test_it_can_be_followed_and_the_page_holds_no_key() -> None:
    commitment = a_commitment()
    page = seen(commitment)
    assert f'name="id" value="{commitment.pk}"' in page
    assert 'name="key" data-fresh-key>' in page

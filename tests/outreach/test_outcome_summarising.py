"""What came of an evening: from the record, past a leader, to everybody who was there."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from engage import commitment_tracking
from engage.models import Commitment, Contribution, FocusArea, Theme
from engage.rule_violation import Invalid, ReasonRequired, StaleEdit, WrongState
from events.checking_in import check_in
from events.event_lifecycle import cancel as call_off
from events.event_lifecycle import end, start
from events.models import Event
from outreach import outcome_summarising, subscribing
from outreach.ledger_round import go_round
from outreach.models import SummaryVersion
from outreach.one_click_unsubscribe import unsubscribe, unsubscribe_link
from outreach.outcome_summarising import NotApproved, approve, draft, edit, publish
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import a_meeting
from tests.makers.letters import links_in, text_of
from tests.makers.mail_server import Post
from tests.makers.places import a_place, contact_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def over(event: Event) -> Event:
    start(event.pk, now=timezone.now())
    end(event.pk, now=timezone.now())
    event.refresh_from_db()
    return event


def a_promise(event: Event, **fields: Any) -> Commitment:
    given = {
        "title": "We tell you why we stop you",
        "done_means": "In the first minute.",
        "owner_office": "Patrol",
        "focus_area": FocusArea.PROCEDURAL_JUSTICE,
        "due_on": timezone.now().date(),
        "event": event,
    }
    return commitment_tracking.promise(
        agency=event.agency, actor=None, now=timezone.now(), **(given | fields)
    )


def approved(event: Event, **fields: Any) -> SummaryVersion:
    version = draft(event, actor=None, now=timezone.now()).version
    if fields:
        version = edit(version, actor=None, fields=fields, now=timezone.now())
    return approve(
        version, actor=a_person(event.agency, "leader"), now=timezone.now(), reply="I answer for it."
    )


def said(event: Event, body: str, theme: Theme, *, may_quote: bool, moderation: str = "shown") -> None:
    Contribution.objects.create(
        agency=event.agency,
        event=event,
        theme=theme,
        body=body,
        may_quote=may_quote,
        moderation=moderation,
        said_on=timezone.now().date(),
    )


def test_a_draft_holds_what_the_record_holds_and_quotes_only_who_allowed_it() -> None:
    event = a_meeting()
    many = Theme.objects.create(agency=event.agency, event=event, title="Tell me why")
    few = Theme.objects.create(agency=event.agency, event=event, title="Speeding")
    said(event, "Quote me.", many, may_quote=True)
    said(event, "Do not quote me.", many, may_quote=False)
    said(event, "Hidden.", many, may_quote=True, moderation="waiting")
    said(event, "Cars!", few, may_quote=False)
    promised = a_promise(event, draft=True)
    version = draft(over(event), actor=None, now=timezone.now()).version
    assert [(part["title"], part["count"], part["quotes"]) for part in version.heard] == [
        ("Tell me why", 2, ["Quote me."]),
        ("Speeding", 1, []),
    ]
    assert version.will_do == [promised.pk]
    assert version.attendance["total"] == 0


def test_a_summary_is_drafted_once_the_meeting_is_over_and_there_is_one_open_version() -> None:
    event = a_meeting()
    with pytest.raises(WrongState):
        draft(event, actor=None, now=timezone.now())
    first = draft(over(event), actor=None, now=timezone.now())
    again = draft(event, actor=None, now=timezone.now())
    assert (first.created, again.created) == (True, False)
    assert first.version.pk == again.version.pk
    gone = a_meeting()
    call_off(gone.pk, reason="Flood", actor=None, now=timezone.now())
    with pytest.raises(WrongState):
        draft(gone, actor=None, now=timezone.now())


def test_nothing_is_published_without_a_leader_and_an_edit_needs_a_new_approval() -> None:
    event = over(a_meeting())
    version = draft(event, actor=None, now=timezone.now()).version
    with pytest.raises(NotApproved):
        publish(version, actor=None, now=timezone.now())
    version = approved(event)
    version = edit(version, actor=None, fields={"next_steps": "We meet again."}, now=timezone.now())
    assert (version.status, version.approved_by, version.reply) == ("draft", None, "")
    with pytest.raises(NotApproved):
        publish(version, actor=None, now=timezone.now())


def test_publishing_reports_the_meeting_and_makes_promises_of_its_drafts() -> None:
    event = a_meeting()
    promised = a_promise(event, draft=True)
    published = publish(approved(over(event)), actor=None, now=timezone.now())
    event.refresh_from_db()
    promised.refresh_from_db()
    assert (event.status, promised.draft, promised.number) == ("reported", False, 1)
    assert {warning.code for warning in published.warnings} == {"nothing_heard", "no_next_steps"}


def test_a_published_version_never_changes_and_a_correction_says_what_it_corrects() -> None:
    event = over(a_meeting())
    version = approved(event)
    publish(version, actor=None, now=timezone.now())
    with pytest.raises(WrongState):
        edit(version, actor=None, fields={"next_steps": "Other"}, now=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        SummaryVersion.objects.filter(pk=version.pk).update(next_steps="Other")
    second = approved(event)
    assert second.number == 2
    with pytest.raises(ReasonRequired):
        publish(second, actor=None, now=timezone.now())
    second = approved(event, correction_note="It were 41 people, not 14.")
    publish(second, actor=None, now=timezone.now())
    shown = outcome_summarising.published_version(event)
    assert shown is not None
    assert shown.number == 2


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"heard": "x"}, "heard"),
        ({"heard": [{"title": 1}]}, "heard/0/title"),
        ({"heard": [{"title": "a", "count": -1}]}, "heard/0/count"),
        ({"heard": [{"title": "a", "name": "b"}]}, "heard/0/name"),
        ({"will_do": ["x"]}, "will_do"),
        ({"will_do": ["01a20616-51ff-7969-85cf-47b8c7f04082"]}, "will_do"),
        ({"will_not_do": [{"text": "No."}]}, "will_not_do/0/reason"),
        ({"next_steps": "x" * 4001}, "next_steps"),
        ({"status": "published"}, "status"),
    ],
)
def test_an_edit_that_does_not_fit_names_the_field(fields: dict[str, Any], where: str) -> None:
    version = draft(over(a_meeting()), actor=None, now=timezone.now()).version
    with pytest.raises(Invalid) as refused:
        edit(version, actor=None, fields=fields, now=timezone.now())
    assert where in [error.field for error in refused.value.errors]


def test_an_edit_of_an_older_wording_is_refused() -> None:
    version = draft(over(a_meeting()), actor=None, now=timezone.now()).version
    edit(version, actor=None, fields={"next_steps": "A"}, now=timezone.now())
    with pytest.raises(StaleEdit):
        edit(version, actor=None, fields={"next_steps": "B"}, now=timezone.now(), if_version=1)


def test_a_summary_reaches_who_had_a_place_who_asked_and_who_follows_each_once(post: Post) -> None:
    agency = an_agency()
    event = a_meeting(agency, title="Traffic stops", capacity=3)
    came = a_place(event, email="came@mail.example")
    a_place(event, 2, email="family@mail.example")
    a_place(event, email="asker@mail.example", question="Why?", anonymous_question=False)
    a_place(event, email="waited@mail.example")
    standing = subscribing.subscribe(
        agency=agency, target="agency", target_id=agency.pk, email="CAME@mail.example", now=timezone.now()
    )
    subscribing.subscribe(
        agency=agency, target="event", target_id=event.pk, email="follower@mail.example", now=timezone.now()
    )
    go_round()
    for address in ("CAME@mail.example", "follower@mail.example"):
        (token,) = [token for letter in post.to(address) for token in links_in(letter, "/confirm")]
        subscribing.confirm(token, now=timezone.now())
    assert standing.pk
    start(event.pk, now=timezone.now())
    check_in(event, client_id="d-1", rsvp_id=came.pk, now=timezone.now())
    promised = a_promise(event, draft=True)
    end(event.pk, now=timezone.now())
    before = len(post.letters)
    publish(approved(event, next_steps="We meet again in May."), actor=None, now=timezone.now())
    go_round()
    letters = post.letters[before:]
    assert sorted(letter["To"] for letter in letters) == [
        "asker@mail.example",
        "came@mail.example",
        "family@mail.example",
        "follower@mail.example",
    ]
    for letter in letters:
        assert promised.title in text_of(letter)
        assert "We meet again in May." in text_of(letter)
        assert f"/events/{event.pk}/summary" in text_of(letter)
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_who_stopped_the_reminders_of_a_meeting_gets_no_summary_either(post: Post) -> None:
    event = a_meeting()
    place = a_place(event, email="ana@mail.example")
    go_round()
    unsubscribe(unsubscribe_link(contact_of(place)), now=timezone.now())
    publish(approved(over(event)), actor=None, now=timezone.now())
    go_round()
    assert len(post.letters) == 1


def test_the_summary_comes_in_the_readers_language_where_it_was_translated(post: Post) -> None:
    event = a_meeting(languages=["en", "es"])
    a_place(event, email="ana@mail.example", language="es")
    translations = {"es": {"next_steps": "Nos vemos en mayo."}}
    version = approved(over(event), next_steps="We meet in May.", translations=translations)
    publish(version, actor=None, now=timezone.now())
    go_round()
    letter = post.letters[-1]
    assert letter["Subject"].startswith("Lo que escuchamos")
    assert "Nos vemos en mayo." in text_of(letter)
    assert "We meet in May." not in text_of(letter)
    # And the button leads to the page in that language.
    assert f"/es/events/{event.pk}/summary" in text_of(letter)


def test_the_summary_of_a_discreet_meeting_has_a_neutral_subject(post: Post) -> None:
    event = a_meeting(title="Survivors", discreet=True)
    a_place(event, email="ana@mail.example")
    publish(approved(over(event)), actor=None, now=timezone.now())
    go_round()
    letter = post.letters[-1]
    assert "Survivors" not in f"{letter['Subject']}{text_of(letter)}"
    assert "Police" not in letter["From"]
    # Nor does a link lead to the page that says more.
    assert "/summary" not in text_of(letter)

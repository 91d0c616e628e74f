"""What came of an evening: from the record, past a leader, to everybody who was there."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from engage.commitments import tracking
from engage.commitments.models import Commitment, FocusArea
from engage.listening.models import Contribution, Theme
from engage.refusals import Invalid, ReasonRequired, StaleEdit, WrongState
from events.door.checking_in import check_in
from events.event.models import Event
from events.planning.lifecycle import cancel as call_off
from events.planning.lifecycle import end, start
from outreach.subscriptions import subscribing
from outreach.subscriptions.one_click_unsubscribe import unsubscribe, unsubscribe_link
from outreach.summaries.models import SummaryVersion
from outreach.summaries.parts import LONGEST
from outreach.summaries.reading import open_version, published_version
from outreach.summaries.writing import NotApproved, approve, discard, draft, edit, publish
from outreach.worker.rounds import go_round
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.letters import links_in, text_of
from tests.makers.mail_server import Post, addressee_of
from tests.makers.rsvps import an_rsvp, contact_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def over(event: Event) -> Event:
    start(event.pk, now=timezone.now())
    end(event.pk, now=timezone.now())
    event.refresh_from_db()
    return event


def a_commitment(event: Event, **fields: Any) -> Commitment:
    given = {
        "title": "We tell you why we stop you",
        "done_means": "In the first minute.",
        "owner_office": "Patrol",
        "focus_area": FocusArea.PROCEDURAL_JUSTICE,
        "due_on": timezone.now().date(),
        "event": event,
    }
    return tracking.make_commitment(agency=event.agency, actor=None, now=timezone.now(), **(given | fields))


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
    event = an_event()
    many = Theme.objects.create(agency=event.agency, event=event, title="Tell me why")
    few = Theme.objects.create(agency=event.agency, event=event, title="Speeding")
    said(event, "Quote me.", many, may_quote=True)
    said(event, "Do not quote me.", many, may_quote=False)
    said(event, "Hidden.", many, may_quote=True, moderation="waiting")
    said(event, "Cars!", few, may_quote=False)
    commitment = a_commitment(event, draft=True)
    version = draft(over(event), actor=None, now=timezone.now()).version
    assert [(part["title"], part["count"], part["quotes"]) for part in version.heard] == [
        ("Tell me why", 2, ["Quote me."]),
        ("Speeding", 1, []),
    ]
    assert version.will_do == [commitment.pk]
    assert version.attendance["total"] == 0


def test_a_summary_is_drafted_once_the_event_is_over_and_there_is_one_open_version() -> None:
    event = an_event()
    with pytest.raises(WrongState):
        draft(event, actor=None, now=timezone.now())
    first = draft(over(event), actor=None, now=timezone.now())
    again = draft(event, actor=None, now=timezone.now())
    assert (first.created, again.created) == (True, False)
    assert first.version.pk == again.version.pk
    gone = an_event()
    call_off(gone.pk, reason="Flood", actor=None, now=timezone.now())
    with pytest.raises(WrongState):
        draft(gone, actor=None, now=timezone.now())


def test_nothing_is_published_without_a_leader_and_an_edit_needs_a_new_approval() -> None:
    event = over(an_event())
    version = draft(event, actor=None, now=timezone.now()).version
    with pytest.raises(NotApproved):
        publish(version, actor=None, now=timezone.now())
    version = approved(event)
    version = edit(version, actor=None, fields={"next_steps": "We meet again."}, now=timezone.now())
    assert (version.status, version.approved_by, version.reply) == ("draft", None, "")
    with pytest.raises(NotApproved):
        publish(version, actor=None, now=timezone.now())


@pytest.mark.parametrize("one_more", [0, 1])
@pytest.mark.parametrize(
    ("fields", "path"),
    [
        (lambda most: {"heard": [{"title": most("title")}]}, "heard/0/title"),
        (lambda most: {"heard": [{"title": "Bus", "text": most("text")}]}, "heard/0/text"),
        (lambda most: {"heard": [{"title": "Bus", "quotes": ["Late.", most("quote")]}]}, "heard/0/quotes/1"),
        (lambda most: {"will_not_do": [{"text": most("text"), "reason": "No money."}]}, "will_not_do/0/text"),
        (lambda most: {"will_not_do": [{"text": "A bus", "reason": most("reason")}]}, "will_not_do/0/reason"),
        (lambda most: {"next_steps": "n" * len(most("text"))}, "next_steps"),
        (
            lambda most: {"translations": {"es": {"heard": [{"title": most("title")}]}}},
            "translations/es/heard/0/title",
        ),
        (
            lambda most: {"translations": {"es": {"heard": [{"quotes": ["Tarde.", most("quote")]}]}}},
            "translations/es/heard/0/quotes/1",
        ),
        (
            lambda most: {"translations": {"es": {"next_steps": "n" * len(most("text"))}}},
            "translations/es/next_steps",
        ),
    ],
)
def test_a_part_is_as_long_as_its_bound_and_not_one_letter_longer(
    fields: Any, path: str, one_more: int
) -> None:
    version = draft(over(an_event()), actor=None, now=timezone.now()).version
    words = fields(lambda name: "x" * (LONGEST[name] + one_more))
    if not one_more:
        edit(version, actor=None, fields=words, now=timezone.now())
        return
    with pytest.raises(Invalid) as refused:
        edit(version, actor=None, fields=words, now=timezone.now())
    assert [(error.field, error.code) for error in refused.value.errors] == [(path, "max_length")]


def test_publishing_reports_the_event_and_makes_commitments_of_its_drafts() -> None:
    event = an_event()
    commitment = a_commitment(event, draft=True)
    published = publish(approved(over(event)), actor=None, now=timezone.now())
    event.refresh_from_db()
    commitment.refresh_from_db()
    assert (event.status, commitment.draft, commitment.number) == ("reported", False, 1)
    assert {warning.code for warning in published.warnings} == {"nothing_heard", "no_next_steps"}


def test_a_published_version_never_changes_and_a_correction_says_what_it_corrects() -> None:
    event = over(an_event())
    version = approved(event)
    publish(version, actor=None, now=timezone.now())
    with pytest.raises(WrongState):
        edit(version, actor=None, fields={"next_steps": "Other"}, now=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        SummaryVersion.objects.filter(pk=version.pk).update(next_steps="Other")
    with pytest.raises(ReasonRequired) as asked:
        draft(event, actor=None, now=timezone.now())
    assert [error.field for error in asked.value.errors] == ["correction_note"]
    assert not SummaryVersion.objects.filter(summary=version.summary, number=2).exists()
    note = "It were 41 people, not 14."
    second = draft(event, actor=None, now=timezone.now(), correction_note=note).version
    assert (second.number, second.correction_note) == (2, note)
    with pytest.raises(ReasonRequired):
        edit(second, actor=None, fields={"correction_note": " "}, now=timezone.now())
    second = approved(event)
    publish(second, actor=None, now=timezone.now())
    shown = published_version(event)
    assert shown is not None
    assert shown.number == 2


def test_a_correction_that_was_begun_can_be_thrown_away_and_what_is_public_stands() -> None:
    event = over(an_event())
    first = approved(event)
    with pytest.raises(StaleEdit):
        discard(first, actor=None, now=timezone.now(), if_version=first.edit_version + 1)
    publish(first, actor=None, now=timezone.now())
    with pytest.raises(WrongState):
        discard(first, actor=None, now=timezone.now())
    begun = draft(event, actor=None, now=timezone.now(), correction_note="The month.").version
    discard(begun, actor=None, now=timezone.now())
    assert open_version(event) is None
    assert published_version(event) == first
    assert draft(event, actor=None, now=timezone.now(), correction_note="The day.").version.number == 2


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
    version = draft(over(an_event()), actor=None, now=timezone.now()).version
    with pytest.raises(Invalid) as refused:
        edit(version, actor=None, fields=fields, now=timezone.now())
    assert where in [error.field for error in refused.value.errors]


def test_an_edit_of_an_older_wording_is_refused() -> None:
    version = draft(over(an_event()), actor=None, now=timezone.now()).version
    edit(version, actor=None, fields={"next_steps": "A"}, now=timezone.now())
    with pytest.raises(StaleEdit):
        edit(version, actor=None, fields={"next_steps": "B"}, now=timezone.now(), if_version=1)


def test_a_summary_reaches_who_had_an_rsvp_who_asked_and_who_follows_each_once(post: Post) -> None:
    agency = an_agency()
    event = an_event(agency, title="Traffic stops", capacity=3)
    came = an_rsvp(event, email="came@mail.example")
    an_rsvp(event, 2, email="family@mail.example")
    an_rsvp(event, email="asker@mail.example", question="Why?", anonymous_question=False)
    an_rsvp(event, email="waited@mail.example")
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
    commitment = a_commitment(event, draft=True)
    end(event.pk, now=timezone.now())
    before = len(post.letters)
    publish(approved(event, next_steps="We meet again in May."), actor=None, now=timezone.now())
    go_round()
    letters = post.letters[before:]
    assert sorted(addressee_of(letter) for letter in letters) == [
        "asker@mail.example",
        "came@mail.example",
        "family@mail.example",
        "follower@mail.example",
    ]
    for letter in letters:
        assert commitment.title in text_of(letter)
        assert "We meet again in May." in text_of(letter)
        assert f"/events/{event.pk}/summary" in text_of(letter)
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_who_stopped_the_reminders_of_an_event_gets_no_summary_either(post: Post) -> None:
    event = an_event()
    rsvp = an_rsvp(event, email="ana@mail.example")
    go_round()
    unsubscribe(unsubscribe_link(contact_of(rsvp)), now=timezone.now())
    publish(approved(over(event)), actor=None, now=timezone.now())
    go_round()
    assert len(post.letters) == 1


def test_the_summary_comes_in_the_readers_language_where_it_was_translated(post: Post) -> None:
    event = an_event(languages=["en", "es"])
    an_rsvp(event, email="ana@mail.example", language="es")
    translations = {"es": {"next_steps": "Nos vemos en mayo."}}
    version = approved(over(event), next_steps="We meet in May.", translations=translations)
    publish(version, actor=None, now=timezone.now())
    go_round()
    letter = post.letters[-1]
    assert ": Lo que escuchamos, Town hall" in letter["Subject"]
    assert "Nos vemos en mayo." in text_of(letter)
    assert "We meet in May." not in text_of(letter)
    # And the button leads to the page in that language.
    assert f"/es/events/{event.pk}/summary" in text_of(letter)


def test_what_a_translation_leaves_out_stands_in_the_letter_as_it_was_written_first(post: Post) -> None:
    """It is written by hand, or by a program, and the page reads it in the same way."""
    event = an_event(languages=["en", "es"])
    an_rsvp(event, email="ana@mail.example", language="es")
    heard = [
        {"title": "Lights", "count": 12, "text": "It is dark.", "quotes": ["I cannot see."]},
        {"title": "Buses", "count": 3},
    ]
    translations = {"es": {"heard": [{"title": "Luces"}, 5], "will_not_do": "nada"}}
    version = approved(over(event), heard=heard, translations=translations)
    publish(version, actor=None, now=timezone.now())
    go_round()
    text = " ".join(text_of(post.letters[-1]).split())
    for words in ("12 Luces", "3 Buses", "It is dark.", "I cannot see."):
        assert words in text, words


def test_the_summary_of_a_discreet_event_has_a_neutral_subject(post: Post) -> None:
    event = an_event(title="Survivors", discreet=True)
    an_rsvp(event, email="ana@mail.example")
    publish(approved(over(event)), actor=None, now=timezone.now())
    go_round()
    letter = post.letters[-1]
    assert "Survivors" not in f"{letter['Subject']}{text_of(letter)}"
    assert "Police" not in letter["From"]
    # What was said stands behind the one link, and its words say nothing.
    assert f"/events/{event.pk}/summary" in text_of(letter)
    assert "came. Thank you" not in text_of(letter)

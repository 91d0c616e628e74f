"""What was said under an address, noted down in the room, moderated, themed, answered and endorsed."""

import datetime as dt
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.addresses import address_of
from engage.contacts.models import Contact
from engage.listening.contributing import contribute, endorse, note_down
from engage.listening.models import Contribution, ContributionRevision, Theme
from engage.listening.moderating import answer, correct, hide, show
from engage.listening.theming import ThemeElsewhere, ThemeInUse, assign, edit_theme, make_theme, remove_theme
from engage.listening.words import body_of
from engage.refusals import Invalid, ReasonRequired, WrongState
from tests.makers.agencies import a_dialogue, a_person, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.contributions import a_contribution
from tests.makers.events import an_event

BOTH = ["default", "owner"]
NOW = timezone.now()
db = pytest.mark.django_db(databases=BOTH)


def _signed(agency, target="agency", target_id=None, **more):
    given = {
        "kind": "question",
        "body": "Why was my son stopped?",
        "language": "en",
        "way_in": "web",
        "now": NOW,
    }
    return contribute(agency=agency, target=target, target_id=target_id or agency.pk, **(given | more))


@db
def test_a_signed_question_is_sealed_until_somebody_shows_it():
    agency = an_agency()
    contribution = _signed(agency, email="ana@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM engage_contribution c")
        dump = cursor.fetchone()[0]
    assert "my son" not in dump
    assert b"my son".hex() not in dump
    assert body_of(contribution) == "Why was my son stopped?"
    assert contribution.erase_after == NOW + dt.timedelta(days=30)
    show(contribution, actor=a_person(agency), now=NOW)
    contribution.refresh_from_db()
    assert (contribution.body, contribution.sealed_body, contribution.moderation, contribution.erase_after) == (
        "Why was my son stopped?", None, "shown", None,
    )  # fmt: skip
    assert body_of(contribution) == contribution.body


@db
def test_the_address_is_kept_for_the_event_it_was_left_at_and_for_nothing_else():
    agency = an_agency()
    event, dialogue = an_event(agency), a_dialogue(agency)
    said = [
        _signed(agency, "event", event.pk, email="ana@example.org"),
        _signed(agency, "dialogue", dialogue.pk, email="ana@example.org"),
        _signed(agency, email="ana@example.org"),
    ]
    contacts = [one.contact for one in said]
    assert [(one.scope, one.scope_id) for one in contacts] == [
        ("event", event.pk), ("contribution", dialogue.pk), ("contribution", agency.pk),
    ]  # fmt: skip
    assert {address_of(one) for one in contacts} == {"ana@example.org"}
    assert contacts[0].erase_after == event.ends_at + dt.timedelta(days=30)


@db
def test_no_contribution_belongs_to_another_agencys_event():
    agency, event = an_agency(), an_event(an_agency())
    with pytest.raises(Invalid):
        _signed(agency, "event", event.pk)


@db
def test_an_anonymous_row_cannot_carry_a_contact():
    agency = an_agency()
    contact = _signed(agency, email="ana@example.org").contact
    with pytest.raises(IntegrityError), transaction.atomic():
        a_contribution(agency, contact=contact)


@db
def test_the_record_of_a_signed_question_holds_neither_words_nor_address_and_is_not_public():
    contribution = _signed(an_agency(), email="ana@example.org")
    line = Activity.objects.get(object_id=contribution.pk)
    assert not line.public
    assert line.data == {"target": "agency", "kind": "question"}


@db
def test_a_note_of_the_room_leaves_no_line_with_an_hour_until_staff_act_on_it():
    agency = an_agency()
    event, staff = an_event(agency), a_person(agency)
    theme = make_theme(actor=staff, event=event, title="Lamps")
    note = note_down(
        agency=agency, target="event", target_id=event.pk, body="Nine lamps are out", language="en", actor=staff,
        table_label="Table 3", may_quote=True, now=NOW,
    )  # fmt: skip
    assert (note.kind, note.way_in, note.anonymous, note.moderation) == ("note", "live", True, "waiting")
    assert not Activity.objects.filter(object_id=note.pk).exists()
    shown = note_down(
        agency=agency, target="event", target_id=event.pk, body="The stairs too", language="en", actor=staff,
        theme=theme, shown=True, now=NOW,
    )  # fmt: skip
    theme.refresh_from_db()
    assert (shown.moderation, theme.contributions_count) == ("shown", 1)


@db
def test_hiding_needs_a_reason_that_the_public_can_read():
    contribution = a_contribution(an_agency())
    with pytest.raises(ReasonRequired):
        hide(contribution, reason=" ", actor=None, now=NOW)
    hide(contribution, reason="It names a neighbor.", actor=None, now=NOW)
    assert (contribution.moderation, contribution.hidden_reason) == ("hidden", "It names a neighbor.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.filter(pk=contribution.pk).update(hidden_reason="")
    show(contribution, actor=None, now=NOW)
    assert (contribution.moderation, contribution.hidden_reason) == ("shown", "")


@db
def test_a_correction_keeps_the_words_that_stood_before():
    contribution = a_contribution(an_agency(), body="Oficer Smith was rude")
    show(contribution, actor=None, now=NOW)
    with pytest.raises(ReasonRequired):
        correct(contribution, body="An officer was rude", reason="", actor=None, now=NOW)
    correct(contribution, body="An officer was rude", reason="It named a person.", actor=None, now=NOW)
    old = ContributionRevision.objects.get(contribution=contribution)
    assert (contribution.body, old.body, old.reason) == (
        "An officer was rude",
        "Oficer Smith was rude",
        "It named a person.",
    )


@db
def test_sealed_words_are_nobodys_to_correct():
    with pytest.raises(WrongState):
        correct(_signed(an_agency()), body="other", reason="why", actor=None, now=NOW)


@db
def test_an_answer_stands_beside_what_is_shown():
    contribution = a_contribution(an_agency())
    with pytest.raises(WrongState):
        answer(contribution, text="Because…", actor=None, now=NOW)
    show(contribution, actor=None, now=NOW)
    answer(contribution, text=" Because… ", actor=None, now=NOW)
    contribution.refresh_from_db()
    assert (contribution.answer, contribution.answered_on) == ("Because…", contribution.moderated_on)


@db
def test_moderation_keeps_the_day_and_no_hour():
    contribution = a_contribution(an_agency(timezone="Pacific/Kiritimati"))
    show(contribution, actor=None, now=dt.datetime(2027, 3, 10, 11, 0, tzinfo=dt.UTC))
    assert contribution.moderated_on == dt.date(2027, 3, 11)


@db
def test_a_theme_counts_what_is_shown_through_every_change():
    agency = an_agency()
    dialogue = a_dialogue(agency)
    one = make_theme(actor=None, dialogue=dialogue, title="Stops")
    other = make_theme(actor=None, dialogue=dialogue, title="Lamps")
    contribution = a_contribution(agency, dialogue=dialogue)

    def counts():
        # Not in the order of their ids: two of one millisecond lie either way round.
        found = Theme.objects.in_bulk([one.pk, other.pk])
        return found[one.pk].contributions_count, found[other.pk].contributions_count

    assign(contribution, theme=one, actor=None)
    assert counts() == (0, 0)
    show(contribution, actor=None, now=NOW)
    show(contribution, actor=None, now=NOW)
    assert counts() == (1, 0)
    assign(contribution, theme=other, actor=None)
    assert counts() == (0, 1)
    hide(contribution, reason="x", actor=None, now=NOW)
    hide(contribution, reason="y", actor=None, now=NOW)
    assert counts() == (0, 0)
    show(contribution, actor=None, now=NOW)
    assign(contribution, theme=None, actor=None)
    assert counts() == (0, 0)


@db
def test_a_theme_gathers_only_what_was_said_in_its_own_place():
    agency = an_agency()
    dialogue = a_dialogue(agency)
    theme = make_theme(actor=None, dialogue=dialogue, title="Stops")
    inside = a_contribution(agency, event=an_event(agency, dialogue=dialogue))
    assign(inside, theme=theme, actor=None)
    for strange in (
        a_contribution(agency),
        a_contribution(agency, dialogue=a_dialogue(agency)),
        a_contribution(agency, event=an_event(agency)),
        a_contribution(an_agency()),
    ):
        with pytest.raises(ThemeElsewhere):
            assign(strange, theme=theme, actor=None)


@db
def test_a_theme_belongs_to_a_dialogue_or_to_an_event_without_one():
    agency = an_agency()
    dialogue = a_dialogue(agency)
    alone, within = an_event(agency), an_event(agency, dialogue=dialogue)
    assert make_theme(actor=None, event=alone, title="Lamps").dialogue is None
    for wrong in ({}, {"event": within}, {"event": alone, "dialogue": dialogue}):
        with pytest.raises(Invalid):
            make_theme(actor=None, title="Lamps", **wrong)


@db
def test_a_theme_that_led_to_a_commitment_stays():
    agency = an_agency()
    dialogue = a_dialogue(agency)
    theme = edit_theme(make_theme(actor=None, dialogue=dialogue, title="A"), actor=None, title="B")
    commitment = a_commitment(agency, theme=theme.pk)
    with pytest.raises(ThemeInUse), transaction.atomic():
        remove_theme(theme, actor=None)
    other = make_theme(actor=None, dialogue=dialogue, title="C")
    contribution = a_contribution(agency, dialogue=dialogue, theme=other)
    remove_theme(other, actor=None)
    contribution.refresh_from_db()
    assert contribution.theme is None
    assert commitment.theme.title == "B"


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_me_too_counts_once_a_browser_however_often_it_is_pressed():
    contribution = a_contribution(an_agency())
    show(contribution, actor=None, now=NOW)
    marks = [os.urandom(32) for _ in range(5)]

    def press(number: int) -> bool:
        try:
            return endorse(Contribution.objects.get(pk=contribution.pk), mark=marks[number % 5], now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(press, range(40))) == 5
    contribution.refresh_from_db()
    assert contribution.endorsements_count == 5


@db
def test_me_too_is_for_what_is_shown():
    contribution = a_contribution(an_agency())
    with pytest.raises(WrongState):
        endorse(contribution, mark=os.urandom(32), now=NOW)
    show(contribution, actor=None, now=NOW)
    with pytest.raises(Invalid):
        endorse(contribution, mark=b"short", now=NOW)


@db
def test_a_bad_address_leaves_nothing_behind():
    agency = an_agency()
    with pytest.raises(Invalid) as refused:
        _signed(agency, email="not an address")
    assert refused.value.errors[0].field == "email"
    assert not Contribution.objects.exists()
    assert not Contact.objects.exists()

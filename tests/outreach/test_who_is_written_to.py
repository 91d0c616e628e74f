"""The outside of a letter: to whom, from whom, where an answer goes; and the same in its calendar part."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from engage.agencies.models import Agency
from engage.contacts.addresses import on_the_wire
from events.calendars.lines import mail_address
from events.planning.scheduling import edit
from outreach.worker.rounds import go_round
from tests.makers.agencies import an_agency
from tests.makers.events import an_event
from tests.makers.followers import a_follower
from tests.makers.letters import calendar_of
from tests.makers.mail_server import Post, a_mail_server, addressee_of
from tests.makers.rsvps import an_rsvp

WITH_A_DATABASE = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def agency_that_answers() -> Agency:
    return an_agency(slug="harbor-falls", contact_email="desk@harborfalls.example")


@WITH_A_DATABASE
def test_an_answer_and_a_calendars_reply_reach_the_agency_of_the_event(post: Post) -> None:
    event = an_event(agency_that_answers())
    an_rsvp(event, email="ana@mail.example")
    go_round()
    (letter,) = post.letters
    assert letter["Reply-To"] == "Harbor Falls Police <desk@harborfalls.example>"
    assert letter["From"] == "Harbor Falls Police <meetings@harbor.example>"
    calendar = calendar_of(letter)
    assert calendar is not None
    organizer = calendar.events[0]["ORGANIZER"]
    assert organizer == "mailto:desk@harborfalls.example"
    assert (organizer.params["CN"], organizer.params["SENT-BY"]) == (
        "Harbor Falls Police",
        "mailto:meetings@harbor.example",
    )


@WITH_A_DATABASE
def test_a_discreet_letter_is_answered_to_nobody_by_name(post: Post) -> None:
    agency = agency_that_answers()
    a_follower(agency, "bo@mail.example")
    an_rsvp(an_event(agency, discreet=True), email="ana@mail.example")
    go_round()
    for letter in post.letters:
        head = letter.as_string().partition("\n\n")[0]
        assert "Reply-To" not in head
        assert letter["From"] == "Meeting office <meetings@harbor.example>"
        assert "arbor" not in head.replace("harbor.example", "")
    calendar = calendar_of(post.to("ana@mail.example")[0])
    assert calendar is not None
    organizer = calendar.events[0]["ORGANIZER"]
    assert (organizer, dict(organizer.params)) == (
        "mailto:meetings@harbor.example",
        {"CN": "Meeting office"},
    )


@WITH_A_DATABASE
def test_an_agency_without_an_address_of_its_own_is_answered_at_ours(post: Post) -> None:
    an_rsvp(an_event(), email="ana@mail.example")
    go_round()
    calendar = calendar_of(post.letters[0])
    assert calendar is not None
    assert post.letters[0]["Reply-To"] is None
    assert calendar.events[0]["ORGANIZER"] == "mailto:meetings@harbor.example"


@WITH_A_DATABASE
def test_the_recipient_stands_in_brackets_and_news_says_which_list_it_is_of(post: Post) -> None:
    agency = agency_that_answers()
    a_follower(agency, "bo@mail.example")
    an_rsvp(an_event(agency), email="Ana@Mail.Example")
    go_round()
    answer, news = post.to("Ana@Mail.Example")[0], post.to("bo@mail.example")[0]
    # As it was sent: whoever parses it takes the brackets off.
    assert b"\nTo: <Ana@Mail.Example>\n" in answer.as_bytes().replace(b"\r\n", b"\n")
    assert news["List-Id"] == "Harbor Falls Police <harbor-falls.harbor.example>"
    assert answer["List-Id"] is None


@WITH_A_DATABASE
def test_letters_about_one_event_stand_together_in_a_mailbox_and_others_do_not(post: Post) -> None:
    agency = an_agency()
    first, other = an_event(agency), an_event(agency)
    for event in (first, other):
        an_rsvp(event, email="ana@mail.example")
    an_rsvp(first, email="bo@mail.example")
    go_round()
    day = first.local_starts_at.date()
    later = {"starts_at": f"{day}T20:00:00", "ends_at": f"{day}T21:00:00"}
    edit(first.pk, actor=None, now=timezone.now(), fields=later)
    go_round()
    threads = [letter["References"] for letter in post.to("ana@mail.example")]
    assert len(threads) == 3
    assert len(set(threads)) == 2
    assert threads[2] in threads[:2]
    # Nobody can tell by it that two people come to one meeting.
    assert post.to("bo@mail.example")[0]["References"] not in threads


@WITH_A_DATABASE
def test_an_address_with_a_domain_in_other_letters_is_reached_over_any_mail_server(settings: Any) -> None:
    with a_mail_server(other_scripts=False) as post:
        settings.MAIL_SERVER, settings.MAIL_FROM = post.server, "meetings@harbor.example"
        an_rsvp(an_event(), email="anna@bücher.example")
        go_round()
        (letter,) = post.letters
        assert addressee_of(letter) == "anna@xn--bcher-kva.example"
        calendar = calendar_of(letter)
        assert calendar is not None
        assert calendar.events[0]["ATTENDEE"] == "mailto:anna@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Anna@Example.org", "Anna@Example.org"),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),
        ("anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
        ("anna@例え。テスト", "anna@xn--r8jz45g.xn--zckzah"),
    ],
)
def test_a_domain_is_written_as_the_registries_do(typed: str, plain: str) -> None:
    assert on_the_wire(typed) == plain


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("ana@mail.example", "mailto:ana@mail.example"),
        ("a%b/c?d&e=f#g@mail.example", "mailto:a%25b%2Fc%3Fd%26e%3Df%23g@mail.example"),
        ("ana+news@mail.example", "mailto:ana+news@mail.example"),
    ],
)
def test_an_address_in_a_calendar_is_a_link_that_opens(address: str, written: str) -> None:
    assert mail_address(address) == written


@WITH_A_DATABASE
def test_a_mailed_entry_says_when_it_was_made_and_its_words_can_be_read_in_the_source(post: Post) -> None:
    begun = timezone.now().replace(microsecond=0)
    an_rsvp(an_event(title="Budget ünd Brücken"), email="ana@mail.example")
    go_round()
    (letter,) = post.letters
    calendar = calendar_of(letter)
    assert calendar is not None
    assert calendar.events[0]["DTSTAMP"].dt >= begun
    ways = {part.get_content_type(): part["Content-Transfer-Encoding"] for part in letter.walk()}
    assert (ways["text/plain"], ways["text/html"]) == ("quoted-printable", "quoted-printable")
    assert all(len(line) <= 998 for line in letter.as_bytes().split(b"\n"))
    text = str(letter.get_body(("plain",)).get_content())
    assert re.search(r"Budget ünd Brücken", text)

"""Moved, cancelled, discreet: what everybody hears who has to do with a meeting, each address once."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone

from events.event.models import Event
from events.planning.lifecycle import cancel as call_off
from events.planning.scheduling import edit
from events.planning.ways_back import reinstate
from outreach.ledger.models import Delivery
from outreach.worker.rounds import go_round
from tests.makers.agencies import an_agency
from tests.makers.events import a_venue, an_event
from tests.makers.letters import calendar_of, html_of, method_of, sequence_of, text_of
from tests.makers.mail_server import Post
from tests.makers.rsvps import a_full_event, an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def move(event: Event, days: int) -> None:
    shift = dt.timedelta(days=days)
    fields = {
        "starts_at": (event.local_starts_at + shift).isoformat(),
        "ends_at": (event.local_ends_at + shift).isoformat(),
    }
    edit(event.pk, actor=None, now=timezone.now(), fields=fields)


def test_a_moved_event_updates_calendars_and_tells_who_waits_in_plain_words(post: Post) -> None:
    event, _holder, _waiting = a_full_event(1, capacity=1)
    go_round()
    move(event, 1)
    go_round()
    first, update = post.to("holder@mail.example")
    assert method_of(update) == "REQUEST"
    assert sequence_of(update) > sequence_of(first)
    assert "It was planned for" in text_of(update)
    _told, plain = post.to("r0@mail.example")
    assert method_of(plain) == ""
    assert "You stay on the waitlist" in text_of(plain)


def test_an_event_moved_twice_before_anybody_was_told_is_told_once(post: Post) -> None:
    event = an_event()
    an_rsvp(event, email="ana@mail.example")
    go_round()
    move(event, 1)
    event.refresh_from_db()
    move(event, 1)
    go_round()
    assert len(post.letters) == 2
    assert method_of(post.letters[1]) == "REQUEST"


def test_a_new_venue_of_the_event_is_told_too(post: Post) -> None:
    agency = an_agency()
    event = an_event(agency, venue=a_venue(agency))
    an_rsvp(event, email="ana@mail.example")
    go_round()
    edit(event.pk, actor=None, now=timezone.now(), fields={"venue": a_venue(agency, name="The gym")})
    go_round()
    calendar = calendar_of(post.letters[1])
    assert calendar is not None
    assert "The gym" in calendar.events[0]["LOCATION"]
    assert "The gym" in text_of(post.letters[1])


SAID = {
    "en": {
        "place": (": New place", "The meeting has another place", "Place before: Library, 12 Main St", "Place now:    The gym, 12 Main St"),
        "link": (": New place", "The link to join has changed.", "The time stays as it was"),
        "zone": (
            ": New time zone", "in another time zone.", "6 p.m. to 7:30 p.m. Central Time. It is now", "7:30 p.m. Mountain Time",
        ),
        "time": (": New time", "It was planned for", "6 p.m. to 7:30 p.m. It is now", "8 p.m. to 9:30 p.m."),
    },
    "es": {
        "place": (": Nuevo sitio", "La reunión es en otro lugar", "Library, 12 Main St", "The gym, 12 Main St"),
        "link": (": Nuevo sitio", "El enlace para participar ha cambiado.", "La hora sigue igual"),
        "zone": (
            ": Otra zona horaria", "en otra zona horaria.", "6:00\xa0p.\xa0m. a 7:30\xa0p.\xa0m., hora central. Ahora es", "hora de la montaña",
        ),
        "time": (": Nueva fecha u hora", "Estaba prevista para", "6:00\xa0p.\xa0m. a 7:30\xa0p.\xa0m. Ahora es", "8:00\xa0p.\xa0m. a 9:30\xa0p.\xa0m."),
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("what", ["place", "link", "zone", "time"])
def test_each_change_has_words_of_its_own_and_names_what_was_and_what_is(
    post: Post, what: str, language: str
) -> None:
    agency = an_agency(languages=["en", "es"], timezone="America/Chicago")
    place: dict[str, Any] = {"venue": a_venue(agency)}
    if what == "link":
        place = {"format": "online", "online_url": "https://meet.example/one"}
    event = an_event(agency, **place)
    an_rsvp(event, email="ana@mail.example", language=language)
    go_round()
    day = event.local_starts_at.date()
    fields: dict[str, Any] = {
        "place": {"venue": a_venue(agency, name="The gym")},
        "link": {"online_url": "https://meet.example/two"},
        "zone": {"timezone": "America/Denver"},
        "time": {"starts_at": f"{day}T20:00:00", "ends_at": f"{day}T21:30:00"},
    }[what]
    edit(event.pk, actor=None, now=timezone.now(), fields=fields)
    go_round()
    letter = post.letters[-1]
    begins, *sentences = SAID[language][what]
    assert begins in letter["Subject"]
    text = re.sub(r"\s*\n\s*", " ", text_of(letter))
    for sentence in sentences:
        # A letter's heading stands in capitals in its text.
        assert sentence.lower() in text.lower(), sentence
    assert ".." not in text.replace("...", "")


@pytest.mark.parametrize(
    ("language", "when"),
    [
        ("en", "Friday, December 18, to Sunday, December 20, 2043, 9 a.m. (first day) to 5 p.m. (last day)"),
        ("es", "viernes, 18 de diciembre, al domingo, 20 de diciembre de 2043, 9:00\xa0a.\xa0m. (primer día) a 5:00\xa0p.\xa0m. (último día)"),
    ],
)  # fmt: skip
def test_a_letter_says_all_the_days_of_an_event(post: Post, language: str, when: str) -> None:
    event = an_event(
        an_agency(languages=["en", "es"]), starts_at="2043-12-18T09:00:00", ends_at="2043-12-20T17:00:00"
    )
    an_rsvp(event, email="ana@mail.example", language=language)
    go_round()
    (letter,) = post.letters
    assert when in re.sub(r"\s*\n\s*", " ", text_of(letter))


def test_a_cancelled_event_cancels_every_invitation_and_tells_who_waits(post: Post) -> None:
    event, _holder, _waiting = a_full_event(1, capacity=1)
    # Places of one second are announced in any order (their ids must not tell more than the second).
    go_round()
    an_rsvp(event, email="holder@mail.example")
    go_round()
    call_off(event.pk, reason="The hall is flooded.", actor=None, now=timezone.now())
    go_round()
    request, cancelled = post.to("holder@mail.example")
    assert (method_of(request), method_of(cancelled)) == ("REQUEST", "CANCEL")
    assert sequence_of(cancelled) > sequence_of(request)
    assert "The hall is flooded." in text_of(cancelled)
    assert method_of(post.to("r0@mail.example")[-1]) == ""


def test_what_was_still_due_for_a_cancelled_event_is_not_sent(post: Post) -> None:
    event = an_event()
    an_rsvp(event, email="ana@mail.example")
    call_off(event.pk, reason="Flood", actor=None, now=timezone.now())
    go_round()
    (letter,) = post.letters
    assert ": Cancelled, Town hall" in letter["Subject"]
    assert method_of(letter) == ""
    assert Delivery.objects.get(kind="confirmation").reason == "event_cancelled"


@pytest.mark.parametrize("discreet", [False, True])
def test_whoever_reads_a_letter_can_call_with_a_touch(post: Post, discreet: bool) -> None:
    agency = an_agency(contact_office="Desk & door", contact_phone="202-711-0123 ext. 5")
    an_rsvp(an_event(agency, discreet=discreet), email="ana@mail.example")
    go_round()
    (letter,) = post.letters
    assert (
        'call <a href="tel:2027110123;ext=5">202-711-0123 ext. 5</a>, or <a href="tel:711">711</a> for relay.'
        in html_of(letter).replace("Call", "call")
    )
    assert "202-711-0123 ext. 5, or 711 for relay." in " ".join(text_of(letter).split())


def test_a_letter_names_the_tty_number_and_no_relay_abroad(post: Post) -> None:
    agency = an_agency(contact_phone="20 7946 0958", contact_tty="20 7946 0111", country="GB")
    an_rsvp(an_event(agency), email="ana@mail.example")
    go_round()
    (letter,) = post.letters
    said = " ".join(text_of(letter).split())
    assert "call 20 7946 0958." in said
    assert "By TTY: 20 7946 0111." in said
    assert "relay" not in said
    assert '<a href="tel:2079460111">20 7946 0111</a>' in html_of(letter)


def test_a_discreet_event_gives_nothing_away_in_a_shared_mailbox(post: Post) -> None:
    agency = an_agency(contact_office="Victim Services", contact_phone="202 555 0123")
    event = an_event(
        agency,
        title="Survivors of family violence",
        description="About violence",
        discreet=True,
        venue=a_venue(agency),
    )
    an_rsvp(event, email="ana@mail.example")
    go_round()
    move(event, 1)
    go_round()
    event.refresh_from_db()
    call_off(event.pk, reason="Violence next door", actor=None, now=timezone.now())
    go_round()
    reinstate(event.pk, note="No violence any more", actor=None, now=timezone.now())
    go_round()
    assert len(post.letters) == 4
    for letter in post.letters:
        calendar = calendar_of(letter)
        assert calendar is not None
        shown = (
            f"{letter['From']} {letter['Subject']} {text_of(letter)} {html_of(letter)} {calendar.to_ical()!r}"
        )
        for word in ("iolence", "Survivors", "Police", "Victim", "promises"):
            assert word not in shown
        assert "Library" in shown or calendar["METHOD"] == "CANCEL"


def test_an_address_that_got_no_confirmation_gets_nothing_else_of_that_event(post: Post) -> None:
    events = [an_event() for _ in range(4)]
    for event in events:
        an_rsvp(event, email="ana@mail.example")
        go_round()
    assert len(post.letters) == 3
    for event in events:
        call_off(event.pk, reason="Flood", actor=None, now=timezone.now())
    go_round()
    assert len(post.letters) == 6

"""Every kind of letter, read as text and as HTML, in both languages, of an open meeting and of a discreet one.

What it is about, when and on whose clock, where, what to do, who sends; and of a discreet meeting nothing that tells what
it is, with one way in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage
from html import unescape
from typing import Final

import pytest
from django.utils import timezone, translation

from engage.commitments.models import Commitment
from events.event.models import Event
from events.event.when import day_in_words, short_days_of
from events.event.zone_names import zone_name
from outreach.ledger.kinds import About, every_kind
from outreach.ledger.models import Delivery
from outreach.letters.subjects import LONGEST
from outreach.letters.wire_format import message_id
from tests.makers.agencies import an_agency
from tests.makers.every_letter import Town, a_hall
from tests.makers.letters import calendar_of, html_of, text_of
from tests.makers.mail_server import Post, addressee_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
KINDS: Final = {kind.name: kind for kind in every_kind()}
ABOUT_AN_EVENT: Final = {
    kind.name for kind in KINDS.values() if kind.about not in {About.ACCOUNT, About.SUBSCRIPTION}
} - {"commitment_update"}
# As a time does in English: whoever writes a sentence around it must not have to know.
TITLE: Final = "Searches at night, and what they are like: a town hall with Chief Ames Jr."
PROMISE: Final = "Print a card that says what your rights are when an officer stops your car or your bicycle"
AGENCY, OFFICE, PHONE = "Harbor Falls Police Department", "Community Relations", "202-555-0123"
# Whatever says what a discreet meeting is about, or whose it is.
TELLING: Final = (
    "Searches", "Ames", "Harbor Falls", "harbor-falls", OFFICE, "rights", "flooded", "dry again", "It is ordered", "Traffic",
)  # fmt: skip
TWO_STOPS: Final = re.compile(r"(?<!\.)\.\.(?!\.)")
LINKS: Final = re.compile(r"https?://[^\s\"<>]+")
NOTHING_TO_DO: Final = {
    "en": "You do not need to do anything.",
    "es": "Usted no tiene que hacer nada.",
}
UNSUBSCRIBE: Final = {"en": "Unsubscribe", "es": "Cancelar la suscripción"}
NEUTRAL: Final = {"en": "Meeting office", "es": "Oficina de reuniones"}
OTHER: Final = {"en": "Español", "es": "English"}


@dataclass
class Read:
    """One letter as its reader has it. body: its words above the small print."""

    kind: str
    letter: EmailMessage
    event: Event | None

    @property
    def text(self) -> str:
        return " ".join(text_of(self.letter).split())

    @property
    def html(self) -> str:
        shown = re.sub(r"<(style|title)>.*?</\1>", " ", html_of(self.letter), flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())

    @property
    def subject(self) -> str:
        return str(self.letter["Subject"])

    @property
    def outside(self) -> str:
        files = " ".join(str(part.get_filename()) for part in self.letter.walk())
        calendar = calendar_of(self.letter)
        entry = calendar.to_ical().decode().replace("\r\n ", "") if calendar else ""
        head = self.letter.as_string().partition("\n\n")[0].replace("harbor.example", "")
        return f"{self.subject} {self.letter['From']} {head} {files} {entry}"

    @property
    def links(self) -> list[str]:
        """In its text above the small print."""
        return LINKS.findall(text_of(self.letter).partition("-" * 64)[0])

    def says(self, words: str) -> bool:
        """In both forms. A heading stands in capitals in text."""
        wanted = " ".join(words.split()).lower()
        return wanted in self.text.lower() and wanted in self.html.lower()

    def hints(self, words: str) -> bool:
        wanted = words.lower()
        return any(
            wanted in said.lower() for said in (self.text, self.html, html_of(self.letter), self.outside)
        )


def everything(post: Post, language: str, **event_fields: object) -> list[Read]:
    agency = an_agency(
        slug="harbor-falls",
        name=AGENCY,
        contact_office=OFFICE,
        contact_phone=PHONE,
        contact_email="desk@example.gov",
        languages=["en", "es"],
    )
    fields = {"title": TITLE, "description": "Searches, and how to say no.", **event_fields}
    town = Town(agency, post, language, fields, a_hall(agency), {"title": PROMISE})
    town.everything()
    rows = {message_id(row.pk): row for row in Delivery.objects.select_related("event").filter(state="sent")}
    read = []
    for each in post.letters:
        row = rows[each["Message-ID"]]
        read.append(Read(row.kind, each, row.event))
    assert {one.kind for one in read} == set(KINDS)
    return read


def in_both_forms(one: Read, language: str) -> None:
    """What holds for every letter there is."""
    kind = one.kind
    assert one.letter["Content-Language"] == language, kind
    assert f'<html lang="{language}"' in html_of(one.letter), kind
    assert 8 <= len(one.subject) <= LONGEST, (kind, one.subject)
    assert not TWO_STOPS.search(f"{one.subject}\n{one.text}\n{one.html}"), kind
    assert "America/" not in f"{one.text} {one.html}", kind
    assert "{" not in f"{one.subject} {one.text} {one.html}", kind
    assert (one.letter["List-Unsubscribe"] is not None) == KINDS[kind].stops, kind
    assert one.says(UNSUBSCRIBE[language]) == KINDS[kind].stops, kind
    assert KINDS[kind].moves_calendar or calendar_of(one.letter) is None, kind
    # What to do: something to press, or that there is nothing to do.
    assert one.links or one.says(NOTHING_TO_DO[language]) or kind == "place_cancelled", kind
    assert one.says(str(one.letter["From"].addresses[0].display_name)), kind


def when_and_where(one: Read) -> None:
    """The day, the clock and the place; the day stands first in the subject."""
    assert one.event is not None, one.kind
    event = Event.objects.select_related("agency", "venue").get(pk=one.event.pk)
    days = {event.local_starts_at} | {each["local_starts_at"] for each in schedules(event)}
    assert any(one.says(day_in_words(day)) for day in days), one.kind
    assert one.says(zone_name(event.timezone, event.starts_at)), one.kind
    assert one.says("Eastside Library, Room B"), one.kind
    assert one.says("410 Alder Street"), one.kind
    firsts = {short_days_of(event, now=timezone.now())}
    for day in days:
        event.local_ends_at += day - event.local_starts_at
        event.local_starts_at = day
        firsts.add(short_days_of(event, now=timezone.now()))
    if one.kind == "reminder":
        firsts = {"Today at", "Tomorrow at", "Hoy a las", "Mañana a las"}
    assert one.subject.startswith(tuple(firsts)), (one.kind, one.subject)


def schedules(event: Event) -> list[dict[str, object]]:
    from datetime import datetime

    return [
        each | {"local_starts_at": datetime.fromisoformat(each["local_starts_at"])}
        for each in event.schedules
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_letter_says_what_it_is_about_when_where_what_to_do_and_who_sends_it(
    post: Post, language: str
) -> None:
    for one in everything(post, language):
        with translation.override(language):
            in_both_forms(one, language)
            if one.kind in ABOUT_AN_EVENT:
                when_and_where(one)
                assert one.says(TITLE), one.kind
        about = KINDS[one.kind].about
        if about is not About.ACCOUNT:
            assert str(one.letter["From"]) == f"{AGENCY} <meetings@harbor.example>", one.kind
            assert one.letter["Reply-To"].addresses[0].addr_spec == "desk@example.gov", one.kind
            assert one.says(f"{OFFICE}: "), one.kind
            assert one.says(OTHER[language]), one.kind
        if about is About.SUBSCRIPTION:
            who = addressee_of(one.letter).partition("@")[0]
            named = {
                "agency": AGENCY,
                "dialogue": "Traffic stops and searches",
                "event": TITLE,
                "commitment": PROMISE,
            }
            assert one.says(named.get(who, AGENCY)), who
        if one.kind == "commitment_update":
            number = Commitment.objects.get().number
            assert one.subject.startswith(
                {"en": f"Promise {number}: Print", "es": f"Promesa {number}: Print"}[language]
            )
            assert one.says(PROMISE)
            assert one.says("It is ordered.")
        if one.kind in {"event_moved", "meeting_moved"}:
            old, new = (
                one.text.count(word)
                for word in (
                    {"en": "It was planned for", "es": "Estaba prevista para"}[language],
                    {"en": "It is now", "es": "Ahora es"}[language],
                )
            )
            assert (old, new) == (1, 1), one.text


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_letter_of_a_discreet_event_can_be_used_and_says_nothing_more(post: Post, language: str) -> None:
    for one in everything(post, language, discreet=True):
        about = KINDS[one.kind].about
        by_name = addressee_of(one.letter) == "agency@mail.example"
        with translation.override(language):
            in_both_forms(one, language)
            if one.kind in ABOUT_AN_EVENT:
                when_and_where(one)
        if about is About.ACCOUNT or (by_name and one.kind == "subscription_confirm"):
            continue
        assert str(one.letter["From"]) == f"{NEUTRAL[language]} <meetings@harbor.example>", one.kind
        assert one.letter["Reply-To"] is None
        assert one.says(PHONE)
        assert not one.says(OTHER[language]), one.kind
        for word in TELLING:
            assert word not in one.outside, (one.kind, word)
        if by_name and about is About.NEWS:
            # Whoever asked for news of this agency by its name reads inside which meeting it is.
            assert one.says(TITLE), one.kind
        else:
            hints = [word for word in TELLING if one.hints(word)]
            assert hints == [], (one.kind, one.text)
        ways = {link for link in one.links if "/accept/" not in link and not link.endswith("/new-link")}
        assert len(ways) <= 1, (one.kind, ways)
        if about in {About.NEWS, About.SUBSCRIPTION}:
            assert len(ways) == 1, one.kind

"""A discreet meeting is named in nothing that a cache keeps and on no letter's outside, whatever leads to it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.commitments.tracking import update
from engage.listening.models import Dialogue, Theme
from engage.listening.theming import make_theme
from events.event.discretion import is_discreet
from events.event.models import Event
from events.planning import lifecycle
from outreach.ledger.kinds import About, every_kind
from outreach.ledger.models import Delivery
from outreach.subscriptions import subscribing
from outreach.summaries.writing import approve, draft, publish
from outreach.worker.rounds import go_round
from tests.makers.agencies import a_dialogue, a_person, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.contributions import a_contribution
from tests.makers.events import an_event
from tests.makers.mail_server import Post
from tests.makers.rsvps import an_rsvp
from web.urls import _public

MARK = "Zebra"


@dataclass
class Hidden:
    """An agency whose one dialogue is about what nobody should know that somebody goes to."""

    agency: Agency

    @cached_property
    def dialogue(self) -> Dialogue:
        return a_dialogue(self.agency, title=f"{MARK} dialogue", stage="open")

    def event(self, **fields: Any) -> Event:
        return an_event(
            self.agency, title=f"{MARK} evening", description=f"About {MARK}s", discreet=True,
            dialogue=self.dialogue, **fields,
        )  # fmt: skip

    @cached_property
    def ahead(self) -> Event:
        return self.event()

    @cached_property
    def over(self) -> Event:
        over = lifecycle.end(lifecycle.start(self.event(), now=timezone.now()).event, now=timezone.now())
        version = draft(over.event, actor=None, now=timezone.now()).version
        approve(version, actor=a_person(self.agency, "leader"), reply="", now=timezone.now())
        publish(version, actor=None, now=timezone.now() + dt.timedelta(seconds=2))
        return over.event

    @cached_property
    def theme(self) -> Theme:
        return make_theme(actor=None, title=f"{MARK} theme", event=self.alone)

    @cached_property
    def alone(self) -> Event:
        return an_event(self.agency, title=f"{MARK} evening alone", discreet=True)

    @cached_property
    def commitment(self) -> Commitment:
        return a_commitment(self.agency, event=self.over, title="Mend the lamp")

    @cached_property
    def of_the_theme(self) -> Commitment:
        return a_commitment(self.agency, theme=self.theme, title="Mend the door")

    def things(self) -> list[tuple[str, Any]]:
        """Everything that leads to it, by the kind that one follows."""
        return [
            ("event", self.ahead.pk), ("event", self.over.pk), ("dialogue", self.dialogue.pk),
            ("theme", self.theme.pk), ("commitment", self.commitment.pk), ("commitment", self.of_the_theme.pk),
        ]  # fmt: skip


def addresses(hidden: Hidden) -> dict[str, list[str]]:
    """By route: where each public page is, of everything that is or names the meeting."""
    slug = hidden.agency.slug
    agency = f"/agencies/{slug}/"
    full = an_event(hidden.agency, title="Full", capacity=1)
    an_rsvp(full)
    events = [hidden.ahead, hidden.over, full]

    def of_each(more: str) -> list[str]:
        return [f"/events/{event.pk}{more}" for event in events]

    numbers = [hidden.commitment.number, hidden.of_the_theme.number]
    return {
        "home": ["/"], "agency_home": [agency], "events": [f"{agency}meetings/", f"{agency}meetings/?when=past"],
        "event": of_each(""), "save_rsvp": of_each("/rsvp"), "ask_event": [*of_each("/ask"), *of_each("/ask?sent")],
        "my_link": of_each("/my-link"), "poster": of_each("/poster"), "summary": of_each("/summary"),
        "summaries": [f"{agency}heard/"], "commitments": [f"{agency}promises/"], "commitments_csv": [f"{agency}promises.csv"],
        "commitment": [f"{agency}promises/{number}/" for number in numbers],
        "follow": [f"{agency}follow?target={kind}&id={key}" for kind, key in hidden.things()],
        "ask_us": [f"{agency}ask/"], "privacy": [f"{agency}privacy/"], "accessibility": [f"{agency}accessibility/"],
        "commitment_that_says_nothing": [f"/news/{hidden.commitment.pk}/", f"/news/{hidden.of_the_theme.pk}/"],
        "report_a_hole": ["/security"],
        "me_too": of_each(f"/questions/{hidden.theme.pk}/me-too"),
        "agency_picture": [f"{agency}picture.png"], "event_picture": of_each("/picture.png"),
        "commitment_picture": [f"{agency}promises/{number}/picture.png" for number in numbers],
        "offline": ["/offline"], "styleguide": ["/styleguide/"],
        "calendars": [f"/calendars/{slug}.ics", f"/calendars/{slug}/dialogues/{hidden.dialogue.pk}.ics", *of_each("/invite.ics")],
    }  # fmt: skip


def may_be_kept(answer: Any) -> bool:
    said = answer.get("Cache-Control", "")
    return not re.search(r"\b(no-store|private)\b", said)


def text_of(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    heads = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
    return unquote(heads) + body.decode(errors="replace")


@pytest.mark.slow
@pytest.mark.django_db(databases=["default", "owner"])
def test_no_answer_that_a_cache_may_keep_names_it() -> None:
    hidden = Hidden(an_agency(languages=["en", "es"]))
    # With a second agency, the first page of all is a page of its own.
    an_agency()
    asked = addresses(hidden)
    assert {each.name for each in _public if isinstance(each, URLPattern)} <= set(asked)
    told, named = [], 0
    for path in (
        f"{language}{path}" for paths in asked.values() for path in paths for language in ("", "/es")
    ):
        answer = Client().get(path)
        if answer.status_code != 200:
            continue
        text = text_of(answer)
        named += MARK in text
        if may_be_kept(answer) and MARK in text:
            told.append(path)
    assert not told
    # The walk is worth something: it came past many pages that do name it.
    assert named > 20


@pytest.mark.django_db(databases=["default", "owner"])
def test_pages_about_what_came_of_it_are_kept_nowhere_though_they_name_only_that() -> None:
    hidden = Hidden(an_agency())
    for kind, key in hidden.things():
        page = Client().get(f"/agencies/{hidden.agency.slug}/follow?target={kind}&id={key}")
        assert (page.status_code, page["Cache-Control"]) == (200, "no-store"), kind
    assert (
        Client().get(f"/agencies/{hidden.agency.slug}/promises/{hidden.of_the_theme.number}/")[
            "Cache-Control"
        ]
        == "no-store"
    )
    # What a picture says no test can read: its headers go by what it is about.
    pictures = [f"/events/{hidden.ahead.pk}", f"/events/{hidden.over.pk}"] + [
        f"/agencies/{hidden.agency.slug}/promises/{each.number}"
        for each in (hidden.commitment, hidden.of_the_theme)
    ]
    for at in pictures:
        picture = Client().get(f"{at}/picture.png")
        assert (picture.status_code, picture["Cache-Control"]) == (200, "no-store"), at
        assert "ETag" not in picture
    open_to_all = an_event(hidden.agency, title="Town hall")
    page = Client().get(f"/agencies/{hidden.agency.slug}/follow?target=event&id={open_to_all.pk}")
    assert page["Cache-Control"] == "public, max-age=60"


@pytest.mark.django_db(databases=["default", "owner"])
def test_what_a_link_that_is_sent_on_a_tab_and_a_file_show_does_not_name_it() -> None:
    hidden = Hidden(an_agency())
    for path in (
        f"/events/{hidden.ahead.pk}",
        f"/events/{hidden.over.pk}/summary",
        f"/events/{hidden.ahead.pk}/poster",
    ):
        page = Client().get(path).content.decode()
        head = page.partition("</head>")[0]
        assert MARK not in head, path
    dialogue = Client().get(f"/calendars/{hidden.agency.slug}/dialogues/{hidden.dialogue.pk}.ics")
    assert "zebra" not in dialogue["Content-Disposition"].lower()


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_form_that_comes_back_is_kept_nowhere() -> None:
    hidden = Hidden(an_agency())
    for path, form in (
        (f"/events/{hidden.ahead.pk}/rsvp", {}),
        (f"/events/{hidden.ahead.pk}/ask", {}),
        (f"/agencies/{hidden.agency.slug}/follow", {"target": "theme", "id": str(hidden.theme.pk), "email": "a@mail.example", "language": "en"}),
    ):  # fmt: skip
        assert Client().post(path, form)["Cache-Control"] == "no-store", path


@pytest.mark.django_db(databases=["default", "owner"])
def test_one_question_answers_for_every_kind_of_thing() -> None:
    hidden = Hidden(an_agency())
    for kind, key in hidden.things():
        assert is_discreet(kind, key), kind
    assert is_discreet("contribution", a_contribution(hidden.agency, event=hidden.ahead).pk)
    plain = an_event(hidden.agency)
    for kind, key in (
        ("event", plain.pk), ("agency", hidden.agency.pk), ("community", hidden.agency.pk),
        ("commitment", a_commitment(hidden.agency).pk), ("contribution", a_contribution(hidden.agency, event=plain).pk),
        ("theme", make_theme(actor=None, title="Stops", event=plain).pk), ("theme", hidden.agency.pk),
    ):  # fmt: skip
        assert not is_discreet(kind, key), kind


def outside(letter: Any) -> str:
    files = " ".join(str(part.get_filename()) for part in letter.walk())
    return f"{letter['From']} {letter['Subject']} {files}"


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_the_question_and_the_news_of_everything_that_came_of_it_have_a_neutral_outside(post: Post) -> None:
    hidden = Hidden(
        an_agency(name="Harbor Falls Police", contact_office="Victim Services", contact_phone="202 555 0123")
    )
    things = hidden.things()
    for number, (kind, key) in enumerate(things):
        subscribing.subscribe(
            agency=hidden.agency,
            target=kind,
            target_id=key,
            email=f"{number}@mail.example",
            now=timezone.now(),
        )
    go_round()
    asked = len(post.letters)
    assert asked == len(things)
    for letter in list(post.letters):
        token = re.search(r"/confirm/([a-z2-7]{53})", str(letter.get_body(("plain",)).get_content()))
        assert token is not None
        subscribing.confirm(token[1], now=timezone.now())
    for commitment in (hidden.commitment, hidden.of_the_theme):
        update(commitment, actor=None, status="in_progress", note=f"{MARK} it is.", now=timezone.now())
    hidden.event()
    go_round()
    assert set(Delivery.objects.filter(state="sent").values_list("kind", flat=True)) >= {
        "subscription_confirm", "commitment_update", "new_meeting",
    }  # fmt: skip
    assert len(post.letters) >= asked + 3
    for letter in post.letters:
        assert MARK not in outside(letter), letter["Subject"]
        assert "Police" not in outside(letter)
        text = str(letter.get_body(("plain",)).get_content())
        for word in (MARK, "Police", "Victim", hidden.agency.slug):
            assert word not in text, (letter["Subject"], word)
    texts = [str(letter.get_body(("plain",)).get_content()) for letter in post.letters]
    ways = {way for text in texts for way in re.findall(r"/news/[0-9a-f-]{36}/", text)}
    for commitment in (hidden.commitment, hidden.of_the_theme):
        assert f"/news/{commitment.pk}/" in ways
        there = Client().get(f"/news/{commitment.pk}/", follow=True)
        assert there.redirect_chain[0][0].endswith(f"/promises/{commitment.number}/")
        assert MARK in there.content.decode()


def test_every_kind_of_letter_to_residents_is_looked_at_somewhere() -> None:
    """A new kind fails here, until somebody has seen that it is neutral where the meeting is discreet."""
    of_an_rsvp_or_an_event = {
        "confirmation", "waitlisted", "offer", "promoted", "offer_lapsed", "place_changed",
        "room_too_small", "place_cancelled", "link_again", "address_changed", "access_arranged", "access_not_possible", "event_moved",
        "event_cancelled", "event_reinstated", "reminder",
    }  # fmt: skip
    # The last three: tests/outreach/test_corrected_news.py.
    news = {
        "new_meeting", "summary", "commitment_update", "subscription_confirm", "meeting_moved", "meeting_cancelled",
        "meeting_reinstated",
    }  # fmt: skip
    to_residents = {kind.name for kind in every_kind() if kind.about is not About.ACCOUNT}
    assert to_residents == of_an_rsvp_or_an_event | news

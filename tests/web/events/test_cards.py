"""The picture behind a link that somebody sends on, and what the page says of it."""

from __future__ import annotations

import io
import re
import time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from events.event.models import Event
from events.planning.lifecycle import cancel
from tests.makers.agencies import an_agency
from tests.makers.commitments import a_commitment
from tests.makers.events import a_draft, a_venue, an_event
from web.events.cards import card_of
from web.site.pictures import Card, card_png, drawable

pytestmark = pytest.mark.django_db


def said_outside(path: str) -> dict[str, str]:
    """What services read that show what is behind a link."""
    page = Client().get(path).content.decode()
    found = re.findall(r'<meta\s+(?:property|name)="([\w:]+)"\s+content="([^"]*)"', page)
    return dict(found)


def path_of(url: str) -> str:
    return url.removeprefix("http://").partition("/")[2].join(["/", ""])


@pytest.mark.parametrize("language", ["", "/es"])
def test_an_event_its_agency_and_a_commitment_each_have_a_picture_in_the_language_of_the_page(
    language: str,
) -> None:
    agency = an_agency()
    event, made = an_event(agency, venue=a_venue(agency)), a_commitment(agency)
    paths = [
        f"/events/{event.pk}",
        f"/agencies/{agency.slug}/",
        f"/agencies/{agency.slug}/promises/{made.number}/",
    ]
    for path in paths:
        said = said_outside(language + path)
        assert said["twitter:card"] == "summary_large_image"
        assert said["og:image:alt"]
        at = path_of(said["og:image"])
        assert at.startswith(f"{language}/")
        answer = Client().get(at)
        assert answer["Content-Type"] == "image/png"
        assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
        assert "public" in answer["Cache-Control"]
        assert len(answer.content) < 60_000
        again = Client().get(at, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_the_picture_says_title_day_hour_zone_and_room() -> None:
    agency = an_agency()
    event = an_event(agency, title="Streets after dark", venue=a_venue(agency), timezone="America/Chicago")
    card = card_of(event, timezone.now())
    assert card.title == "Streets after dark"
    assert card.lines[0].startswith(event.local_starts_at.strftime("%A"))
    assert card.lines[1] == "6 p.m. to 7:30 p.m. Central Time"
    assert "Library" in card.lines[2]


def test_what_becomes_of_an_event_gives_its_picture_another_address() -> None:
    event = an_event()
    before = said_outside(f"/events/{event.pk}")["og:image"]
    cancel(event, reason="Flooded.", actor=None, now=timezone.now())
    event = Event.objects.get(pk=event.pk)
    assert said_outside(f"/events/{event.pk}")["og:image"] != before
    assert card_of(event, timezone.now()).note == "This meeting is called off"
    Event.objects.filter(pk=event.pk).update(status="ended")
    ended = card_of(Event.objects.get(pk=event.pk), timezone.now())
    assert ended.note == "This meeting is over"


def test_a_discreet_event_says_outside_when_and_where_and_not_what_it_is_about() -> None:
    agency = an_agency()
    event = an_event(agency, title="After an assault", venue=a_venue(agency), discreet=True)
    card = card_of(event, timezone.now())
    assert "assault" not in " ".join([card.title, *card.lines, card.note])
    said = said_outside(f"/events/{event.pk}")
    assert "assault" not in " ".join(said.values())
    picture = Client().get(f"/events/{event.pk}/picture.png")
    assert "no-store" in picture["Cache-Control"]
    assert "ETag" not in picture
    assert picture.content == card_png(card)


def test_what_is_not_for_everybody_has_no_picture() -> None:
    for event in (a_draft(), an_event(audience="staff"), an_event(audience="invited")):
        for language in ("", "/es"):
            assert Client().get(f"{language}/events/{event.pk}/picture.png").status_code == 404
    assert Client().get("/agencies/nowhere/picture.png").status_code == 404
    assert Client().get(f"/agencies/{an_agency().slug}/promises/99/picture.png").status_code == 404


def test_asking_again_and_with_other_words_behind_it_draws_nothing_anew(monkeypatch: Any) -> None:
    event = an_event(title="Drawn once")
    first = Client().get(f"/events/{event.pk}/picture.png")
    monkeypatch.setattr("web.site.pictures._png", None)
    for more in ("?v=1", "?width=9000&text=Other", "?v=2"):
        assert Client().get(f"/events/{event.pk}/picture.png{more}").content == first.content


def test_the_longest_words_are_drawn_as_fast_as_others_and_what_has_no_letters_is_left_out() -> None:
    started = time.process_time()
    for words in ("W" * 4000, "l " * 4000, "ế" * 4000, "🎉" * 900):
        card_png(Card(words, words, (words, words, words), words))
    assert time.process_time() - started < 4
    assert drawable("Nghe ý kiến: Tannery Flats 🎉") == "Nghe ý kiến: Tannery Flats"
    assert drawable("当您被拦下时") == ""
    event = an_event(title="当您被拦下时")
    assert card_of(event, timezone.now()).title == "Meeting"
    assert Client().get(f"/events/{event.pk}/picture.png").status_code == 200

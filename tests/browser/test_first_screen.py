"""The first screen of a phone says how a meeting stands and what one can do: its head and its foot, before anything is scrolled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from events.event.models import Event
from events.event.standing import EventStanding
from events.planning.scheduling import edit
from tests.makers.agencies import an_agency
from tests.makers.events import a_venue
from tests.makers.ways_to_stand import STATES, said, said_in_the_bar, stands

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

# As long as titles of real meetings are, and as a tagline under an agency's name may be.
TITLE: Final = (
    "Town hall: what happens at a traffic stop, what should happen, and who looks at what was recorded"
)
IN_SPANISH: Final = (
    "Asamblea: qué pasa en una parada de tráfico, qué debería pasar y quién mira lo que se ha grabado"
)
# Of each notice its head and where its first line ends; of the bar, its words and its act.
_LOOK: Final = """
() => {
  const box = (e) => { const {top, bottom, left, right} = e.getBoundingClientRect(); return {top, bottom, left, right}; };
  const firstLine = (e) => {
    const range = document.createRange();
    range.selectNodeContents(e);
    return range.getClientRects()[0].bottom;
  };
  const told = (e) => e ? e.innerText.replace(/\\s+/g, ' ').trim() : '';
  const bar = document.querySelector('.sticky'), act = bar && bar.querySelector('a');
  return {
    scrolled: window.scrollY,
    heads: [...document.querySelectorAll('main .notice')].map((e) => ({
      words: told(e.querySelector('h2')), ...box(e.querySelector('h2')), line: firstLine(e.querySelector('h2 ~ *')),
    })),
    bar: bar && {words: told(bar.querySelector('p')), act: told(act), href: act && act.getAttribute('href'), ...box(bar)},
  };
}
"""


def _moved(event: Event) -> None:
    day = event.local_starts_at.date() + dt.timedelta(days=1)
    there = a_venue(event.agency, name="Northbank High School, Cafeteria", address="900 River Avenue")
    edit(event.pk, actor=None, now=timezone.now(), fields={
        "venue": there.pk, "starts_at": f"{day}T17:00:00", "ends_at": f"{day}T18:00:00",
    })  # fmt: skip


def _nobody_walks_in(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(walk_in_when_closed=False)


# Beside every way to stand, what is said of one more: how it is joined, and that it moved. In pairs, not all with all.
ONLINE: Final[dict[str, Any]] = {
    "format": "online",
    "online_url": "https://meet.example/1",
    "timezone": "America/Denver",
}
MARKS: Final[dict[str, tuple[EventStanding, dict[str, Any], Callable[[Event], None] | None, str]]] = {
    "online": (EventStanding.OPEN, ONLINE, None, "Places can be saved now"),
    "online, live": (EventStanding.LIVE, ONLINE, None, "Happening now"),
    "online, walk in": (EventStanding.WALK_IN, ONLINE, None, "No RSVP needed"),
    "hybrid, full": (EventStanding.FULL, ONLINE | {"format": "hybrid"}, None, "This meeting is full"),
    "moved": (EventStanding.OPEN, {}, _moved, "Places can be saved now"),
    "moved, full": (EventStanding.FULL, {}, _moved, "This meeting is full"),
    "moved, walk in": (EventStanding.WALK_IN, {}, _moved, "No RSVP needed"),
    "closed, nobody walks in": (EventStanding.CLOSED, {}, _nobody_walks_in, "No more places can be saved"),
    "discreet": (EventStanding.OPEN, {"discreet": True}, None, "Places can be saved now"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
def test_before_anything_is_scrolled_a_phone_says_how_it_stands_and_what_one_can_do(
    phone: Page, language: str
) -> None:
    agency = an_agency(
        name="Harbor Falls Police Department", tagline="What we hear, what we promise, what we keep"
    )
    place = a_venue(agency)

    def made(standing: EventStanding, fields: dict[str, Any], then: Callable[[Event], None] | None) -> Event:
        venue = {"venue": place.pk} if fields.get("format") != "online" else {}
        more: dict[str, Any] = {"title": TITLE, "translations": {"es": {"title": IN_SPANISH}}}
        event = stands(standing, agency=agency, **(venue | more | fields))
        if then is not None:
            then(event)
        return event

    cases = {each.value: (made(each, {}, None), each, shown.head) for each, shown in STATES.items()}
    cases |= {
        name: (made(each, fields, then), each, head) for name, (each, fields, then, head) in MARKS.items()
    }
    faults = []
    for name, (event, standing, head) in cases.items():
        phone.goto(f"/events/{event.pk}" if language == "en" else f"/es/events/{event.pk}")
        seen = phone.evaluate(_LOOK)
        numbered = standing is EventStanding.HELD_FOR_GROUP and language != "en"
        wanted = ["" if numbered else said(head, language)]
        if name.startswith("moved"):
            wanted.insert(0, said("New time and place", language))
        faults += [
            f"{name}: {fault}"
            for fault in _wrong(seen, wanted, said_in_the_bar(_act(name, standing), language))
        ]
    assert faults == []


def _act(name: str, standing: EventStanding) -> str:
    special = {"online, live": "Send a question now", "closed, nobody walks in": "Send your question"}
    return special.get(name, STATES[standing].act)


def _wrong(seen: Any, wanted: list[str], act: str) -> list[str]:
    heads, bar = seen["heads"], seen["bar"]
    if seen["scrolled"]:
        return ["the page does not begin at its top"]
    if bar is None:
        return ["there is no bar"]
    wrong = []
    if not (bar["top"] > 0 and bar["bottom"] <= 844 and bar["left"] >= 0 and bar["right"] <= 390):
        wrong.append(f"the bar is outside the screen: {bar}")
    if not (bar["words"] and bar["act"] == act and bar["href"]):
        wrong.append(f"the bar does not say {act}: {bar}")
    if bar["bottom"] - bar["top"] > 844 / 5:
        wrong.append(f"the bar takes more than a fifth of the screen: {bar}")
    if [head["words"] for head in heads] != wanted and wanted != [""]:
        wrong.append(f"the notices say {[head['words'] for head in heads]}")
    wrong += [
        f"“{head['words']}” ends {head['line'] - bar['top']:.0f} px under the bar"
        for head in heads
        if max(head["bottom"], head["line"]) > bar["top"]
    ]
    return wrong

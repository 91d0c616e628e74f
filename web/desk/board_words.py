"""What a card of the run-board says: when and where, how full, and the next step."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.models import Agency
from events.event_stages import Stage
from events.event_warnings import warnings_about
from events.models import EventFormat
from outreach.models import SummaryStatus
from outreach.run_board import Board, Card
from web.desk.do_today import summary_due
from web.desk.event_head import distance_in_words, stage_names
from web.desk.words import clock, month_day, seats_in_words, short_day, tally_in_words
from web.promise_words import standing_of

# Late first, as everywhere.
_ORDER = ("late", "risk", "track", "kept", "failed", "stopped")


@dataclass(slots=True)
class CardWords:
    """One card. step_mark: "" for an ordinary next step."""

    card: Card
    url: str
    lines: list[str]
    step: str = ""
    step_mark: str = ""
    marks: list[str] = field(default_factory=list)
    marks_said: str = ""
    door: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class LaneWords:
    """One lane. more: where all of them are, "" where all are shown."""

    key: str
    name: str
    number: int
    cards: list[CardWords]
    more: str


def lanes_in_words(agency: Agency, board: Board, now: dt.datetime) -> list[LaneWords]:
    """The five lanes as they are shown."""
    names, everything = stage_names(), reverse("event_list", kwargs={"slug": agency.slug})
    return [
        LaneWords(
            key=lane.stage.value,
            name=names[lane.stage],
            number=lane.number,
            cards=[_card(agency, card, board.today, now) for card in lane.cards],
            more=f"{everything}?which={lane.stage.value}" if lane.number > len(lane.cards) else "",
        )
        for lane in board.lanes
    ]


def _card(agency: Agency, card: Card, today: dt.date, now: dt.datetime) -> CardWords:
    at = {"slug": agency.slug, "event_id": card.event.pk}
    said = CardWords(card, reverse("workspace", kwargs=at), [_when(card, now)])
    {
        Stage.PLAN: _planned,
        Stage.PUBLISHED: _published,
        Stage.LIVE: _live,
        Stage.WRAP_UP: _over,
        Stage.FOLLOW: _followed,
    }[card.stage](said, card, today, now)
    if card.stage is Stage.LIVE:
        said.door = reverse("door", kwargs={"event_id": card.event.pk})
        said.notes = reverse("notes", kwargs=at)
    return said


def _when(card: Card, now: dt.datetime) -> str:
    event = card.event
    day = short_day(event.local_starts_at.date())
    if card.stage is Stage.LIVE:
        return _("{day}, {begins} to {ends}").format(
            day=day, begins=clock(event.local_starts_at), ends=clock(event.local_ends_at)
        )
    if card.stage is Stage.FOLLOW:
        return day
    return _("{day}, {distance}").format(day=day, distance=distance_in_words(event, now))


def _planned(said: CardWords, card: Card, today: dt.date, now: dt.datetime) -> None:
    event = card.event
    said.lines.append(_place(card))
    missing = {remark.code for remark in warnings_about(event, now=now)}
    if event.time_to_set:
        said.step = _("Set the time.")
    elif "starts_in_the_past" in missing:
        said.step, said.step_mark = _("Its day has passed. Choose a new one."), "risk"
    elif "no_venue" in missing:
        said.step = _("Choose a place.")
    elif "no_online_link" in missing:
        said.step = _("Add the link to join.")
    else:
        _next_line(said, card, today)


def _published(said: CardWords, card: Card, today: dt.date, now: dt.datetime) -> None:
    said.lines.append(seats_in_words(card.event))
    if card.needs is not None and (not card.to_do or _needs_come_first(card)):
        number, due = card.needs.number, card.needs.first_due
        said.step = ngettext(
            "Arrange %(number)d need by %(day)s.", "Arrange %(number)d needs by %(day)s.", number
        ) % {"number": number, "day": month_day(due)}
        said.step_mark = "risk" if due <= today else ""
    else:
        _next_line(said, card, today)


def _needs_come_first(card: Card) -> bool:
    due = card.to_do.due_on if card.to_do else None
    return card.needs is not None and (due is None or card.needs.first_due <= due)


def _live(said: CardWords, card: Card, today: dt.date, now: dt.datetime) -> None:
    said.lines.append(seats_in_words(card.event))


def _over(said: CardWords, card: Card, today: dt.date, now: dt.datetime) -> None:
    totals = getattr(card.event, "totals", None)
    if totals is not None:
        came = totals.came_people + totals.walk_ins + totals.head_count
        said.lines.append(ngettext("%(came)d person came.", "%(came)d people came.", came) % {"came": came})
    _promises(said, card, today)
    step = {
        SummaryStatus.DRAFT.value: _("The summary is written and not approved yet."),
        SummaryStatus.APPROVED.value: _("The summary is approved. Publish it."),
    }.get(card.summary, _("Write the summary."))
    due = summary_due(card)
    late = (today - due).days if due else 0
    if due is None:
        said.step = step
    elif late > 0:
        said.step_mark = "late"
        days = ngettext("It is %(late)d day late.", "It is %(late)d days late.", late) % {"late": late}
        said.step = f"{step} {days}"
    else:
        said.step = f"{step} " + _("It is due {day}.").format(day=month_day(due))


def _followed(said: CardWords, card: Card, today: dt.date, now: dt.datetime) -> None:
    _promises(said, card, today)
    late = [one for one, mark in zip(card.promises, said.marks, strict=True) if mark == "late"]
    if late:
        said.step_mark = "late"
        words = ngettext("%(late)d is late: %(title)s", "%(late)d are late: %(title)s", len(late))
        said.step = words % {"late": len(late), "title": late[0].title}
        return
    if "risk" in said.marks:
        said.step_mark = "risk"
    owed = [one.due_on for one in card.promises if one.status in {"open", "in_progress"}]
    if owed:
        said.step = _("The next is due {day}.").format(day=month_day(min(owed)))


def _promises(said: CardWords, card: Card, today: dt.date) -> None:
    if not card.promises:
        return
    marked = [(standing_of(one, today, staff=True).mark, one) for one in card.promises]
    marked.sort(key=lambda row: _ORDER.index(row[0]))
    card.promises = [one for _mark, one in marked]
    said.marks = [mark for mark, _one in marked]
    said.marks_said = tally_in_words(said.marks)
    number = len(said.marks)
    said.lines.append(ngettext("%(number)d promise", "%(number)d promises", number) % {"number": number})


def _next_line(said: CardWords, card: Card, today: dt.date) -> None:
    """The first line of its checklist that is not done."""
    if card.to_do is None:
        if card.stage is Stage.PLAN:
            said.step = _("Publish it.")
        return
    due = card.to_do.due_on
    if due is None:
        said.step = card.to_do.title
        return
    said.step = _("{what}, by {day}").format(what=card.to_do.title, day=month_day(due))
    said.step_mark = "risk" if due < today else ""


def _place(card: Card) -> str:
    if card.event.venue:
        return card.event.venue.name
    return _("Online") if card.event.format == EventFormat.ONLINE else _("No place yet")

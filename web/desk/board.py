"""The run-board: what to do today, and every event in its stage."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.commitments.standing import Standing, staff_day, standing_on
from events.event.models import EventFormat
from events.event.when import days_of, when_of
from events.planning.fields import warnings_about
from outreach.summaries.models import SummaryStatus
from web.commitments.words import MARKS, marks_in_words
from web.desk.board_reading import Board, Card, board_of
from web.desk.do_today import day_line, summary_due, tasks_of
from web.events.staff_head import distance_in_words, stage_names
from web.events.stages import Stage
from web.rsvps.words import month_day, seats_in_words
from web.site.frames.staff import Desk, desk_page, show


@desk_page("events:write")
def board(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The whole page; the lanes alone for htmx, which asks for them once a minute."""
    only_mine = request.GET.get("show") == "mine"
    found = board_of(desk.agency, desk.person, only_mine=only_mine, now=desk.now)
    context = {
        "lanes": lanes_in_words(desk.agency, found, desk.now),
        "only_mine": only_mine,
        "has_events": any(lane.number for lane in found.lanes),
    }
    if request.headers.get("HX-Request"):
        answer = show(request, "desk/_lanes.html", desk, context)
    else:
        context |= {"tasks": tasks_of(desk.agency, found), "day_line": day_line(found)}
        answer = show(request, "desk/board.html", desk, context, nav="events")
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@dataclass(slots=True)
class CardWords:
    """One card. step_mark: "" for an ordinary next step."""

    card: Card
    url: str
    lines: list[str]
    step: str = ""
    step_mark: str = ""
    marks: list[str] = field(default_factory=list)
    marks_told: str = ""
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
    told = CardWords(card, reverse("workspace", kwargs=at), [_when(card, now)])
    {
        Stage.PLAN: _planned,
        Stage.PUBLISHED: _published,
        Stage.LIVE: _live,
        Stage.WRAP_UP: _over,
        Stage.FOLLOW: _followed,
    }[card.stage](told, card, today, now)
    if getattr(card.event, "planner_left", False) and card.stage in {Stage.PLAN, Stage.PUBLISHED}:
        told.lines.append(_("Whoever planned it has left: it is nobody's now."))
    if card.event.followed_rules_at is not None:
        told.lines.append(_("The rules of its time zone changed: look at its times."))
    if card.stage is Stage.LIVE:
        told.door = reverse("door", kwargs={"event_id": card.event.pk})
        told.notes = reverse("notes", kwargs=at)
    return told


def _when(card: Card, now: dt.datetime) -> str:
    event = card.event
    if card.stage is Stage.LIVE:
        return when_of(event, now=now)
    days = days_of(event, now=now)
    if card.stage is Stage.FOLLOW:
        return days
    return _("{day}, {distance}").format(day=days, distance=distance_in_words(event, now))


def _planned(told: CardWords, card: Card, today: dt.date, now: dt.datetime) -> None:
    event = card.event
    told.lines.append(_where(card))
    missing = {remark.code for remark in warnings_about(event, now=now)}
    if event.time_to_set:
        told.step = _("Set the time.")
    elif "starts_in_the_past" in missing:
        told.step, told.step_mark = _("Its day has passed. Choose a new one."), "risk"
    elif "no_venue" in missing:
        told.step = _("Choose a place.")
    elif "no_online_link" in missing:
        told.step = _("Add the link to join.")
    else:
        _next_line(told, card, today)


def _published(told: CardWords, card: Card, today: dt.date, now: dt.datetime) -> None:
    told.lines.append(seats_in_words(card.event))
    if card.needs is not None and (not card.to_do or _needs_come_first(card)):
        number, due = card.needs.number, card.needs.first_due
        told.step = ngettext(
            "Arrange %(number)d need by %(day)s.", "Arrange %(number)d needs by %(day)s.", number
        ) % {"number": number, "day": month_day(due)}
        told.step_mark = "risk" if due <= today else ""
    else:
        _next_line(told, card, today)


def _needs_come_first(card: Card) -> bool:
    due = card.to_do.due_on if card.to_do else None
    return card.needs is not None and (due is None or card.needs.first_due <= due)


def _live(told: CardWords, card: Card, today: dt.date, now: dt.datetime) -> None:
    told.lines.append(seats_in_words(card.event))


def _over(told: CardWords, card: Card, today: dt.date, now: dt.datetime) -> None:
    totals = getattr(card.event, "totals", None)
    if totals is not None:
        came = totals.came_people + totals.walk_ins + totals.head_count
        told.lines.append(ngettext("%(came)d person came.", "%(came)d people came.", came) % {"came": came})
    _commitments(told, card, today)
    step = {
        SummaryStatus.DRAFT.value: _("The summary is written and not approved yet."),
        SummaryStatus.APPROVED.value: _("The summary is approved. Publish it."),
    }.get(card.summary, _("Write the summary."))
    due = summary_due(card)
    late = (today - due).days if due else 0
    if due is None:
        told.step = step
    elif late > 0:
        told.step_mark = "late"
        days = ngettext("It is %(late)d day late.", "It is %(late)d days late.", late) % {"late": late}
        told.step = f"{step} {days}"
    else:
        told.step = f"{step} " + _("It is due {day}.").format(day=month_day(due))


def _followed(told: CardWords, card: Card, today: dt.date, now: dt.datetime) -> None:
    stand = _commitments(told, card, today)
    late = [one for standing, one in stand if standing is Standing.LATE]
    if late:
        told.step_mark = MARKS[Standing.LATE]
        words = ngettext("%(late)d is late: %(title)s", "%(late)d are late: %(title)s", len(late))
        told.step = words % {"late": len(late), "title": late[0].title}
        return
    if any(standing is Standing.AT_RISK for standing, _one in stand):
        told.step_mark = MARKS[Standing.AT_RISK]
    owed = [one.due_on for standing, one in stand if standing.is_owed]
    if owed:
        told.step = _("The next is due {day}.").format(day=month_day(min(owed)))


def _commitments(told: CardWords, card: Card, today: dt.date) -> list[tuple[Standing, Commitment]]:
    """Say how many there are, and how each stands: the worst first."""
    day, order = staff_day(card.event.agency, today), list(Standing)
    stand = sorted(
        ((standing_on(one, day), one) for one in card.commitments), key=lambda row: order.index(row[0])
    )
    if stand:
        told.marks = [MARKS[standing] for standing, _one in stand]
        told.marks_told = marks_in_words(standing for standing, _one in stand)
        number = len(stand)
        told.lines.append(ngettext("%(number)d promise", "%(number)d promises", number) % {"number": number})
    return stand


def _next_line(told: CardWords, card: Card, today: dt.date) -> None:
    """The first line of its checklist that is not done."""
    if card.to_do is None:
        if card.stage is Stage.PLAN:
            told.step = _("Publish it.")
        return
    due = card.to_do.due_on
    if due is None:
        told.step = card.to_do.title
        return
    told.step = _("{what}, by {day}").format(what=card.to_do.title, day=month_day(due))
    told.step_mark = "risk" if due < today else ""


def _where(card: Card) -> str:
    if card.event.venue:
        return card.event.venue.name
    return _("Online") if card.event.format == EventFormat.ONLINE else _("No place yet")

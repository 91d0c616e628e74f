"""What a liaison does today, worked out from the board: late things first, each with the page where it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.commitments.standing import is_late
from events.event.models import Audience
from events.event.when import span_of, start_clock_of
from events.rsvps.needs.models import NeedKind
from outreach.summaries.models import SummaryStatus
from web.commitments.words import standing_of
from web.desk.board_reading import Board, Card, NeedsDue
from web.events.stages import Stage
from web.rsvps.words import month_day, short_day

MOST: Final = 12
_DRAFT_NEARS: Final = 14
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: its mark, what it is, why now, and where."""

    mark: str
    title: str
    words: str
    url: str
    button: str


def tasks_of(agency: Agency, board: Board) -> list[Task]:
    """The late ones first; never more than a page holds."""
    return list(islice(_tasks(agency, board), MOST))


def summary_due(card: Card) -> dt.date | None:
    """The day until which the agency promises to say what it heard; None where it promised nobody: among staff."""
    if card.event.audience == Audience.STAFF:
        return None
    return card.event.local_ends_at.date() + card.event.agency.summary_due_days * _DAY


def _tasks(agency: Agency, board: Board) -> Iterator[Task]:
    today = board.today
    yield from (
        _summary(agency, card, due, today)
        for card in board.lane(Stage.WRAP_UP).cards
        if (due := summary_due(card)) and due < today
    )
    late = [one for one in board.commitments if is_late(one, today)]
    yield from (_commitment(agency, one, today) for one in late)
    yield from (_needs(agency, found, today) for found in board.needs if found.first_due <= today)
    yield from (_commitment(agency, one, today) for one in board.commitments if one not in late)
    yield from _tonight(board)
    yield from _drafts(agency, board)
    if board.waiting:
        yield _waiting(agency, board.waiting)


def _summary(agency: Agency, card: Card, due: dt.date, today: dt.date) -> Task:
    event = card.event
    late = (today - due).days
    words = {"title": event.title, "day": month_day(due), "late": late}
    said = (
        ngettext(
            "We promised it by %(day)s. It is %(late)d day late.",
            "We promised it by %(day)s. It is %(late)d days late.",
            late,
        )
        % words
    )
    title, button = {
        SummaryStatus.DRAFT.value: (_("Get the summary of {title} approved"), _("Go to the summary")),
        SummaryStatus.APPROVED.value: (_("Publish the summary of {title}"), _("Go to publishing")),
    }.get(card.summary, (_("Write the summary of {title}"), _("Write the summary")))
    url = reverse("event_summary", kwargs={"slug": agency.slug, "event_id": event.pk})
    return Task("late", title.format(title=event.title), said, url, button)


def _commitment(agency: Agency, commitment: Commitment, today: dt.date) -> Task:
    standing = standing_of(commitment, today, staff=True)
    title = _("Say how it goes: {title}").format(title=commitment.title)
    words = _("{office} promised it by {day}. {standing}").format(
        office=commitment.owner_office, day=month_day(commitment.due_on), standing=standing.sentence
    )
    if commitment.owner_now_id is None:
        words = f"{words} " + _("Nobody answers for it by name.")
    url = reverse("desk_commitment", kwargs={"slug": agency.slug, "commitment_id": commitment.pk})
    return Task(standing.mark, title, words, url, _("Post an update"))


def _needs(agency: Agency, found: NeedsDue, today: dt.date) -> Task:
    event, number = found.event, found.number
    day = short_day(event.local_starts_at.date())
    if len(found.kinds) == 1:
        kind = NeedKind(next(iter(found.kinds))).label
        title = _("{need}: arrange it for {day}").format(need=kind, day=day)
    else:
        title = _("Arrange what people need on {day}").format(day=day)
    words = ngettext(
        "%(number)d request for %(title)s is not arranged.",
        "%(number)d requests for %(title)s are not arranged.",
        number,
    ) % {"number": number, "title": event.title}
    if found.nobodys:
        taken = ngettext(
            "Nobody has taken %(number)d of them.", "Nobody has taken %(number)d of them.", found.nobodys
        )
        words = f"{words} " + taken % {"number": found.nobodys}
    due = _("Today is the last day for it.") if found.first_due == today else _("The day for it has passed.")
    url = reverse("event_needs", kwargs={"slug": agency.slug, "event_id": event.pk})
    return Task("risk", title, f"{words} {due}", url, _("Arrange it"))


def events_today(board: Board) -> list[Card]:
    """What is on now, or has a day of its own today."""
    cards = [*board.lane(Stage.LIVE).cards, *board.lane(Stage.PUBLISHED).cards]
    spans = [(card, span_of(card.event)) for card in cards]
    return [card for card, span in spans if span.starts.date() <= board.today <= span.last_day]


def day_line(board: Board) -> str:
    """What day it is, and whether anything is on."""
    number = len(events_today(board))
    day = short_day(board.today)
    if not number:
        return _("{day}. No event today.").format(day=day)
    words = ngettext("%(day)s. %(number)d event today.", "%(day)s. %(number)d events today.", number)
    return words % {"day": day, "number": number}


def _tonight(board: Board) -> Iterator[Task]:
    for card in events_today(board):
        event = card.event
        time = start_clock_of(event)
        if card.stage is Stage.LIVE:
            title = _("Welcome people to {title}").format(title=event.title)
            words = _("It is on now. Check people in, and write down what is said.")
        else:
            title = _("Get ready for {title}, {time}").format(title=event.title, time=time)
            words = _("Open the door list on each device, and print two sign-in sheets as a spare.")
        url = reverse("door", kwargs={"event_id": event.pk})
        yield Task("track", title, words, url, _("Open the door list"))


def _drafts(agency: Agency, board: Board) -> Iterator[Task]:
    for card in board.lane(Stage.PLAN).cards:
        event = card.event
        days = (event.local_starts_at.date() - board.today).days
        if days > _DRAFT_NEARS:
            continue
        title = _("Publish {title}, or move it").format(title=event.title)
        if days < 0:
            words = _("Its day has passed, and nobody was told of it.")
        elif days == 0:
            words = _("It is planned for today, and nobody knows of it yet.")
        else:
            words = ngettext(
                "It is in %(days)d day, and nobody knows of it yet.",
                "It is in %(days)d days, and nobody knows of it yet.",
                days,
            ) % {"days": days}
        url = reverse("workspace", kwargs={"slug": agency.slug, "event_id": event.pk})
        yield Task("risk", title, words, url, _("Open the draft"))


def _waiting(agency: Agency, number: int) -> Task:
    title = ngettext(
        "Look at %(number)d contribution that waits", "Look at %(number)d contributions that wait", number
    ) % {"number": number}
    words = _("Nobody can read them until somebody of us shows or hides them.")
    return Task("track", title, words, reverse("contributions", kwargs={"slug": agency.slug}), _("Read them"))

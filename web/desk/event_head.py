"""What stands on top of every page about one event: its title and time, the rail of its stages, and the tabs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.agency_time import local_day
from engage.rule_violation import Forbidden, Unknown
from events.event_figures import EventFigures, figures_of
from events.event_stages import Stage, stage_of
from events.models import Audience, Event, EventStatus
from web.dates_in_words import when_in_words
from web.desk_frame import Desk


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the rail. state: done, now or "" (to come)."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One page about the event. number: how many there are, None where nothing is counted."""

    key: str
    name: str
    url: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What console/_event_head.html shows."""

    event: Event
    tab: str
    when: str
    distance: str
    steps: list[Step]
    tabs: list[Tab]
    counts: EventFigures
    may_edit: bool
    is_public: bool
    has_door: bool


def own_event(desk: Desk, event_id: UUID) -> Event:
    """The agency's own event, for its staff. Raises Unknown for another agency's, Forbidden for a panelist."""
    event = (
        Event.objects.select_related("agency", "venue", "dialogue")
        .filter(agency=desk.agency, pk=event_id)
        .first()
    )
    if event is None:
        raise Unknown
    if not desk.viewer.is_staff_of(desk.agency.pk):
        raise Forbidden
    return event


def head_of(desk: Desk, event: Event, tab: str) -> Head:
    """For ``{% include "console/_event_head.html" %}``, which holds the page's h1 and expects it as ``head``.

    tab: overview, rsvps, needs, questions, outreach, notes or summary; "" for a page below none of them. Two queries.
    """
    counts = figures_of(event)
    return Head(
        event=event,
        tab=tab,
        when=when_in_words(event),
        distance=distance_in_words(event, desk.now),
        steps=_steps(event),
        tabs=_tabs(desk, event, counts),
        counts=counts,
        may_edit=desk.runs_events,
        is_public=event.audience == Audience.PUBLIC and event.status != EventStatus.DRAFT,
        has_door=desk.runs_events and event.status in {EventStatus.PUBLISHED, EventStatus.LIVE},
    )


def stage_names() -> dict[Stage, str]:
    return {
        Stage.PLAN: _("Plan"),
        Stage.PUBLISHED: _("Published"),
        Stage.LIVE: _("Live"),
        Stage.WRAP_UP: _("Wrap up"),
        Stage.FOLLOW: _("Follow through"),
    }


def distance_in_words(event: Event, now: dt.datetime) -> str:
    """How far away it is by the calendar of its place: today, in 7 days, 14 days ago."""
    days = (event.local_starts_at.date() - local_day(event.timezone, now)).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


def _steps(event: Event) -> list[Step]:
    stage, steps, before = stage_of(event), [], True
    if stage is None:
        return []
    for key, name in stage_names().items():
        before = before and key is not stage
        steps.append(Step(name, "now" if key is stage else "done" if before else ""))
    return steps


def _tabs(desk: Desk, event: Event, counts: EventFigures) -> list[Tab]:
    """Those that the viewer's role opens."""
    at = {"slug": desk.agency.slug, "event_id": event.pk}
    tabs = [Tab("overview", _("Overview"), reverse("workspace", kwargs=at))]
    if desk.may("rsvps:read"):
        tabs.append(Tab("rsvps", _("RSVPs"), reverse("event_rsvps", kwargs=at), counts.people))
        tabs.append(Tab("needs", _("Needs"), reverse("event_needs", kwargs=at), counts.needs))
    if desk.moderates:
        tabs.append(Tab("questions", _("Questions"), reverse("event_questions", kwargs=at), counts.questions))
    tabs.append(Tab("outreach", _("Outreach"), reverse("event_outreach", kwargs=at)))
    if desk.runs_events:
        tabs.append(Tab("notes", _("Notes"), reverse("notes", kwargs=at)))
    if desk.keeps_promises:
        tabs.append(Tab("summary", _("Summary"), reverse("event_summary", kwargs=at)))
    return tabs


def id_in(given: str) -> UUID:
    """An id out of an address's query. Raises Unknown for what is none."""
    try:
        return UUID(given)
    except ValueError:
        raise Unknown from None

"""What stands on top of every page about one event: its title and time, the rail of its stages, and the tabs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from engage.activity.models import Activity
from engage.local_time import local_day, one_stop
from engage.refusals import Forbidden, Unknown
from events.event.models import OPEN, STANDING, Audience, Event, EventStatus
from events.event.standing import is_off
from events.event.when import moment_in_words, when_of
from web.events.staff_figures import EventFigures, figures_of
from web.events.stages import Stage, stage_of
from web.events.standing_words import Was, before_it_moved, standing_in_words
from web.site.frames.staff import Desk


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
    """What events/_staff_head.html shows."""

    event: Event
    tab: str
    when: str
    distance: str
    stands: str
    is_off: bool
    was: Was
    steps: list[Step]
    tabs: list[Tab]
    counts: EventFigures
    may_edit: bool
    is_public: bool
    has_door: bool
    new_rules: list[str]


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
    """For ``{% include "events/_staff_head.html" %}``, which holds the page's h1 and expects it as ``head``.

    tab: overview, rsvps, needs, questions, outreach, notes or summary; "" for a page below none of them. Two queries.
    """
    counts = figures_of(event)
    return Head(
        event=event,
        tab=tab,
        when=when_of(event),
        distance=distance_in_words(event, desk.now),
        stands=standing_in_words(event, now=desk.now),
        is_off=is_off(event),
        was=before_it_moved(event, desk.now),
        steps=_steps(event),
        tabs=_tabs(desk, event, counts),
        counts=counts,
        may_edit=desk.runs_events,
        is_public=event.audience == Audience.PUBLIC and event.status != EventStatus.DRAFT,
        has_door=desk.runs_events and event.status in OPEN,
        new_rules=_new_rules(event),
    )


def _new_rules(event: Event) -> list[str]:
    """That its times followed new rules of the zone, and each that these skip; until somebody sets them anew."""
    if event.followed_rules_at is None or event.status not in STANDING:
        return []
    words = [
        _("The rules of this event’s time zone changed. Its times on the clock stand, and calendars follow.")
    ]
    lines = Activity.objects.filter(
        object_type="event", object_id=event.pk, verb="event.instants_recomputed", at=event.followed_rules_at
    )
    for line in lines:
        for before, after in line.data["skipped"].values():
            old, new = (moment_in_words(dt.datetime.fromisoformat(each)) for each in (before, after))
            words.append(
                one_stop(_("The new rules skip {before}; it is {after} now.").format(before=old, after=new))
            )
    return words


def stage_names() -> dict[Stage, str]:
    return {
        Stage.PLAN: _("Plan"),
        Stage.PUBLISHED: pgettext("meeting", "Published"),
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
        tabs.append(
            Tab("contributions", _("Questions"), reverse("event_contributions", kwargs=at), counts.questions)
        )
    tabs.append(Tab("outreach", _("Outreach"), reverse("event_outreach", kwargs=at)))
    if desk.runs_events:
        tabs.append(Tab("notes", _("Notes"), reverse("notes", kwargs=at)))
    if desk.keeps_commitments:
        tabs.append(Tab("summary", _("Summary"), reverse("event_summary", kwargs=at)))
    return tabs

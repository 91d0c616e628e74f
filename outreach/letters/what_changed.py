"""What a meeting's change was: of its time, of its zone, of its place. What was and what is, side by side."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypedDict

from django.utils.translation import gettext as _

from events.calendars.export import where_line
from events.event.models import Event, EventFormat
from events.event.when import Span, moment_of, span_of
from events.event.zone_names import zone_name
from outreach.letters.content import Block, facts, paragraph
from outreach.letters.occasion import Occasion


class Headed(TypedDict):
    """The outside of the letter, and whether the hour belongs in it."""

    what: str
    neutral: str
    heading: str
    at: bool


@dataclass(frozen=True, slots=True)
class Change:
    """was: the days and hours before, "" where they stand. where: that before, None where it stands."""

    event: Event
    was: str = ""
    is_zone_alone: bool = False
    names_zone: bool = False
    where: str | None = None

    @property
    def now(self) -> str:
        return (
            span_of(self.event, with_zone=self.names_zone).words()
            if self.names_zone
            else span_of(self.event).words()
        )

    def headed(self) -> Headed:
        """neutral: to whom has a place."""
        where, when = self.where is not None, bool(self.was)
        if self.is_zone_alone and not where:
            return {
                "what": _("New time zone"),
                "neutral": _("Your meeting has another time zone"),
                "heading": _("The meeting has another time zone"),
                "at": False,
            }
        if where and not when:
            return {
                "what": _("New place"),
                "neutral": _("Your meeting has another place"),
                "heading": _("The meeting has another place"),
                "at": False,
            }
        return {
            "what": _("New time and place") if where else _("New time"),
            "neutral": _("Your meeting has changed"),
            "heading": _("The meeting has changed"),
            "at": True,
        }

    def in_one_line(self) -> str:
        """The old and the new, for the line that a list of letters shows beside the subject."""
        if self.was:
            return _("Before: {before}. Now: {after}.").format(before=self.was, after=self.now)
        if self.where:
            return _("Before: {before}. Now: {after}.").format(before=self.where, after=_where_of(self.event))
        return ""

    def told(self) -> list[Block]:
        sentences = []
        if self.is_zone_alone:
            sentences.append(_("The clock shows the same, in another time zone."))
        if self.was:
            sentences.append(_("It was planned for {before}.").format(before=self.was))
            sentences.append(_("It is now {after}.").format(after=self.now))
        elif self.where is not None:
            sentences.append(_("The time stays as it was: {when}.").format(when=self.now))
        blocks = [paragraph(" ".join(sentences))] if sentences else []
        if self.where is not None:
            here = _where_of(self.event)
            if here == self.where:
                blocks.append(paragraph(_("The link to join has changed.")))
            else:
                blocks.append(facts([(_("Place before"), [self.where]), (_("Place now"), [here])]))
        return blocks


def what_changed(occasion: Occasion) -> Change:
    """By the act that this letter tells of; as far as it says what was."""
    event, act = occasion.event, occasion.activity()
    if act is None:
        return Change(event)
    what, before = act.data.get("what", []), act.data.get("before")
    if before is None:
        # Written down by a release that kept the start alone.
        start = act.data.get("from")
        was = moment_of(event, dt.datetime.fromisoformat(start)) if start and "time" in what else ""
        return Change(event, was=was)
    where = _where_in_words(before["where"], before["format"]) if "place" in what else None
    if "time" not in what:
        return Change(event, where=where)
    starts, ends = (dt.datetime.fromisoformat(before[name]) for name in ("starts", "ends"))
    elsewhere = before["zone"] != event.timezone
    zone = (
        zone_name(before["zone"], dt.datetime.fromisoformat(act.data["from"]))
        if elsewhere
        else span_of(event).zone
    )
    return Change(
        event,
        was=Span(starts, ends, zone).words(),
        is_zone_alone=elsewhere and (starts, ends) == (event.local_starts_at, event.local_ends_at),
        names_zone=elsewhere,
        where=where,
    )


def _where_of(event: Event) -> str:
    return _where_in_words(where_line(event), event.format)


def _where_in_words(where: str, kind: Any) -> str:
    online = kind == EventFormat.ONLINE
    if kind == EventFormat.HYBRID and where:
        return _("{place}, or online").format(place=where)
    return where or (_("Online") if online else _("The place will be announced."))

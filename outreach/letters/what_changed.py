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
    """The outside of the letter."""

    subject: str
    discreet_subject: str
    heading: str


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

    def headed(self, name: str) -> Headed:
        """name: of the meeting, in the reader's language."""
        values = {"title": name, "when": self.now}
        if self.is_zone_alone and self.where is None:
            return {
                "subject": _("New time zone: {title}, {when}").format(**values),
                "discreet_subject": _("Your meeting has another time zone: {when}").format(**values),
                "heading": _("The meeting has another time zone"),
            }
        if self.where is not None and not self.was:
            return {
                "subject": _("New place: {title}, {when}").format(**values),
                "discreet_subject": _("Your meeting has another place: {when}").format(**values),
                "heading": _("The meeting has another place"),
            }
        return {
            "subject": _("Changed: {title} is now {when}").format(**values),
            "discreet_subject": _("Your meeting has changed: {when}").format(**values),
            "heading": _("The meeting has changed"),
        }

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

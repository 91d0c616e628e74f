"""Remarks on a meeting that hinder nothing: what a liaison probably still wants to add."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from events.models import Event, EventFormat, EventStatus


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark. ``code`` is stable, ``detail`` is a sentence in the reader's language."""

    code: str
    detail: str


def warnings_about(event: Event, *, now: dt.datetime) -> list[Remark]:
    """What is missing before people come: a place, a link, a dialogue; a start that has passed."""
    if event.status in {EventStatus.ENDED, EventStatus.REPORTED, EventStatus.CANCELLED}:
        return []
    found = []
    if event.format != EventFormat.ONLINE and event.venue_id is None:
        found.append(Remark("no_venue", _("Nobody can read yet where to go: the meeting has no place.")))
    if event.format != EventFormat.IN_PERSON and not event.online_url:
        found.append(Remark("no_online_link", _("People cannot join from home yet: there is no link.")))
    if event.dialogue_id is None:
        found.append(
            Remark("no_dialogue", _("This meeting belongs to no dialogue, so its results will stand alone."))
        )
    if event.starts_at <= now and event.status != EventStatus.LIVE:
        found.append(Remark("starts_in_the_past", _("The start has passed already.")))
    return found

"""The order of the evening as lines of text: one point a line, its minutes in brackets."""

from __future__ import annotations

import re
from typing import Any, Final

from events.models import Event

_MINUTES: Final = re.compile(r"(?P<title>.*\S)\s*\((?P<minutes>\d{1,4})\)", re.ASCII)


def agenda_text(event: Event) -> str:
    """The order that stands."""
    return "\n".join(
        f"{item.title} ({item.minutes})" if item.minutes else item.title for item in event.agenda_items.all()
    )


def agenda_from(text: str, event: Event | None) -> list[dict[str, Any]]:
    """What ``set_agenda`` takes. A point that keeps its title keeps the promise that it reports on."""
    promises = {item.title: item.commitment_id for item in event.agenda_items.all()} if event else {}
    items = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        found = _MINUTES.fullmatch(line)
        title = found["title"] if found else line
        minutes = int(found["minutes"]) if found else None
        items.append({"title": title, "minutes": minutes, "commitment": promises.get(title)})
    return items

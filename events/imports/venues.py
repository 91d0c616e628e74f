"""From a line about a place to a venue: the building told from its address, the same place kept once."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from engage.agencies.models import Agency
from engage.database.bounds import longest_of
from events.event.models import Venue

# A street number as American notices write it: two to five digits, a compass point, a street.
_RUN_IN: Final = re.compile(r"(?<=[A-Za-z'’.)])(?=\d{2,5} +[NSEW]\b)")
_ADDRESS: Final = re.compile(
    r"(?:,|;|:|-|–|@|\bat\b|\blocated\b|\s)*(\b\d{2,5}(?: ?[-–] ?\d{2,5})? +(?:[NSEW]\b\.?|North\b|South\b|East\b|West\b) *\S.*)",
    re.IGNORECASE,
)
_NAME: Final = longest_of(Venue, "name")
_LINE: Final = longest_of(Venue, "address")
# Of a line about a place, which is cut into the two.
LONGEST_WHERE: Final = _NAME + _LINE


class Whereabouts(NamedTuple):
    """name: the building or all there is. address: may be empty. Both no longer than a venue's."""

    name: str
    address: str


def read_whereabouts(text: str) -> Whereabouts:
    """Line breaks and runs of spaces go; “St. Ferdinand's3115 N. Mason” becomes a building and its address."""
    lines = [" ".join(line.split()).strip(" ,;") for line in text[:LONGEST_WHERE].split("\n")]
    whole = _RUN_IN.sub(" ", ", ".join(line for line in lines if line))
    found = _ADDRESS.search(whole)
    building = whole[: found.start()].strip(" ,;:-–") if found else ""
    if found is None or not re.search(r"[^\W\d_]{2}", building):
        return Whereabouts(whole[:_NAME], "")
    return Whereabouts(building[:_NAME], found[1][:_LINE])


class Venues:
    """The agency's venues, found by what is written on them; new ones are saved as a batch ends."""

    def __init__(self, agency: Agency, *, now: dt.datetime) -> None:
        self._agency, self._now = agency, now
        self._known = {_key(venue): venue for venue in Venue.objects.filter(agency=agency).order_by("-pk")}
        self._new: list[Venue] = []

    def at(self, text: str) -> Venue:
        """The venue for a line about a place; “To be announced” for none."""
        found = read_whereabouts(text) if text.strip() else Whereabouts(_("To be announced"), "")
        venue = Venue(agency=self._agency, name=found.name, address=found.address, created_at=self._now)
        known = self._known.setdefault(_key(venue), venue)
        if known is venue:
            self._new.append(venue)
        return known

    def save(self) -> None:
        Venue.objects.bulk_create(self._new)
        self._new = []


def _key(venue: Venue) -> str:
    """Letters and digits only: the same place is written with and without its commas."""
    return "".join(
        letter for letter in f"{venue.name}{venue.room}{venue.address}".casefold() if letter.isalnum()
    )

"""What people call each time zone, from Unicode's CLDR by Babel: `python -m tools.zone_names` writes the table anew.

Only the tool needs Babel; the product reads the table (events/event/zone_names.py), a test holds one to the other.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global

FILE: Final = Path(__file__).resolve().parents[1] / "events" / "event" / "zone_names.json"
# Each language of ours, and where it is looked up: the Spanish of Latin America first, which most readers here speak.
LANGUAGES: Final = {"en": ("en",), "es": ("es_419", "es")}
# Whose clock a name stands for where it spans places that keep their own: the one most people think of.
_KNOWN_BY: Final = {
    "Alaska": "America/Anchorage", "America_Central": "America/Chicago", "America_Eastern": "America/New_York",
    "America_Mountain": "America/Denver", "America_Pacific": "America/Los_Angeles", "Atlantic": "America/Halifax",
    "Australia_Central": "Australia/Adelaide", "Australia_Eastern": "Australia/Sydney", "Australia_Western": "Australia/Perth",
    "Brasilia": "America/Sao_Paulo", "British": "Europe/London", "Chile": "America/Santiago", "Europe_Central": "Europe/Paris",
    "Europe_Eastern": "Europe/Bucharest", "Europe_Western": "Europe/Lisbon", "Greenland": "America/Nuuk",
    "Mexico_Pacific": "America/Mazatlan", "Moscow": "Europe/Moscow", "New_Zealand": "Pacific/Auckland",
}  # fmt: skip


def table() -> dict[str, Any]:
    """``names``: group, language and name; ``known_by``: group and zone; ``zones``: zone and group."""
    groups, aliases = get_global("meta_zones"), get_global("zone_aliases")
    zones = {}
    for zone in sorted(available_timezones()):
        group = groups.get(aliases.get(zone, zone))
        if group and all(_name(group, locales) for locales in LANGUAGES.values()):
            zones[zone] = group
    used = sorted(set(zones.values()))
    return {
        "names": {
            group: {code: _name(group, locales) for code, locales in LANGUAGES.items()} for group in used
        },
        "known_by": {group: _known_by(group, zones) for group in used},
        "zones": zones,
    }


def _name(group: str, locales: tuple[str, ...]) -> str:
    """That of the whole year, "Mountain Time"; where clocks never change there is only the one."""
    for kind in ("generic", "standard"):
        for locale in locales:
            found = Locale.parse(locale).meta_zones.get(group, {}).get("long", {}).get(kind)
            if found:
                return str(found)
    return ""


def _known_by(group: str, zones: dict[str, str]) -> str:
    """One that is no other's second name, where there is one."""
    members = [zone for zone, found in zones.items() if found == group]
    own = [zone for zone in members if zone in get_global("meta_zones")]
    return _KNOWN_BY.get(group) or [*own, *members][0]


def main() -> None:
    FILE.write_text(
        json.dumps(table(), ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()

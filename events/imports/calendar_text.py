"""The components of an iCalendar text. Strict about the frame, lenient about what stands inside: real files need it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext_lazy as _

from events.imports.notices import FileRefused, NotACalendar

_PROPERTY: Final = re.compile(r'([A-Za-z0-9-]+)((?:;[^:;"=]+=(?:"[^"]*"|[^":;]*))*):(.*)', re.DOTALL)
_PARAMETER: Final = re.compile(r';([^:;"=]+)=("[^"]*"|[^":;]*)')
_ESCAPED: Final = re.compile(r"\\([\\;,nN])")


@dataclass(slots=True)
class Property:
    """One content line: its value as written, its parameters by upper-case name."""

    value: str
    parameters: dict[str, str]

    @property
    def text(self) -> str:
        """TEXT with its escapes undone (RFC 5545 §3.3.11)."""
        return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass(slots=True)
class Component:
    """One VEVENT: number from 1, line of its BEGIN, and its properties in order."""

    number: int
    line: int
    properties: dict[str, list[Property]] = field(default_factory=dict)

    def first(self, name: str) -> Property | None:
        return next(iter(self.properties.get(name, ())), None)

    def text(self, name: str) -> str:
        found = self.first(name)
        return found.text if found else ""


def decoded(data: bytes) -> str:
    """UTF-8, as RFC 5545 §3.1.4 asks; what is not is read as Windows-1252, which older programs write."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def components(text: str) -> Iterator[Component]:
    """Every VEVENT. Raises NotACalendar, or FileRefused with the line where the frame breaks."""
    stack: list[str] = []
    current: Component | None = None
    number = 0
    for at, content in _lines(text):
        _enter_or_leave(stack, content, at)
        directly_inside = len(stack) == 2 and stack[1] == "VEVENT"
        if directly_inside and current is None:
            number += 1
            current = Component(number, at)
        elif directly_inside and current is not None:
            _take(current, content)
        elif current is not None and len(stack) < 2:
            yield current
            current = None
    if stack:
        raise _broken(text.count("\n") + 1)
    if "BEGIN:VCALENDAR" not in text.upper():
        raise NotACalendar


def _enter_or_leave(stack: list[str], content: str, at: int) -> None:
    """Keep the names of the open components, outermost first."""
    upper = content[:40].upper().strip()
    if not stack and upper != "BEGIN:VCALENDAR":
        raise NotACalendar(line=at)
    if upper.startswith("BEGIN:"):
        stack.append(upper[6:])
        if len(stack) > 8:
            raise _broken(at)
    elif upper.startswith("END:") and stack.pop() != upper[4:]:
        raise _broken(at)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Unfolded content lines (§3.1) with the number of the line they begin on; empty ones are passed over."""
    begun, pieces = 0, [""]
    for at, physical in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if physical[:1] in {" ", "\t"} and begun:
            pieces.append(physical[1:])
            continue
        if begun:
            yield begun, "".join(pieces)
        begun, pieces = (at, [physical]) if physical.strip() else (0, [""])
    if begun:
        yield begun, "".join(pieces)


def _take(component: Component, content: str) -> None:
    found = _PROPERTY.fullmatch(content)
    # A line without a name and a value says nothing that could be kept.
    if found is None:
        return
    parameters = {name.upper(): value.strip('"') for name, value in _PARAMETER.findall(found[2])}
    component.properties.setdefault(found[1].upper(), []).append(Property(found[3], parameters))


def _broken(line: int) -> FileRefused:
    return FileRefused(_("The calendar is broken at line {line}.").format(line=line), line=line)

"""Finds the names that a template asks for and nobody set: Django draws nothing there, and ``{% if %}`` silently says no.

A name may be absent only where it stands in ``MAY_BE_ABSENT``, with the reason.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.template import Engine, Node, Variable, VariableDoesNotExist, engines

OURS: Final = Path(__file__).parents[2] / "web" / "templates"
# By template, then by name: why nothing need be there.
MAY_BE_ABSENT: Final[dict[str, dict[str, str]]] = {
    "site/frames/page.html": {
        "agency.primary_color": "pages of no agency: errors, sign-in, the list of agencies"
    },
    "site/frames/staff.html": {"agency.name": "somebody's own account belongs to no agency"},
    "site/frames/_staff_bar.html": {
        "agency": "somebody's own account belongs to no agency",
        "desk": "somebody's own account belongs to no agency",
    },
    "allauth/layouts/base.html": {"form.errors": "pages of accounts that ask for nothing"},
    "account/password_reset_from_key.html": {
        "token_fail": "what allauth says of a link that is spent, alone"
    },
    "mfa/index.html": {
        "authenticators.totp": "a second factor that somebody has not set up",
        "authenticators.webauthn": "a second factor that somebody has not set up",
    },
    "commitments/staff_detail.html": {
        "form.shown": "a field that the form leaves out while no link is there"
    },
    "summaries/edit.html": {"form.correction_note": "a field that the form of a first wording leaves out"},
    "listening/contributions/_act.html": {"form.edit_version": "two of the five acts know no older version"},
}


@dataclass(frozen=True, order=True, slots=True)
class Absent:
    """template: below the folder of templates; name: as it is written there."""

    template: str
    line: int
    name: str

    def __str__(self) -> str:
        return f"{self.template}:{self.line}: {self.name}"

    @property
    def may_be(self) -> bool:
        return self.name in MAY_BE_ABSENT.get(self.template, {})


class _Empty(str):
    """What Django puts where a value cannot be had: as empty as ever, and told from other empty texts by being this one."""

    __slots__ = ()


_EMPTY: Final = _Empty("")


@contextlib.contextmanager
def looked_up_in_vain(templates: Path = OURS) -> Iterator[set[Absent]]:
    """Collects every lookup that found nothing in a file below ``templates`` while the block ran, in any thread."""
    found: set[Absent] = set()
    looked_up: Callable[[Variable, Any], Any] = Variable._resolve_lookup  # type: ignore[attr-defined]

    def noting(variable: Variable, context: Any) -> Any:
        try:
            value = looked_up(variable, context)
        except VariableDoesNotExist as absent:
            # What is None has no parts, and a template may ask for them.
            if absent.params[1] is not None:
                _note(found, templates, variable)
            raise
        if value is _EMPTY:
            _note(found, templates, variable)
        return value

    engine: Engine = engines["django"].engine
    before = engine.string_if_invalid
    Variable._resolve_lookup, engine.string_if_invalid = noting, _EMPTY  # type: ignore[attr-defined]
    try:
        yield found
    finally:
        Variable._resolve_lookup, engine.string_if_invalid = looked_up, before  # type: ignore[attr-defined]


def _note(found: set[Absent], templates: Path, variable: Variable) -> None:
    frame: Any = sys._getframe(2)
    while frame is not None:
        # Only the node that asks knows which file it stands in: the context knows the outermost one.
        if frame.f_code is Node.render_annotated.__code__:
            node = frame.f_locals["self"]
            path = Path(node.origin.name)
            if path.is_relative_to(templates):
                template = path.relative_to(templates).as_posix()
                found.add(Absent(template, node.token.lineno, variable.var))
            return
        frame = frame.f_back

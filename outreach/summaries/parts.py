"""What the parts of a summary may look like, and what is missing from one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from engage.commitments.models import Commitment
from engage.database.bounds import longest_of
from engage.database.ids import id_or_none
from engage.refusals import FieldError, Invalid
from outreach.summaries.models import SummaryVersion

EDITABLE: Final = (
    "heard", "will_do", "will_not_do", "next_steps", "languages", "translations", "correction_note",
    "pulse", "attendance",
)  # fmt: skip
# Of what is kept as JSON; both surfaces take these. The version's own texts have their lengths in the model.
MOST_PARTS: Final = 200
MOST_QUOTES: Final = 50
LONGEST: Final = {"title": 200, "text": 4000, "reason": 2000, "quote": 4000}
_OWN_TEXTS: Final = ("next_steps", "reply")


class SummaryWarning(NamedTuple):
    """A remark that stops nothing. code: stable; detail: a sentence."""

    code: str
    detail: str


def warnings_about(version: SummaryVersion) -> list[SummaryWarning]:
    """Empty parts and missing translations."""
    found = []
    if not version.heard:
        found.append(SummaryWarning("nothing_heard", _("Nothing is said about what you heard.")))
    if not version.will_do and not version.will_not_do:
        found.append(
            SummaryWarning("nothing_promised", _("It says neither what you will do nor what you will not."))
        )
    if not version.next_steps:
        found.append(SummaryWarning("no_next_steps", _("It does not say what happens next.")))
    missing = [language for language in version.languages[1:] if not version.translations.get(language)]
    found += [
        SummaryWarning(
            "translation_missing", _("There is no translation into “{}”.").format(_name_of(language))
        )
        for language in missing
    ]
    return found


def _name_of(language: str) -> str:
    """In the language that is spoken now; the code where it has no name here."""
    try:
        return str(get_language_info(language)["name_translated"])
    except KeyError:
        return language


def read_fields(version: SummaryVersion, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored. Raises Invalid, with a path for each that does not fit."""
    wrong: list[FieldError] = []
    read: dict[str, Any] = {}
    for name, value in fields.items():
        reader = _READERS.get(name)
        if reader is None:
            wrong.append(FieldError(name, "unknown_field", _("There is no such field.")))
            continue
        read[name] = reader(name, value, wrong)
    if "will_do" in read and not wrong:
        _must_be_the_agencys(version, read["will_do"], wrong)
    if wrong:
        raise Invalid(errors=wrong)
    return read


def _text(name: str, value: Any, wrong: list[FieldError], *, called: str = "") -> str:
    """called: by which name its length is known; the last of its path where none is given."""
    part = called or name.rpartition("/")[2]
    most = LONGEST.get(part) or longest_of(SummaryVersion, part)
    if not isinstance(value, str) or "\x00" in value:
        wrong.append(FieldError(name, "invalid", _("Write a text.")))
        return ""
    if len(value) > most:
        wrong.append(FieldError(name, "max_length", _("At most {} characters.").format(most)))
    return value.strip()


def _each(name: str, value: Any, wrong: list[FieldError]) -> list[tuple[str, dict[str, Any]]]:
    if (
        not isinstance(value, list)
        or len(value) > MOST_PARTS
        or not all(isinstance(one, dict) for one in value)
    ):
        wrong.append(FieldError(name, "invalid", _("Give a list of at most {} parts.").format(MOST_PARTS)))
        return []
    return [(f"{name}/{number}", one) for number, one in enumerate(value)]


def _heard(name: str, value: Any, wrong: list[FieldError]) -> list[dict[str, Any]]:
    read = []
    for path, one in _each(name, value, wrong):
        _only(path, one, ("theme", "title", "count", "text", "quotes"), wrong)
        count, quotes = one.get("count", 0), one.get("quotes", [])
        if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count < 10_000_000:
            wrong.append(FieldError(f"{path}/count", "invalid", _("Give a whole number.")))
        if not isinstance(quotes, list) or len(quotes) > MOST_QUOTES:
            wrong.append(
                FieldError(
                    f"{path}/quotes", "invalid", _("Give a list of at most {} quotes.").format(MOST_QUOTES)
                )
            )
            quotes = []
        theme = one.get("theme")
        if theme is not None and id_or_none(theme) is None:
            wrong.append(FieldError(f"{path}/theme", "invalid", _("Give the id of a theme.")))
        read.append(
            {
                "theme": str(theme) if theme is not None else None,
                "title": _text(f"{path}/title", one.get("title", ""), wrong),
                "count": count,
                "text": _text(f"{path}/text", one.get("text", ""), wrong),
                "quotes": [
                    _text(f"{path}/quotes/{n}", quote, wrong, called="quote")
                    for n, quote in enumerate(quotes)
                ],
            }
        )
    return read


def _will_not_do(name: str, value: Any, wrong: list[FieldError]) -> list[dict[str, str]]:
    read = []
    for path, one in _each(name, value, wrong):
        _only(path, one, ("text", "reason"), wrong)
        part = {key: _text(f"{path}/{key}", one.get(key, ""), wrong) for key in ("text", "reason")}
        if not part["reason"]:
            wrong.append(FieldError(f"{path}/reason", "reason_required", _("Say why.")))
        read.append(part)
    return read


def _will_do(name: str, value: Any, wrong: list[FieldError]) -> list[UUID]:
    ids = (
        [id_or_none(one) for one in value] if isinstance(value, list) and len(value) <= MOST_PARTS else [None]
    )
    if None in ids:
        wrong.append(FieldError(name, "invalid", _("Give the ids of promises.")))
    return list(dict.fromkeys(one for one in ids if one is not None))


def _languages(name: str, value: Any, wrong: list[FieldError]) -> list[str]:
    if (
        not isinstance(value, list)
        or len(value) > 30
        or not all(isinstance(one, str) and 2 <= len(one) <= 16 for one in value)
    ):
        wrong.append(FieldError(name, "invalid", _("Give a list of language codes.")))
        return []
    return value


def _mapping(name: str, value: Any, wrong: list[FieldError]) -> dict[str, Any]:
    if not isinstance(value, dict):
        wrong.append(FieldError(name, "invalid", _("Give an object.")))
        return {}
    return value


def _translations(name: str, value: Any, wrong: list[FieldError]) -> dict[str, Any]:
    """By language, the parts again: each text as long as in the first language at most."""
    read = _mapping(name, value, wrong)
    for path, called, text in _texts_in(name, "", read):
        if called in LONGEST or called in _OWN_TEXTS:
            _text(path, text, wrong, called=called)
    return read


def _texts_in(path: str, called: str, value: Any) -> Iterator[tuple[str, str, str]]:
    """Every text below: where it stands, by which name its length is known, itself."""
    if isinstance(value, str):
        yield path, called, value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _texts_in(f"{path}/{name}", str(name), part)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _texts_in(f"{path}/{number}", "quote" if called == "quotes" else called, part)


def _mapping_or_none(name: str, value: Any, wrong: list[FieldError]) -> dict[str, Any] | None:
    return None if value is None else _mapping(name, value, wrong)


def _only(path: str, part: Mapping[str, Any], names: tuple[str, ...], wrong: list[FieldError]) -> None:
    wrong += [
        FieldError(f"{path}/{name}", "unknown_field", _("There is no such field."))
        for name in sorted(set(part) - set(names))
    ]


def _must_be_the_agencys(version: SummaryVersion, ids: list[UUID], wrong: list[FieldError]) -> None:
    there = set(
        Commitment.objects.filter(pk__in=ids, agency_id=version.agency_id).values_list("pk", flat=True)
    )
    if missing := [one for one in ids if one not in there]:
        wrong.append(FieldError("will_do", "unknown", _("There is no promise {}.").format(missing[0])))


_READERS: Final[Mapping[str, Callable[[str, Any, list[FieldError]], Any]]] = {
    "heard": _heard,
    "will_do": _will_do,
    "will_not_do": _will_not_do,
    "next_steps": _text,
    "reply": _text,
    "correction_note": _text,
    "languages": _languages,
    "translations": _translations,
    "pulse": _mapping_or_none,
    "attendance": _mapping,
}

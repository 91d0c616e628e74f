"""Reading what a liaison filled in about a meeting: each field by its own rule, all troubles told at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.language_tags import LANGUAGE_TAG
from engage.models import Agency, Community, Dialogue
from engage.rule_violation import FieldError, Invalid, Refusal, RuleViolation
from events.models import Event, EventKind, Venue
from events.time_reading import local_time_of, read_instant, read_time, zone_called

_PLAIN: Final = frozenset(
    {
        "title",
        "description",
        "kind",
        "format",
        "audience",
        "discreet",
        "focus_area",
        "participation_level",
        "online_url",
        "run_by",
        "getting_there",
        "languages",
        "access_offered",
        "access_deadline_on",
        "translations",
        "capacity",
        "rsvp_mode",
    }
)
_TIMES: Final = frozenset({"starts_at", "ends_at", "timezone", "fold", "starts_fold", "ends_fold"})
_INSTANTS: Final = ("doors_open_at", "rsvp_opens_at", "rsvp_closes_at")
_POINTERS: Final[Mapping[str, type[Dialogue | Venue]]] = {"dialogue": Dialogue, "venue": Venue}
_LISTS: Final = frozenset({"partners", "communities", "agenda"})
SETTABLE: Final = _PLAIN | _TIMES | set(_INSTANTS) | set(_POINTERS) | _LISTS
# The columns that reading may change, for save(update_fields=…).
COLUMNS: Final = [
    *sorted(_PLAIN),
    *_INSTANTS,
    *_POINTERS,
    "timezone",
    "local_starts_at",
    "local_ends_at",
    "starts_fold",
    "ends_fold",
    "starts_at",
    "ends_at",
    "time_to_set",
]
_LANGUAGE: Final = re.compile(LANGUAGE_TAG, re.ASCII)
TRANSLATED: Final = frozenset({"title", "description", "getting_there"})


class EndsBeforeStart(RuleViolation):
    code = "ends_before_start"
    refusal = Refusal.INVALID
    sentence = gettext_lazy("A meeting ends after it starts.")


def read_fields(event: Event, fields: Mapping[str, Any]) -> None:
    """Set ``fields`` on ``event`` without saving; lists of other things are left to ``read_links``.

    A time without ``timezone`` keeps the event's zone. When only the start is given, the end stays where it is, and
    what was counted from the start (doors, close of RSVPs) moves along. Raises Invalid, EndsBeforeStart and the
    errors of time_reading.
    """
    unknown = [
        FieldError(name, "unknown_field", _("There is no such field.")) for name in fields.keys() - SETTABLE
    ]
    if unknown:
        raise Invalid(errors=unknown)
    if fields.get("kind") == EventKind.LISTENING_SESSION and event.kind != EventKind.LISTENING_SESSION:
        # What is said there may be dangerous to have come to; a liaison may still say otherwise.
        event.discreet = True
    for name in _PLAIN & fields.keys():
        setattr(event, name, fields[name])
    for name, kind in _POINTERS.items():
        if name in fields:
            setattr(event, name, _of_agency(kind, fields[name], event.agency, name))
    before: dt.datetime | None = event.starts_at
    _read_times(event, fields)
    moved_by = event.starts_at - before if before is not None else dt.timedelta()
    _read_instants(event, fields, moved_by=moved_by)
    _check(event)


def read_links(agency: Agency, fields: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The communities and partner agencies named in ``fields``. Raises Invalid for one that is not there."""
    links: dict[str, list[Any]] = {}
    if "communities" in fields:
        links["communities"] = _all_of(
            Community.objects.filter(agency=agency), fields["communities"], "communities"
        )
    if "partners" in fields:
        links["partners"] = _partners(fields["partners"])
    return links


def _read_times(event: Event, fields: Mapping[str, Any]) -> None:
    zone = fields.get("timezone", event.timezone)
    elsewhere = zone != event.timezone
    if elsewhere:
        zone_called(zone)
        event.timezone = zone
    for name in ("starts", "ends"):
        if f"{name}_at" in fields:
            given, fold = fields[f"{name}_at"], fields.get(f"{name}_fold", fields.get("fold"))
        elif elsewhere:
            # A new zone alone keeps the clock's time: the meeting is at 18:00 there.
            given, fold = getattr(event, f"local_{name}_at"), getattr(event, f"{name}_fold")
        else:
            continue
        if given is None:
            raise Invalid(errors=[FieldError(f"{name}_at", "required", _("Say when."))])
        time = read_time(given, zone, fold=fold, field=f"{name}_at")
        setattr(event, f"local_{name}_at", time.naive)
        setattr(event, f"{name}_fold", time.fold)
        setattr(event, f"{name}_at", time.at)
    if "starts_at" in fields:
        event.time_to_set = False
    if event.ends_at <= event.starts_at:
        raise EndsBeforeStart(field="ends_at")


def _read_instants(event: Event, fields: Mapping[str, Any], *, moved_by: dt.timedelta) -> None:
    for name in _INSTANTS:
        if name in fields:
            setattr(event, name, read_instant(fields[name], event.timezone, field=name))
        elif moved_by and name != "rsvp_opens_at" and getattr(event, name) is not None:
            setattr(event, name, getattr(event, name) + moved_by)
    if event.doors_open_at and event.doors_open_at > event.starts_at:
        raise Invalid(errors=[FieldError("doors_open_at", "after_start", _("Doors open before the start."))])
    opens, closes = event.rsvp_opens_at, event.rsvp_closes_at
    if opens and opens >= (closes or event.ends_at):
        late = FieldError("rsvp_closes_at", "before_opening", _("RSVPs close after they open."))
        raise Invalid(errors=[late])


def _check(event: Event) -> None:
    """Lengths, choices and addresses, by the model's own fields."""
    errors = [
        FieldError(name, "invalid", _("This text holds a character that cannot be kept."))
        for name in _PLAIN
        if "\x00" in str(getattr(event, name))
    ]
    others = {field.name for field in Event._meta.fields} - _PLAIN
    try:
        event.clean_fields(exclude=others)
    except ValidationError as refused:
        for name, troubles in refused.error_dict.items():
            errors += [FieldError(name, each.code or "invalid", " ".join(each.messages)) for each in troubles]
    if not errors:
        errors = _language_errors(event)
    if not errors and event.title.strip() == "":
        errors.append(FieldError("title", "blank", _("A meeting needs a title.")))
    if event.capacity is not None and event.capacity < 1:
        errors.append(FieldError("capacity", "min_value", _("At least 1, or nothing for no limit.")))
    if errors:
        raise Invalid(errors=errors)


def _language_errors(event: Event) -> list[FieldError]:
    named = [*event.languages, *(event.translations if isinstance(event.translations, dict) else ())]
    if not all(_LANGUAGE.fullmatch(str(language)) for language in named):
        return [FieldError("languages", "invalid", _("Name languages as en, es or zh-Hant do."))]
    shape = isinstance(event.translations, dict) and all(
        isinstance(texts, dict)
        and texts.keys() <= TRANSLATED
        and all(
            isinstance(text, str) and len(text) <= 10_000 and "\x00" not in text for text in texts.values()
        )
        for texts in event.translations.values()
    )
    if shape:
        return []
    return [
        FieldError("translations", "invalid", _("Give texts by language: title, description, getting_there."))
    ]


def _of_agency(kind: type[Dialogue | Venue], given: Any, agency: Agency, field: str) -> Any:
    if given is None or isinstance(given, kind):
        found = given
    else:
        found = _by_ids(kind._default_manager.all(), [given]).first()
    if given is not None and (found is None or found.agency_id != agency.pk):
        raise Invalid(errors=[FieldError(field, "not_found", _("Your agency has nothing by that id."))])
    return found


def _all_of(queryset: models.QuerySet[Any], given: Iterable[Any], field: str) -> list[Any]:
    ids = {str(getattr(each, "pk", each)) for each in given or ()}
    found = list(_by_ids(queryset, ids))
    if len(found) != len(ids):
        raise Invalid(errors=[FieldError(field, "not_found", _("Your agency has nothing by that id."))])
    return found


def _partners(given: Iterable[Any]) -> list[Agency]:
    """Agencies are named by slug, as everywhere."""
    slugs = {getattr(each, "slug", each) for each in given or ()}
    found = list(Agency.objects.filter(slug__in=slugs))
    if len(found) != len(slugs):
        raise Invalid(errors=[FieldError("partners", "not_found", _("There is no agency by that name."))])
    return found


def _by_ids(queryset: models.QuerySet[Any], ids: Iterable[Any]) -> models.QuerySet[Any]:
    try:
        return queryset.filter(pk__in=[UUID(str(each)) for each in ids])
    except ValueError:
        return queryset.none()


def local_of(event: Event, instant: dt.datetime) -> dt.datetime:
    """The naive local time of an instant in the event's zone, e.g. of ``doors_open_at``."""
    return local_time_of(instant, zone_called(event.timezone)).naive

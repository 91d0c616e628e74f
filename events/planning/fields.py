"""Reading what a liaison filled in about a meeting: each field by its own rule, all troubles told at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.agencies.languages import errors_in_translations, is_language_tag
from engage.agencies.models import Agency, Community
from engage.listening.models import Dialogue
from engage.refusals import FieldError, Invalid, Refusal, RuleViolation, errors_in_fields
from events.event.models import PLAIN, STANDING, Event, EventFormat, EventKind, EventStatus, Venue
from events.planning.time_reading import CLOCKS, read_time, standing_time, zone_called

_PLAIN: Final = frozenset(PLAIN)
_START_AND_END: Final = CLOCKS[:2]
_AROUND_IT: Final = CLOCKS[2:]
_TIMES: Final = frozenset(
    {"timezone", "fold", *(name for clock in CLOCKS for name in (clock.instant, clock.fold))}
)
_POINTERS: Final[Mapping[str, type[Dialogue | Venue]]] = {"dialogue": Dialogue, "venue": Venue}
_LISTS: Final = frozenset({"partners", "communities", "agenda"})
SETTABLE: Final = _PLAIN | _TIMES | set(_POINTERS) | _LISTS
# The columns that reading may change, for save(update_fields=…).
COLUMNS: Final = [
    *sorted(_PLAIN),
    *_POINTERS,
    "timezone",
    *(name for clock in CLOCKS for name in (clock.local, clock.fold, clock.instant)),
    "time_to_set",
]
# The texts of an event that are told in further languages, in the order of its form.
# ``agenda``: its points, one a line, in the order that they have; used while there are as many.
TRANSLATED: Final = ("title", "description", "agenda", "run_by", "getting_there")


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
    zone: str = event.timezone
    before: dt.datetime | None = event.local_starts_at if event.starts_at is not None else None
    _read_times(event, fields)
    moved_by = event.local_starts_at - before if before is not None else dt.timedelta()
    _read_times_around_it(event, fields, moved_by=moved_by, elsewhere=event.timezone != zone)
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
    for clock in _START_AND_END:
        if clock.instant in fields:
            given, fold = fields[clock.instant], fields.get(clock.fold, fields.get("fold"))
        elif elsewhere:
            # A new zone alone keeps the clock's time: the meeting is at 18:00 there.
            given, fold = getattr(event, clock.local), getattr(event, clock.fold)
        else:
            continue
        if given is None:
            raise Invalid(errors=[FieldError(clock.instant, "required", _("Say when."))])
        clock.put(event, read_time(given, zone, fold=fold, field=clock.instant))
    if "starts_at" in fields:
        event.time_to_set = False
    if event.ends_at <= event.starts_at:
        raise EndsBeforeStart(field="ends_at")


def _read_times_around_it(
    event: Event, fields: Mapping[str, Any], *, moved_by: dt.timedelta, elsewhere: bool
) -> None:
    """Doors, opening and close of RSVPs. What is not given keeps the clock's time, and its distance from the start."""
    for clock in _AROUND_IT:
        naive = getattr(event, clock.local)
        if clock.instant in fields:
            given, fold = fields[clock.instant], fields.get(clock.fold, fields.get("fold"))
            time = None
            if given is not None:
                time = read_time(given, event.timezone, fold=fold, field=clock.instant)
            clock.put(event, time)
        elif naive is not None and (moved_by or elsewhere):
            along = moved_by if clock.instant != "rsvp_opens_at" else dt.timedelta()
            clock.put(event, standing_time(naive + along, event.timezone, getattr(event, clock.fold)))
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
    errors += errors_in_fields(event, among=_PLAIN)
    if not errors:
        errors = _language_errors(event)
    if not errors and event.title.strip() == "":
        errors.append(FieldError("title", "blank", _("A meeting needs a title.")))
    if errors:
        raise Invalid(errors=errors)


def _language_errors(event: Event) -> list[FieldError]:
    further = event.translations if isinstance(event.translations, dict) else ()
    if not all(is_language_tag(str(language)) for language in (*event.languages, *further)):
        return [FieldError("languages", "invalid", _("Name languages as en, es or zh-Hant do."))]
    return errors_in_translations(event.translations, TRANSLATED)


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


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark. ``code`` is stable, ``detail`` is a sentence in the reader's language."""

    code: str
    detail: str


# What upper layers miss about one event before people come to it; they fill this when the app starts.
more_missing: list[Callable[[Event], list[Remark]]] = []


def warnings_before_people_come(event: Event, *, now: dt.datetime) -> list[Remark]:
    """As ``warnings_about``, and what upper layers miss: for one event that is to be published, or is. A query more."""
    found = warnings_about(event, now=now)
    if event.status in {EventStatus.DRAFT, EventStatus.PUBLISHED}:
        found += [remark for each in more_missing for remark in each(event)]
    return found


def warnings_about(event: Event, *, now: dt.datetime) -> list[Remark]:
    """What is missing before people come: a place, a link, a dialogue; a start that has passed."""
    if event.status not in STANDING:
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

"""Taking an agency in, and its settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record
from engage.agencies import appearance
from engage.agencies.languages import errors_in_words
from engage.agencies.models import BOUNDS, Agency
from engage.agencies.shorter_retention import set_days
from engage.agencies.working_days import is_known
from engage.database.what_stood import must_stand, what_stood
from engage.local_time import is_zone
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, RuleViolation, Taken, errors_in_fields, only, refusals_of

# Called in the transaction from which on an agency asks for a second factor, with who asked for it and the time: what
# was opened without one ends then. What ends stands above agencies, so it is filled in when the app starts.
when_a_factor_is_demanded: list[Callable[[Agency, Person | None, dt.datetime], object]] = []

# Called in the transaction that takes an agency in, by whatever way it comes: what a new one must not lack, which upper
# layers know; they fill this.
when_taken_in: list[Callable[[Agency, dt.datetime], None]] = []

# Never changed through here: what the agency is called by, and what its promises count with.
_FIXED: Final = frozenset(
    {
        "id", "slug", "last_commitment_number", "edit_version", "created_at", "retention_days_next",
        "retention_next_at",
    }
)  # fmt: skip
_KEPT_ALONG: Final = ("retention_days_next", "retention_next_at", "edit_version")
_SETTABLE: Final = frozenset(field.name for field in Agency._meta.concrete_fields) - _FIXED


class SlugTaken(Taken):
    code = "slug_taken"
    sentence = _("Another agency has this short name.")


_BY_CONSTRAINT: Final[Mapping[str, tuple[type[RuleViolation], str]]] = {
    "engage_agency_slug_key": (SlugTaken, "slug"),
    "agency_offer_times_in_order": (Invalid, "offer_least_minutes"),
    **{f"agency_{name}_within": (Invalid, name) for name in BOUNDS},
}


def create_agency(
    *, slug: str, name: str, now: dt.datetime, actor: Person | None = None, **fields: Any
) -> Agency:
    """Take an agency in. fields: any column of Agency that is a setting or a fact about it.

    Raises SlugTaken, or Invalid with each field in trouble.
    """
    agency = Agency(slug=slug, name=name, created_at=now, **only(fields, _SETTABLE))
    _check(agency, fields)
    with refusals_of(_BY_CONSTRAINT), transaction.atomic():
        agency.save(force_insert=True)
        record("agency.taken_in", agency, agency_id=agency.pk, actor=actor, at=now)
        for hook in when_taken_in:
            hook(agency, now)
    return agency


def change_settings(
    agency: Agency,
    *,
    actor: Person | None,
    fields: Mapping[str, Any],
    now: dt.datetime | None = None,
    confirm: str | None = None,
    if_stood: str = "",
) -> Agency:
    """Change what an administrator may change. Fewer days of keeping begin in the second night (``shorter_retention``).

    confirm: as engage.confirming.ask takes it. if_stood: of these fields, as they were looked at (``settings_stood``). Raises
    StaleEdit, Invalid with each field in trouble, ConfirmRequired.
    """
    given = only(fields, _SETTABLE)
    with refusals_of(_BY_CONSTRAINT), transaction.atomic():
        held = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        must_stand(held, _with_what_comes(given), if_stood)
        days, asked_for_factor = held.retention_days, held.mfa_required
        for name, value in given.items():
            setattr(held, name, value)
        _check(held, given)
        if "retention_days" in given:
            set_days(held, days, confirm=confirm, now=now or timezone.now())
        held.edit_version += 1
        held.save(update_fields=[*given, *_KEPT_ALONG])
        if held.mfa_required and not asked_for_factor:
            asked_at = now or timezone.now()
            for end in when_a_factor_is_demanded:
                end(held, actor, asked_at)
        record("agency.changed", held, agency_id=held.pk, actor=actor, data={"fields": sorted(given)}, at=now)
    for name in (*given, *_KEPT_ALONG):
        setattr(agency, name, getattr(held, name))
    return agency


def settings_stood(agency: Agency, names: Iterable[str]) -> str:
    """The mark of these settings as they are, for ``change_settings``."""
    return what_stood(agency, _with_what_comes(names))


def _with_what_comes(names: Iterable[str]) -> set[str]:
    # Fewer days that are on their way were set by somebody, too.
    return {*names, "retention_days_next"} if "retention_days" in names else set(names)


def _check(agency: Agency, given: Mapping[str, Any]) -> None:
    """Raises Invalid with each field that does not fit, and by which rule."""
    errors = errors_in_fields(agency)
    if not is_zone(agency.timezone):
        errors.append(FieldError("timezone", "invalid", str(_("Name a time zone like America/Chicago."))))
    # What was kept before anything read it stands in nobody's way.
    if "holiday_calendar" in given and not is_known(agency.holiday_calendar):
        sentence = _("Name a country like US, a country and its region like US-TX, or none.")
        errors.append(FieldError("holiday_calendar", "invalid", str(sentence)))
    errors += appearance.errors_in(agency)
    errors += errors_in_words(agency.translations)
    errors += _errors_between(agency, known={error.field for error in errors})
    if errors:
        raise Invalid(errors=errors)


def _errors_between(agency: Agency, *, known: set[str]) -> list[FieldError]:
    """What two settings say against each other, where each of them fits by itself. known: fields that do not."""
    errors = []
    least, most = agency.offer_least_minutes, agency.offer_most_minutes
    begins, ends = agency.email_quiet_from, agency.email_quiet_until
    if not known & {"offer_least_minutes", "offer_most_minutes"} and least > most:
        sentence = _("The shortest time to take a place cannot be longer than the longest.")
        errors.append(FieldError("offer_least_minutes", "offer_times_out_of_order", str(sentence)))
    if not known & {"email_quiet_from", "email_quiet_until"} and (begins is None) != (ends is None):
        missing = "email_quiet_from" if begins is None else "email_quiet_until"
        errors.append(FieldError(missing, "required", str(_("Give both times, or neither."))))
    return errors

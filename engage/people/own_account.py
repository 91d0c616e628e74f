"""What somebody who signs in says about themselves: what they are called, their language, their clock."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from engage.activity.recording import record
from engage.local_time import is_zone
from engage.people.models import Person
from engage.refusals import FieldError, Invalid


@transaction.atomic
def change_own_account(
    person: Person, *, name: str, language: str, time_zone: str, now: dt.datetime
) -> Person:
    """name: 1 to 200 characters; language: one that the pages speak; time_zone: IANA. Raises Invalid."""
    errors = []
    if not 0 < len(name.strip()) <= 200:
        errors.append(FieldError("name", "required", _("Say what you are called.")))
    if language not in dict(settings.LANGUAGES):
        errors.append(FieldError("language", "invalid", _("Choose one of the languages.")))
    if not is_zone(time_zone):
        errors.append(FieldError("time_zone", "invalid", _("Name a time zone like America/Chicago.")))
    if errors:
        raise Invalid(errors=errors)
    person.name, person.language, person.time_zone = name.strip(), language, time_zone
    person.save(update_fields=["name", "language", "time_zone"])
    record("person.changed", person, actor=person, at=now)
    return person

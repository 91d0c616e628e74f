"""A date and time as the clock on the wall of the place shows it: the future is local time plus zone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_datetime

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field


class LocalDateTimeField(_Field):
    """``timestamp without time zone``: a naive ``datetime``, never shifted by any zone."""

    def db_type(self, connection: Any) -> str:
        return "timestamp"

    def get_internal_type(self) -> str:
        return "LocalDateTimeField"

    def to_python(self, value: Any) -> dt.datetime | None:
        if value is None or isinstance(value, dt.datetime):
            naive = value
        else:
            naive = parse_datetime(str(value))
            if naive is None:
                raise ValidationError("Not a date and time.", code="invalid")
        if naive is not None and naive.tzinfo is not None:
            raise ValidationError("A local time carries no offset.", code="invalid")
        return naive

    def get_prep_value(self, value: Any) -> dt.datetime | None:
        return self.to_python(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return value if prepared else self.get_prep_value(value)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return value.isoformat() if value else ""

"""Fields that take a JSON type as it is: no text for a number, no number for a yes. Anything undeclared is refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.validators import ArrayMaxLengthValidator
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from engage.agencies.languages import LONGEST_TRANSLATION, LONGEST_WORDS, MOST_WORDS, is_language_tag
from engage.agencies.models import LANGUAGE_TAG, language_tag
from engage.database.bounds import bounds_of
from engage.local_time import is_zone

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)
# The largest that an integer column holds.
INTEGER_MOST = 2_147_483_647


class Text(serializers.CharField):
    """A JSON string; ends trimmed."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        # As it was sent: blanks at its ends are cut off afterwards, and buy no further letters.
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return super().to_internal_value(data)


class LongText(Text):
    """A JSON string of several lines, which may be left empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"allow_blank": True} | kwargs))


class Language(serializers.RegexField):
    """A language tag (RFC 5646), at most 16 characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(LANGUAGE_TAG, **({"max_length": 16} | kwargs))

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Choice(serializers.ChoiceField):
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=str(data)[:50])
        return super().to_internal_value(data)


class WholeNumber(serializers.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"min_value": 0, "max_value": INTEGER_MOST} | kwargs))

    def to_internal_value(self, data: Any) -> int:
        # JSON knows one kind of number: 3.0 is a whole one.
        if isinstance(data, float) and data.is_integer():
            data = int(data)
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Decimal(serializers.DecimalField):
    """A JSON number, rounded to the places that are kept: a map's program gives more than anyone needs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"coerce_to_string": False} | kwargs))

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(f"{data:.{self.decimal_places}f}")


class YesNo(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Id(serializers.UUIDField):
    """The canonical 36 characters."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or not _UUID.fullmatch(data):
            self.fail("invalid", value=str(data)[:50])
        return UUID(data)


class Day(serializers.DateField):
    """``2027-03-14``."""

    def to_internal_value(self, value: Any) -> dt.date:
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class Instant(serializers.DateTimeField):
    """RFC 3339 with an offset."""

    default_error_messages = {"no_offset": _("Give the offset too: 2027-03-14T18:00:00-05:00 or …Z.")}

    def to_internal_value(self, value: Any) -> dt.datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="RFC 3339")
        found = super().to_internal_value(value)
        if not re.search(r"([zZ]|[+-]\d{2}:?\d{2})$", value.strip()):
            self.fail("no_offset")
        if not 1900 <= found.year <= 2200:
            self.fail("invalid", format="RFC 3339")
        return found


@extend_schema_field({"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"})
class Clock(serializers.TimeField):
    """``20:00``: a time of day, without an offset."""

    def to_internal_value(self, value: Any) -> dt.time:
        if not isinstance(value, str) or not _CLOCK.fullmatch(value):
            self.fail("invalid", format="HH:MM")
        return super().to_internal_value(value)


class When(Text):
    """A local time (``2027-03-14T18:00:00``, read in the zone given beside it) or one with an offset (RFC 3339)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_length": 40} | kwargs))


class Zone(Text):
    """An IANA time zone, e.g. ``America/Chicago``."""

    default_error_messages = {"unknown_zone": _("There is no such time zone.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_length": 64} | kwargs))

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        if not is_zone(value):
            self.fail("unknown_zone")
        return value


class WebAddress(serializers.URLField):
    """An http or https address."""

    default_error_messages = {"not_http": _("The address must begin with http:// or https://.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        value = str(super().to_internal_value(data))
        if value and not value.lower().startswith(("http://", "https://")):
            self.fail("not_http")
        return value


class Translations(serializers.DictField):
    """By language, by field: ``{"es": {"title": "…"}}``. texts: the fields that are said in several languages."""

    child = serializers.DictField(child=Text(max_length=LONGEST_TRANSLATION, allow_blank=True))

    def __init__(self, *, texts: Iterable[str], **kwargs: Any) -> None:
        self.texts = sorted(texts)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        found = super().to_internal_value(data)
        wrong: dict[str, Any] = {}
        for name in found:
            if not is_language_tag(name):
                wrong[name] = [_("Not a language tag.")]
        for name, given in found.items():
            if strange := [text for text in given if text not in self.texts]:
                wrong[name] = {text: [_("There is no such text here.")] for text in strange[:20]}
        if wrong:
            raise serializers.ValidationError(wrong)
        return found


class OwnWords(serializers.DictField):
    """By language, by a text as it stands: ``{"es": {"Patrol Division": "División de Patrullas"}}``."""

    child = serializers.DictField(child=Text(max_length=LONGEST_WORDS, allow_blank=True))

    def to_internal_value(self, data: Any) -> Any:
        found = super().to_internal_value(data)
        wrong: dict[str, Any] = {}
        for name, given in found.items():
            if not is_language_tag(name):
                wrong[name] = [_("Not a language tag.")]
            elif len(given) > MOST_WORDS or any(
                len(text) > LONGEST_WORDS or "\x00" in text for text in given
            ):
                wrong[name] = [
                    _("Give up to {most} texts, each of {longest} characters at most.").format(
                        most=MOST_WORDS, longest=LONGEST_WORDS
                    )
                ]
        if wrong:
            raise serializers.ValidationError(wrong)
        return found


class Strict(serializers.Serializer):
    """The shape of a body or of query parameters. Raises ValidationError with a pointer for each undeclared name."""

    default_error_messages = {"unknown": _("There is no such field here.")}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            strange = [str(name) for name in data if name not in writable]
            if strange:
                sentence = serializers.ErrorDetail(str(self.error_messages["unknown"]), code="unknown_field")
                raise serializers.ValidationError({name: [sentence] for name in strange[:20]})
        return super().to_internal_value(data)


def of(model: type[models.Model], name: str, **more: Any) -> Any:
    """The strict field for a model's own: its kind, length, bounds, choices, and whether it may be left out, are the model's.

    more: as the field takes it; ``required=False`` in a shape of changes.
    """
    column: Any = model._meta.get_field(name)
    left_out = column.blank or column.null or column.has_default() or isinstance(column, models.BooleanField)
    given = {"required": not left_out, "help_text": column.help_text or None}
    if column.null:
        given["allow_null"] = True
    return _strict(column, given | more)


def _strict(column: Any, given: dict[str, Any]) -> Any:
    """The field for a column of any kind. given: what it takes besides the column's own bounds."""
    if isinstance(column, ArrayField):
        most = next(one.limit_value for one in column.validators if isinstance(one, ArrayMaxLengthValidator))
        child = _strict(column.base_field, {})
        return serializers.ListField(
            **{"child": child, "max_length": most, "allow_empty": column.blank} | given
        )
    if isinstance(column, models.IntegerField | models.DecimalField):
        return _number(column, given)
    if column.choices:
        return Choice(**{"choices": column.choices} | given)
    for kind, field in _FIELDS.items():
        if isinstance(column, kind):
            return field(**given)
    return _text(column, given)


_FIELDS: Mapping[Any, Any] = {
    models.BooleanField: YesNo,
    models.DateTimeField: Instant,
    models.DateField: Day,
    models.TimeField: Clock,
    models.UUIDField: Id,
    models.ForeignKey: Id,
}


def _number(column: Any, given: dict[str, Any]) -> Any:
    least, most = bounds_of(column)
    if isinstance(column, models.IntegerField):
        return WholeNumber(**{"min_value": least, "max_value": most} | given)
    size = {"max_digits": column.max_digits, "decimal_places": column.decimal_places}
    return Decimal(**size | {"min_value": least, "max_value": most} | given)


def _text(column: Any, given: dict[str, Any]) -> Any:
    bounds: dict[str, Any] = {"max_length": column.max_length}
    if column.blank:
        bounds["allow_blank"] = True
    for one in column.validators:
        if isinstance(one, MinLengthValidator):
            bounds["min_length"] = one.limit_value
    if language_tag in column.validators:
        return Language(**bounds | given)
    kinds = {
        models.EmailField: serializers.EmailField,
        models.SlugField: serializers.SlugField,
        models.URLField: WebAddress,
    }
    return kinds.get(type(column), Text)(**bounds | given)

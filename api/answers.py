"""What goes out: declared once as fields, so that the schema is true, and read without a detour, so that lists are fast."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.db import models
from rest_framework import serializers

from api.strict_fields import Choice, Clock

_Reader = tuple[str, Callable[[Any, Any], Any]]


class Answer(serializers.Serializer):
    """An answer's shape.

    A field named ``seats_left`` comes from the method ``seats_left_of(thing)`` where there is one, else from the
    attribute of that name (or ``source``). The context is at hand as ``self.context``. Values go to orjson as they are: it
    writes instants, dates and ids itself.
    """

    _readers: ClassVar[list[_Reader] | None] = None

    def to_representation(self, instance: Any) -> dict[str, Any]:
        readers = type(self).__dict__.get("_readers")
        if readers is None:
            readers = [(name, self._reader(name, field)) for name, field in self.fields.items()]
            type(self)._readers = readers
        return {name: read(self, instance) for name, read in readers}

    @classmethod
    def _reader(cls, name: str, field: Any) -> Callable[[Any, Any], Any]:
        own = getattr(cls, f"{name}_of", None)
        if own is not None:
            return own
        source = field.source if field.source != "*" else name
        if "." not in source:
            return lambda _, thing: thing[source] if isinstance(thing, dict) else getattr(thing, source)
        steps = source.split(".")
        return lambda _, thing: _followed(thing, steps)

    def say(self, thing: Any) -> dict[str, Any]:
        return self.to_representation(thing)

    def say_all(self, things: Iterable[Any]) -> list[dict[str, Any]]:
        return [self.to_representation(thing) for thing in things]


def _followed(thing: Any, steps: list[str]) -> Any:
    for step in steps:
        thing = getattr(thing, step) if thing is not None else None
    return thing


_SAID: dict[Any, Any] = {
    models.BooleanField: serializers.BooleanField,
    models.IntegerField: serializers.IntegerField,
    models.DateTimeField: serializers.DateTimeField,
    models.DateField: serializers.DateField,
    models.TimeField: Clock,
}


def said(model: type[models.Model], name: str) -> Any:
    """The field that says a model's own: its kind and choices, whether it may be null, and what its help says."""
    column: Any = model._meta.get_field(name)
    more: dict[str, Any] = {"help_text": column.help_text or None}
    if column.null:
        more["allow_null"] = True
    if column.choices:
        return Choice(choices=column.choices, **more)
    kind = next((field for kind, field in _SAID.items() if isinstance(column, kind)), serializers.CharField)
    return kind(**more)

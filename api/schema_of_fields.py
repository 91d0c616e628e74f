"""What a strict field refuses, its schema refuses too: blanks, NUL, empty lists, other schemes than http."""

from __future__ import annotations

import re
from typing import Any

from django.core.validators import RegexValidator
from rest_framework import serializers

from api.strict_fields import Strict, Translations, WebAddress
from engage.language_tags import LANGUAGE_TAG

# Every text: no NUL. Where it may not be blank: something that can be seen.
TEXT = r"^[^\x00]*$"
SOMETHING = r"^[^\x00]*[^\s\x00][^\x00]*$"
WEB_ADDRESS = r"^[Hh][Tt][Tt][Pp][Ss]?://"


def add_refusals(field: Any, schema: dict[str, Any]) -> None:
    """Make ``schema`` take just what ``field`` takes, where it is a field of a body or of query parameters."""
    if not isinstance(field.root, Strict):
        return
    if isinstance(field, Translations):
        schema["propertyNames"] = {"pattern": LANGUAGE_TAG}
        schema["additionalProperties"] |= {"propertyNames": {"enum": field.texts}}
    elif isinstance(field, serializers.ListField) and not field.allow_empty:
        schema["minItems"] = max(1, schema.get("minItems", 1))
    elif isinstance(field, serializers.CharField) and "enum" not in schema:
        _add_text(field, schema)


def _add_text(field: Any, schema: dict[str, Any]) -> None:
    pattern = _pattern_of(field)
    if not field.allow_blank:
        schema.update(minLength=max(1, schema.get("minLength", 1)), pattern=pattern or SOMETHING)
        return
    # One schema with the empty text in it, where drf-spectacular writes two, and a format would refuse it.
    for inner in schema.pop("oneOf", [])[:1]:
        schema.update(inner)
    for name in ("format", "minLength"):
        schema.pop(name, None)
    schema["pattern"] = f"^$|{pattern}" if pattern else TEXT


def _pattern_of(field: Any) -> str:
    if isinstance(field, WebAddress):
        return WEB_ADDRESS
    own = getattr(field, "regex_pattern", None)
    found = (re.compile(one.regex).pattern for one in field.validators if isinstance(one, RegexValidator))
    return own or next(found, "")

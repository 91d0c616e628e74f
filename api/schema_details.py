"""What the description says beside shapes: what a strict field refuses, the headers of answers, empty bodies, files, what is public."""

from __future__ import annotations

import re
from typing import Any

from django.core.validators import RegexValidator
from rest_framework import serializers

from api.strict_fields import OwnWords, Strict, Translations, WebAddress
from engage.agencies.languages import LONGEST_WORDS, MOST_WORDS
from engage.agencies.models import LANGUAGE_TAG

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
    elif isinstance(field, OwnWords):
        schema["propertyNames"] = {"pattern": LANGUAGE_TAG}
        schema["additionalProperties"] |= {
            "propertyNames": {"maxLength": LONGEST_WORDS, "pattern": TEXT},
            "maxProperties": MOST_WORDS,
        }
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


HEADERS: dict[str, Any] = {
    "ETag": {
        "description": "Which state of the object this is; for `If-Match` and `If-None-Match`.",
        "schema": {"type": "string"},
    },
    "RetryAfter": {
        "description": "Seconds to wait before asking again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "RateLimitLimit": {
        "description": "How many requests of this kind are answered in one window.",
        "schema": {"type": "integer"},
    },
    "RateLimitRemaining": {
        "description": "How many are left in this window.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "RateLimitReset": {
        "description": "Seconds until there is room again.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "IdempotentReplayed": {
        "description": "`true`: the answer that this `Idempotency-Key` got before.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "WWWAuthenticate": {
        "description": "How to sign in.",
        "required": True,
        "schema": {"type": "string"},
    },
}
_NAMES = {
    "RetryAfter": "Retry-After", "RateLimitLimit": "RateLimit-Limit", "RateLimitRemaining": "RateLimit-Remaining",
    "RateLimitReset": "RateLimit-Reset", "IdempotentReplayed": "Idempotent-Replayed",
    "WWWAuthenticate": "WWW-Authenticate",
}  # fmt: skip
_RATE = ("RateLimitLimit", "RateLimitRemaining", "RateLimitReset")
_EMPTY = {"type": "object", "additionalProperties": False, "maxProperties": 0}
_FILE = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}
    },
    "required": ["file"],
    "additionalProperties": False,
}


def finish(described: dict[str, Any], mark: Any, method: str) -> None:
    """Complete one operation, as drf-spectacular wrote it. mark: an api.endpoint.Operation."""
    described.setdefault("security", [])
    if method in {"POST", "PUT", "PATCH"}:
        _finish_body(described, mark)
    for status, answer in described["responses"].items():
        found = _headers(int(status), mark, method)
        if found:
            answer["headers"] = {
                _NAMES.get(name, name): {"$ref": f"#/components/headers/{name}"} for name in found
            }


def _finish_body(described: dict[str, Any], mark: Any) -> None:
    content = described.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        content["multipart/form-data"]["schema"] = _FILE
        for media in set(content) - {"multipart/form-data", "application/json"}:
            content[media]["schema"] = {"type": "string", "minLength": 1}
        described["requestBody"]["required"] = True
    elif mark.body is not None and not content:
        described["requestBody"] = {
            "description": "Nothing, or an empty object.",
            "content": {"application/json": {"schema": _EMPTY}},
        }


def _headers(status: int, mark: Any, method: str) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    if status in {429, 503}:
        found += ("RetryAfter",)
    if status == 401:
        found += ("WWWAuthenticate",)
    if status == 429 or (mark.counted and status < 300):
        found += _RATE
    if mark.tagged and status in {200, 201, 304}:
        found += ("ETag",)
    if method == "POST" and mark.keeps_answer and status < 300:
        found += ("IdempotentReplayed",)
    return found

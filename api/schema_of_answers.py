"""What the description says beside shapes: the headers of answers, empty bodies, files, what is public."""

from __future__ import annotations

from typing import Any

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

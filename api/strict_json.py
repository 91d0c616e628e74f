"""JSON as it comes in and goes out. What is not plain JSON of a reasonable shape is refused before anything reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

# 1,000 check-ins of a batch take 200 KB; nothing else comes near.
LARGEST_JSON = 1024 * 1024
DEEPEST_JSON = 24


class BodyTooLarge(APIException):
    status_code = 413
    default_detail = _("The body is larger than this address takes.")
    default_code = "body_too_large"


class StrictJson(BaseParser):
    """``application/json`` in UTF-8. Raises ParseError for NaN, broken UTF-8, lone surrogates, NUL, deep nesting."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        request = (parser_context or {})["request"]._request
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_JSON:
            raise BodyTooLarge
        return read_json(request.body)


def read_json(body: bytes) -> Any:
    """What ``body`` says. orjson stops at 1,024 levels, where Python's own reader would overflow its stack."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise ParseError(_("The body is not JSON in UTF-8."), code="not_json") from None
    for depth, piece in _pieces(value):
        if depth > DEEPEST_JSON:
            raise ParseError(_("The body is nested too deeply."), code="too_deep")
        if isinstance(piece, str) and "\0" in piece:
            raise ParseError(_("The body holds a NUL character."), code="nul_character")
    return value


def _pieces(value: Any) -> Iterator[tuple[int, Any]]:
    # A list of what is still to be looked at, instead of a function that calls itself once a level.
    waiting = [(0, value)]
    while waiting:
        depth, piece = waiting.pop()
        yield depth, piece
        if isinstance(piece, dict):
            waiting += [(depth + 1, part) for pair in piece.items() for part in pair]
        elif isinstance(piece, list):
            waiting += [(depth + 1, part) for part in piece]


class Json(BaseRenderer):
    """orjson writes instants as RFC 3339, dates and UUIDs as text."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else write_json(data)


def write_json(data: Any) -> bytes:
    return orjson.dumps(data, default=_plain)


def _plain(value: Any) -> Any:
    # Translated sentences, enumerations' labels and decimals; nothing else is left over.
    return float(value) if hasattr(value, "as_tuple") else str(value)


class AlwaysJson(BaseContentNegotiation):
    """There is one representation, so ``Accept`` decides nothing."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        kind = request.content_type.partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type

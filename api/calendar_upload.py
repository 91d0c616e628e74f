"""A calendar that is sent: as the body itself, or as one file of a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from api.strict_json import BodyTooLarge


class CalendarText(BaseParser):
    """``text/calendar``, left as it is: its own reader decides what it says."""

    media_type = "text/calendar"

    def parse(  # type: ignore[override]
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> bytes:
        # Read from the stream: the body as Django keeps it ends at the size of a form.
        text: bytes = stream.read(settings.LARGEST_BODY + 1)
        if len(text) > settings.LARGEST_BODY:
            raise BodyTooLarge
        return text


def uploaded_calendar(request: Any) -> bytes:
    """The bytes of the calendar. Raises ParseError where there is none, BodyTooLarge."""
    data = request.data
    if isinstance(data, bytes):
        text = data
    else:
        file = data.get("file") if hasattr(data, "get") else None
        if file is None or not hasattr(file, "read"):
            raise ParseError(_("Send the calendar as the body (text/calendar), or as `file` of a form."))
        if set(data) - {"file"}:
            raise ParseError(_("The form has one part, `file`."))
        text = file.read(settings.LARGEST_BODY + 1)
        if len(text) > settings.LARGEST_BODY:
            raise BodyTooLarge
    if not text.strip():
        raise ParseError(_("The calendar is empty."))
    return text

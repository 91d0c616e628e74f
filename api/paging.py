"""Pages of a list by cursor: each begins after the last row of the one before (keyset), so that the millionth is as fast
as the first and nothing is missed or shown twice when rows are added."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.answers import Answer
from api.strict_fields import Strict
from engage.paging import beyond
from engage.refusals import Invalid

LARGEST_PAGE = 200


class Cursor(serializers.CharField):
    regex_pattern = r"^[A-Za-z0-9_-]+:[A-Za-z0-9]+:[A-Za-z0-9_-]{43}$"


class PageQuery(Strict):
    """What every list takes."""

    # Any text is read, so that a wrong one gets its own code; the description says what a right one looks like.
    cursor = Cursor(
        required=False, max_length=1000, help_text="From `next` or `previous`; never made by hand."
    )
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_PAGE, default=50)


class CursorInvalid(Invalid):
    code = "cursor_invalid"
    sentence = _("That cursor does not belong to this list. Begin at the first page.")


def page(
    request: Any, rows: QuerySet[Any], shape: Answer, *, order: tuple[str, ...], asked: Any
) -> dict[str, Any]:
    """``{"results", "next", "previous"}``.

    order: fields of the model, unique together, never null, all ascending or all descending. asked: the checked query.
    Raises CursorInvalid.
    """
    size, cursor = asked["page_size"], asked.get("cursor")
    salt = f"{request.path}|{','.join(order)}"
    edge, backwards = _read(cursor, rows.model, order, salt) if cursor else (None, False)
    way = tuple(_turned(name) for name in order) if backwards else order
    if edge is not None:
        rows = rows.filter(beyond(edge, way))
    found = list(rows.order_by(*way)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (True, more) if backwards else (more, edge is not None)
    link = _Links(request, order, salt)
    return {
        "results": shape.say_all(found),
        "next": link.to(found[-1], backwards=False) if has_next and found else None,
        "previous": link.to(found[0], backwards=True) if has_previous and found else None,
    }


def _turned(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _read(cursor: str, model: type[Model], order: tuple[str, ...], salt: str) -> tuple[list[Any], bool]:
    # Signed: whatever is in it was put there by us, so that it need not be distrusted value by value.
    try:
        values, backwards = signing.loads(cursor, salt=salt)
    except signing.BadSignature:
        raise CursorInvalid(field="cursor") from None
    fields: list[Any] = [model._meta.get_field(name.removeprefix("-")) for name in order]
    return [field.to_python(value) for field, value in zip(fields, values, strict=True)], backwards


class _Links:
    def __init__(self, request: Any, order: tuple[str, ...], salt: str) -> None:
        self._request, self._order, self._salt = request, order, salt

    def to(self, row: Any, *, backwards: bool) -> str:
        values = [str(getattr(row, name.removeprefix("-"))) for name in self._order]
        cursor = signing.dumps([values, backwards], salt=self._salt)
        query = [(name, value) for name, value in self._request.query_params.items() if name != "cursor"]
        return str(self._request.build_absolute_uri(f"?{urlencode([*query, ('cursor', cursor)])}"))

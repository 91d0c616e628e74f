"""Pages of a long list. Each begins after the last row of the one before (keyset), so that the millionth is as fast as
the first, and nothing is missed or shown twice when rows are added."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from engage.refusals import Invalid, RuleViolation

# The second stands in addresses that pages once gave out.
_BETWEEN: Final = re.compile("[_~]")


class NoSuchPage(Invalid):
    code = "cursor_invalid"
    sentence = _("That page of the list is not there. Begin at the first one.")


@dataclass(frozen=True, slots=True)
class Slice[Row]:
    """Rows of one page. following: what ``after`` begins the next one with, empty at the end; first_after: its first row."""

    rows: list[Row]
    following: str
    first_after: Row | None = None


def slice_of[Row: Model](
    rows: QuerySet[Row],
    order: tuple[str, ...],
    *,
    size: int,
    after: str = "",
    within: tuple[str, ...] = (),
    refused: type[RuleViolation] | None = NoSuchPage,
) -> Slice[Row]:
    """The ``size`` rows after ``after``, by one query.

    order: fields, unique together, never null, all ascending or all descending. within: what decides among rows that
    are one in ``order`` (of which a DISTINCT takes the first). Raises ``refused`` for an ``after`` that nobody gave
    out; where that is None, it is the beginning.
    """
    try:
        if after:
            rows = rows.filter(beyond(edge_in(after, rows.model, order), order))
    except NoSuchPage:
        if refused is not None:
            raise refused from None
    found = list(rows.order_by(*order, *within)[: size + 1])
    if len(found) <= size:
        return Slice(found, "")
    return Slice(found[:size], edge_of(found[size - 1], order), found[size])


def beyond(edge: Sequence[Any], order: Sequence[str]) -> Q:
    """Rows after ``edge``: the first field's own bound stands apart, so that an index on it can begin there."""
    past, at_or_past = ("__lt", "__lte") if order[0].startswith("-") else ("__gt", "__gte")
    names = [name.removeprefix("-") for name in order]
    further = [
        Q(**dict(zip(names[:number], edge, strict=False)), **{name + past: edge[number]})
        for number, name in enumerate(names)
    ]
    return Q(**{names[0] + at_or_past: edge[0]}) & reduce(Q.__or__, further)


def edge_of(row: Model, order: Sequence[str]) -> str:
    """What ``edge_in`` reads again."""
    return "_".join(_written(_at(row, name.removeprefix("-"))) for name in order)


def edge_in(text: str, model: type[Model], order: Sequence[str]) -> list[Any]:
    """The values of ``order``'s fields in ``text``. Raises NoSuchPage, also for a moment without a zone."""
    parts = _BETWEEN.split(text)
    if len(parts) != len(order):
        raise NoSuchPage
    try:
        return [_read(part, model, name.removeprefix("-")) for part, name in zip(parts, order, strict=True)]
    except (ValidationError, ValueError, OverflowError):
        raise NoSuchPage from None


def _at(row: Any, name: str) -> Any:
    return reduce(getattr, name.split("__"), row)


def _written(value: Any) -> str:
    if isinstance(value, dt.datetime):
        value = value.astimezone(dt.UTC)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _read(text: str, model: Any, name: str) -> Any:
    *through, last = name.split("__")
    for step in through:
        model = model._meta.get_field(step).related_model
    field = model._meta.pk if last == "pk" else model._meta.get_field(last)
    value = field.to_python(text)
    # A number that the column cannot hold is no row's.
    field.run_validators(value)
    if not isinstance(value, dt.datetime):
        return value
    if value.tzinfo is None:
        raise ValueError(text)
    return value.astimezone(dt.UTC)

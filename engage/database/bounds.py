"""The bounds of a number and of a text, said once: on the model's field, from where forms, the API and the table's check take them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.core.validators import BaseValidator, MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

if TYPE_CHECKING:
    _Text = models.TextField[Any, Any]
else:
    _Text = models.TextField


class LongText(_Text):
    """A text of several lines that is held to its ``max_length``, as a CharField is; Django's own hands it to forms alone.

    The table holds it by ``no_longer``. For a migration it is a TextField, since the column is the same.
    """

    def __init__(self, verbose_name: Any = None, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(verbose_name, max_length=max_length, **kwargs)
        self.validators.append(MaxLengthValidator(max_length))

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


def between(least: int, most: int) -> list[BaseValidator]:
    """Validators of a field; both ends belong to it."""
    return [MinValueValidator(least), MaxValueValidator(most)]


def bounds_of(column: models.Field[Any, Any]) -> tuple[Any, Any]:
    """The least and the most that a field takes, the range of its column counted; None where there is no end."""
    least = [one.limit_value for one in column.validators if isinstance(one, MinValueValidator)]
    most = [one.limit_value for one in column.validators if isinstance(one, MaxValueValidator)]
    return max(least, default=None), min(most, default=None)


def longest_of(model: type[models.Model], name: str) -> int:
    """The length that a text of the model is held to."""
    column: Any = model._meta.get_field(name)
    return int(column.max_length)


def within(table: str, bounds: Mapping[str, tuple[int, int]]) -> Iterator[models.CheckConstraint]:
    """The same bounds held by the database: one constraint a column, called ``<table>_<column>_within``."""
    for column, ends in bounds.items():
        yield models.CheckConstraint(
            condition=Q((f"{column}__range", ends)),
            name=f"{table}_{column}_within",
            violation_error_code="out_of_bounds",
        )


def no_longer(table: str, lengths: Mapping[str, int]) -> Iterator[models.CheckConstraint]:
    """The lengths of long texts held by the database: one constraint a column, called ``<table>_<column>_length``."""
    for column, most in lengths.items():
        yield models.CheckConstraint(
            condition=LessThanOrEqual(Length(column), most),
            name=f"{table}_{column}_length",
            violation_error_code="max_length",
        )

"""A column that holds sealed text: its size says nothing, since every value in it has the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Bytes = models.BinaryField[Any, Any]
else:
    _Bytes = models.BinaryField


class SealedColumn(_Bytes):
    """Sealed bytes (``engage.sealing.seals``), padded to ``padded_to`` bytes before they are sealed.

    padded_to: the longest text that a form takes, in bytes of UTF-8, and four for its length. The number is the
    column's and no row's: a dump must not tell a long address from a short one.
    """

    def __init__(self, *args: Any, padded_to: int, **options: Any) -> None:
        self.padded_to = padded_to
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, arguments, options = super().deconstruct()
        return name, path, arguments, options | {"padded_to": self.padded_to}

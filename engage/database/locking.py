"""One row, held still while it is changed."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Model

from engage.refusals import StaleEdit, Unknown


def lock[Row: Model](
    model: type[Row], which: Row | UUID, *, if_version: int | None = None, also: tuple[str, ...] = ()
) -> Row:
    """The row as it is now, held until the transaction ends; what refers to it may still be added (NO KEY).

    if_version: the ``edit_version`` that was looked at. also: relations that are read with it, and not held. Raises
    Unknown where it is gone, StaleEdit where somebody changed it meanwhile.
    """
    pk = which.pk if isinstance(which, Model) else which
    rows = model._base_manager.select_for_update(no_key=True, of=("self",))
    # Not first(): to sort one row is a tenth of what reading it costs.
    row = next(iter((rows.select_related(*also) if also else rows).filter(pk=pk)), None)
    if row is None:
        raise Unknown
    if if_version is not None and row.edit_version != if_version:  # type: ignore[attr-defined]
        raise StaleEdit
    return row


def mirror[Row: Model](caller: Row, held: Row) -> Row:
    """The caller's copy shows what was written to the one that is held."""
    for column in held._meta.concrete_fields:
        setattr(caller, column.attname, getattr(held, column.attname))
    return caller

"""Bringing what is sealed to today's key: in small steps, any of which may be the last, while web and worker go on.

What a step has done is not done again, so a run that was killed goes on where it stopped. Old keys open what is still
under them until nothing is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models

from engage.sealing.column import SealedColumn
from engage.sealing.factors import SECRETS, key_of, open_factor, person_of, seal_factor
from engage.sealing.intake import lies_under
from engage.sealing.seals import is_sealed_as_today, seal, sealed_columns, unseal

BATCH: Final = 200
# Where a text without a name waits, and where the secret of a second factor stands.
INTAKE: Final = "contribution_intake.sealed"
_FACTORS: Final = "mfa_authenticator.data"


def seal_anew(*, dry: bool = False) -> Counter[str]:
    """By table and column: how many values lay under an older key or in an older size, and were sealed anew."""
    changed: Counter[str] = Counter()
    for model, field in sealed_columns():
        name = f"{model._meta.db_table}.{field.column}"
        changed[name] = sum(_column_step(model, field, rows, dry=dry) for rows in _batches(model, field))
    changed[_FACTORS] = sum(_factor_step(one, dry=dry) for one in _factors())
    return changed


def still_under(number: int) -> Counter[str]:
    """By table and column: how many values need key ``number`` of CONTACT_KEYS still."""
    needing: Counter[str] = Counter()
    for model, field in sealed_columns():
        for rows in _batches(model, field):
            needing[f"{model._meta.db_table}.{field.column}"] += sum(
                sealed[0] == number for _pk, _of, sealed in rows
            )
    for factor in _factors():
        needing[_FACTORS] += any(key_of(text) == number for text in _secrets_of(factor).values())
    needing[INTAKE] = _waiting(number, derived=True)
    return Counter({name: count for name, count in needing.items() if count})


def waiting_under(number: int) -> int:
    """How many texts without a name need key ``number`` of the intake's own pairs still."""
    return _waiting(number, derived=False)


def _waiting(number: int, *, derived: bool) -> int:
    texts = apps.get_model("engage", "ContributionIntake").objects.values_list("sealed", flat=True)
    sealed = texts.iterator(chunk_size=BATCH)
    return sum(lies_under(bytes(one or b""), number, derived=derived) for one in sealed)


def _batches(model: type[models.Model], field: SealedColumn) -> Iterator[list[tuple[UUID, UUID, bytes]]]:
    """Rows with something sealed in the order of their ids: id, agency, sealed."""
    rows = model._base_manager.exclude(**{field.name: None}).order_by("pk")
    last: Any = None
    while True:
        part = rows if last is None else rows.filter(pk__gt=last)
        found = [
            (pk, of, bytes(sealed))
            for pk, of, sealed in part.values_list("pk", "agency_id", field.name)[:BATCH]
        ]
        if not found:
            return
        yield found
        last = found[-1][0]


def _column_step(
    model: type[models.Model], field: SealedColumn, rows: list[tuple[UUID, UUID, bytes]], *, dry: bool
) -> int:
    place = {"table": model._meta.db_table, "column": str(field.column)}
    done = 0
    for pk, agency, sealed in rows:
        if is_sealed_as_today(sealed, **place):
            continue
        done += 1
        if dry:
            continue
        anew = seal(unseal(sealed, row=pk, agency=agency, **place), row=pk, agency=agency, **place)
        # Only what was read is replaced: whoever changed the row meanwhile has sealed it under today's key.
        model._base_manager.filter(pk=pk, **{field.name: sealed}).update(**{field.name: anew})
    return done


def _factors() -> Iterator[Any]:
    factors = apps.get_model("mfa", "Authenticator").objects
    yield from factors.filter(type__in=("totp", "recovery_codes")).order_by("pk").iterator(chunk_size=BATCH)


def _secrets_of(factor: Any) -> dict[str, str]:
    return {name: factor.data[name] for name in SECRETS if factor.data.get(name)}


def _factor_step(factor: Any, *, dry: bool) -> bool:
    today = settings.CONTACT_KEYS[0][0]
    old = {
        name: text
        for name, text in _secrets_of(factor).items()
        if person_of(text) != factor.user_id or key_of(text) != today
    }
    if old and not dry:
        data = factor.data | {
            name: seal_factor(open_factor(text), factor.user_id) for name, text in old.items()
        }
        # A recovery code that is used at this moment must not be given back.
        type(factor).objects.filter(pk=factor.pk, data=factor.data).update(data=data)
    return bool(old)

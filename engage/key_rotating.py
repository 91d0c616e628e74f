"""Bringing what is sealed to today's key: in small steps, any of which may be the last, while web and worker go on.

What a step has done is not done again, so a run that was killed goes on where it stopped. Old keys open what is still
under them until nothing is.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models

from engage.sealed_column import SealedColumn
from engage.sealing import is_sealed_as_today, seal, sealed_columns, unseal

BATCH: Final = 200
_FACTORS: Final = {"table": "mfa_authenticator", "column": "data"}
# Where the packages's table keeps a secret: of an app, and of recovery codes.
SECRETS: Final = ("secret", "seed")
_BOUND: Final = "p1."
NOWHERE: Final = UUID(int=0)


def seal_anew(*, dry: bool = False) -> Counter[str]:
    """By table and column: how many values lay under an older key or in an older size, and were sealed anew."""
    changed: Counter[str] = Counter()
    for model, field in sealed_columns():
        name = f"{model._meta.db_table}.{field.column}"
        changed[name] = sum(_column_step(model, field, rows, dry=dry) for rows in _batches(model, field))
    changed["mfa_authenticator.data"] = sum(_factor_step(one, dry=dry) for one in _factors())
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
        needing["mfa_authenticator.data"] += any(
            key_of(text) == number for text in _secrets_of(factor).values()
        )
    intake = apps.get_model("engage", "ContributionIntake").objects.values_list("sealed", flat=True)
    needing["contribution_intake.sealed"] = sum(
        bytes(one or b"")[:2] == bytes([1, number]) for one in intake.iterator()
    )
    return Counter({name: count for name, count in needing.items() if count})


def seal_factor(text: str, person: UUID) -> str:
    """A second factor's secret, bound to its person."""
    sealed = seal(text, row=person, agency=person, **_FACTORS)
    return f"{_BOUND}{person.hex}.{base64.urlsafe_b64encode(sealed).decode()}"


def open_factor(text: str) -> str:
    """The secret again. Raises SealBroken."""
    if not text.startswith(_BOUND):
        return unseal(base64.urlsafe_b64decode(text), row=NOWHERE, agency=NOWHERE, **_FACTORS)
    _mark, person, sealed = text.split(".", 2)
    return unseal(base64.urlsafe_b64decode(sealed), row=UUID(person), agency=UUID(person), **_FACTORS)


def person_of(text: str) -> UUID | None:
    """Whom a sealed secret is bound to; None from before they were."""
    return UUID(text.split(".", 2)[1]) if text.startswith(_BOUND) else None


def key_of(text: str) -> int:
    return base64.urlsafe_b64decode(text.rpartition(".")[2])[0]


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

"""A rule said no. Each violation has a stable code, a translated sentence, and knows which kind of no it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.utils.translation import gettext_lazy as _


class Refusal(Enum):
    """What kind of no: the surfaces translate it (400, 403, 404, 409) and the domain stays free of HTTP."""

    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field's trouble. ``field`` is a path such as ``access_requests/0/language``."""

    field: str
    code: str
    detail: str


class RuleViolation(Exception):
    """Base of every refusal by a rule. ``extra`` holds members for the problem document, e.g. a number of seats."""

    code: ClassVar[str] = "rule_violation"
    refusal: ClassVar[Refusal] = Refusal.CONFLICT
    sentence: Any = _("That is not possible.")

    def __init__(
        self, detail: Any = None, *, field: str = "", errors: Iterable[FieldError] = (), **extra: Any
    ) -> None:
        self.detail = detail or self.sentence
        self.errors = list(errors)
        if field and not self.errors:
            self.errors = [FieldError(field, self.code, str(self.detail))]
        self.extra = extra
        super().__init__(str(self.code))

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class Invalid(RuleViolation):
    """The values do not fit; ``errors`` names each field."""

    code = "invalid"
    refusal = Refusal.INVALID
    sentence = _("Some of what you sent does not fit. Each field below says why.")


class WrongState(RuleViolation):
    code = "wrong_state"
    sentence = _("That cannot be done in its present state.")


class ReasonRequired(RuleViolation):
    code = "reason_required"
    refusal = Refusal.INVALID
    sentence = _("This change needs a reason that the public can read.")


class EvidenceRequired(RuleViolation):
    code = "evidence_required"
    refusal = Refusal.INVALID
    sentence = _("A promise is called kept only with evidence: add a link that shows it.")


class Forbidden(RuleViolation):
    code = "forbidden"
    refusal = Refusal.FORBIDDEN
    sentence = _("Your role does not allow this.")


class Unknown(RuleViolation):
    """It is not there, or not there for you: both look the same."""

    code = "not_found"
    refusal = Refusal.UNKNOWN
    sentence = _("There is nothing here.")


class StaleEdit(RuleViolation):
    """Somebody else changed it in the meantime (If-Match)."""

    code = "stale"
    sentence = _("Somebody else changed this in the meantime. Load it again, then make your change.")


class Taken(RuleViolation):
    """A unique constraint refused the row; ``code`` comes from the constraint where it has one."""

    code = "taken"
    sentence = _("That exists already.")


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that refused the row, or an empty text.

    Only the name leaves here: the database's DETAIL holds the row, and with it perhaps a resident's words.
    """
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""


@contextmanager
def refusals_of(by_constraint: Mapping[str, tuple[type[RuleViolation], str]]) -> Iterator[None]:
    """What a constraint refuses is a refusal by rule. by_constraint: its name → the violation and the field it is about.

    The database's complaint stays here: it holds the row.
    """
    try:
        yield
    except IntegrityError as error:
        violation, field = by_constraint.get(constraint_of(error), (None, ""))
        if violation is None:
            raise
        raise violation(field=field) from None


def errors_in_fields(thing: models.Model, *, among: Collection[str] = ()) -> list[FieldError]:
    """Each field that does not fit its model, and by which rule. among: the fields that are looked at, or all."""
    others = {field.name for field in thing._meta.fields} - set(among) if among else set()
    try:
        thing.clean_fields(exclude=others)
    except ValidationError as wrong:
        return [
            FieldError(name, each.code or "invalid", " ".join(each.messages))
            for name, troubles in wrong.error_dict.items()
            for each in troubles
        ]
    return []


def must_be_valid(thing: models.Model, *, among: Collection[str] = ()) -> None:
    """Raises Invalid with each field that does not fit its model. among: the fields that are looked at, or all."""
    if errors := errors_in_fields(thing, among=among):
        raise Invalid(errors=errors)


def only(fields: Mapping[str, Any], allowed: Collection[str]) -> dict[str, Any]:
    """``fields`` as they are. Raises TypeError for one that is not among those ``allowed``: the caller's fault."""
    if strange := sorted(set(fields) - set(allowed)):
        raise TypeError(f"not fields that can be set: {', '.join(strange)}")
    return dict(fields)

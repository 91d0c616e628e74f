"""A rule said no. Each violation has a stable code, a translated sentence, and knows which kind of no it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from django.db import IntegrityError
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

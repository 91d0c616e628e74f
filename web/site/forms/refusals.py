"""A rule's refusal, shown at the field it is about."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from engage.refusals import FieldError, RuleViolation


class TakesRefusals(forms.Form):
    """A form whose rules live in the domain."""

    def take(self, refusal: RuleViolation) -> None:
        """Show a refusal at the field it names, or above the form."""
        if not refusal.errors:
            self.add_error(None, str(refusal.detail))
        self.refuse(refusal.errors)

    def refuse(self, errors: Iterable[FieldError]) -> None:
        """Show what a rule says at the fields it is about, or above the form; what stands at one already, once."""
        for error in errors:
            field = error.field if error.field in self.fields else None
            if str(error.detail) not in self.errors.get(field or NON_FIELD_ERRORS, []):
                self.add_error(field, str(error.detail))

    def holds(self, *names: str) -> bool:
        """Whether one of these fields has a mistake, or is filled in: a folded part of the page with such a one is open."""
        return any(name in self.errors or self[name].value() for name in names)

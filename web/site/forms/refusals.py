"""A rule's refusal, shown at the field it is about."""

from __future__ import annotations

from django import forms

from engage.refusals import RuleViolation


class TakesRefusals(forms.Form):
    """A form whose rules live in the domain."""

    def take(self, refusal: RuleViolation) -> None:
        """Show a refusal at the field it names, or above the form."""
        if not refusal.errors:
            self.add_error(None, str(refusal.detail))
        for error in refusal.errors:
            self.add_error(error.field if error.field in self.fields else None, str(error.detail))

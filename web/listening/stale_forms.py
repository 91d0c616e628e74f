"""A form that came too late: its words stay, and sent once more it is about what stands now."""

from __future__ import annotations

from typing import Any

from django import forms


def about_the_present(form: forms.Form, edit_version: int) -> None:
    """The next time it is sent, the form is about ``edit_version``, which its page shows beside the words typed."""
    sent: Any = form.data
    again = sent.copy()
    again["edit_version"] = str(edit_version)
    form.data = again

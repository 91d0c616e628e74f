"""Every component on one page, in the demo: to look at after a change, and for the accessibility tests to walk over."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from engage.agencies.appearance import contrast, palette
from engage.agencies.models import Agency, AgencyMark
from web.commitments.words import MARKS, names
from web.site.drawings import Marked
from web.site.forms.refusals import TakesRefusals
from web.site.frames.public import public_page, show
from web.templatetags.engage import _icons

_COLORS: Final = ("#07648d", "#7a1f5c", "#1f5c3a", "#5c3a1f", "#3a1f7a", "#8b0a03")
_TALLY: Final = (
    ("kept",) * 8 + ("part",) + ("track",) * 4 + ("risk", "moved") + ("late",) * 2 + ("failed", "stopped")
)


class Sample(TakesRefusals):
    """One field of each kind. For whoever builds: its words are not translated."""

    name = forms.CharField(label="A short text", help_text="What helps to fill it in.", required=False)
    email = forms.EmailField(label="An email address", widget=forms.EmailInput({"autocomplete": "off"}))
    party = forms.IntegerField(label="A number", min_value=1, max_value=6)
    day = forms.DateField(label="A day", widget=forms.DateInput({"type": "date"}), required=False)
    office = forms.ChoiceField(
        label="One of a list", choices=[("1", "Patrol Division"), ("2", "Traffic Unit")]
    )
    contact = forms.ChoiceField(
        label="One of a few", choices=[("email", "Email"), ("none", "No messages")], widget=forms.RadioSelect
    )
    needs = forms.MultipleChoiceField(
        label="Any of a few",
        choices=[("1", "Live captions"), ("2", "Large print")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(label="Yes or no", required=False)
    words = forms.CharField(label="A longer text", widget=forms.Textarea({"rows": 3}), required=False)


@public_page
def styleguide(request: HttpRequest) -> HttpResponse:
    """404 in production: it is for whoever builds."""
    if settings.PRODUCTION:
        raise Http404
    agency = Agency(
        name="Harbor Falls Police Department", slug="harbor-falls", contact_office="Community Office"
    )
    context: dict[str, Any] = {
        "standings": [Marked(MARKS[each], word) for each, word in names().items()],
        "draft": Marked("draft", "Draft promise"),
        "tally": _TALLY,
        "icons": sorted(_icons()),
        "crests": [Agency(name=str(mark.label), mark=mark, mark_letters="HF") for mark in AgencyMark],
        "form": Sample(initial={"party": 2, "contact": "email"}),
        "wrong": Sample({"email": "resident@", "party": "9", "office": "1"}, auto_id="wrong_%s"),
        "colors": [_shown(color) for color in _COLORS],
        "today": dt.date(2026, 10, 13),
    }
    return show(request, "home/styleguide.html", agency, context)


def _shown(color: str) -> dict[str, Any]:
    family = palette(color)
    return {"primary": color, "ratio": round(contrast(color, "#ffffff"), 1), "family": list(family.items())}

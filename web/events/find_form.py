"""What may be asked of the list of meetings, in its address and in the form beside it; which days are said as days or refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.agencies.models import Agency, Community
from engage.commitments.models import FocusArea
from engage.database.ids import id_or_none
from events.event.models import EventKind
from events.event.when import day_in_words
from events.rsvps.needs.models import NeedKind
from web.events.finding import Search
from web.site.forms.fields import DayField
from web.site.languages.names import language_name, named

ONLINE: Final = "online"
ASKED: Final = ("near", "language", "kind", "about", "q", "from", "to", "when", "after")
_LONGEST_WORDS: Final = 100


class DaysForm(forms.Form):
    """GET ``from`` and ``to``: both included, either may be missing."""

    since = DayField(label=gettext_lazy("From day"), required=False)
    until = DayField(label=gettext_lazy("To day"), required=False)

    def add_prefix(self, field_name: str) -> str:
        return {"since": "from", "until": "to"}.get(field_name, field_name)

    @property
    def make_sense(self) -> bool:
        return self.is_valid()

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            said = _("The last day comes before the first. Give {day}, or a later one.")
            self.add_error("until", said.format(day=day_in_words(since)))
        return given


def search_of(asked: QueryDict, days: DaysForm) -> Search:
    """What makes no sense is not asked about: an old link still shows the meetings. Days are: ``days`` says what is wrong."""
    near = asked.get("near", "")
    kind, area = asked.get("kind", ""), asked.get("about", "")
    language = asked.get("language", "")[:16]
    given: Mapping[str, dt.date | None] = days.cleaned_data if days.make_sense else {}
    return Search(
        near=id_or_none(near),
        online=near == ONLINE,
        language="" if "\0" in language else language,
        kind=kind if kind in EventKind.values else "",
        focus_area=area if area in FocusArea.values else "",
        words=asked.get("q", "").replace("\0", "").strip()[:_LONGEST_WORDS],
        since=given.get("since"),
        until=given.get("until"),
    )


def fields_of(agency: Agency, search: Search, days: DaysForm, near: Iterable[Community]) -> dict[str, Any]:
    """For ``events/_find_fields.html``: what can be chosen, and what was."""
    groups = [
        (Community.Kind(kind).label, [(str(each.pk), each.name) for each in some])
        for kind, some in groupby(sorted(near, key=_by_kind), lambda each: each.kind)
    ]
    chosen = {
        "near": ONLINE if search.online else str(search.near or ""),
        "language": search.language,
        "kind": search.kind,
        "about": search.focus_area,
        "q": search.words,
    }
    return {
        "chosen": chosen,
        "days": days,
        "near": groups,
        "languages": named(_languages(agency.languages, search)),
        "kinds": EventKind.choices,
        "areas": FocusArea.choices,
    }


def in_words(search: Search, near: Iterable[Community]) -> list[str]:
    """What is looked for, each in a few words, for beside what was found."""
    said = [f"“{search.words}”"] if search.words else []
    said += [each.name for each in near if each.pk == search.near]
    said += [_("Online")] if search.online else []
    said += [spoken_in(search)] if search.language else []
    said += [str(EventKind(search.kind).label)] if search.kind else []
    said += [str(FocusArea(search.focus_area).label)] if search.focus_area else []
    if search.since:
        said.append(_("from {day}").format(day=day_in_words(search.since)))
    if search.until:
        said.append(_("until {day}").format(day=day_in_words(search.until)))
    return said


def spoken_in(search: Search) -> str:
    """The language that is asked about; empty for none."""
    if search.language == NeedKind.SIGN_LANGUAGE:
        return _("Sign language")
    return language_name(search.language) if search.language else ""


def _by_kind(community: Community) -> tuple[int, str]:
    """Neighborhoods first."""
    return Community.Kind.values.index(community.kind), community.kind


def _languages(spoken: list[str], search: Search) -> list[str]:
    """Those of the agency, and the one that is asked about, which the field must show."""
    asked = [search.language] if search.language not in {"", NeedKind.SIGN_LANGUAGE} else []
    return list(dict.fromkeys([*spoken, *asked]))

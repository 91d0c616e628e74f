"""What people asked and said: what waits for a decision, what everybody can read, and what is hidden with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.database.ids import id_or_none
from engage.listening.listing import contributions_to, numbers_of, page_of, themes_for, themes_with_numbers
from engage.listening.models import Contribution, ContributionKind, Theme
from engage.listening.moderating import Decided, show_each
from engage.listening.notes import take_note
from engage.listening.theming import put_each_under
from engage.listening.words import words_shown_to
from engage.refusals import Unknown
from events.event.models import Event
from web.events.staff_head import head_of, own_event
from web.listening.contribution_forms import ManyForm
from web.listening.note_forms import WriteDownForm
from web.site.forms.page import form_page, sent
from web.site.frames.staff import Desk, desk_page, show
from web.site.frames.swapping import asks_for_a_part, for_htmx
from web.site.languages.names import language_name

_STATES = Contribution.Moderation


@dataclass(frozen=True, slots=True)
class ContributionRow:
    """One thing that was said. words: opened, where they are still sealed; language: empty for the agency's first."""

    contribution: Contribution
    words: str
    language: str
    may_be_corrected: bool
    has_themes: bool


@desk_page("dialogue:write")
def contributions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """At all meetings, in all dialogues, and to the agency itself."""
    return _listed(request, desk, None)


@desk_page("dialogue:write")
def event_contributions(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """At one meeting."""
    return _listed(request, desk, own_event(desk, event_id))


@desk_page("dialogue:write")
def decide_many(request: HttpRequest, desk: Desk) -> HttpResponse:
    """POST: show those that were ticked, or put them under a theme; each for itself. What is no form of ours does nothing."""
    form = ManyForm(sent(request))

    def back(**_status: int) -> HttpResponse:
        for sentences in form.errors.values():
            messages.error(request, " ".join(map(str, sentences)))
        return HttpResponseRedirect(back_to(request, list_url(desk, None)))

    def decided(what: Decided) -> HttpResponse:
        _tell(request, what, form.cleaned_data["act"])
        return back()

    return form_page(request, form, lambda: _decided(form, desk), shown=back, done=decided)


@desk_page("dialogue:write")
def write_down(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A question that came on paper or by phone, to the agency."""
    return _written(request, desk, None)


@desk_page("dialogue:write")
def event_write_down(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """A question that came on paper or by phone, for one meeting."""
    return _written(request, desk, own_event(desk, event_id))


def row_of(contribution: Contribution, desk: Desk) -> ContributionRow:
    """For listening/contributions/_row.html."""
    first = (desk.agency.languages or ["en"])[0]
    return ContributionRow(
        contribution,
        words_shown_to(desk.viewer, contribution),
        "" if contribution.language == first else language_name(contribution.language),
        contribution.sealed_body is None,
        contribution.event_id is not None or contribution.dialogue_id is not None,
    )


def _listed(request: HttpRequest, desk: Desk, event: Event | None) -> HttpResponse:
    asked = request.GET
    state = asked.get("state") if asked.get("state") in _STATES.values else _STATES.WAITING.value
    kind = asked["kind"] if asked.get("kind") in ContributionKind.values else ""
    theme = id_or_none(asked.get("theme", "")) if event else None
    rows = contributions_to(desk.agency, event=event, kind=kind, theme=theme)
    found = page_of(rows, moderation=str(state), after=asked.get("after", ""))
    kept = {"state": state, "kind": kind, "theme": str(theme or "")}
    context = {
        "event": event,
        "head": head_of(desk, event, "contributions") if event else None,
        "rows": [row_of(contribution, desk) for contribution in found.rows],
        "following": _query(kept | {"after": found.following}) if found.following else "",
        "is_later": bool(asked.get("after")),
        "state": state,
        "kind": kind,
        "theme": theme,
        "kinds": ContributionKind.choices,
        "tabs": _tabs(numbers_of(rows), kept),
        "themes": _themes(event),
        "here": request.get_full_path(),
        # Something to do with many at once; what is shown already can only go under a theme.
        "choose": event is not None or state != _STATES.SHOWN,
        "part": asks_for_a_part(request),
        # Nothing was just done here.
        "sentence": "",
        "closed": False,
    }
    if context["part"]:
        return for_htmx(show(request, "listening/contributions/_results.html", desk, context))
    nav = "events" if event else "contributions"
    return for_htmx(show(request, "listening/contributions/list.html", desk, context, nav=nav))


def _themes(event: Event | None) -> list[Theme]:
    if event is None:
        return []
    return themes_with_numbers(dialogue_id=event.dialogue_id, event=event)


def _tabs(numbers: Any, kept: dict[str, Any]) -> list[dict[str, Any]]:
    names = {_STATES.WAITING: _("Waiting"), _STATES.SHOWN: _("Shown"), _STATES.HIDDEN: _("Hidden")}
    return [
        {
            "state": state.value,
            "name": name,
            "number": getattr(numbers, state.value),
            "query": _query(kept | {"state": state.value}),
        }
        for state, name in names.items()
    ]


def _query(values: dict[str, Any]) -> str:
    return urlencode({name: value for name, value in values.items() if value})


def _decided(form: ManyForm, desk: Desk) -> Decided:
    ids, themed = form.cleaned_data["chosen"], form.cleaned_data["theme"]
    if form.cleaned_data["act"] == "show":
        return show_each(ids, agency=desk.agency, actor=desk.person, now=desk.now)
    theme = Theme.objects.filter(agency=desk.agency, pk=themed).first() if themed else None
    if themed and theme is None:
        raise Unknown
    return put_each_under(ids, theme=theme, agency=desk.agency, actor=desk.person)


def _tell(request: HttpRequest, decided: Decided, act: str) -> None:
    many = len(decided.done)
    if many and act == "show":
        messages.success(
            request,
            ngettext("Everybody can read %(n)d more.", "Everybody can read %(n)d more.", many) % {"n": many},
        )
    elif many:
        messages.success(
            request,
            ngettext("%(n)d is under that theme now.", "%(n)d are under that theme now.", many) % {"n": many},
        )
    for contribution, sentence in decided.refused:
        # A message waits in a cookie or the session: no place for words that are still under seal.
        if contribution.sealed_body is not None:
            told = _("Something that nobody has shown yet stays as it was. {why}").format(why=sentence)
        else:
            told = _("“{words}…” stays as it was. {why}").format(words=contribution.body[:60], why=sentence)
        messages.error(request, told)


def _written(request: HttpRequest, desk: Desk, event: Event | None) -> HttpResponse:
    themes = themes_for(event) if event else []
    form = WriteDownForm(
        desk.agency, themes, sent(request), initial={"note_id": uuid4()}, may_make_one=event is not None
    )

    def shown(status: int) -> HttpResponse:
        context = {
            "event": event,
            "head": head_of(desk, event, "contributions") if event else None,
            "form": form,
            "list_url": list_url(desk, event),
        }
        nav = "events" if event else "contributions"
        return show(request, "listening/contributions/write_down.html", desk, context, nav=nav, status=status)

    def done(_taken: object) -> HttpResponse:
        messages.success(request, _("It is written down, and waits with the others until you show it."))
        return HttpResponseRedirect(list_url(desk, event))

    return form_page(
        request,
        form,
        lambda: take_note(agency=desk.agency, event=event, actor=desk.person, now=desk.now, **form.values()),
        shown=shown,
        done=done,
    )


def list_url(desk: Desk, event: Event | None) -> str:
    """Where what was said there stands."""
    if event is None:
        return reverse("contributions", kwargs={"slug": desk.agency.slug})
    return reverse("event_contributions", kwargs={"slug": desk.agency.slug, "event_id": event.pk})


def back_to(request: HttpRequest, otherwise: str) -> str:
    """What ``back`` names in the form or the address, where it is a path of this site; else ``otherwise``."""
    wanted = request.POST.get("back") or request.GET.get("back") or ""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else otherwise

"""What people asked and said: what waits for a decision, what everybody can read, and what is hidden with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engage.models import Contribution, ContributionKind, Theme
from engage.moderating_many import Decided, put_each_under, show_each
from engage.note_taking import take_note
from engage.rule_violation import RuleViolation
from engage.said_listing import numbers_of, page_of, said_to, themes_for, themes_with_numbers
from engage.said_words import words_shown_to
from events.models import Event
from web.desk.event_head import head_of, own_event
from web.desk_frame import Desk, desk_page, show
from web.language_names import language_name
from web.listening.going_back import back_to
from web.listening.note_forms import WriteDownForm
from web.listening.question_forms import ManyForm
from web.listening.swapping import asks_for_a_part, for_htmx

_STATES = Contribution.Moderation


@dataclass(frozen=True, slots=True)
class SaidRow:
    """One thing that was said. words: opened, where they are still sealed; language: empty for the agency's first."""

    said: Contribution
    words: str
    language: str
    may_be_corrected: bool
    has_themes: bool


@desk_page("dialogue:write")
def questions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """At all meetings, in all dialogues, and to the agency itself."""
    return _listed(request, desk, None)


@desk_page("dialogue:write")
def event_questions(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """At one meeting."""
    return _listed(request, desk, own_event(desk, event_id))


@desk_page("dialogue:write")
def decide_many(request: HttpRequest, desk: Desk) -> HttpResponse:
    """POST: show those that were ticked, or put them under a theme; each for itself."""
    back = back_to(request, reverse("questions", kwargs={"slug": desk.agency.slug}))
    if request.method == "POST":
        form = ManyForm(request.POST)
        try:
            decided, act = _decided(form, desk)
        except RuleViolation as refusal:
            messages.error(request, " ".join(error.detail for error in refusal.errors) or str(refusal.detail))
        else:
            _tell(request, decided, act)
    return HttpResponseRedirect(back)


@desk_page("dialogue:write")
def write_down(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A question that came on paper or by phone, to the agency."""
    return _written(request, desk, None)


@desk_page("dialogue:write")
def event_write_down(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """A question that came on paper or by phone, for one meeting."""
    return _written(request, desk, own_event(desk, event_id))


def row_of(said: Contribution, desk: Desk) -> SaidRow:
    """For console/questions/_row.html."""
    first = (desk.agency.languages or ["en"])[0]
    return SaidRow(
        said,
        words_shown_to(desk.viewer, said),
        "" if said.language == first else language_name(said.language),
        said.sealed_body is None,
        said.event_id is not None or said.dialogue_id is not None,
    )


def _listed(request: HttpRequest, desk: Desk, event: Event | None) -> HttpResponse:
    asked = request.GET
    state = asked.get("state") if asked.get("state") in _STATES.values else _STATES.WAITING.value
    kind = asked["kind"] if asked.get("kind") in ContributionKind.values else ""
    theme = _uuid(asked.get("theme", "")) if event else None
    rows = said_to(desk.agency, event=event, kind=kind, theme=theme)
    found = page_of(rows, moderation=str(state), after=asked.get("after", ""))
    kept = {"state": state, "kind": kind, "theme": str(theme or "")}
    context = {
        "event": event,
        "head": head_of(desk, event, "questions") if event else None,
        "rows": [row_of(said, desk) for said in found.rows],
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
    }
    if asks_for_a_part(request):
        return for_htmx(show(request, "console/questions/_results.html", desk, context | {"part": True}))
    nav = "events" if event else "questions"
    return for_htmx(show(request, "console/questions/list.html", desk, context, nav=nav))


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


def _decided(form: ManyForm, desk: Desk) -> tuple[Decided, str]:
    form.is_valid()
    ids = [pk for pk in map(_uuid, form.cleaned_data.get("chosen", [])) if pk]
    act = form.cleaned_data.get("act", "show")
    if act == "show":
        return show_each(ids, agency=desk.agency, actor=desk.person, now=desk.now), act
    wanted = _uuid(form.cleaned_data.get("theme", ""))
    theme = Theme.objects.filter(agency=desk.agency, pk=wanted).first() if wanted else None
    return put_each_under(ids, theme=theme, agency=desk.agency, actor=desk.person), act


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
    for said, sentence in decided.refused:
        # A message waits in a cookie or the session: no place for words that are still under seal.
        if said.sealed_body is not None:
            told = _("Something that nobody has shown yet stays as it was. {why}").format(why=sentence)
        else:
            told = _("“{words}…” stays as it was. {why}").format(words=said.body[:60], why=sentence)
        messages.error(request, told)


def _written(request: HttpRequest, desk: Desk, event: Event | None) -> HttpResponse:
    themes = themes_for(event) if event else []
    data = request.POST if request.method == "POST" else None
    form = WriteDownForm(
        desk.agency, themes, data, initial={"note_id": uuid4()}, may_make_one=event is not None
    )
    if form.is_bound and form.is_valid():
        try:
            take_note(agency=desk.agency, event=event, actor=desk.person, now=desk.now, **form.values())
        except RuleViolation as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("It is written down, and waits with the others until you show it."))
            return HttpResponseRedirect(list_url(desk, event))
    context = {
        "event": event,
        "head": head_of(desk, event, "questions") if event else None,
        "form": form,
        "list_url": list_url(desk, event),
    }
    nav = "events" if event else "questions"
    status = 400 if form.is_bound else 200
    return show(request, "console/questions/write_down.html", desk, context, nav=nav, status=status)


def list_url(desk: Desk, event: Event | None) -> str:
    """Where what was said there stands."""
    if event is None:
        return reverse("questions", kwargs={"slug": desk.agency.slug})
    return reverse("event_questions", kwargs={"slug": desk.agency.slug, "event_id": event.pk})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""Live notes: what was said, in their words, and the promise made of it in one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from engage.models import Commitment, Contribution
from engage.moderating import show as show_in_public
from engage.note_taking import amend_note, promise_from, take_note
from engage.rule_violation import RuleViolation, StaleEdit, Unknown
from engage.said_listing import note_called, note_rows, notes_of, themes_for
from events.models import Event
from web.desk.event_head import own_event
from web.desk_frame import Desk, desk_page, show
from web.language_names import language_name
from web.listening.note_forms import AmendForm, NoteForm, PromiseForm
from web.listening.swapping import asks_for_a_part, for_htmx
from web.promise_words import Standing, standing_of

# What was typed stays out of addresses, which histories and proxies keep: whoever speaks may be named by it.
_IN_THE_ADDRESS = ("said_by", "theme", "kind", "language")


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as it stands in the stream. language: empty where it is the agency's first."""

    note: Contribution
    promises: list[tuple[Commitment, Standing]]
    language: str


@desk_page("dialogue:write")
def notes(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """The composer and the stream; POST saves a note."""
    event = own_event(desk, event_id)
    themes = themes_for(event)
    if request.method != "POST":
        picked = {name: request.GET[name] for name in _IN_THE_ADDRESS if name in request.GET}
        return _page(request, desk, event, NoteForm(desk.agency, themes, initial=picked, auto_id="note_%s"))
    form = NoteForm(desk.agency, themes, request.POST, auto_id="note_%s")
    if form.is_valid():
        try:
            taken = take_note(
                agency=desk.agency, event=event, actor=desk.person, now=desk.now, **form.values()
            )
        except RuleViolation as refusal:
            form.take(refusal)
        else:
            return _saved(request, desk, event, form, taken.row, created=taken.created)
    if asks_for_a_part(request):
        return show(request, "notes/_composer.html", desk, _frame(event) | {"form": form}, status=400)
    return _page(request, desk, event, form, status=400)


@desk_page("dialogue:write")
def note(request: HttpRequest, desk: Desk, event_id: UUID, note_id: UUID) -> HttpResponse:
    """One note: the row alone for htmx, which closes whatever was open in it."""
    event, found = _own(desk, event_id, note_id)
    return _row(request, desk, event, found)


@desk_page("dialogue:write")
def edit_note(request: HttpRequest, desk: Desk, event_id: UUID, note_id: UUID) -> HttpResponse:
    """GET opens the form in the note's row, POST changes the note."""
    event, found = _own(desk, event_id, note_id)
    form = AmendForm.of(
        found, desk.agency, themes_for(event), request.POST if request.method == "POST" else None
    )
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            try:
                amend_note(found, actor=desk.person, now=desk.now, **form.amended())
            except StaleEdit as refusal:
                form.take(refusal)
                status = 409
            except RuleViolation as refusal:
                form.take(refusal)
            else:
                return _done(request, desk, event, found.pk, _("The note is changed."))
    return _row(request, desk, event, found, {"mode": "edit", "form": form}, status=status)


@desk_page("dialogue:write")
def make_promise(request: HttpRequest, desk: Desk, event_id: UUID, note_id: UUID) -> HttpResponse:
    """GET opens the form in the note's row, POST saves a draft promise."""
    event, found = _own(desk, event_id, note_id)
    desk.viewer.must("commitments:write", desk.agency.pk)
    form = PromiseForm(found, desk.agency, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            promise_from(found, actor=desk.person, now=desk.now, **form.values())
        except RuleViolation as refusal:
            form.take(refusal)
        else:
            return _done(request, desk, event, found.pk, _("The promise is saved as a draft."))
    status = 400 if form.is_bound else 200
    return _row(request, desk, event, found, {"mode": "promise", "form": form}, status=status)


@desk_page("dialogue:write")
def show_note(request: HttpRequest, desk: Desk, event_id: UUID, note_id: UUID) -> HttpResponse:
    """POST: everybody can read it. GET shows the note."""
    event, found = _own(desk, event_id, note_id)
    if request.method != "POST":
        return _row(request, desk, event, found)
    show_in_public(found, actor=desk.person, now=desk.now)
    return _done(request, desk, event, found.pk, _("Everybody can read the note now."))


def row_of(said: Contribution, desk: Desk) -> NoteRow:
    """For notes/_note.html; the promises have to be at hand already."""
    promises = [(one, standing_of(one, desk.today, staff=True)) for one in said.promises.all()]
    first = (desk.agency.languages or ["en"])[0]
    return NoteRow(said, promises, "" if said.language == first else language_name(said.language))


def _own(desk: Desk, event_id: UUID, note_id: UUID) -> tuple[Event, Contribution]:
    event = own_event(desk, event_id)
    found = note_called(event, note_id)
    if found is None:
        raise Unknown
    return event, found


def _frame(event: Event) -> dict[str, Any]:
    return {"event": event, "nav": "events"}


def _numbers(event: Event) -> dict[str, int]:
    return {"notes": note_rows(event).count(), "promises": Commitment.objects.filter(event=event).count()}


def _page(
    request: HttpRequest, desk: Desk, event: Event, form: NoteForm, *, status: int = 200
) -> HttpResponse:
    found = notes_of(event, after=request.GET.get("after", ""))
    rows = [row_of(said, desk) for said in found.rows]
    saved = _first(request, event, desk, rows)
    context = _frame(event) | {
        "form": form,
        "rows": saved,
        "following": found.following,
        "later_page": bool(request.GET.get("after")),
        "numbers": _numbers(event),
    }
    if asks_for_a_part(request) and request.GET.get("after"):
        return for_htmx(show(request, "notes/_more.html", desk, context))
    return for_htmx(show(request, "notes/live.html", desk, context, nav="events", status=status))


def _first(request: HttpRequest, event: Event, desk: Desk, rows: list[NoteRow]) -> list[NoteRow]:
    """The note that was saved last on top: notes keep no hour by which it could be found there."""
    try:
        saved = UUID(request.GET.get("saved", ""))
    except ValueError:
        return rows
    found = note_called(event, saved)
    return [row_of(found, desk), *(row for row in rows if row.note.pk != saved)] if found else rows


def _saved(
    request: HttpRequest, desk: Desk, event: Event, form: NoteForm, said: Contribution, *, created: bool
) -> HttpResponse:
    kept = form.for_the_next() | {"theme": str(said.theme_id or "")}
    if not asks_for_a_part(request):
        messages.success(request, _("The note is saved."))
        picked = {name: kept[name] for name in _IN_THE_ADDRESS if kept.get(name)}
        return HttpResponseRedirect(f"{_at(desk, event)}?{urlencode({'saved': said.pk, **picked})}")
    found = note_called(event, said.pk)
    context = _frame(event) | {
        "form": NoteForm(desk.agency, themes_for(event), initial=kept, auto_id="note_%s"),
        "row": row_of(found, desk) if created and found else None,
        "numbers": _numbers(event),
        "said": _("The note is saved."),
        "fresh": True,
    }
    return show(request, "notes/_saved.html", desk, context)


def _done(request: HttpRequest, desk: Desk, event: Event, note_id: UUID, sentence: str) -> HttpResponse:
    found = note_called(event, note_id)
    if not asks_for_a_part(request) or found is None:
        messages.success(request, sentence)
        return HttpResponseRedirect(f"{_at(desk, event)}?{urlencode({'saved': note_id})}#note-{note_id}")
    context = _frame(event) | {
        "row": row_of(found, desk),
        "numbers": _numbers(event),
        "said": sentence,
        "back": True,
    }
    return for_htmx(show(request, "notes/_changed.html", desk, context))


def _row(
    request: HttpRequest,
    desk: Desk,
    event: Event,
    found: Contribution,
    more: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    part = asks_for_a_part(request)
    # Where a part is put back, the focus that was in it would be lost; a page that is opened takes none.
    context = _frame(event) | {"row": row_of(found, desk), "back": part and not more} | dict(more or {})
    template = "notes/_note.html" if part else "notes/one.html"
    return for_htmx(show(request, template, desk, context, nav="events", status=status))


def _at(desk: Desk, event: Event) -> str:
    return reverse("notes", kwargs={"slug": desk.agency.slug, "event_id": event.pk})

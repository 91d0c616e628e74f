"""Live notes: what was said, in their words, and the promise made of it in one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from engage.commitments.models import Commitment
from engage.database.ids import id_or_none
from engage.listening.listing import note_called, note_rows, notes_of, themes_for
from engage.listening.models import Contribution
from engage.listening.moderating import show as show_in_public
from engage.listening.notes import amend_note, commitment_from, take_note
from engage.refusals import Unknown
from events.event.models import Event
from web.commitments.words import standing_of
from web.events.staff_head import own_event
from web.listening.note_forms import AmendForm, CommitmentForm, NoteForm
from web.site.drawings import Marked
from web.site.forms.page import form_page, sent
from web.site.frames.staff import Desk, desk_page, show
from web.site.frames.swapping import asks_for_a_part, for_htmx
from web.site.languages.names import language_name

# What was typed stays out of addresses, which histories and proxies keep: whoever speaks may be named by it.
_IN_THE_ADDRESS = ("said_by", "theme", "kind", "language")


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as it stands in the stream. language: empty where it is the agency's first."""

    note: Contribution
    commitments: list[tuple[Commitment, Marked]]
    language: str


@desk_page("dialogue:write")
def notes(request: HttpRequest, desk: Desk, event_id: UUID) -> HttpResponse:
    """The composer and the stream; POST saves a note."""
    event = own_event(desk, event_id)
    themes = themes_for(event)
    data = sent(request)
    picked = {name: request.GET[name] for name in _IN_THE_ADDRESS if name in request.GET and data is None}
    form = NoteForm(desk.agency, themes, data, initial=picked, auto_id="note_%s")

    def shown(status: int) -> HttpResponse:
        if request.method == "POST" and asks_for_a_part(request):
            context = _frame(event) | {"form": form}
            return show(request, "listening/notes/_composer.html", desk, context, status=status)
        return _page(request, desk, event, form, status=status)

    return form_page(
        request,
        form,
        lambda: take_note(agency=desk.agency, event=event, actor=desk.person, now=desk.now, **form.values()),
        shown=shown,
        done=lambda taken: _saved(request, desk, event, form, taken.row, created=taken.created),
    )


@desk_page("dialogue:write")
def note(request: HttpRequest, desk: Desk, event_id: UUID, note_id: UUID) -> HttpResponse:
    """One note: the row alone for htmx, which closes whatever was open in it."""
    event, found = _own(desk, event_id, note_id)
    return _row(request, desk, event, found)


@desk_page("dialogue:write")
def edit_note(request: HttpRequest, desk: Desk, event_id: UUID, note_id: UUID) -> HttpResponse:
    """GET opens the form in the note's row, POST changes the note."""
    event, found = _own(desk, event_id, note_id)
    form = AmendForm.of(found, desk.agency, themes_for(event), sent(request))
    return form_page(
        request,
        form,
        lambda: amend_note(found, actor=desk.person, now=desk.now, **form.amended()),
        shown=partial(_row, request, desk, event, found, {"mode": "edit", "form": form}),
        done=lambda _made: _done(request, desk, event, found.pk, _("The note is changed.")),
    )


@desk_page("dialogue:write")
def make_commitment(request: HttpRequest, desk: Desk, event_id: UUID, note_id: UUID) -> HttpResponse:
    """GET opens the form in the note's row, POST saves a draft promise."""
    event, found = _own(desk, event_id, note_id)
    desk.viewer.must("commitments:write", desk.agency.pk)
    form = CommitmentForm(found, desk.agency, sent(request))
    return form_page(
        request,
        form,
        lambda: commitment_from(found, actor=desk.person, now=desk.now, **form.values()),
        shown=partial(_row, request, desk, event, found, {"mode": "commitment", "form": form}),
        done=lambda _made: _done(request, desk, event, found.pk, _("The promise is saved as a draft.")),
    )


@desk_page("dialogue:write")
def show_note(request: HttpRequest, desk: Desk, event_id: UUID, note_id: UUID) -> HttpResponse:
    """POST: everybody can read it. GET shows the note."""
    event, found = _own(desk, event_id, note_id)
    if request.method != "POST":
        return _row(request, desk, event, found)
    show_in_public(found, actor=desk.person, now=desk.now)
    return _done(request, desk, event, found.pk, _("Everybody can read the note now."))


def row_of(contribution: Contribution, desk: Desk) -> NoteRow:
    """For listening/notes/_note.html; the promises have to be at hand already."""
    commitments = [(one, standing_of(one, desk.today, staff=True)) for one in contribution.commitments.all()]
    first = (desk.agency.languages or ["en"])[0]
    return NoteRow(
        contribution,
        commitments,
        "" if contribution.language == first else language_name(contribution.language),
    )


def _own(desk: Desk, event_id: UUID, note_id: UUID) -> tuple[Event, Contribution]:
    event = own_event(desk, event_id)
    found = note_called(event, note_id)
    if found is None:
        raise Unknown
    return event, found


def _frame(event: Event) -> dict[str, Any]:
    """Of every answer. back: whether the focus goes back to a note; mode: what is open in it, "edit" or "commitment"."""
    return {"event": event, "nav": "events", "back": False, "mode": "", "form": None}


def _numbers(event: Event) -> dict[str, int]:
    return {"notes": note_rows(event).count(), "commitments": Commitment.objects.filter(event=event).count()}


def _page(
    request: HttpRequest, desk: Desk, event: Event, form: NoteForm, *, status: int = 200
) -> HttpResponse:
    found = notes_of(event, after=request.GET.get("after", ""))
    rows = [row_of(contribution, desk) for contribution in found.rows]
    saved = _first(request, event, desk, rows)
    context = _frame(event) | {
        "form": form,
        "rows": saved,
        "following": found.following,
        "later_page": bool(request.GET.get("after")),
        "numbers": _numbers(event),
    }
    if asks_for_a_part(request) and request.GET.get("after"):
        return for_htmx(show(request, "listening/notes/_more.html", desk, context))
    return for_htmx(show(request, "listening/notes/live.html", desk, context, nav="events", status=status))


def _first(request: HttpRequest, event: Event, desk: Desk, rows: list[NoteRow]) -> list[NoteRow]:
    """The note that was saved last on top: notes keep no hour by which it could be found there."""
    saved = id_or_none(request.GET.get("saved", ""))
    found = note_called(event, saved) if saved else None
    return [row_of(found, desk), *(row for row in rows if row.note.pk != saved)] if found else rows


def _saved(
    request: HttpRequest,
    desk: Desk,
    event: Event,
    form: NoteForm,
    contribution: Contribution,
    *,
    created: bool,
) -> HttpResponse:
    kept = form.for_the_next() | {"theme": str(contribution.theme_id or "")}
    if not asks_for_a_part(request):
        messages.success(request, _("The note is saved."))
        picked = {name: kept[name] for name in _IN_THE_ADDRESS if kept.get(name)}
        return HttpResponseRedirect(f"{_at(desk, event)}?{urlencode({'saved': contribution.pk, **picked})}")
    found = note_called(event, contribution.pk)
    context = _frame(event) | {
        "form": NoteForm(desk.agency, themes_for(event), initial=kept, auto_id="note_%s"),
        "row": row_of(found, desk) if created and found else None,
        "numbers": _numbers(event),
        "sentence": _("The note is saved."),
    }
    return show(request, "listening/notes/_saved.html", desk, context)


def _done(request: HttpRequest, desk: Desk, event: Event, note_id: UUID, sentence: str) -> HttpResponse:
    found = note_called(event, note_id)
    if not asks_for_a_part(request) or found is None:
        messages.success(request, sentence)
        return HttpResponseRedirect(f"{_at(desk, event)}?{urlencode({'saved': note_id})}#note-{note_id}")
    context = _frame(event) | {
        "row": row_of(found, desk),
        "numbers": _numbers(event),
        "sentence": sentence,
        "back": True,
    }
    return for_htmx(show(request, "listening/notes/_changed.html", desk, context))


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
    template = "listening/notes/_note.html" if part else "listening/notes/one.html"
    return for_htmx(show(request, template, desk, context, nav="events", status=status))


def _at(desk: Desk, event: Event) -> str:
    return reverse("notes", kwargs={"slug": desk.agency.slug, "event_id": event.pk})

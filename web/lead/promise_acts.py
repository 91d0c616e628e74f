"""Single acts on a promise, each a small form of its own: from the list of decisions, or from the promise's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engage.commitment_tracking import confirm, redact, update
from engage.models import Commitment, Person
from engage.promise_record import colleagues_of, line_of, promise_of
from engage.rule_violation import RuleViolation, Unknown
from web.desk_frame import Desk, desk_page, show
from web.lead.act_forms import MoveDateForm, NameOwnerForm, NoteForm, RedactForm
from web.lead.history import history
from web.lead.promise_forms import taken
from web.promise_words import standing_of

_ACTS: Final = ("update", "date", "owner")
# Where somebody came from and goes back to.
_BACK: Final = {"follow": "follow_through", "approvals": "approvals"}


@desk_page("commitments:write")
def promise_act(request: HttpRequest, desk: Desk, commitment_id: UUID, act: str) -> HttpResponse:
    """act: update, date or owner. By htmx the form opens in its row, and the row says what was done."""
    if act not in _ACTS:
        raise Unknown
    promised = promise_of(desk.agency, commitment_id)
    form, status = _form(act, request, desk, promised), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                update(promised, actor=desk.person, now=desk.now, **form.given())
                return _done(request, desk, promised, act)
            except RuleViolation as refusal:
                status = taken(form, refusal)
    context = {
        "promised": promised,
        "standing": standing_of(promised, desk.today, staff=True),
        "form": form,
        "act": act,
        "words": _words(act),
        "back": _back_name(request),
        "back_url": _back(request, desk, promised),
    }
    template = "follow/_act.html" if request.htmx else "follow/act.html"  # type: ignore[attr-defined]
    answer = show(request, template, desk, context, nav="follow", status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@require_POST
@desk_page("commitments:write")
def confirm_promise(request: HttpRequest, desk: Desk, commitment_id: UUID) -> HttpResponse:
    """A draft becomes public, with the next number."""
    promised = promise_of(desk.agency, commitment_id)
    confirm(promised, actor=desk.person, now=desk.now)
    messages.success(
        request, _("The promise is public. It has number {number}.").format(number=promised.number)
    )
    return redirect(_back(request, desk, promised))


@desk_page("commitments:write")
def redact_line(request: HttpRequest, desk: Desk, commitment_id: UUID, number: int) -> HttpResponse:
    """Hide a text of a past line, for ever: it names a resident."""
    promised = promise_of(desk.agency, commitment_id)
    line = line_of(promised, number)
    written = history([line])[0]
    if not written.hideable:
        raise Unknown
    form = RedactForm(request.POST if request.method == "POST" else None, hideable=written.hideable)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                redact(line, actor=desk.person, now=desk.now, **form.cleaned_data)
                messages.success(
                    request, _("The text is hidden from everyone, and your reason stands in its place.")
                )
                return redirect("desk_promise", slug=desk.agency.slug, commitment_id=commitment_id)
            except RuleViolation as refusal:
                status = taken(form, refusal)
    context = {"promised": promised, "line": written, "form": form}
    return show(request, "follow/redact.html", desk, context, nav="promises", status=status)


def _form(act: str, request: HttpRequest, desk: Desk, promised: Commitment) -> Any:
    data = request.POST if request.method == "POST" else None
    makers: dict[str, Callable[[], Any]] = {
        "update": lambda: NoteForm(data, auto_id=f"id_{promised.pk}_%s"),
        "date": lambda: MoveDateForm(data, auto_id=f"id_{promised.pk}_%s"),
        "owner": lambda: NameOwnerForm(
            data, colleagues=colleagues_of(desk.agency),
            initial={"owner": str(promised.owner_id or "")}, auto_id=f"id_{promised.pk}_%s",
        ),
    }  # fmt: skip
    return makers[act]()


def _words(act: str) -> dict[str, str]:
    """heading, button and how the act is called in a sentence."""
    return {
        "update": {"heading": _("Post an update"), "button": _("Save the update")},
        "date": {"heading": _("Move the date"), "button": _("Move the date")},
        "owner": {"heading": _("Name an owner"), "button": _("Save the owner")},
    }[act]


def _done(request: HttpRequest, desk: Desk, promised: Commitment, act: str) -> HttpResponse:
    said = {
        "update": _("The update is saved, and everyone can read it."),
        "date": _("The new day is {day}.").format(day=date_format(promised.due_on, "DATE_FORMAT")),
        "owner": _owner(promised.owner),
    }[act]
    if request.htmx:  # type: ignore[attr-defined]
        context = {
            "promised": promised,
            "standing": standing_of(promised, desk.today, staff=True),
            "said": said,
        }
        return show(request, "follow/_decided.html", desk, context)
    messages.success(request, said)
    return redirect(_back(request, desk, promised))


def _owner(owner: Person | None) -> str:
    if owner is None:
        return _("Nobody answers for it by name now.")
    return _("{name} answers for it now.").format(name=owner.name)


def _back_name(request: HttpRequest) -> str:
    given = request.POST.get("back") or request.GET.get("back") or ""
    return given if given in _BACK else ""


def _back(request: HttpRequest, desk: Desk, promised: Commitment) -> str:
    name = _back_name(request)
    if name:
        return reverse(_BACK[name], kwargs={"slug": desk.agency.slug})
    return reverse("desk_promise", kwargs={"slug": desk.agency.slug, "commitment_id": promised.pk})

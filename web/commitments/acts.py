"""Single acts on a commitment, each a small form of its own: from the list of decisions, or from the commitment's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.commitments.models import Commitment, CommitmentUpdate, Redaction
from engage.commitments.moving_once import the_pledge
from engage.commitments.tracking import UNCHANGED, redact, update
from engage.people.models import Person
from engage.refusals import ReasonRequired, Unknown
from engage.roles.staff import colleagues_of
from web.commitments.forms import Owned, owners
from web.commitments.staff_record import commitment_of, history, line_of
from web.commitments.words import standing_of
from web.site.forms.fields import DayField, field_of, offer
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, go_on, show


class MoveDateForm(TakesRefusals):
    """A new day, with its reason."""

    due_on = DayField(label=gettext_lazy("The new day"))
    reason = field_of(
        CommitmentUpdate,
        "reason",
        gettext_lazy("Why does it move?"),
        error_messages={"required": ReasonRequired.sentence},
        hint=gettext_lazy("The public reads this."),
        required=True,
        widget=forms.Textarea({"rows": 3}),
    )

    def given(self) -> dict[str, Any]:
        return {
            "due_on": self.cleaned_data["due_on"],
            "reason": self.cleaned_data["reason"],
            "owner": UNCHANGED,
        }


class NameOwnerForm(Owned):
    """Somebody who answers for it, with the reason."""

    owner = forms.ChoiceField(
        label=gettext_lazy("Who answers for it from now on?"),
        error_messages={"required": gettext_lazy("Choose somebody.")},
    )
    reason = field_of(
        CommitmentUpdate,
        "reason",
        gettext_lazy("Why does it change?"),
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": ReasonRequired.sentence},
        hint=gettext_lazy("The public reads this, and who answers for the promise."),
        required=True,
    )

    def __init__(self, data: Any = None, *, colleagues: Iterable[Person], **more: Any) -> None:
        super().__init__(data, **more)
        listed = owners(colleagues)[1:]
        offer(self, "owner", [("", gettext_lazy("Choose somebody")), *listed])

    def given(self) -> dict[str, Any]:
        return {"owner": self.owner_id(), "reason": self.cleaned_data["reason"]}


class NoteForm(TakesRefusals):
    """Something new, and nothing else changes."""

    note = field_of(
        CommitmentUpdate,
        "note",
        gettext_lazy("What is new?"),
        error_messages={"required": gettext_lazy("Say what is new.")},
        hint=gettext_lazy("The public reads this. Name no resident."),
        required=True,
        widget=forms.Textarea({"rows": 3}),
    )

    def given(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["note"], "owner": UNCHANGED}


class RedactForm(TakesRefusals):
    """Which text of a line names a resident, and what the public is told instead."""

    field = forms.ChoiceField(
        label=gettext_lazy("Which text?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a text.")},
    )
    reason = field_of(
        Redaction,
        "reason",
        gettext_lazy("Why is it hidden?"),
        error_messages={"required": ReasonRequired.sentence},
        hint=gettext_lazy("The public reads this in place of the text. Do not repeat the name."),
    )

    def __init__(self, data: Any = None, *, hideable: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(data, **more)
        offer(self, "field", hideable)
        if len(hideable) == 1:
            self.fields["field"].initial = hideable[0][0]


_ACTS: Final = ("update", "date", "owner")
# Where somebody came from and goes back to.
_BACK: Final = {"follow": "follow_through", "approvals": "approvals"}


@desk_page("commitments:write")
def commitment_act(request: HttpRequest, desk: Desk, commitment_id: UUID, act: str) -> HttpResponse:
    """act: update, date or owner. By htmx the form opens in its row, and the row says what was done."""
    if act not in _ACTS:
        raise Unknown
    commitment = commitment_of(desk.agency, commitment_id)
    form = _form(act, request, desk, commitment)

    def shown(status: int) -> HttpResponse:
        context = {
            "commitment": commitment,
            "standing": standing_of(commitment, desk.today, staff=True),
            "form": form,
            "act": act,
            "words": _words(act),
            "back": back_name(request),
            "moves_once": act == "date" and the_pledge(desk.agency) is not None,
            "back_url": back_to(request, desk, commitment),
        }
        template = "commitments/_act.html" if request.htmx else "commitments/act.html"  # type: ignore[attr-defined]
        return show(request, template, desk, context, nav="follow", status=status)

    answer = form_page(
        request,
        form,
        lambda: update(commitment, actor=desk.person, now=desk.now, **form.given()),
        shown=shown,
        done=lambda _made: _done(request, desk, commitment, act),
    )
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@desk_page("commitments:write")
def redact_line(request: HttpRequest, desk: Desk, commitment_id: UUID, number: int) -> HttpResponse:
    """Hide a text of a past line, for ever: it names a resident."""
    commitment = commitment_of(desk.agency, commitment_id)
    line = line_of(commitment, number)
    written = history([line])[0]
    if not written.hideable:
        raise Unknown
    form = RedactForm(sent(request), hideable=written.hideable)
    context = {"commitment": commitment, "line": written, "form": form}
    said = _("The text is hidden from everyone, and your reason stands in its place.")
    return form_page(
        request,
        form,
        lambda: redact(line, actor=desk.person, now=desk.now, **form.cleaned_data),
        shown=partial(show, request, "commitments/redact.html", desk, context, nav="commitments"),
        done=lambda _made: go_on(request, desk, said, "desk_commitment", commitment_id=commitment_id),
    )


def _form(act: str, request: HttpRequest, desk: Desk, commitment: Commitment) -> Any:
    data = sent(request)
    makers: dict[str, Callable[[], Any]] = {
        "update": lambda: NoteForm(data, auto_id=f"id_{commitment.pk}_%s"),
        "date": lambda: MoveDateForm(data, auto_id=f"id_{commitment.pk}_%s"),
        "owner": lambda: NameOwnerForm(
            data, colleagues=colleagues_of(desk.agency),
            initial={"owner": str(commitment.owner_now_id or "")}, auto_id=f"id_{commitment.pk}_%s",
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


def _done(request: HttpRequest, desk: Desk, commitment: Commitment, act: str) -> HttpResponse:
    said = {
        "update": _("The update is saved, and everyone can read it."),
        "date": _("The new day is {day}.").format(day=date_format(commitment.due_on, "DATE_FORMAT")),
        "owner": _owner(commitment.owner_now),
    }[act]
    if request.htmx:  # type: ignore[attr-defined]
        context = {
            "commitment": commitment,
            "standing": standing_of(commitment, desk.today, staff=True),
            "sentence": said,
        }
        return show(request, "commitments/_decided.html", desk, context)
    messages.success(request, said)
    return redirect(back_to(request, desk, commitment))


def _owner(owner: Person | None) -> str:
    if owner is None:
        return _("Nobody answers for it by name now.")
    return _("{name} answers for it now.").format(name=owner.name)


def back_name(request: HttpRequest) -> str:
    given = request.POST.get("back") or request.GET.get("back") or ""
    return given if given in _BACK else ""


def back_to(request: HttpRequest, desk: Desk, commitment: Commitment) -> str:
    name = back_name(request)
    if name:
        return reverse(_BACK[name], kwargs={"slug": desk.agency.slug})
    return reverse("desk_commitment", kwargs={"slug": desk.agency.slug, "commitment_id": commitment.pk})

"""One thing that was said: shown, hidden with a public reason, put under a theme, answered, corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from engage.listening.listing import contribution_called, themes_of
from engage.listening.models import Contribution
from engage.listening.moderating import answer, correct, hide
from engage.listening.moderating import show as show_in_public
from engage.listening.theming import put_under
from engage.refusals import Unknown
from web.listening.contribution_forms import AnswerForm, CorrectForm, HideForm, ThemeForm
from web.listening.contributions import back_to, list_url, row_of
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, show
from web.site.frames.swapping import asks_for_a_part, for_htmx


@dataclass(frozen=True, slots=True)
class Act:
    """form: made for one contribution and what was sent; do: the one call into the domain; done: what is said then."""

    form: Callable[[Contribution, Any], Any]
    do: Callable[[Contribution, Desk, Any], None]
    done: Callable[[], str]


def _shown(contribution: Contribution, desk: Desk, form: Any) -> None:
    show_in_public(contribution, actor=desk.person, now=desk.now)


def _hidden(contribution: Contribution, desk: Desk, form: HideForm) -> None:
    given = form.cleaned_data
    hide(
        contribution,
        reason=given["reason"],
        actor=desk.person,
        now=desk.now,
        if_version=given["edit_version"],
    )


def _answered(contribution: Contribution, desk: Desk, form: AnswerForm) -> None:
    given = form.cleaned_data
    answer(
        contribution, text=given["body"], actor=desk.person, now=desk.now, if_version=given["edit_version"]
    )


def _corrected(contribution: Contribution, desk: Desk, form: CorrectForm) -> None:
    given = form.cleaned_data
    correct(
        contribution, body=given["body"], reason=given["reason"], actor=desk.person, now=desk.now,
        if_version=given["edit_version"],
    )  # fmt: skip


def _themed(contribution: Contribution, desk: Desk, form: ThemeForm) -> None:
    put_under(contribution, actor=desk.person, **form.theme_chosen())


ACTS: Final[Mapping[str, Act]] = {
    "show": Act(
        lambda _contribution, data: TakesRefusals(data), _shown, lambda: _("Everybody can read it now.")
    ),
    "hide": Act(HideForm, _hidden, lambda: _("It is hidden. Everybody can read the reason.")),
    "theme": Act(
        lambda contribution, data: ThemeForm(contribution, themes_of(contribution), data),
        _themed,
        lambda: _("The theme is saved."),
    ),
    "answer": Act(AnswerForm, _answered, lambda: _("Everybody can read the answer now.")),
    "correct": Act(CorrectForm, _corrected, lambda: _("The words are corrected. The old ones are kept.")),
}


@desk_page("dialogue:write")
def one_contribution(request: HttpRequest, desk: Desk, contribution_id: UUID) -> HttpResponse:
    """One thing that was said; the row alone for htmx, which closes whatever was open in it."""
    return _row(request, desk, _own(desk, contribution_id), {"closed": True})


@desk_page("dialogue:write")
def contribution_act(request: HttpRequest, desk: Desk, contribution_id: UUID, act: str) -> HttpResponse:
    """GET opens the form in its row, POST does it."""
    contribution, chosen = _own(desk, contribution_id), ACTS[act]
    form = chosen.form(contribution, sent(request))
    return form_page(
        request,
        form,
        lambda: chosen.do(contribution, desk, form),
        shown=partial(_row, request, desk, contribution, {"mode": act, "form": form}),
        done=lambda _made: _done(request, desk, contribution_id, chosen.done()),
    )


def _own(desk: Desk, contribution_id: UUID) -> Contribution:
    found = contribution_called(desk.agency, contribution_id)
    if found is None:
        raise Unknown
    return found


def _done(request: HttpRequest, desk: Desk, contribution_id: UUID, sentence: str) -> HttpResponse:
    contribution = _own(desk, contribution_id)
    if not asks_for_a_part(request):
        messages.success(request, sentence)
        return HttpResponseRedirect(back_to(request, list_url(desk, contribution.event)))
    row = _row(request, desk, contribution, {"sentence": sentence, "closed": True})
    # The numbers above the list ask for themselves anew.
    return trigger_client_event(row, "decided", after="settle")


def _row(
    request: HttpRequest,
    desk: Desk,
    contribution: Contribution,
    more: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    otherwise = list_url(desk, contribution.event)
    context: dict[str, Any] = {
        "row": row_of(contribution, desk),
        "event": None,
        "back": back_to(request, otherwise),
        "mode": "",
        "form": None,
        "choose": False,
        "sentence": "",
    } | dict(more)
    part = asks_for_a_part(request)
    # Where a part is put back, the focus that was in it would be lost; a page that is opened takes none.
    context["closed"] = part and context.get("closed", False)
    if not part:
        context["revisions"] = list(contribution.revisions.order_by("-replaced_on", "pk"))
    template = "listening/contributions/_row.html" if part else "listening/contributions/one.html"
    return for_htmx(show(request, template, desk, context, nav="contributions", status=status))

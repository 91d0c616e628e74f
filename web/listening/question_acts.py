"""One thing that was said: shown, hidden with a public reason, put under a theme, answered, corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from engage.models import Contribution
from engage.moderating import answer, correct, hide
from engage.moderating import show as show_in_public
from engage.rule_violation import RuleViolation, Unknown
from engage.said_listing import said_called, themes_of
from engage.theming import put_under
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import TakesRefusals, status_of
from web.listening.going_back import back_to
from web.listening.question_forms import AnswerForm, CorrectForm, HideForm, ThemeForm
from web.listening.question_pages import list_url, row_of
from web.listening.swapping import asks_for_a_part, for_htmx


@dataclass(frozen=True, slots=True)
class Act:
    """form: made for one contribution and what was sent; do: the one call into the domain; done: what is said then."""

    form: Callable[[Contribution, Any], Any]
    do: Callable[[Contribution, Desk, Any], None]
    done: Callable[[], str]


def _shown(said: Contribution, desk: Desk, form: Any) -> None:
    show_in_public(said, actor=desk.person, now=desk.now)


def _hidden(said: Contribution, desk: Desk, form: HideForm) -> None:
    given = form.cleaned_data
    hide(said, reason=given["reason"], actor=desk.person, now=desk.now, if_version=given["edit_version"])


def _answered(said: Contribution, desk: Desk, form: AnswerForm) -> None:
    given = form.cleaned_data
    answer(said, text=given["body"], actor=desk.person, now=desk.now, if_version=given["edit_version"])


def _corrected(said: Contribution, desk: Desk, form: CorrectForm) -> None:
    given = form.cleaned_data
    correct(
        said, body=given["body"], reason=given["reason"], actor=desk.person, now=desk.now,
        if_version=given["edit_version"],
    )  # fmt: skip


def _themed(said: Contribution, desk: Desk, form: ThemeForm) -> None:
    put_under(said, actor=desk.person, **form.theme_chosen())


ACTS: Final[Mapping[str, Act]] = {
    "show": Act(lambda _said, data: TakesRefusals(data), _shown, lambda: _("Everybody can read it now.")),
    "hide": Act(HideForm, _hidden, lambda: _("It is hidden. Everybody can read the reason.")),
    "theme": Act(
        lambda said, data: ThemeForm(said, themes_of(said), data), _themed, lambda: _("The theme is saved.")
    ),
    "answer": Act(AnswerForm, _answered, lambda: _("Everybody can read the answer now.")),
    "correct": Act(CorrectForm, _corrected, lambda: _("The words are corrected. The old ones are kept.")),
}


@desk_page("dialogue:write")
def question(request: HttpRequest, desk: Desk, contribution_id: UUID) -> HttpResponse:
    """One thing that was said; the row alone for htmx, which closes whatever was open in it."""
    return _row(request, desk, _own(desk, contribution_id), {"closed": True})


@desk_page("dialogue:write")
def question_act(request: HttpRequest, desk: Desk, contribution_id: UUID, act: str) -> HttpResponse:
    """GET opens the form in its row, POST does it."""
    said, chosen = _own(desk, contribution_id), ACTS[act]
    if request.method != "POST":
        return _row(request, desk, said, {"mode": act, "form": chosen.form(said, None)})
    form = chosen.form(said, request.POST)
    status = 400
    if form.is_valid():
        try:
            chosen.do(said, desk, form)
        except RuleViolation as refusal:
            form.take(refusal)
            status = status_of(refusal)
        else:
            return _done(request, desk, contribution_id, chosen.done())
    return _row(request, desk, said, {"mode": act, "form": form}, status=status)


def _own(desk: Desk, contribution_id: UUID) -> Contribution:
    found = said_called(desk.agency, contribution_id)
    if found is None:
        raise Unknown
    return found


def _done(request: HttpRequest, desk: Desk, contribution_id: UUID, sentence: str) -> HttpResponse:
    said = _own(desk, contribution_id)
    if not asks_for_a_part(request):
        messages.success(request, sentence)
        return HttpResponseRedirect(back_to(request, list_url(desk, said.event)))
    row = _row(request, desk, said, {"said_now": sentence, "closed": True})
    # The numbers above the list ask for themselves anew.
    return trigger_client_event(row, "decided", after="settle")


def _row(
    request: HttpRequest, desk: Desk, said: Contribution, more: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    otherwise = list_url(desk, said.event)
    context: dict[str, Any] = {
        "row": row_of(said, desk),
        "event": None,
        "back": back_to(request, otherwise),
    } | dict(more)
    part = asks_for_a_part(request)
    # Where a part is put back, the focus that was in it would be lost; a page that is opened takes none.
    context["closed"] = part and context.get("closed", False)
    if not part:
        context["revisions"] = list(said.revisions.order_by("-replaced_on", "pk"))
    template = "console/questions/_row.html" if part else "console/questions/one.html"
    return for_htmx(show(request, template, desk, context, nav="questions", status=status))

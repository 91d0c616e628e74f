"""Pledges: what the agency promises about its own conduct, shown only while an administrator's signature stands."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engage.agencies.models import Pledge
from engage.agencies.pledges import DATE_MOVES_ONCE, sign_pledge, withdraw_pledge
from engage.database.ids import uuid7
from engage.refusals import Unknown
from web.site.forms.fields import field_of
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, go_on, show

OWN = "own"


class PledgeForm(TakesRefusals):
    """code: one of the usual pledges, or ``own`` for the agency's own words."""

    code = forms.SlugField(max_length=63, widget=forms.HiddenInput)
    text = field_of(
        Pledge,
        "text",
        gettext_lazy("The pledge, as the public reads it"),
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Write what you pledge.")},
        hint=gettext_lazy("Promise only what you will do. It stands on the public pages with its date."),
    )

    def given(self) -> dict[str, str]:
        code = self.cleaned_data["code"]
        return {
            "code": f"own-{uuid7().hex[-12:]}" if code == OWN else code,
            "text": self.cleaned_data["text"],
        }


@desk_page("admin")
def pledges(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Those that stand, those withdrawn, and the usual ones that could be signed."""
    found = list(
        Pledge.objects.filter(agency=desk.agency)
        .select_related("signed_by")
        .order_by("-signed_on", "-id")[:200]
    )
    standing = {pledge.code for pledge in found if pledge.withdrawn_on is None}
    context = {
        "standing": [(pledge, _what_holds(pledge.code)) for pledge in found if pledge.withdrawn_on is None],
        "withdrawn": [pledge for pledge in found if pledge.withdrawn_on is not None],
        "usual": [
            (code, text, _what_holds(code)) for code, text in usual_pledges().items() if code not in standing
        ],
    }
    return show(request, "office/pledges.html", desk, context, nav="office")


@desk_page("admin")
def sign(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """GET shows the words, which can be changed before they are signed; POST signs them with name and date."""
    usual = usual_pledges()
    if code != OWN and code not in usual:
        raise Unknown
    form = PledgeForm(sent(request), initial={"code": code, "text": usual.get(code, "")})
    context = {"form": form, "today": desk.today, "held_by": _what_holds(code)}
    said = _("The pledge is signed, and everyone can read it.")
    return form_page(
        request,
        form,
        lambda: sign_pledge(desk.agency, actor=desk.person, now=desk.now, **form.given()),
        shown=partial(show, request, "office/sign_pledge.html", desk, context, nav="office"),
        done=lambda _made: go_on(request, desk, said, "office_pledges"),
    )


@desk_page("admin")
def withdraw(request: HttpRequest, desk: Desk, pledge_id: UUID) -> HttpResponse:
    """GET says what the public will see; POST withdraws it."""
    pledge = (
        Pledge.objects.filter(agency=desk.agency, pk=pledge_id, withdrawn_on=None)
        .select_related("agency")
        .first()
    )
    if pledge is None:
        raise Unknown
    if request.method == "POST":
        withdraw_pledge(pledge, actor=desk.person, now=desk.now)
        return go_on(
            request, desk, _("The pledge is withdrawn. The public record says since when."), "office_pledges"
        )
    return show(request, "office/withdraw_pledge.html", desk, {"pledge": pledge}, nav="office")


def _what_holds(code: str) -> str:
    """What stands behind a pledge: a rule of the software, or the word of the agency alone."""
    if code == DATE_MOVES_ONCE:
        return _("The software refuses a second move while this is signed, on every page and in the API.")
    return _("No software can check this. It is the agency’s word, and is shown as that.")


def usual_pledges() -> dict[str, str]:
    """By code, in the language of the page."""
    return {
        "never_used_to_investigate": _(
            "What people say at a meeting, and who came, is never used to investigate anybody."
        ),
        DATE_MOVES_ONCE: _("The date of a promise moves once at most, and the reason is public."),
        "no_id_asked": _("Nobody is asked for an ID or a name at the door of a public meeting."),
        "not_recorded": _("Nothing is filmed or recorded at a listening session."),
        "answers_in_ten_days": _("Every question that is put to us gets an answer within ten working days."),
    }

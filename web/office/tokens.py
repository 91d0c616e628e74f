"""Keys for programs: whose they are, what they open, and until when; each is shown once, when it is made."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from engage.refusals import Unknown
from engage.roles.models import AccessToken
from engage.roles.permissions import ALL_SCOPES
from engage.roles.tokens import issue, revoke
from web.account.sessions import must_be_fresh
from web.office.staff_listing import tokens_of
from web.site.forms.fields import field_of, offer
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, go_on, show

_DAYS = (7, 30, 90, 365)


class TokenForm(TakesRefusals):
    """A key for a program, with no more than the person's roles give."""

    label = field_of(
        AccessToken,
        "label",
        gettext_lazy("What is it for?"),
        error_messages={"required": gettext_lazy("Say what the key is for.")},
        hint=gettext_lazy("Such as “screen in the lobby”, so that you know later which one to revoke."),
        required=True,
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What may the program do?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose one thing at least.")},
    )
    expires = forms.TypedChoiceField(label=gettext_lazy("For how long?"), coerce=int, initial=90)

    def __init__(self, data: Any = None, *, desk: Desk) -> None:
        super().__init__(data)
        words = scope_words()
        offer(self, "scopes", [(one, words[one]) for one in sorted(ALL_SCOPES) if desk.may(one)])
        offer(
            self,
            "expires",
            [(days, ngettext("%(n)d day", "%(n)d days", days) % {"n": days}) for days in _DAYS],
        )


@desk_page("admin")
def tokens(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET lists the agency's keys; POST makes one of one's own and shows it, this once."""
    form = TokenForm(sent(request), desk=desk)

    def shown(status: int) -> HttpResponse:
        words = scope_words()
        listed = [
            (one, [words.get(scope, scope) for scope in one.scopes])
            for one in tokens_of(desk.agency, now=desk.now)
        ]
        context = {"form": form, "tokens": listed}
        return show(request, "office/tokens.html", desk, context, nav="office", status=status)

    return form_page(
        request,
        form,
        lambda: _make(request, desk, form),
        shown=shown,
        # Not after a redirect: the secret would have to be kept somewhere until then.
        done=lambda made: show(
            request, "office/token_made.html", desk, {"token": made[0], "secret": made[1]}, nav="office"
        ),
    )


@require_POST
@desk_page("admin")
def revoke_token(request: HttpRequest, desk: Desk, token_id: UUID) -> HttpResponse:
    """From now on it opens nothing, whoever's it was."""
    token = AccessToken.objects.filter(agency=desk.agency, pk=token_id).select_related("person").first()
    if token is None:
        raise Unknown
    if token.person_id != desk.person.pk:
        must_be_fresh(request)
    revoke(token, now=desk.now, actor=desk.person)
    return go_on(request, desk, _("The key is revoked. It opens nothing any more."), "office_tokens")


def scope_words() -> dict[str, str]:
    return {
        "admin": _("Change settings, roles and communities"),
        "commitments:read": _("See promises, drafts too"),
        "commitments:write": _("Make promises and post updates"),
        "dialogue:read": _("See dialogues, planned ones too"),
        "dialogue:write": _("Read and answer questions, take notes"),
        "events:read": _("See meetings, drafts too"),
        "events:write": _("Plan, change and cancel meetings"),
        "insights:read": _("See the figures of follow-through"),
        "outreach:read": _("See reminders, summaries being written and how many messages went"),
        "outreach:write": _("Write and send reminders and summaries"),
        "rsvps:read": _("See who saved a place"),
        "rsvps:write": _("Save and cancel places, check people in"),
    }


def _make(request: HttpRequest, desk: Desk, form: TokenForm) -> tuple[AccessToken, str]:
    must_be_fresh(request)
    given = form.cleaned_data
    return issue(
        person=desk.person,
        agency=desk.agency,
        scopes=given["scopes"],
        label=given["label"],
        now=desk.now,
        expires_at=desk.now + dt.timedelta(days=given["expires"]),
    )

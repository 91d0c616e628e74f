"""Keys for programs: whose they are, what they open, and until when; each is shown once, when it is made."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from engage.access import ALL_SCOPES
from engage.models import AccessToken
from engage.rule_violation import RuleViolation, Unknown
from engage.token_issuing import issue, revoke
from engage.who_works_here import tokens_of
from web.desk_frame import Desk, desk_page, show
from web.forms.refusals import TakesRefusals
from web.fresh_sign_in import must_be_fresh

_DAYS = (7, 30, 90, 365)


class TokenForm(TakesRefusals):
    """A key for a program, with no more than the person's roles give."""

    label = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=100,
        error_messages={"required": gettext_lazy("Say what the key is for.")},
        help_text=gettext_lazy("Such as “screen in the lobby”, so that you know later which one to revoke."),
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
        self.fields["scopes"].choices = [(one, words[one]) for one in sorted(ALL_SCOPES) if desk.may(one)]  # type: ignore[attr-defined]
        self.fields["expires"].choices = [  # type: ignore[attr-defined]
            (days, ngettext("%(n)d day", "%(n)d days", days) % {"n": days}) for days in _DAYS
        ]


@desk_page("admin")
def tokens(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET lists the agency's keys; POST makes one of one's own and shows it, this once."""
    form, status = TokenForm(request.POST if request.method == "POST" else None, desk=desk), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            must_be_fresh(request)
            try:
                return _made(request, desk, form)
            except RuleViolation as refusal:
                form.take(refusal)
    words = scope_words()
    listed = [
        (one, [words.get(scope, scope) for scope in one.scopes])
        for one in tokens_of(desk.agency, now=desk.now)
    ]
    return show(
        request, "office/tokens.html", desk, {"form": form, "tokens": listed}, nav="office", status=status
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
    messages.success(request, _("The key is revoked. It opens nothing any more."))
    return redirect("office_tokens", slug=desk.agency.slug)


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


def _made(request: HttpRequest, desk: Desk, form: TokenForm) -> HttpResponse:
    said = form.cleaned_data
    token, secret = issue(
        person=desk.person,
        agency=desk.agency,
        scopes=said["scopes"],
        label=said["label"],
        now=desk.now,
        expires_at=desk.now + dt.timedelta(days=said["expires"]),
    )
    # Not after a redirect: the secret would have to be kept somewhere until then.
    return show(request, "office/token_made.html", desk, {"token": token, "secret": secret}, nav="office")

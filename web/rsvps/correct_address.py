"""The address of a place, corrected where it was mistyped, or added where there was none, from the resident's own page."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.contacts.addresses import LONGEST_EMAIL
from events.rsvps.links import MANAGING, Reach
from events.rsvps.readdressing import change_address
from web.rsvps.showing import about, show
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.behind_a_link import link_page, own_rsvp


class CorrectAddress(TakesRefusals):
    email = forms.CharField(
        label=_("Your email"),
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": _("Type your email.")},
    )


@link_page
def correct_address(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks for the address; POST has letters go there, and leads on by the new link: the old one is dead."""
    now = timezone.now()
    reach = own_rsvp(request, token, MANAGING, now=now)
    form = CorrectAddress(sent(request))
    return form_page(
        request,
        form,
        lambda: change_address(reach, form.cleaned_data["email"], now=now),
        shown=partial(_show, request, reach, token, form, now=now),
        done=lambda made: redirect(f"{reverse('manage', args=[made or token])}?address#saved"),
    )


def _show(
    request: HttpRequest,
    reach: Reach,
    token: str,
    form: CorrectAddress,
    *,
    now: dt.datetime,
    status: int = 200,
) -> HttpResponse:
    context = about(reach, token, now=now) | {"form": form}
    return show(request, "rsvps/correct_address.html", reach, context, status=status)

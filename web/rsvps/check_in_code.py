"""What a phone's camera finds behind the QR code of a ticket: an explanation. The code itself opens nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from events.rsvps.tickets import read_code
from web.rsvps.showing import spaced


@require_safe
def check_in_code(request: HttpRequest, code: str) -> HttpResponse:
    """Looks nothing up: whether the code exists is for the door to say, not for whoever tries codes."""
    context = {"code": spaced(code.upper().replace("-", "")), "plain_code": read_code(code)}
    return render(request, "rsvps/check_in_code.html", context)

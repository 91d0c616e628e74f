"""Back to the list from which somebody came, with its filters: only to an address of our own."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def back_to(request: HttpRequest, otherwise: str) -> str:
    """What ``back`` names in the form or the address, where it is a path of this site; else ``otherwise``."""
    wanted = request.POST.get("back") or request.GET.get("back") or ""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else otherwise

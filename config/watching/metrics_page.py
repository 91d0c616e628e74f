"""/metrics: for the machine that watches, and for nobody else."""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.watching.measuring import exposition


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text. To anybody else the page does not exist."""
    if not (_has_the_token(request) or _is_on_this_machine(request)):
        raise Http404
    answer = HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer


def _has_the_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    expected = f"Bearer {settings.METRICS_TOKEN}"
    return bool(settings.METRICS_TOKEN) and compare_digest(given.encode(), expected.encode())


def _is_on_this_machine(request: HttpRequest) -> bool:
    # A reverse proxy on this machine is a loopback peer too, and says so in these headers: its callers are the world.
    if any(request.headers.get(name) for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False

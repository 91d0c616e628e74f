"""Acts by the pages whose budgets are measured: saving a place, and letting somebody in who has one."""

from __future__ import annotations

import secrets
from typing import Any


def rsvps(_times: int) -> tuple[Any, ...]:
    """One place after another at the same meeting, without an address."""
    from django.test import Client

    from bench.made_events import agency, event

    client, planned = Client(), event(agency())

    def save_an_rsvp() -> Any:
        wish = {"party_size": 1, "contact": "none", "language": "en", "key": secrets.token_urlsafe(24)}
        return client.post(f"/events/{planned.pk}/rsvp", wish)

    return "saving a place, by the form", save_an_rsvp, 6, 9, (303,)


def check_ins(times: int) -> tuple[Any, ...]:
    """The button beside a name, each time beside another one."""
    from bench.made_events import agency, event
    from bench.pages_to_measure import signed_in
    from events.event.models import Event
    from tests.makers.rsvps import an_rsvp

    host = agency()
    planned = event(host)
    guests = iter([an_rsvp(planned).pk for _each in range(times + 10)])
    Event.objects.filter(pk=planned.pk).update(status="live")
    client = signed_in(host, "liaison")
    client.post(f"/door/{planned.pk}/open")

    def let_in() -> Any:
        wish = {"rsvp": str(next(guests)), "key": secrets.token_urlsafe(18)}
        return client.post(f"/door/{planned.pk}/check-in", wish)

    return "check-in, by the button", let_in, 5, 4, (302,)

"""The pages whose budgets are measured: name, request, milliseconds, queries, and what comes first untimed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.many_commitments import an_agency_with_many_commitments

if TYPE_CHECKING:
    from django.test import Client

    from engage.agencies.models import Agency

_OK = (200,)


def public_pages() -> list[tuple[Any, ...]]:
    from django.test import Client
    from django.utils import timezone

    from demo.made_year.agencies import MAIN
    from events.event.models import Event

    client = Client()
    coming = Event.objects.filter(agency__slug=MAIN, status="published", audience="public", capacity=200)
    event = coming.filter(starts_at__gt=timezone.now()).order_by("starts_at").first()
    assert event is not None
    home = f"/agencies/{MAIN}/"
    return [
        ("agency home", lambda: client.get(home), 15, 6),
        ("meetings, with the real notices", lambda: client.get(f"{home}meetings/?when=past"), 15, 6),
        ("event page", lambda: client.get(f"/events/{event.pk}"), 15, 6),
    ]


def staff_pages() -> list[tuple[Any, ...]]:
    from demo.made_year.agencies import MAIN
    from engage.agencies.models import Agency
    from events.event.models import Event

    agency = Agency.objects.get(slug=MAIN)
    tonight = Event.objects.get(agency=agency, status="live")
    client = signed_in(agency, "liaison")
    client.post(f"/door/{tonight.pk}/open")
    desk = f"/desk/{MAIN}/"
    return [
        ("board of the liaison", lambda: client.get(desk), 60, 12),
        ("event list, with the real notices", lambda: client.get(f"{desk}events/"), 60, 6),
        ("event workspace", lambda: client.get(f"{desk}events/{tonight.pk}/"), 60, 14),
        ("door, opened", lambda: client.get(f"/door/{tonight.pk}/"), 60, 12),
    ]


def big_pages() -> list[tuple[Any, ...]]:
    from django.core.cache import cache
    from django.test import Client

    agency = an_agency_with_many_commitments()
    public, staff = Client(), signed_in(agency, "leader")
    listed, desk = f"/agencies/{agency.slug}/promises/", f"/desk/{agency.slug}"
    follow = f"{desk}/follow-through/"
    return [
        ("promises in public, of 20,000", lambda: public.get(listed), 15, 5),
        ("… the first 50 of 400 late ones", lambda: public.get(f"{listed}?status=late"), 15, 5),
        ("promises of staff, of 20,000", lambda: staff.get(f"{desk}/commitments/"), 15, 5),
        ("follow-through, of 20,000, cold", lambda: staff.get(follow), 100, 12, _OK, cache.clear),
        ("… warm", lambda: staff.get(follow), 10, 12),
    ]


def signed_in(agency: Agency, kind: str) -> Client:
    from django.test import Client

    from tests.makers.agencies import a_person

    client = Client()
    client.force_login(a_person(agency, kind))
    return client

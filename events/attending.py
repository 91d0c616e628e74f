"""How many came: numbers without names, from the rows while they stand and from the frozen totals afterwards."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, Sum

from events.head_counting import heads_counted
from events.models import ArrivalWay, CheckIn, Event, EventTotals, Rsvp, RsvpStatus


def attendance(event: Event) -> dict[str, Any]:
    """``{checked_in, walk_ins, head_count, total, rsvps: {confirmed, came}}``: people, and of ``rsvps`` places.

    Those counted by head are nobody's arrival: the total is the sum of the three.
    """
    totals = EventTotals.objects.filter(event=event).first() if event.totals_frozen_at else None
    if totals is not None:
        return _said(totals.came_people, totals.walk_ins, totals.head_count, totals.confirmed, totals.came)
    arrived = arrivals(event)
    confirmed = Rsvp.objects.filter(event=event, status=RsvpStatus.CONFIRMED).count()
    return _said(arrived["people"], arrived["walk_ins"], heads_counted(event), confirmed, arrived["places"])


def arrivals(event: Event) -> dict[str, int]:
    """Standing arrivals: ``people`` and ``places`` of those who had one, ``walk_ins`` (people). One query.

    An erased place leaves its arrival behind as a number, so places are counted by arrival.
    """
    expected = ~Q(way=ArrivalWay.WALK_IN)
    return CheckIn.objects.filter(event=event, undone_at=None).aggregate(
        people=Sum("party", filter=expected, default=0),
        places=Count("pk", filter=expected),
        walk_ins=Sum("party", filter=~expected, default=0),
    )


def _said(people: int, walk_ins: int, heads: int, confirmed: int, came: int) -> dict[str, Any]:
    return {
        "checked_in": people,
        "walk_ins": walk_ins,
        "head_count": heads,
        "total": people + walk_ins + heads,
        "rsvps": {"confirmed": confirmed, "came": came},
    }

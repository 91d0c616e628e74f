"""Her address typed where seats are free, where they are not, and where one comes free: what becomes of the place.

He fills a meeting himself, types her address, gives one of his own seats back, and reads what becomes of the place that he
typed: on its page, over the API, in its calendar, on the meeting's page. Then he lets the offer run out, takes the next
one, and has the link made new.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from django.test import Client

from events.event.models import Event
from events.rsvps.waitlisting import lapse_offers
from tests.attackers.looking_for_her import HER, HIS, Record, Town, said, send_what_is_due, what_is_looked_at
from tests.attackers.reading_forms import forms_of

SEATS: Final = 4
# What shows the meeting to everybody, and its places to staff who were her partner.
_SHOWS: Final = frozenset({"event", "agency_calendar", "api:event", "invite"})
_SHOWS_STAFF: Final = _SHOWS | {
    "api:event-rsvps", "api:activity", "api:event-deliveries", "event_rsvps", "cancel_event",
}  # fmt: skip
_OF_A_PLACE: Final = (
    "/r/{}", "/r/{}/data", "/r/{}/new-link", "/r/{}/accept", "/api/v1/rsvps/{}/", "/api/v1/rsvps/{}/data/",
)  # fmt: skip

Typing = Callable[[Town, Record], str]


def by_page(town: Town, record: Record) -> str:
    """The meeting's form, and the page that asks "is this right?" where no script made a key. The link's token."""
    path = f"/events/{town.event.pk}"
    page = town.ask("GET", path)
    for turn in range(2):
        form = next(
            one for one in forms_of(path, page.content.decode()) if one.addresses or "email" in one.fields
        )
        page = town.browser.post(form.action, form.with_address(HER), headers={"Origin": "http://testserver"})
        record[f"typed {turn}"] = said(page)
        if page.status_code == 303:
            return str(page["Location"]).partition("?")[0].rpartition("/")[2]
    raise AssertionError(record)


def by_call(town: Town, record: Record) -> str:
    """One call of the API. The link's token."""
    answer = town.ask("POST", f"/api/v1/events/{town.event.pk}/rsvps/", {"email": HER, "party_size": 1})
    record["typed"] = said(answer)
    assert answer.status_code == 201
    return str(answer.json()["manage_token"])


SURFACES: Final[dict[str, Typing]] = {"page": by_page, "API": by_call}


def a_seat_comes_free(town: Town, typing: Typing) -> Record:
    """She waits; it is offered, runs out, is offered again and taken."""
    his = _his_own_seats(town)
    record, token = _typed(town, typing)
    assert Client().delete(f"/api/v1/rsvps/{his[0]}/").status_code == 204
    _look(town, token, "a seat is free", record)
    assert lapse_offers(now=town.event.starts_at - dt.timedelta(hours=5)) <= 1
    _look(town, token, "the offer is over", record)
    record["taken"] = said(town.browser.post(f"/r/{token}/accept"))
    _look(town, token, "taken", record)
    return record


def a_seat_comes_free_twice(town: Town, typing: Typing) -> Record:
    """He lets both offers run out."""
    his = _his_own_seats(town)
    record, token = _typed(town, typing)
    assert Client().delete(f"/api/v1/rsvps/{his[0]}/").status_code == 204
    for time in ("once", "twice"):
        send_what_is_due()
        lapse_offers(now=town.event.starts_at - dt.timedelta(hours=5))
        _look(town, token, f"run out {time}", record)
    return record


def the_link_is_made_new(town: Town, typing: Typing) -> Record:
    """Where seats are free. Once more than a day has letters for; then her link is asked for at the meeting's page."""
    record: Record = {}
    for turn in range(3):
        typed, token = _typed(town, typing)
        record |= {f"{turn} {label}": text for label, text in typed.items()}
        made = town.browser.post(f"/r/{token}/new-link")
        record[f"{turn} new link"] = said(made)
        _look(town, token, f"{turn} after it", record)
    again = {"email": HER}
    record["asked again"] = said(town.ask("POST", f"/api/v1/events/{town.event.pk}/rsvps/resend/", again))
    return record


SCENES: Final[dict[str, Callable[[Town, Typing], Record]]] = {
    "a seat is free": the_link_is_made_new,
    "a seat comes free": a_seat_comes_free,
    "nobody takes it": a_seat_comes_free_twice,
}


def a_small_event(town: Town) -> None:
    """The meeting where it happens has few seats."""
    Event.objects.filter(pk=town.event.pk).update(capacity=SEATS)


def _his_own_seats(town: Town) -> list[str]:
    """He takes what is free, one by one, until nothing is. The tokens of their links."""
    held: list[str] = []
    while True:
        wish = {"email": HIS, "waitlist": False}
        path = f"/api/v1/events/{town.event.pk}/rsvps/"
        answer = Client().post(path, wish, content_type="application/json")
        if answer.status_code == 409:
            assert held
            return held
        held.append(answer.json()["manage_token"])


def _typed(town: Town, typing: Typing) -> tuple[Record, str]:
    record: Record = {}
    token = typing(town, record)
    _look(town, token, "saved", record)
    return record, token


def _look(town: Town, token: str, when: str, record: Record) -> None:
    """After the worker has been: the place that he typed, and the meeting."""
    send_what_is_due()
    for path in _OF_A_PLACE:
        answer = town.ask("GET", path.format(token))
        record[f"{when}: {path}"] = said(answer)
        _follow_calendar(town, answer, f"{when}: calendar", record)
    shown = what_is_looked_at(town, only=_SHOWS_STAFF if town.key else _SHOWS)
    record |= {f"{when}: {label}": text for label, text in shown.items()}


def _follow_calendar(town: Town, answer: Any, label: str, record: Record) -> None:
    text = answer.content.decode("utf-8", "replace")
    _before, found, rest = text.partition("/calendars/rsvp/")
    if found:
        record[label] = said(town.ask("GET", f"/calendars/rsvp/{rest[:53]}.ics"))

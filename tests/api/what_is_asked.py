"""What each entry of the table asks for, made in a world of its own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from engage.agencies.closures import close_on
from engage.agencies.pledges import sign_pledge
from engage.commitments.tracking import update
from engage.contacts.links import Purpose, mint
from engage.readings.granting import ask_for_more
from events.door.checking_in import check_in
from events.door.links import open_link
from outreach.reminders.setting import add_rule
from outreach.subscriptions.subscribing import subscribe
from outreach.summaries import writing
from tests.makers.agencies import a_person
from tests.makers.worlds import PASSWORD, World

EVENT = {
    "title": "Town hall", "starts_at": "2027-03-12T18:00:00", "ends_at": "2027-03-12T19:30:00",
    "timezone": "America/Chicago",
}  # fmt: skip
PROMISE = {
    "title": "Say why", "done_means": "Reviewed.", "owner_office": "Patrol", "focus_area": "procedural_justice",
    "due_on": "2027-06-30",
}  # fmt: skip
CALENDAR = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//test//EN\r
BEGIN:VEVENT\r
UID:one@example.org\r
DTSTART:20270312T180000Z\r
DTEND:20270312T190000Z\r
SUMMARY:Meeting\r
END:VEVENT\r
END:VCALENDAR\r
"""
QUESTION = {"kind": "question", "body": "May I say no?"}

Asked = tuple[str, Any]


def at(thing: Any, path: str = "", body: Any = None) -> Asked:
    """Below one event, dialogue, commitment…"""
    kind = {"event": "events", "dialogue": "dialogues", "commitment": "commitments", "venue": "venues",
            "contribution": "contributions", "agency": "agencies"}[thing._meta.model_name]  # fmt: skip
    key = thing.slug if kind == "agencies" else thing.pk
    return f"/{kind}/{key}/{path}", body


def community(world: World, body: Any = None) -> Asked:
    return f"/agencies/{world.agency.slug}/communities/{world.community().pk}/", body


def closure(world: World, body: Any = None) -> Asked:
    [made] = close_on(world.agency, on=dt.date(2027, 10, 13), name="City holiday", actor=None, now=world.now)
    return f"/closures/{made.pk}/", body


def pledge(world: World) -> Asked:
    admin = a_person(world.agency, "admin")
    pledge = sign_pledge(world.agency, actor=admin, code="no-id", text="We ask for no ID.", now=world.now)
    return f"/agencies/{world.agency.slug}/pledges/{pledge.pk}/", None


def new_token(world: World) -> Asked:
    person = a_person(world.agency, "liaison")
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return "/tokens/", {"email": person.email, "password": PASSWORD, "agency": world.agency.slug}


def theme(home: Any, world: World, body: Any = None) -> Asked:
    return at(home, f"themes/{world.theme(home).pk}/", body)


def item(world: World, body: Any = None) -> Asked:
    item = world.agenda_item()
    return f"/events/{item.event_id}/agenda/{item.pk}/", body


def to_do(world: World, body: Any = None) -> Asked:
    event = world.event()
    return f"/events/{event.pk}/checklist/{event.checklist_items.all()[0].pk}/", body


def rsvp(world: World, path: str = "", body: Any = None) -> Asked:
    rsvp = world.rsvp()
    return f"/events/{rsvp.event_id}/rsvps/{rsvp.pk}/{path}", body


def need(world: World, body: Any = None) -> Asked:
    need = world.need()
    return f"/events/{need.event_id}/access-requests/{need.pk}/", body


def arrived(world: World) -> Asked:
    event = world.event()
    check_in(event, client_id="tablet-1", walk_in=True, now=world.now)
    return at(event, "check-ins/tablet-1/")


def door(world: World) -> tuple[Any, str]:
    liaison = a_person(world.agency, "liaison")
    return open_link(world.event(), device="Tablet", actor=liaison, now=world.now)


def door_link(world: World) -> Asked:
    link, _secret = door(world)
    return f"/events/{link.event_id}/door-links/{link.pk}/", None


def summary(world: World, path: str = "", body: Any = None, *, until: str = "draft") -> Asked:
    event, leader = world.ended(), a_person(world.agency, "leader")
    version = writing.draft(event, actor=leader, now=timezone.now()).version
    if until != "draft":
        version = writing.approve(version, actor=leader, now=timezone.now())
    if until == "published":
        writing.publish(version, actor=leader, now=timezone.now())
    return at(event, f"summary/{path}", body)


def an_update(world: World) -> Asked:
    commitment = world.commitment()
    update(commitment, actor=None, now=world.now, note="Mrs. Jones said so.")
    return at(commitment, "updates/1/redact/", {"field": "note", "reason": "It named a resident."})


def rule(world: World, body: Any = None) -> Asked:
    rule = add_rule(agency=world.agency, actor=None, now=world.now, minutes_before=60)
    return f"/reminder-rules/{rule.pk}/", body


def subscription(
    world: World, path: str = "", purpose: Purpose = Purpose.UNSUBSCRIBE, body: Any = None
) -> Asked:
    found = subscribe(
        agency=world.agency,
        target="agency",
        target_id=world.agency.pk,
        email="new@mail.example",
        now=world.now,
    )
    return f"/subscriptions/{mint(purpose, found.pk, found.link_version)}/{path}", body


def theme_choice(world: World) -> Asked:
    contribution = world.contribution()
    return at(contribution, "theme/", {"theme": str(world.theme(contribution.event).pk)})


def asked_to_read(world: World) -> Asked:
    asked = ask_for_more(world.agency, reader=a_person(world.agency), purpose="call_back", now=world.now)
    return f"/reading-requests/{asked.pk}/grant/", {}

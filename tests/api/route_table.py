"""Who may knock where: every method of every route, what is sent there, and what each role gets.

The columns are: nobody signed in, liaison, leader, panelist, admin of the agency, and another agency's liaison.
``+`` is a success; 1, 3 and 4 are 401, 403 and 404.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from engage.agency_onboarding import sign_pledge
from engage.commitment_tracking import update
from engage.reading_grants import ask_for_more
from engage.resident_links import Purpose, mint
from events.checking_in import check_in
from events.door_links import open_link
from outreach import outcome_summarising
from outreach.reminder_setting import add_rule
from outreach.subscribing import subscribe
from tests.makers.agencies import a_person
from tests.makers.worlds import PASSWORD, World

ROLES = ("nobody", "liaison", "leader", "panelist", "admin", "stranger")
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
ALL, LIAISON, ADMIN = "++++++", "1+3334", "1333+4"
PROMISERS, STAFF = "1++334", "1++3+4"


def _at(thing: Any, path: str = "", body: Any = None) -> Asked:
    """Below one event, dialogue, commitment…"""
    kind = {"event": "events", "dialogue": "dialogues", "commitment": "commitments", "venue": "venues",
            "contribution": "contributions", "agency": "agencies"}[thing._meta.model_name]  # fmt: skip
    key = thing.slug if kind == "agencies" else thing.pk
    return f"/{kind}/{key}/{path}", body


def _community(world: World, body: Any = None) -> Asked:
    return f"/agencies/{world.agency.slug}/communities/{world.community().pk}/", body


def _pledge(world: World) -> Asked:
    admin = a_person(world.agency, "admin")
    pledge = sign_pledge(world.agency, actor=admin, code="no-id", text="We ask for no ID.", now=world.now)
    return f"/agencies/{world.agency.slug}/pledges/{pledge.pk}/", None


def _new_token(world: World) -> Asked:
    person = a_person(world.agency, "liaison")
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return "/tokens/", {"email": person.email, "password": PASSWORD, "agency": world.agency.slug}


def _theme(home: Any, world: World, body: Any = None) -> Asked:
    return _at(home, f"themes/{world.theme(home).pk}/", body)


def _item(world: World, body: Any = None) -> Asked:
    item = world.agenda_item()
    return f"/events/{item.event_id}/agenda/{item.pk}/", body


def _to_do(world: World, body: Any = None) -> Asked:
    event = world.meeting()
    return f"/events/{event.pk}/checklist/{event.checklist_items.all()[0].pk}/", body


def _place(world: World, path: str = "", body: Any = None) -> Asked:
    place = world.place()
    return f"/events/{place.event_id}/rsvps/{place.pk}/{path}", body


def _need(world: World, body: Any = None) -> Asked:
    need = world.need()
    return f"/events/{need.event_id}/access-requests/{need.pk}/", body


def _arrived(world: World) -> Asked:
    event = world.meeting()
    check_in(event, client_id="tablet-1", walk_in=True, now=world.now)
    return _at(event, "check-ins/tablet-1/")


def _door(world: World) -> tuple[Any, str]:
    liaison = a_person(world.agency, "liaison")
    return open_link(world.meeting(), device="Tablet", actor=liaison, now=world.now)


def _door_link(world: World) -> Asked:
    link, _secret = _door(world)
    return f"/events/{link.event_id}/door-links/{link.pk}/", None


def _summary(world: World, path: str = "", body: Any = None, *, until: str = "draft") -> Asked:
    event, leader = world.ended(), a_person(world.agency, "leader")
    version = outcome_summarising.draft(event, actor=leader, now=timezone.now()).version
    if until != "draft":
        version = outcome_summarising.approve(version, actor=leader, now=timezone.now())
    if until == "published":
        outcome_summarising.publish(version, actor=leader, now=timezone.now())
    return _at(event, f"summary/{path}", body)


def _update(world: World) -> Asked:
    promise = world.promise()
    update(promise, actor=None, now=world.now, note="Mrs. Jones said so.")
    return _at(promise, "updates/1/redact/", {"field": "note", "reason": "It named a resident."})


def _rule(world: World, body: Any = None) -> Asked:
    rule = add_rule(agency=world.agency, actor=None, now=world.now, minutes_before=60)
    return f"/reminder-rules/{rule.pk}/", body


def _subscription(
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


def _theme_choice(world: World) -> Asked:
    said = world.said()
    return _at(said, "theme/", {"theme": str(world.theme(said.event).pk)})


def _asked_to_read(world: World) -> Asked:
    asked = ask_for_more(world.agency, reader=a_person(world.agency), purpose="call_back", now=world.now)
    return f"/reading-requests/{asked.pk}/grant/", {}


MARK = {"mark": "ab" * 32}
DRAFT_COLUMNS = "1+3434"

# "<route> <METHOD>": (what each role gets, what is sent)
TABLE: dict[str, tuple[str, Callable[[World], Asked]]] = {
    "schema GET": (ALL, lambda w: ("/schema/", None)),
    "docs GET": (ALL, lambda w: ("/docs/", None)),
    "tokens POST": (ALL, _new_token),
    "tokens GET": ("1+++++", lambda w: ("/tokens/", None)),
    "tokens DELETE": ("1+++++", lambda w: ("/tokens/", None)),
    "token DELETE": ("144444", lambda w: (f"/tokens/{w.agency.pk}/", None)),
    "me GET": ("1+++++", lambda w: ("/me/", None)),
    "agencies GET": (ALL, lambda w: ("/agencies/", None)),
    "agency GET": (ALL, lambda w: _at(w.agency)),
    "agency PATCH": (ADMIN, lambda w: _at(w.agency, body={"region": "Illinois"})),
    "agency-pledges POST": (ADMIN, lambda w: _at(w.agency, "pledges/", {"code": "no-id", "text": "We ask for no ID."})),
    "agency-pledge DELETE": (ADMIN, _pledge),
    "communities GET": (ALL, lambda w: _at(w.agency, "communities/")),
    "communities POST": (STAFF, lambda w: _at(w.agency, "communities/", {"name": "Harbor"})),
    "community GET": (ALL, _community),
    "community PATCH": (STAFF, lambda w: _community(w, {"seldom_heard": True})),
    "community DELETE": (STAFF, _community),
    "agency-contributions GET": (ALL, lambda w: _at(w.agency, "contributions/")),
    "agency-contributions POST": (ALL, lambda w: _at(w.agency, "contributions/", QUESTION)),
    "roles GET": ("1333+3", lambda w: ("/roles/", None)),
    "roles POST": ("1333+3", lambda w: ("/roles/", {"email": "new@staff.example", "kind": "leader"})),
    "role-end POST": (ADMIN, lambda w: (f"/roles/{w.role().pk}/end/", {})),
    "dialogues GET": (ALL, lambda w: ("/dialogues/", None)),
    "dialogues POST": ("1+333+", lambda w: ("/dialogues/", {"title": "Stops", "focus_area": "procedural_justice"})),
    "dialogue GET": (ALL, lambda w: _at(w.dialogue())),
    "dialogue PATCH": (LIAISON, lambda w: _at(w.dialogue(), body={"title": "Stops and searches"})),
    "dialogue DELETE": (LIAISON, lambda w: _at(w.dialogue("planning"))),
    "dialogue-open POST": (LIAISON, lambda w: _at(w.dialogue("planning"), "open/", {})),
    "dialogue-close POST": (LIAISON, lambda w: _at(w.dialogue(), "close/", {})),
    "dialogue-report POST": (LIAISON, lambda w: _at(w.dialogue("closed"), "report/", {})),
    "dialogue-themes GET": (ALL, lambda w: _at(w.dialogue(), "themes/")),
    "dialogue-themes POST": (LIAISON, lambda w: _at(w.dialogue(), "themes/", {"title": "Stops"})),
    "dialogue-theme GET": (ALL, lambda w: _theme(w.dialogue(), w)),
    "dialogue-theme PATCH": (LIAISON, lambda w: _theme(w.dialogue(), w, {"title": "Searches"})),
    "dialogue-theme DELETE": (LIAISON, lambda w: _theme(w.dialogue(), w)),
    "dialogue-contributions GET": (ALL, lambda w: _at(w.dialogue(), "contributions/")),
    "dialogue-contributions POST": (ALL, lambda w: _at(w.dialogue(), "contributions/", QUESTION)),
    "venues GET": ("1+++++", lambda w: ("/venues/", None)),
    "venues POST": ("1+333+", lambda w: ("/venues/", {"name": "Library"})),
    "venue GET": ("1++++4", lambda w: _at(w.venue())),
    "venue PATCH": (LIAISON, lambda w: _at(w.venue(), body={"room": "2"})),
    "venue DELETE": (LIAISON, lambda w: _at(w.venue())),
    "events GET": (ALL, lambda w: ("/events/", None)),
    "events POST": ("1+333+", lambda w: ("/events/", EVENT)),
    "events-import POST": ("1+333+", lambda w: ("/events/import/", CALENDAR)),
    "event GET": (ALL, lambda w: _at(w.meeting())),
    "event PATCH": (LIAISON, lambda w: _at(w.meeting(), body={"title": "Another title"})),
    "event DELETE": (DRAFT_COLUMNS, lambda w: _at(w.draft())),
    "event-publish POST": (DRAFT_COLUMNS, lambda w: _at(w.draft(), "publish/", {})),
    "event-start POST": (LIAISON, lambda w: _at(w.meeting(), "start/", {})),
    "event-end POST": (LIAISON, lambda w: _at(w.live(), "end/", {})),
    "event-cancel POST": (LIAISON, lambda w: _at(w.meeting(), "cancel/", {"reason": "Flooded."})),
    "event-agenda GET": (ALL, lambda w: _at(w.meeting(), "agenda/")),
    "event-agenda POST": (LIAISON, lambda w: _at(w.meeting(), "agenda/", {"title": "Welcome"})),
    "event-agenda-item GET": (ALL, _item),
    "event-agenda-item PATCH": (LIAISON, lambda w: _item(w, {"title": "Hello"})),
    "event-agenda-item DELETE": (LIAISON, _item),
    "event-checklist GET": (LIAISON, lambda w: _at(w.meeting(), "checklist/")),
    "event-checklist POST": (LIAISON, lambda w: _at(w.meeting(), "checklist/", {"title": "Order chairs"})),
    "event-checklist-item GET": (LIAISON, _to_do),
    "event-checklist-item PATCH": (LIAISON, lambda w: _to_do(w, {"done": True})),
    "event-checklist-item DELETE": (LIAISON, _to_do),
    "event-themes GET": (ALL, lambda w: _at(w.meeting(), "themes/")),
    "event-themes POST": (LIAISON, lambda w: _at(w.meeting(), "themes/", {"title": "Stops"})),
    "event-theme GET": (ALL, lambda w: _theme(w.meeting(), w)),
    "event-theme PATCH": (LIAISON, lambda w: _theme(w.meeting(), w, {"title": "Searches"})),
    "event-theme DELETE": (LIAISON, lambda w: _theme(w.meeting(), w)),
    "event-contributions GET": (ALL, lambda w: _at(w.meeting(), "contributions/")),
    "event-contributions POST": (ALL, lambda w: _at(w.meeting(), "contributions/", QUESTION)),
    "event-rsvps GET": (LIAISON, lambda w: _at(w.meeting(), "rsvps/")),
    "event-rsvps POST": (ALL, lambda w: _at(w.meeting(), "rsvps/", {"email": "resident@mail.example"})),
    "event-rsvps-resend POST": (ALL, lambda w: _at(w.meeting(), "rsvps/resend/", {"email": "a@mail.example"})),
    "event-rsvp GET": (LIAISON, _place),
    "event-rsvp PATCH": (LIAISON, lambda w: _place(w, body={"party_size": 2})),
    "event-rsvp DELETE": (LIAISON, _place),
    "event-rsvp-reveal POST": (LIAISON, lambda w: _place(w, "reveal/", {"purpose": "call_back"})),
    "access-requests GET": (LIAISON, lambda w: _at(w.meeting(), "access-requests/")),
    "access-request GET": (LIAISON, _need),
    "access-request PATCH": (LIAISON, lambda w: _need(w, {"status": "arranging"})),
    "check-ins GET": (LIAISON, lambda w: _at(w.meeting(), "check-ins/")),
    "check-ins POST": (LIAISON, lambda w: _at(w.meeting(), "check-ins/", {"client_id": "1", "walk_in": True})),
    "check-ins-batch POST": (
        LIAISON, lambda w: _at(w.meeting(), "check-ins/batch/", {"items": [{"client_id": "1", "walk_in": True}]}),
    ),
    "check-in DELETE": (LIAISON, _arrived),
    "head-count PUT": (LIAISON, lambda w: _at(w.meeting(), "head-count/", {"device": "a", "count": 5})),
    "attendance GET": (STAFF, lambda w: _at(w.meeting(), "attendance/")),
    "door-links GET": (LIAISON, lambda w: _at(w.meeting(), "door-links/")),
    "door-links POST": (LIAISON, lambda w: _at(w.meeting(), "door-links/", {"device": "Tablet"})),
    "door-link DELETE": (LIAISON, _door_link),
    "door-sessions POST": (ALL, lambda w: ("/door-sessions/", {"token": _door(w)[1]})),
    "summary GET": (ALL, lambda w: _summary(w, until="published")),
    "summary POST": (LIAISON, lambda w: _at(w.ended(), "summary/", {})),
    "summary PATCH": (LIAISON, lambda w: _summary(w, body={"next_steps": "We report back."})),
    "summary-approve POST": ("13+334", lambda w: _summary(w, "approve/", {})),
    "summary-publish POST": (LIAISON, lambda w: _summary(w, "publish/", {}, until="approved")),
    "own-rsvp GET": (ALL, lambda w: (f"/rsvps/{w.token()}/", None)),
    "own-rsvp PATCH": (ALL, lambda w: (f"/rsvps/{w.token()}/", {"party_size": 2})),
    "own-rsvp DELETE": (ALL, lambda w: (f"/rsvps/{w.token()}/", None)),
    "own-rsvp-accept POST": (ALL, lambda w: (f"/rsvps/{w.offered()}/accept/", {})),
    "own-rsvp-data GET": (ALL, lambda w: (f"/rsvps/{w.token()}/data/", None)),
    "own-rsvp-erase POST": (ALL, lambda w: (f"/rsvps/{w.token()}/erase/", {})),
    "own-rsvp-not-me POST": (
        ALL, lambda w: (f"/rsvps/{w.token(Purpose.RSVP_MAIL, email='not@mail.example')}/not-me/", {}),
    ),
    "contribution GET": (ALL, lambda w: _at(w.said())),
    "contribution-endorse POST": (ALL, lambda w: _at(w.said(), "endorse/", MARK)),
    "contribution-moderate POST": (
        LIAISON, lambda w: _at(w.said(), "moderate/", {"moderation": "hidden", "reason": "It named somebody."}),
    ),
    "contribution-theme POST": (LIAISON, _theme_choice),
    "contribution-answer POST": (LIAISON, lambda w: _at(w.said(), "answer/", {"answer": "Yes, you may."})),
    "commitments GET": (ALL, lambda w: ("/commitments/", None)),
    "commitments POST": ("1++33+", lambda w: ("/commitments/", PROMISE)),
    "commitment GET": (ALL, lambda w: _at(w.promise())),
    "commitment PATCH": (PROMISERS, lambda w: _at(w.promise(), body={"focus_area": "safety_and_wellness"})),
    "commitment-confirm POST": ("1++434", lambda w: _at(w.promise(draft=True), "confirm/", {})),
    "commitment-updates GET": (ALL, lambda w: _at(w.promise(), "updates/")),
    "commitment-updates POST": (PROMISERS, lambda w: _at(w.promise(), "updates/", {"status": "in_progress"})),
    "commitment-update-redact POST": (PROMISERS, _update),
    "commitment-evidence GET": (ALL, lambda w: _at(w.promise(), "evidence/")),
    "commitment-evidence POST": (
        PROMISERS, lambda w: _at(w.promise(), "evidence/", {"kind": "link", "url": "https://records.example/1"}),
    ),
    "subscriptions POST": (
        ALL, lambda w: ("/subscriptions/", {"agency": w.agency.slug, "email": "new@mail.example"}),
    ),
    "subscription GET": (ALL, _subscription),
    "subscription PATCH": (ALL, lambda w: _subscription(w, body={"language": "es"})),
    "subscription DELETE": (ALL, _subscription),
    "subscription-confirm POST": (ALL, lambda w: _subscription(w, "confirm/", Purpose.CONFIRM, {})),
    "deliveries GET": ("1++3++", lambda w: ("/deliveries/", None)),
    "reminder-rules GET": ("1++3++", lambda w: ("/reminder-rules/", None)),
    "reminder-rules POST": ("1+333+", lambda w: ("/reminder-rules/", {"minutes_before": 90})),
    "reminder-rule GET": ("1++3+4", _rule),
    "reminder-rule PATCH": (LIAISON, lambda w: _rule(w, {"minutes_before": 30})),
    "reminder-rule DELETE": (LIAISON, _rule),
    "follow-through GET": (ALL, lambda w: (f"/insights/follow-through/?agency={w.agency.slug}", None)),
    "readings GET": ("1333+3", lambda w: ("/readings/", None)),
    "reading-requests GET": ("1+++++", lambda w: ("/reading-requests/", None)),
    "reading-requests POST": ("1+333+", lambda w: ("/reading-requests/", {"purpose": "call_back"})),
    "reading-request-grant POST": ("14+4+4", _asked_to_read),
    "activity GET": (ALL, lambda w: ("/activity/", None)),
}  # fmt: skip

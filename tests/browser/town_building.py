"""Builds the town that pages are looked at in, act by act, as its people would have done."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.core.cache import cache
from django.utils import timezone

from engage.commitments import tracking
from engage.commitments.models import Commitment, FocusArea
from engage.listening import moderating, theming
from engage.listening.models import ParticipationLevel
from engage.roles import granting
from events.door import attendance, checking_in, links
from events.event.models import Event
from events.planning import lifecycle
from events.planning.agenda import add_item
from events.rsvps import changing
from events.rsvps.needs import arranging
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from outreach.reminders.setting import add_rule
from outreach.subscriptions import subscribing
from outreach.summaries import writing
from tests.browser.opening import with_password
from tests.browser.town import Town
from tests.emptying import empty_tables
from tests.makers.agencies import a_community, a_dialogue, a_person, an_agency
from tests.makers.commitments import a_commitment, today_of
from tests.makers.contributions import a_contribution
from tests.makers.events import a_draft, a_venue
from tests.makers.rsvps import an_rsvp, as_it_is

DAY: Final = dt.timedelta(days=1)
_LONG: Final = "An officer who stops you says why in the first minute, in plain words, and writes it down where you can read it"


def a_town(language: str = "en") -> Town:
    """language: of everybody who is here. The words people typed stay English; pages say theirs in that language."""
    agency = an_agency(
        slug="harbor-falls",
        name="Harbor Falls Police Department",
        languages=["en", "es"],
        offices=["Patrol Division", "Records", "Traffic Unit"],
        contact_office="Community Engagement Office",
        contact_phone="+12025550123",
    )
    # With a second one, the first page of all is a page of its own.
    an_agency(slug="cedar-bend", name="Cedar Bend City Hall", kind="city_hall", region="Colorado")
    town = Town(agency, language, timezone.now())
    for kind in ("liaison", "leader", "admin", "panelist"):
        person = a_person(agency, kind, email=f"{kind}@staff.example", name=kind.title(), language=language)
        town.people[kind] = with_password(person)
    a_community(agency, name="Ward 3")
    town.dialogue = a_dialogue(agency, stage="open", purpose="Fewer stops that nobody can explain.")
    town.venue = a_venue(
        agency, access_features=["step_free", "hearing_loop"], getting_there="Bus 14 stops here."
    )
    _events_ahead(town)
    _rsvps(town)
    _events_of_today_and_before(town)
    _commitments(town)
    _contributions(town)
    _summaries(town)
    _letters(town)
    return town


def leave() -> None:
    """Empty every table, as a test that writes does after itself."""
    empty_tables()
    cache.clear()


def _event(town: Town, name: str, begins: dt.timedelta, *, publish: bool = True, **fields: Any) -> Event:
    """A meeting of an hour and a half that begins so long from now, known for ten days before that."""
    known = min(town.now, town.now + begins) - 10 * DAY
    start = (town.now + begins).replace(microsecond=0)
    given: dict[str, Any] = {
        "title": "Town hall: traffic stops and searches",
        "description": "Tell us what happened to you. **Nobody** has to give a name.",
        "venue": town.venue,
        "starts_at": start.isoformat(),
        "ends_at": (start + dt.timedelta(minutes=90)).isoformat(),
        "focus_area": FocusArea.PROCEDURAL_JUSTICE,
        "participation_level": ParticipationLevel.CONSULT,
        "languages": ["en", "es"],
        "access_offered": ["sign_language"],
        "run_by": "Community Engagement Office",
    }
    event = a_draft(town.agency, **(given | fields))
    add_item(event, actor=None, now=known, title="Welcome")
    add_item(event, actor=None, now=known, title="Your questions, and what becomes of them")
    if publish:
        event = lifecycle.publish(event, actor=None, now=known).event
    town.events[name] = event
    return event


def _events_ahead(town: Town) -> None:
    _event(town, "draft", 40 * DAY, publish=False)
    ahead = _event(town, "ahead", 14 * DAY, capacity=60)
    add_rule(agency=town.agency, event=ahead, actor=None, minutes_before=1440, now=town.now)
    _event(town, "full", 21 * DAY, capacity=2, title="Listening session at the library")
    _event(town, "no-rsvp", 5 * DAY, rsvp_mode="none", title="Coffee with an officer")
    _event(
        town,
        "online",
        9 * DAY,
        format="online",
        online_url="https://meet.example/room",
        venue=None,
        dialogue=town.dialogue,
    )
    _event(town, "discreet", 12 * DAY, discreet=True, title="Survivors' evening")
    flooded = _event(town, "flooded", 16 * DAY, capacity=100, title="Listening session at the mill")
    town.flood = [an_rsvp(flooded, 3, now=town.now - dt.timedelta(hours=1)) for _ in range(24)]
    cancelled = _event(town, "cancelled", 7 * DAY, title="Budget hearing")
    town.events["cancelled"] = lifecycle.cancel(
        cancelled, reason="The hall is flooded.", actor=None, now=town.now
    ).event


def _rsvps(town: Town) -> None:
    ahead, full = town.events["ahead"], town.events["full"]
    more: dict[str, Any] = {"language": town.language}
    town.rsvps["confirmed"] = an_rsvp(
        ahead,
        2,
        name="Ada Park",
        email="ada@mail.example",
        needs=[Need("interpreter", "vi"), Need("wheelchair")],
        **more,
    )
    town.rsvps["no-messages"] = an_rsvp(ahead, **more)
    left = an_rsvp(ahead, email="left@mail.example", **more)
    changing.cancel(left.pk, by="resident", now=town.now)
    holder = an_rsvp(full, 2, email="holder@mail.example", **more)
    town.rsvps["offered"] = an_rsvp(full, 2, email="offered@mail.example", **more)
    town.rsvps["waiting"] = an_rsvp(full, email="waiting@mail.example", **more)
    changing.cancel(holder.pk, by="resident", now=town.now)
    town.rsvps["cancelled"] = left
    town.rsvps = {name: as_it_is(rsvp) for name, rsvp in town.rsvps.items()}
    assert [town.rsvps[name].status for name in ("confirmed", "offered", "waiting", "cancelled")] == [
        "confirmed",
        "offered",
        "waitlisted",
        "cancelled",
    ]
    needs = list(AccessRequest.objects.filter(rsvp=town.rsvps["confirmed"]).order_by("pk"))
    town.need = needs[0]
    liaison = town.people["liaison"]
    arranging.arrange(
        needs[1], actor=liaison, status="arranged", outcome="A place in the front row.", now=town.now
    )


def _events_of_today_and_before(town: Town) -> None:
    hour = dt.timedelta(hours=1)
    live = _event(town, "live", -hour / 2, capacity=80, title="Town hall tonight")
    before = town.now - 3 * DAY
    guest = an_rsvp(live, 3, name="Bo Lind", email="bo@mail.example", now=before, needs=[Need("wheelchair")])
    town.rsvps["at-the-door"] = an_rsvp(live, 1, name="Cy Moss", now=before)
    _link, town.door_secret = links.open_link(
        live, device="Front desk", actor=town.people["liaison"], now=town.now
    )
    town.events["live"] = live = lifecycle.start(live, now=town.now).event
    checking_in.check_in(live, client_id="one", code=guest.checkin_code, now=town.now)
    checking_in.check_in(live, client_id="two", walk_in=True, party=2, now=town.now)
    attendance.count_heads(live, device="Side door", count=12, now=town.now)
    town.rsvps["came"] = guest
    ended = _event(town, "just-ended", -4 * hour, title="Walk along the river")
    ended = lifecycle.start(ended, now=ended.starts_at).event
    town.events["just-ended"] = lifecycle.end(ended, now=ended.ends_at).event
    for name, ago in (
        ("ended", 2 * DAY),
        ("to-approve", 4 * DAY),
        ("approved", 6 * DAY),
        ("reported", 12 * DAY),
        ("last-time", 20 * DAY),
    ):
        dialogue = town.dialogue if name == "last-time" else None
        event = _event(town, name, -ago, title=f"Evening on body cameras ({name})", dialogue=dialogue)
        event = lifecycle.start(event, now=event.starts_at).event
        checking_in.check_in(event, client_id=name, walk_in=True, party=3, now=event.starts_at)
        town.events[name] = lifecycle.end(event, now=event.ends_at).event


def _commitments(town: Town) -> None:
    today, liaison = today_of(town.agency), town.people["liaison"]

    def made(name: str, due: int, ago: int = 30, **fields: Any) -> Commitment:
        given = {"title": f"{_LONG} ({name})", "due_on": today + dt.timedelta(days=due), "actor": liaison}
        town.commitments[name] = a_commitment(town.agency, **(given | {"now": town.now - ago * DAY} | fields))
        return town.commitments[name]

    def turned(name: str, status: str, **fields: Any) -> None:
        tracking.update(town.commitments[name], actor=liaison, now=town.now, status=status, **fields)

    evidence = [{"url": "https://records.example/review", "title": "The review"}]
    made("draft", 90, draft=True, event=town.events["to-approve"])
    made("spare", 95, draft=True)
    made("open", 60, event=town.events["reported"], owner=town.people["leader"])
    made("on-track", 45)
    turned("on-track", "in_progress", note="Training began in two of five districts.")
    made("at-risk", 9, ago=60)
    made("late", -4)
    made("moved", -10, ago=60)
    tracking.update(
        town.commitments["moved"],
        actor=liaison,
        now=town.now,
        due_on=today + 20 * DAY,
        reason="The vendor was late.",
    )
    for name, due in (("kept", 10), ("kept-late", -12)):
        made(name, due)
        turned(name, "kept", note="It is in force.", evidence=evidence)
    made("not-kept", -20)
    turned("not-kept", "not_kept", reason="The council did not pay for it.")
    made("stopped", 30)
    turned("stopped", "will_not_do", reason="A new state law does the same.")
    report = {"title": "What we promised, and where it stands", "commitment": town.commitments["late"].pk}
    add_item(town.events["online"], actor=None, now=town.now, **report)


def _contributions(town: Town) -> None:
    live, ahead, reported = (town.events[name] for name in ("live", "ahead", "reported"))
    town.theme = theming.make_theme(actor=None, title="Tell me why I was stopped", event=reported)
    theming.make_theme(actor=None, title="Searches of cars", dialogue=town.dialogue)
    for name, home in (
        ("waiting", ahead),
        ("shown", ahead),
        ("hidden", ahead),
        ("answered", ahead),
        ("live", live),
    ):
        town.contributions[name] = a_contribution(
            town.agency, event=home, body=f"{_LONG}? Why does nobody do that? ({name})"
        )
    for name in ("shown", "answered", "live"):
        moderating.show(town.contributions[name], actor=None, now=town.now)
    moderating.hide(
        town.contributions["hidden"], reason="It names a private person.", actor=None, now=town.now
    )
    moderating.answer(
        town.contributions["answered"],
        text="You may ask for the body camera video.",
        actor=None,
        now=town.now,
    )
    town.contributions["note"] = a_contribution(
        town.agency,
        event=live,
        body="Two officers will walk here.",
        way_in="live",
        said_by="department",
        speaker="Patrol",
    )
    a_commitment(
        town.agency,
        actor=None,
        draft=True,
        event=live,
        note=town.contributions["note"],
        now=town.now,
        title="Two officers walk",
    )
    for number in range(2):
        quote = a_contribution(
            town.agency, event=reported, body=f"Nobody told me why. ({number})", may_quote=True
        )
        moderating.show(quote, actor=None, now=town.now)
        theming.assign(quote, theme=town.theme, actor=None)


def _summaries(town: Town) -> None:
    liaison, leader = town.people["liaison"], town.people["leader"]
    promised = [
        str(town.commitments[name].pk)
        for name in ("late", "moved", "kept-late", "on-track", "not-kept", "stopped")
    ]
    for name in ("to-approve", "approved", "reported", "last-time"):
        version = writing.draft(town.events[name], actor=liaison, now=town.now).version
        fields: dict[str, Any] = {"next_steps": "We meet again in spring."}
        if name == "last-time":
            fields["will_do"] = promised
        version = writing.edit(version, actor=liaison, fields=fields, now=town.now)
        if name != "to-approve":
            version = writing.approve(version, actor=leader, reply="I answer for this.", now=town.now)
        if name in {"reported", "last-time"}:
            writing.publish(version, actor=liaison, now=town.now)
    town.events["reported"].refresh_from_db()


def _letters(town: Town) -> None:
    town.subscription = subscribing.subscribe(
        agency=town.agency, target="agency", target_id=town.agency.pk, email="reader@mail.example",
        language=town.language, now=town.now,
    )  # fmt: skip
    town.invitation = granting.invite(
        agency=town.agency, email="new@staff.example", kind="liaison", actor=town.people["admin"], now=town.now,
        language=town.language,
    )  # fmt: skip

"""A town where every kind of letter comes about, in one language: what tests read, and what the pictures show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from engage.agencies.models import Agency
from engage.commitments.tracking import update
from engage.contacts.keeping import prove
from engage.contacts.links import Purpose
from engage.roles.ending import Cause, end_access
from engage.roles.granting import invite
from events.event.models import Event, Venue
from events.planning import lifecycle
from events.planning.scheduling import edit
from events.planning.ways_back import reinstate
from events.rsvps.changing import cancel, change
from events.rsvps.models import Rsvp
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from events.rsvps.readdressing import change_address
from events.rsvps.resident_record import resend_links
from events.rsvps.waitlisting import lapse_offers
from outreach.announcing.staff_mail import send_password_reset
from outreach.ledger.models import Delivery
from outreach.letters.wire_format import message_id
from outreach.reminders.setting import add_rule
from outreach.subscriptions.subscribing import confirm, subscribe
from outreach.worker.rounds import go_round
from tests.makers.agencies import a_dialogue, a_person
from tests.makers.commitments import a_commitment
from tests.makers.contributions import a_contribution
from tests.makers.events import a_venue, an_event
from tests.makers.letters import links_in
from tests.makers.mail_server import Post
from tests.makers.rsvps import an_rsvp, by_link, contact_of
from tests.makers.summaries import a_published_summary

_HOUR = dt.timedelta(hours=1)


@dataclass
class Town:
    """Everything that a letter tells of happens here, to people who speak one language. event_fields: of every meeting."""

    agency: Agency
    post: Post
    language: str
    event_fields: dict[str, Any] = field(default_factory=dict)
    venue: Venue | None = None
    commitment_words: dict[str, Any] = field(default_factory=dict)

    def everything(self) -> None:
        happenings: tuple[Callable[[], None], ...] = (
            self.an_rsvp_and_its_event,
            self.the_queue,
            self.a_reminder,
            self.news,
            self.staff,
        )
        for happens in happenings:
            happens()
            go_round()

    def kinds(self) -> dict[str, str]:
        """By Message-ID, of what was sent."""
        return {message_id(row.pk): row.kind for row in Delivery.objects.filter(state="sent")}

    def rsvp(self, event: Event, who: str, **fields: Any) -> Rsvp:
        rsvp = an_rsvp(event, email=f"{who}@mail.example", language=self.language, **fields)
        prove(contact_of(rsvp).pk, now=timezone.now())
        return rsvp

    def soon(self, **fields: Any) -> Event:
        begins = timezone.now() + _HOUR
        when = {"starts_at": begins.isoformat(), "ends_at": (begins + _HOUR).isoformat()}
        return self.ahead(**when, **fields)

    def ahead(self, **fields: Any) -> Event:
        place = {"venue": self.venue} if self.venue is not None else {}
        return an_event(self.agency, **({"languages": ["en", "es"]} | place | self.event_fields | fields))

    def a_day_later(self, event: Event) -> None:
        later = {
            name: (getattr(event, f"local_{name}") + dt.timedelta(days=1)).isoformat()
            for name in ("starts_at", "ends_at")
        }
        edit(event.pk, actor=None, now=timezone.now(), fields=later)

    def an_rsvp_and_its_event(self) -> None:
        """Saved, changed, asked for again; needs settled; moved; given back; called off."""
        event = self.ahead()
        mine = self.rsvp(
            event,
            "ana",
            needs=[Need("sign_language"), Need("wheelchair"), Need("interpreter", language="so")],
        )
        other = self.rsvp(event, "bo")
        go_round()
        change(mine.pk, party_size=2, now=timezone.now())
        change_address(by_link(other, Purpose.RSVP_MAIL), "bo.too@mail.example", now=timezone.now())
        resend_links(event, "ana@mail.example", now=timezone.now())
        answers = {
            "sign_language": ("arranged", "They will be at the front, on the left."),
            "wheelchair": ("not_met", "The hall has steps that we cannot take away in time."),
        }
        actor = a_person(self.agency)
        for kind, (status, outcome) in answers.items():
            need = AccessRequest.objects.get(rsvp=mine, kind=kind)
            arrange(need, actor=actor, status=status, outcome=outcome, now=timezone.now())
        cancel(other.pk, by="resident", now=timezone.now())
        go_round()
        self.a_day_later(event)
        go_round()
        lifecycle.cancel(event.pk, reason="The hall is flooded.", actor=None, now=timezone.now())
        go_round()
        reinstate(event.pk, note="The hall is dry again.", actor=None, now=timezone.now())

    def the_queue(self) -> None:
        """Waited for, offered, lapsed; straight away where the event is near; and a room made too small for a group."""
        smaller = self.ahead(capacity=3)
        self.rsvp(smaller, "few")
        self.rsvp(smaller, "group", party_size=3)
        edit(smaller.pk, actor=None, now=timezone.now(), fields={"capacity": 2})
        far, near = self.ahead(capacity=1), self.soon(capacity=1)
        held = [self.rsvp(event, f"holder{number}") for number, event in enumerate((far, near))]
        for number, event in enumerate((far, far, near)):
            self.rsvp(event, f"waits{number}")
        go_round()
        for rsvp in held:
            cancel(rsvp.pk, by="staff", now=timezone.now())
        go_round()
        lapse_offers(now=far.starts_at - 5 * _HOUR)

    def a_reminder(self) -> None:
        event = self.soon()
        add_rule(agency=self.agency, event=event, actor=None, minutes_before=90, now=timezone.now())
        rsvp = self.rsvp(event, "cara", needs=[Need("captions")])
        self.told_long_ago(rsvp)

    def told_long_ago(self, rsvp: Rsvp) -> None:
        """So that a reminder does not follow on the heels of a confirmation."""
        Rsvp.objects.filter(pk=rsvp.pk).update(confirmed_at=timezone.now() - dt.timedelta(days=40))

    def follows(self, target: str, key: Any) -> None:
        """Asked for, and confirmed by the link in the letter."""
        who, now = f"{target}@mail.example", timezone.now()
        subscribe(
            agency=self.agency, target=target, target_id=key, email=who, language=self.language, now=now
        )
        go_round()
        (token,) = set(links_in(self.post.to(who)[-1], "/confirm"))
        confirm(token, now=timezone.now())

    def news(self) -> None:
        dialogue = a_dialogue(self.agency, title="Traffic stops and searches", stage="open")
        over = self.ahead(dialogue=dialogue)
        commitment = a_commitment(self.agency, event=over, **self.commitment_words)
        self.rsvp(over, "dan")
        asked = a_contribution(self.agency, event=over)
        for target, key in (
            ("agency", self.agency.pk),
            ("dialogue", dialogue.pk),
            ("event", over.pk),
            ("commitment", commitment.pk),
            ("contribution", asked.pk),
        ):
            self.follows(target, key)
        told_anew = self.ahead(dialogue=dialogue)
        go_round()
        self.a_day_later(told_anew)
        go_round()
        lifecycle.cancel(told_anew.pk, reason="The hall is flooded.", actor=None, now=timezone.now())
        go_round()
        reinstate(told_anew.pk, actor=None, now=timezone.now())
        update(commitment, actor=None, status="in_progress", note="It is ordered.", now=timezone.now())
        lifecycle.end(lifecycle.start(over, now=timezone.now()).event, now=timezone.now())
        a_published_summary(over)

    def staff(self) -> None:
        now = timezone.now()
        person = a_person(self.agency, email="dana@staff.example", language=self.language)
        invite(
            agency=self.agency,
            email="new@staff.example",
            kind="liaison",
            actor=None,
            now=now,
            language=self.language,
        )
        send_password_reset(person, now=now)
        end_access(person, Cause.PASSWORD_CHANGED, now=now)


def a_hall(agency: Agency) -> Venue:
    return a_venue(
        agency,
        name="Eastside Library",
        room="Room B",
        address="410 Alder Street",
        getting_there="Buses 4 and 12 stop at the door.",
    )

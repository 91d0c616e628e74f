"""Every kind of letter is whole: written by an act or the clock, named for staff, and a real letter in both languages."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone, translation
from django.utils.functional import Promise

from engage.agencies.models import Agency
from engage.commitments.tracking import update
from engage.contacts.keeping import prove
from engage.contacts.links import Purpose
from engage.roles.ending import Cause, end_access
from engage.roles.granting import invite
from events.event.models import Event
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
from outreach.announcing.sweep import announce
from outreach.ledger.kinds import About, Kind, UnknownKind, every_kind, kind_named, letter
from outreach.ledger.models import Delivery, Lane
from outreach.letters.wire_format import message_id
from outreach.reminders.setting import add_rule
from outreach.subscriptions.subscribing import confirm, subscribe
from outreach.worker.rounds import go_round
from tests.makers.agencies import a_person, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.events import an_event
from tests.makers.letters import html_of, links_in, text_of
from tests.makers.mail_server import Post
from tests.makers.rsvps import an_rsvp, by_link, contact_of
from tests.makers.summaries import a_published_summary

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
KINDS = {kind.name: kind for kind in every_kind()}
HOUR = dt.timedelta(hours=1)
# As a time does in English: whoever writes a sentence around it must not have to know.
ENDS_IN_A_STOP = "Questions for Chief Ames Jr."
TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")


@pytest.mark.parametrize("kind", KINDS.values(), ids=[*KINDS])
def test_each_kind_says_how_it_goes_and_what_staff_call_it_in_both_languages(kind: Kind) -> None:
    assert kind.lane in Lane
    assert kind.write.__module__.startswith("outreach.letters.")
    names = []
    for language in ("en", "es"):
        with translation.override(language):
            names.append(str(kind.called))
    assert all(names)
    assert names[0] != names[1]
    # What one click stops can wait for the morning, so it is never an answer or a move.
    assert not (kind.stops and (kind.own_act or kind.moves_calendar))


@dataclass
class Town:
    """Everything that a letter tells of happens here, to people who speak one language."""

    agency: Agency
    post: Post
    language: str

    def rsvp(self, event: Event, who: str, **fields: Any) -> Rsvp:
        rsvp = an_rsvp(event, email=f"{who}@mail.example", language=self.language, **fields)
        prove(contact_of(rsvp).pk, now=timezone.now())
        return rsvp

    def soon(self, **fields: Any) -> Event:
        begins = timezone.now() + HOUR
        when = {"starts_at": begins.isoformat(), "ends_at": (begins + HOUR).isoformat()}
        return an_event(self.agency, title=ENDS_IN_A_STOP, languages=["en", "es"], **when, **fields)

    def ahead(self, **fields: Any) -> Event:
        return an_event(self.agency, title=ENDS_IN_A_STOP, languages=["en", "es"], **fields)

    def an_rsvp_and_its_event(self) -> None:
        """Saved, changed, asked for again; needs settled; moved; given back; called off."""
        event = self.ahead()
        mine = self.rsvp(event, "ana", needs=[Need("sign_language"), Need("wheelchair")])
        other = self.rsvp(event, "bo")
        go_round()
        change(mine.pk, party_size=2, now=timezone.now())
        change_address(by_link(other, Purpose.RSVP_MAIL), "bo.too@mail.example", now=timezone.now())
        resend_links(event, "ana@mail.example", now=timezone.now())
        for need, status in zip(
            AccessRequest.objects.filter(rsvp=mine), ("arranged", "not_met"), strict=True
        ):
            actor = a_person(self.agency)
            arrange(need, actor=actor, status=status, outcome="The hall has none.", now=timezone.now())
        cancel(other.pk, by="resident", now=timezone.now())
        go_round()
        later = {
            name: (getattr(event, f"local_{name}") + dt.timedelta(days=1)).isoformat()
            for name in ("starts_at", "ends_at")
        }
        edit(event.pk, actor=None, now=timezone.now(), fields=later)
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
        lapse_offers(now=far.starts_at - 5 * HOUR)

    def a_reminder(self) -> None:
        event = self.soon()
        add_rule(agency=self.agency, event=event, actor=None, minutes_before=90, now=timezone.now())
        rsvp = self.rsvp(event, "cara")
        Rsvp.objects.filter(pk=rsvp.pk).update(confirmed_at=timezone.now() - dt.timedelta(days=40))

    def news(self) -> None:
        commitment, over = a_commitment(self.agency), self.ahead()
        self.rsvp(over, "dan")
        for target, key in (("agency", self.agency.pk), ("commitment", commitment.pk)):
            who, now = f"{target}@mail.example", timezone.now()
            subscribe(
                agency=self.agency, target=target, target_id=key, email=who, language=self.language, now=now
            )
            go_round()
            (token,) = links_in(self.post.to(who)[-1], "/confirm")
            confirm(token, now=timezone.now())
        told_anew = self.ahead()
        go_round()
        later = {
            name: (getattr(told_anew, f"local_{name}") + dt.timedelta(days=1)).isoformat()
            for name in ("starts_at", "ends_at")
        }
        edit(told_anew.pk, actor=None, now=timezone.now(), fields=later)
        go_round()
        lifecycle.cancel(told_anew.pk, reason="The hall is flooded.", actor=None, now=timezone.now())
        go_round()
        reinstate(told_anew.pk, actor=None, now=timezone.now())
        update(commitment, actor=None, status="in_progress", note="It is ordered.", now=timezone.now())
        lifecycle.end(lifecycle.start(over, now=timezone.now()).event, now=timezone.now())
        a_published_summary(over)

    def staff(self) -> None:
        now, person = (
            timezone.now(),
            a_person(self.agency, email="dana@staff.example", language=self.language),
        )
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


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_kind_is_caused_by_something_and_comes_as_a_letter(post: Post, language: str) -> None:
    town = Town(an_agency(languages=["en", "es"]), post, language)
    for happens in (town.an_rsvp_and_its_event, town.the_queue, town.a_reminder, town.news, town.staff):
        happens()
        go_round()
    sent = {message_id(row.pk): row.kind for row in Delivery.objects.filter(state="sent")}
    assert set(sent.values()) == set(KINDS)
    for each in post.letters:
        kind = sent[each["Message-ID"]]
        assert each["Content-Language"] == language, kind
        assert f'<html lang="{language}"' in html_of(each), kind
        assert each["Subject"], kind
        assert text_of(each).strip(), kind
        words = f"{each['Subject']}\n{text_of(each)}\n{html_of(each)}"
        assert not TWO_STOPS.search(words), (kind, TWO_STOPS.split(words)[0][-80:])
        assert "America/" not in words, kind
        assert (each["List-Unsubscribe"] is not None) == KINDS[kind].stops, kind
        has_calendar = any(part.get_content_type() == "text/calendar" for part in each.walk())
        assert KINDS[kind].moves_calendar or not has_calendar, kind


def _to_a_resident() -> None:
    an_rsvp(an_event(), email="ana@mail.example")


def _to_one_of_the_staff() -> None:
    send_password_reset(a_person(an_agency(), email="ana@mail.example"), now=timezone.now())


@pytest.mark.parametrize("act", [_to_a_resident, _to_one_of_the_staff])
def test_a_kind_that_nobody_knows_here_is_an_alarm_and_waits_for_whoever_does(
    post: Post, act: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    """As where a newer version wrote the row, or a letter was taken out while rows of it were due."""
    act()
    announce(now=timezone.now())
    known = Delivery.objects.get().kind
    Delivery.objects.update(kind="from_tomorrow")
    for _ in range(2):
        Delivery.objects.update(due_at=timezone.now() - HOUR)
        go_round()
    row = Delivery.objects.get()
    assert (row.state, row.reason, row.attempts) == ("due", "composing_UnknownKind", 0)
    assert post.letters == []
    alarms = [one for one in caplog.records if one.msg == "composing_failed"]
    assert {(one.levelno, vars(one)["error"]) for one in alarms} == {(logging.ERROR, "UnknownKind")}
    Delivery.objects.update(kind=known, due_at=timezone.now() - HOUR)
    go_round()
    assert Delivery.objects.get().state == "sent"
    assert len(post.letters) == 1


def test_a_kind_has_one_writer_and_a_name_mistyped_is_no_kind() -> None:
    def another(occasion: Any) -> None: ...

    named: Promise = kind_named("reminder").called
    with pytest.raises(ValueError, match="two writers"):
        letter(kind="reminder", lane=Lane.EVENT, about=About.EVENT, own_act=False, called=named)(another)
    with pytest.raises(UnknownKind):
        kind_named("remindr")

"""What is kept about a resident: shown, erased, disowned, by the link they hold and no further."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.cache import cache
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.keeping import keep_contact
from engage.contacts.links import Purpose, mint
from engage.contacts.models import Contact
from engage.contacts.unproven import is_blocked
from engage.readings.models import ContactRead
from engage.readings.recording import record_read
from engage.refusals import Invalid, Unknown
from events.door.attendance import attendance
from events.door.checking_in import check_in
from events.event.models import Event
from events.rsvps import leaving
from events.rsvps.changing import cancel
from events.rsvps.erasing import erase
from events.rsvps.links import rsvp_behind
from events.rsvps.models import CheckIn, Rsvp
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from events.rsvps.resident_record import not_me, resend_links, what_we_hold
from outreach.announcing.letters_asked_for import answer_asks
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp, as_it_is, by_link, contact_of, sums_hold

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
ANA = "ana@mail.example"


def shown(rsvp: Rsvp, purpose: Purpose) -> str:
    return json.dumps(what_we_hold(by_link(rsvp, purpose)), default=str)


def test_a_link_opens_its_rsvp_and_every_other_token_opens_nothing() -> None:
    rsvp, other = an_rsvp(an_event()), an_rsvp(an_event())
    now = timezone.now()
    token = mint(Purpose.RSVP_SCREEN, rsvp.pk)
    assert rsvp_behind(token, now=now).rsvp == rsvp
    wrong = [
        mint(Purpose.RSVP_SCREEN, rsvp.pk, 2),
        mint(Purpose.CALENDAR, rsvp.pk),
        mint(Purpose.ACCEPT, rsvp.pk),
        token[:-1] + ("a" if token[-1] != "a" else "e"),
        token.upper(),
        mint(Purpose.RSVP_SCREEN, other.event_id),
        rsvp.checkin_code,
        "",
        "é" * 53,
        "a" * 5000,
    ]
    for one in wrong:
        with pytest.raises(Unknown):
            rsvp_behind(one, now=now)


def test_a_link_is_dead_once_its_row_should_have_been_purged() -> None:
    rsvp = an_rsvp(an_event())
    token = mint(Purpose.RSVP_SCREEN, rsvp.pk)
    assert rsvp.erase_after is not None
    with pytest.raises(Unknown):
        rsvp_behind(token, now=rsvp.erase_after)


def test_the_screen_link_shows_what_its_form_typed_and_nothing_else_of_that_address() -> None:
    event = an_event(capacity=20)
    an_rsvp(
        event, 2, name="Ana Flores", email="Ana@Mail.Example", needs=[Need("other", detail="hides from him")]
    )
    stranger = an_rsvp(event, 1, name="Not Ana", email=ANA)
    Contact.objects.update(proven_on=timezone.now().date())
    seen = shown(stranger, Purpose.RSVP_SCREEN)
    assert "Not Ana" in seen
    assert ANA in seen
    for secret in ("Flores", "hides", "Ana@Mail", "proven"):
        assert secret not in seen


def test_the_mailed_link_shows_every_rsvp_of_the_address_at_this_event_only() -> None:
    agency = an_agency()
    event, elsewhere = an_event(agency), an_event(agency)
    mine = an_rsvp(
        event, 2, name="Ana Flores", email=ANA, phone="+17735550142", needs=[Need("other", detail="ramp")]
    )
    an_rsvp(event, 1, name="Her mother", email=ANA)
    an_rsvp(elsewhere, 1, name="Another evening", email=ANA)
    seen = shown(mine, Purpose.RSVP_MAIL)
    for told in ("Ana Flores", "Her mother", ANA, "+17735550142", "ramp"):
        assert told in seen
    assert "Another evening" not in seen


def test_whoever_was_shown_the_contact_is_shown_to_the_resident() -> None:
    agency = an_agency()
    event = an_event(agency)
    rsvp, other = an_rsvp(event, email=ANA), an_rsvp(event, email="bo@mail.example")
    for one, why in ((rsvp, "call_back"), (other, "call_back")):
        record_read(
            a_person(agency), agency=agency, what=ContactRead.What.REVEAL, purpose=why, now=timezone.now(),
            event_id=event.pk, rsvp_id=one.pk,
        )  # fmt: skip
    record_read(
        a_person(agency), agency=agency, what=ContactRead.What.LIST, purpose="prepare_door", now=timezone.now(),
        event_id=event.pk,
    )  # fmt: skip
    reads = what_we_hold(by_link(rsvp, Purpose.RSVP_SCREEN))["reads"]
    assert [read["purpose"] for read in reads] == ["call_back", "prepare_door"]


def test_a_doors_list_that_was_open_already_counts_for_an_rsvp_saved_later() -> None:
    event = an_event()
    early = event.starts_at - dt.timedelta(minutes=30)
    rsvp = an_rsvp(event, email=ANA, now=early)
    for what, why in ((ContactRead.What.DOOR, "door"), (ContactRead.What.LIST, "prepare_door")):
        record_read(
            a_person(event.agency), agency=event.agency, what=what, purpose=why,
            now=early - dt.timedelta(minutes=5), event_id=event.pk,
        )  # fmt: skip
    reads = what_we_hold(by_link(rsvp, Purpose.RSVP_SCREEN))["reads"]
    assert [read["purpose"] for read in reads] == ["door"]


def test_a_signed_question_is_shown_by_the_mailed_link_and_not_on_the_screen() -> None:
    rsvp = an_rsvp(an_event(), email=ANA, question="Who reads the videos?", anonymous_question=False)
    assert "Who reads the videos?" in shown(rsvp, Purpose.RSVP_MAIL)
    assert "Who reads the videos?" not in shown(rsvp, Purpose.RSVP_SCREEN)


def test_the_screen_link_erases_one_rsvp_and_the_address_stays_for_the_others() -> None:
    event = an_event(capacity=4)
    mine, hers = an_rsvp(event, 2, email=ANA), an_rsvp(event, 1, email=ANA)
    waiting = an_rsvp(event, 2, email="bo@mail.example")
    assert erase(by_link(mine, Purpose.RSVP_SCREEN), now=event.starts_at - dt.timedelta(days=9)) == 1
    assert not Rsvp.objects.filter(pk=mine.pk).exists()
    assert contact_of(hers)
    assert as_it_is(waiting).status == "offered"
    assert sums_hold(event.pk)
    with pytest.raises(Unknown):
        by_link(mine, Purpose.RSVP_SCREEN)


def test_the_mailed_link_erases_all_rsvps_of_the_address_and_the_address_itself() -> None:
    agency = an_agency()
    event = an_event(agency, capacity=4)
    one = an_rsvp(event, 2, name="Ana", email=ANA, phone="+17735550142", needs=[Need("captions")])
    an_rsvp(event, 2, email=ANA)
    queued = an_rsvp(event, 1, email=ANA)
    assert queued.status == "waitlisted"
    elsewhere = an_rsvp(an_event(agency), email=ANA)
    assert erase(by_link(one, Purpose.RSVP_MAIL), now=timezone.now()) == 3
    assert list(Rsvp.objects.all()) == [elsewhere]
    assert list(Contact.objects.all()) == [contact_of(elsewhere)]
    assert not AccessRequest.objects.exists()
    row = Event.objects.get(pk=event.pk)
    assert (row.seats_taken, row.seats_held, row.waiting) == (0, 0, 0)
    assert not Activity.objects.filter(verb="rsvp.erased", announced_at=None).exists()


def test_an_erased_guest_leaves_an_arrival_behind_as_a_number() -> None:
    event = an_event(capacity=4)
    rsvp = an_rsvp(event, 2, email=ANA)
    check_in(event, client_id="d-1", code=rsvp.checkin_code, now=timezone.now())
    before = attendance(event)
    erase(by_link(rsvp, Purpose.RSVP_MAIL), now=timezone.now())
    assert CheckIn.objects.get().rsvp_id is None
    after = attendance(event)
    assert after["checked_in"] == before["checked_in"] == 2
    assert after["rsvps"] == {"confirmed": 0, "came": 1}


def test_an_erasure_after_the_totals_are_frozen_leaves_the_counters() -> None:
    event = an_event(capacity=4)
    rsvp = an_rsvp(event, 2, email=ANA)
    Event.objects.filter(pk=event.pk).update(totals_frozen_at=timezone.now())
    erase(by_link(rsvp, Purpose.RSVP_MAIL), now=timezone.now())
    assert Event.objects.get(pk=event.pk).seats_taken == 2


def test_nothing_more_is_sent_about_an_erased_rsvp(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[object] = []
    monkeypatch.setattr(leaving, "when_rsvps_go", [lambda ids, now: stopped.append(ids)])
    event = an_event()
    rsvp = an_rsvp(event, email=ANA)
    an_rsvp(event, email=ANA)
    erase(by_link(rsvp, Purpose.RSVP_SCREEN), now=timezone.now())
    assert stopped == [[rsvp.pk]]


def test_not_me_cancels_the_rsvps_of_the_address_and_blocks_it() -> None:
    event = an_event(capacity=2)
    first, second = an_rsvp(event, 2, email=ANA), an_rsvp(event, 1, email=ANA)
    other = an_rsvp(event, 1, email="bo@mail.example")
    now = event.starts_at - dt.timedelta(days=9)
    for _ in range(2):
        not_me(by_link(first, Purpose.RSVP_MAIL), now=now)
    assert [as_it_is(one).status for one in (first, second, other)] == ["cancelled", "cancelled", "offered"]
    assert is_blocked("ANA@mail.example", now=now)
    assert not is_blocked(ANA, now=now + dt.timedelta(days=366))
    contact = contact_of(first)
    assert contact.proven_on is None
    assert contact.unreachable_since == now
    # Whoever said "not me" gets no letter about it.
    assert not Activity.objects.filter(verb="rsvp.cancelled", announced_at=None).exists()
    assert sums_hold(event.pk)


def test_not_me_stops_every_letter_to_that_address(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[object] = []
    monkeypatch.setattr(leaving, "when_addresses_stop", [lambda ids, now: stopped.append(ids)])
    rsvp = an_rsvp(an_event(), email=ANA)
    not_me(by_link(rsvp, Purpose.RSVP_MAIL), now=timezone.now())
    assert stopped == [[rsvp.email_contact_id]]


@pytest.mark.parametrize("purpose", [Purpose.RSVP_SCREEN, Purpose.ACCEPT, Purpose.CALENDAR])
def test_nobody_disowns_an_address_without_reading_its_mail(purpose: Purpose) -> None:
    rsvp = an_rsvp(an_event(), email=ANA)
    with pytest.raises(Unknown):
        not_me(by_link(rsvp, purpose), now=timezone.now())
    assert as_it_is(rsvp).status == "confirmed"


def asked() -> int:
    answer_asks(now=timezone.now())
    return Activity.objects.filter(verb="rsvp.link_asked").count()


def test_links_are_sent_again_to_an_address_that_has_an_rsvp_and_silently_to_no_other() -> None:
    event = an_event()
    rsvp = an_rsvp(event, email=ANA)
    resend_links(event, "nobody@mail.example", now=timezone.now())
    assert asked() == 0
    resend_links(event, "ANA@mail.example ", now=timezone.now())
    assert asked() == 1
    assert Activity.objects.get(verb="rsvp.link_asked").object_id == rsvp.pk
    resend_links(an_event(event.agency), ANA, now=timezone.now())
    assert asked() == 1
    with pytest.raises(Invalid):
        resend_links(event, "nobody", now=timezone.now())


def test_the_form_for_links_is_no_way_to_fill_a_mailbox() -> None:
    event = an_event()
    rsvp = an_rsvp(event, email=ANA)
    for _ in range(20):
        resend_links(event, ANA, now=timezone.now())
    assert asked() == 2
    cache.clear()
    cancel(rsvp.pk, by="resident", now=timezone.now())
    resend_links(event, ANA, now=timezone.now())
    assert asked() == 2


def test_an_address_erased_while_its_owner_asks_for_another_rsvp_is_kept_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = an_event()
    drawn: list[Contact] = []

    def found_and_then_erased(**asked: object) -> Contact:
        contact = keep_contact(**asked)  # type: ignore[arg-type]
        drawn.append(contact)
        if len(drawn) == 1:
            Contact.objects.filter(pk=contact.pk).delete()
        return contact

    from django.db import connection

    monkeypatch.setattr("events.rsvps.responding.keep_contact", found_and_then_erased)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    rsvp = an_rsvp(event, email=ANA)
    assert [contact.pk for contact in drawn][-1] == rsvp.email_contact_id
    assert len(drawn) == 2
    assert sums_hold(event.pk)

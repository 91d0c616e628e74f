"""After "erase" nothing is left that was about one resident: no id, no hour, no line of the record."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.links import Purpose, mint
from engage.contacts.models import BlockedAddress
from engage.readings.models import ContactRead
from engage.readings.recording import record_read
from engage.retention.models import Destruction
from engage.retention.purge import purge
from engage.roles.models import Role
from events.door.checking_in import check_in
from events.event.models import Event
from events.rsvps.changing import cancel, change
from events.rsvps.models import Rsvp
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest, NeedStatus
from outreach.announcing.sweep import announce
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp, contact_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
ANA = "ana@home.example"


def _lived(event: Event) -> tuple[Rsvp, set[str]]:
    """A place with all that a place can have, and every id that is about it."""
    rsvp = an_rsvp(
        event, 2, name="Ana", email=ANA, phone="+17735550142", needs=[Need("captions", "", "Two, please")],
        question="Who decides?", anonymous_question=False,
    )  # fmt: skip
    change(rsvp.pk, party_size=1, now=timezone.now())
    announce(now=timezone.now())
    with transaction.atomic():
        record_read(
            a_person(event.agency), agency=event.agency, what=ContactRead.What.REVEAL, purpose="call_back",
            event_id=event.pk, rsvp_id=rsvp.pk, contact_ids=[contact_of(rsvp).pk], now=timezone.now(),
        )  # fmt: skip
    need = arranged(rsvp)
    check_in(event, client_id="d-1", code=rsvp.checkin_code, now=timezone.now())
    return rsvp, {str(rsvp.pk), str(need.pk), str(rsvp.email_contact_id), str(rsvp.phone_contact_id)}


def arranged(rsvp: Rsvp) -> AccessRequest:
    """Its need, taken on and arranged by one of the staff: two lines of the record."""
    need = AccessRequest.objects.get(rsvp=rsvp)
    liaison = a_person(rsvp.agency, Role.Kind.LIAISON)
    for status in (NeedStatus.ARRANGING, NeedStatus.ARRANGED):
        arrange(need.pk, status=status, owner=liaison, actor=liaison, now=timezone.now())
    return need


def _tables_that_name(ids: set[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            rows = [row for (row,) in cursor.fetchall() if any(one in row for one in ids)]
            if rows:
                found[table] = rows
    return found


def test_nothing_that_was_about_an_erased_resident_stands_in_any_table(client: Client) -> None:
    event = an_event(an_agency())
    rsvp, ids = _lived(event)
    before = _tables_that_name(ids)
    assert {"engage_activity", "engage_contactread", "outreach_delivery"} <= before.keys()
    page = client.post(f"/r/{mint(Purpose.RSVP_MAIL, rsvp.pk)}/erase")
    assert page.status_code == 200
    assert _tables_that_name(ids) == {}
    assert not Activity.objects.filter(verb__startswith="rsvp.").exists()
    assert not Activity.objects.filter(verb="contribution.made").exists()
    # Who read stays, with what for; whose it was does not.
    read = ContactRead.objects.get()
    assert (read.purpose, read.event_id, read.rsvp_id, read.contact_ids) == (
        "call_back",
        event.pk,
        None,
        [],
    )


@pytest.mark.parametrize("way", ["withdrawn", "given back"])
def test_a_need_that_is_taken_away_takes_along_what_the_record_says_of_it(way: str) -> None:
    rsvp = an_rsvp(an_event(an_agency()), email=ANA, needs=[Need("captions", "", "Two, please")])
    need = arranged(rsvp)
    assert "engage_activity" in _tables_that_name({str(need.pk)})
    if way == "withdrawn":
        change(rsvp.pk, needs=[], now=timezone.now())
    else:
        cancel(rsvp.pk, by="resident", now=timezone.now())
    assert _tables_that_name({str(need.pk)}) == {}


def test_the_record_of_destruction_has_the_day_and_numbers_and_no_hour(client: Client) -> None:
    rsvp, _ids = _lived(an_event(an_agency()))
    client.post(f"/r/{mint(Purpose.RSVP_MAIL, rsvp.pk)}/erase")
    for row in Destruction.objects.all():
        assert row.pk.version == 4
        assert row.on == timezone.now().date()
        assert all(isinstance(number, int) for number in row.counts.values()), json.dumps(row.counts)


def test_what_the_page_says_is_left_is_what_is_left(client: Client) -> None:
    rsvp, _ids = _lived(an_event(an_agency()))
    text = client.post(f"/r/{mint(Purpose.RSVP_MAIL, rsvp.pk)}/erase").content.decode()
    assert "This place is erased, with what you typed for it" in text
    assert "that somebody was erased on this day" in text


def test_after_the_agencys_days_the_purge_leaves_no_more_than_an_erasure() -> None:
    event = an_event(an_agency())
    _rsvp, ids = _lived(event)
    purge(now=event.ends_at + dt.timedelta(days=event.agency.retention_days, minutes=1))
    assert _tables_that_name(ids) == {}


def test_an_erased_rsvp_of_two_takes_along_only_its_own_acts(client: Client) -> None:
    event = an_event(an_agency())
    mine, hers = an_rsvp(event, email=ANA), an_rsvp(event, email=ANA)
    client.post(f"/r/{mint(Purpose.RSVP_SCREEN, mine.pk)}/erase")
    acts = set(Activity.objects.filter(object_type="rsvp").values_list("object_id", flat=True))
    assert acts == {hers.pk}


def test_not_me_leaves_a_mark_that_no_hour_leads_to(client: Client) -> None:
    """The one row that outlives all events: neither its id nor the contact's time says which "not me" it came from."""
    rsvp = an_rsvp(an_event(an_agency()), email=ANA)
    client.post(f"/r/{mint(Purpose.RSVP_MAIL, rsvp.pk)}/not-me")
    blocked, contact = BlockedAddress.objects.get(), contact_of(rsvp)
    assert blocked.pk.version == 4
    assert isinstance(blocked.until, dt.date)
    since = contact.unreachable_since
    assert since is not None
    assert (since.hour, since.minute, since.second, since.microsecond) == (0, 0, 0, 0)


def test_no_other_line_of_the_record_can_be_taken_away() -> None:
    """Neither by the role that serves, nor by the one function it may call; nor by the owner's own hand."""
    event = an_event(an_agency())
    line = Activity.objects.filter(object_id=event.pk).first()
    assert line is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT engage_forget_acts_about(%s::uuid[])", [[event.pk, line.pk, event.agency_id]])
        assert Activity.objects.filter(pk=line.pk).exists()
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            cursor.execute("DELETE FROM engage_activity WHERE object_type = 'rsvp'")
    with pytest.raises(IntegrityError), transaction.atomic(using="owner"):
        Activity.objects.using("owner").filter(pk=line.pk).delete()

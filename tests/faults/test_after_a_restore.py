"""After a restore: who was erased stays erased, and nothing that was due goes out before a person has decided."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from config.startup.erasure_list import erasures_outlive_a_restore
from engage.contacts.links import Purpose, mint
from engage.contacts.models import BlockedAddress, Contact
from engage.restoring import erasure_list, lineage
from engage.restoring.models import Lineage
from engage.retention.models import Destruction
from events.rsvps.models import Rsvp
from events.rsvps.resident_record import not_me
from outreach.ledger.claiming import claim
from outreach.ledger.models import Delivery
from outreach.reminders.setting import add_rule
from tests.makers.agencies import an_agency
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp, by_link

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture(autouse=True)
def the_list(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.ERASURE_LIST = str(tmp_path / "outside" / "erasures")
    (tmp_path / "outside").mkdir()
    monkeypatch.setattr(lineage, "_looked_at", -lineage._EVERY)
    return Path(settings.ERASURE_LIST)


@pytest.fixture
def looks_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a worker that has just started: the first claim of a process looks."""
    monkeypatch.setattr(lineage, "_EVERY", -1.0)


class Backup:
    """The rows of the tables that matter here, taken and put back by the owner: what pg_dump and pg_restore would do."""

    TABLES = (
        "events_event", "engage_contact", "events_rsvp", "events_accessrequest", "engage_activity",
        "outreach_delivery", "outreach_reminderrule", "engage_lineage", "engage_blockedaddress",
    )  # fmt: skip

    def __init__(self) -> None:
        self.rows: dict[str, bytes] = {}
        for table in self.TABLES:
            with (
                connections["owner"].cursor() as cursor,
                cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as out,
            ):
                self.rows[table] = b"".join(bytes(part) for part in out)

    def restore(self) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(self.TABLES)} CASCADE")
            for table in self.TABLES:
                with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as into:
                    into.write(self.rows[table])


def told(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def erase_by_page(client: Client, rsvp: Rsvp) -> None:
    token = mint(Purpose.RSVP_MAIL, rsvp.pk, rsvp.link_version)
    answer = client.post(f"/api/v1/rsvps/{token}/erase/", content_type="application/json")
    assert answer.status_code in {200, 204}, answer.content


# --- erasures -----------------------------------------------------------------------------------------------------


def test_who_was_erased_after_the_backup_is_erased_again(client: Client) -> None:
    event = an_event(capacity=None)
    ana, ben = an_rsvp(event, email="ana@mail.example"), an_rsvp(event, email="ben@mail.example")
    backup = Backup()
    erase_by_page(client, ana)
    assert not Rsvp.objects.filter(pk=ana.pk).exists()
    backup.restore()
    assert Rsvp.objects.filter(pk=ana.pk).exists()  # the danger: she is back, sealed address and all
    assert "1 places" in told("replay_erasures")
    assert set(Rsvp.objects.values_list("pk", flat=True)) == {ben.pk}
    assert Contact.objects.count() == 1
    assert Destruction.objects.filter(cause="erasure").exists()
    assert "nothing left to erase" in told("replay_erasures")  # as often as one likes


def test_who_said_not_me_after_the_backup_gets_no_mail_after_the_restore() -> None:
    event = an_event(capacity=None)
    rsvp = an_rsvp(event, email="ana@mail.example")
    backup = Backup()
    not_me(by_link(rsvp, Purpose.RSVP_MAIL), now=timezone.now())
    blocked = BlockedAddress.objects.get()
    backup.restore()
    assert not BlockedAddress.objects.exists()
    assert "1 blocked" in told("replay_erasures")
    again = BlockedAddress.objects.get()
    assert (bytes(again.fingerprint), again.until) == (bytes(blocked.fingerprint), blocked.until)


def test_the_list_holds_no_address_no_id_and_no_hour(client: Client, the_list: Path) -> None:
    rsvp = an_rsvp(an_event(capacity=None), email="ana@mail.example", name="Ana")
    contact = rsvp.email_contact
    assert contact is not None
    erase_by_page(client, rsvp)
    text = the_list.read_text()
    assert len(text.splitlines()) == 2  # the place, and its address
    for told_of in (
        "ana",
        "Ana",
        str(rsvp.pk),
        rsvp.pk.hex,
        contact.pk.hex,
        bytes(contact.fingerprint).hex(),
    ):
        assert told_of not in text
    assert ":" not in text
    assert the_list.stat().st_mode & 0o777 == 0o600


def test_an_erasure_that_cannot_be_written_down_is_not_said_to_be_done(
    client: Client, the_list: Path
) -> None:
    rsvp = an_rsvp(an_event(capacity=None), email="ana@mail.example")
    the_list.parent.rmdir()
    client.raise_request_exception = False
    token = mint(Purpose.RSVP_MAIL, rsvp.pk, rsvp.link_version)
    answer = client.post(f"/api/v1/rsvps/{token}/erase/", content_type="application/json")
    assert answer.status_code == 503, answer.content
    assert answer.json()["code"] == "not_written_down"
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert Rsvp.objects.filter(pk=rsvp.pk).exists()
    assert Contact.objects.count() == 1


def test_a_line_that_a_crash_cut_short_swallows_no_other(client: Client, the_list: Path) -> None:
    event = an_event(capacity=None)
    ana, ben = an_rsvp(event, email="ana@mail.example"), an_rsvp(event, email="ben@mail.example")
    backup = Backup()
    erase_by_page(client, ana)
    the_list.write_text(the_list.read_text() + "2026-01-01 erased 0123")
    erase_by_page(client, ben)
    backup.restore()
    told("replay_erasures")
    assert not Rsvp.objects.exists()


def test_without_a_list_it_is_said(settings: Any) -> None:
    settings.ERASURE_LIST = ""
    assert [found.id for found in erasures_outlive_a_restore()] == ["engage.W011"]
    with pytest.raises(CommandError, match="ERASURE_LIST is not set"):
        call_command("replay_erasures")
    settings.ERASURE_LIST = "/nowhere/at/all"
    assert [found.id for found in erasures_outlive_a_restore()] == ["engage.W012"]


# --- what was due -------------------------------------------------------------------------------------------------


def an_event_with_letters() -> Any:
    """Four confirmations are due, and a rule whose reminder fell due after the backup."""
    begins = timezone.now() + dt.timedelta(hours=3)
    event = an_event(
        an_agency(),
        capacity=None,
        starts_at=begins.isoformat(),
        ends_at=(begins + dt.timedelta(hours=1)).isoformat(),
    )
    for number in range(4):
        an_rsvp(event, email=f"r{number}@mail.example")
    return event


def claimed() -> int:
    return len(claim().ids)


def test_a_restored_database_is_noticed_and_nothing_goes_out_until_a_person_decides(
    looks_each_time: None,
) -> None:
    event = an_event_with_letters()
    lineage.look()
    backup = Backup()
    add_rule(agency=event.agency, event=event, actor=None, minutes_before=170, now=timezone.now())
    for _ in range(2):
        lineage.look()  # a minute in which mail went out
    backup.restore()
    go_round_without_sending()
    assert claimed() == 0  # what the backup had due, and what it had not announced yet
    assert Lineage.objects.get().held_at is not None
    shown = told("restore_check")
    assert "4  confirmation" in shown
    assert event.title in shown
    assert "4 messages" in shown
    assert claimed() == 0
    # One kind is dropped, the rest is let go; then everything goes on.
    dropped = told("restore_check", "--drop", "--kind", "confirmation", "--event", str(event.pk))
    assert "4 messages are dropped" in dropped
    assert "the worker sends again" in dropped
    assert set(Delivery.objects.values_list("state", "reason")) == {("suppressed", "restored")}
    an_rsvp(event, email="late@mail.example")
    go_round_without_sending()
    assert claimed() == 1


def go_round_without_sending() -> None:
    from outreach.announcing.sweep import announce
    from outreach.reminders.planning import plan_reminders

    while announce(now=timezone.now()):
        continue
    plan_reminders()


def test_what_a_person_releases_goes_out_and_only_that(looks_each_time: None) -> None:
    first, second = an_event_with_letters(), an_event_with_letters()
    go_round_without_sending()
    assert "In doubt" in told("restore_check", "--hold")
    assert claimed() == 0
    released = told("restore_check", "--release", "--event", str(first.pk))
    assert "4 messages go out" in released
    assert claimed() == 4
    assert set(Delivery.objects.filter(state="claimed").values_list("event_id", flat=True)) == {first.pk}
    assert "4 messages go out" in told("restore_check", "--release")
    assert lineage.holding() is None
    assert set(Delivery.objects.filter(event=second).values_list("state", flat=True)) == {"due"}
    assert claimed() == 4


def test_a_message_that_a_dead_worker_held_in_the_backup_is_in_doubt_too(looks_each_time: None) -> None:
    an_event_with_letters()
    go_round_without_sending()
    assert claimed() == 4
    told("restore_check", "--hold")
    assert "4 messages" in told("restore_check")
    assert "4 messages are dropped" in told("restore_check", "--drop")


def test_an_ordinary_restart_holds_nothing(looks_each_time: None) -> None:
    an_event_with_letters()
    go_round_without_sending()
    for _ in range(3):
        lineage.look()
    assert lineage.holding() is None
    assert claimed() == 4
    assert "nothing is held" in told("restore_check")


def test_a_crash_between_the_two_numbers_holds_nothing(the_list: Path, looks_each_time: None) -> None:
    lineage.look()
    beside = the_list.with_name("erasures.pulse")
    number = int(beside.read_text())
    beside.write_text(f"{number - 1}\n")
    lineage.look()
    assert lineage.holding() is None
    assert int(beside.read_text()) > number


def test_without_the_list_beside_a_restore_is_not_noticed_and_mail_goes_on(
    settings: Any, looks_each_time: None
) -> None:
    """The danger, with the guard off: which is why the guide says --hold."""
    settings.ERASURE_LIST = ""
    an_event_with_letters()
    lineage.look()
    backup = Backup()
    lineage.look()
    backup.restore()
    go_round_without_sending()
    assert claimed() == 4


def test_a_folder_outside_that_is_gone_stops_no_mail(settings: Any, looks_each_time: None) -> None:
    settings.ERASURE_LIST = "/nowhere/at/all"
    an_event_with_letters()
    go_round_without_sending()
    assert claimed() == 4


def test_the_list_is_read_as_it_was_written(the_list: Path) -> None:
    marks = [bytes([number]) * 32 for number in range(3)]
    erasure_list.write_down(erasure_list.ERASED, marks, now=timezone.now())
    erasure_list.write_down(erasure_list.BLOCKED, marks[:1], now=timezone.now())
    assert [line.mark for line in erasure_list.lines()] == [*marks, marks[0]]
    assert {line.day for line in erasure_list.lines()} == {timezone.now().date()}

"""What is said without a name: taken in once, moved in an order that means nothing, lost never."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from engage.anonymous_intake import burn_transaction_id, empty_intake, take_in
from engage.intake_watching import troubles
from engage.models import Activity, Contribution, ContributionIntake
from engage.rule_violation import Invalid
from tests.makers.agencies import a_dialogue, an_agency
from tests.makers.events import a_meeting

BOTH = ["default", "owner"]
NOON = dt.datetime.combine(timezone.now().date(), dt.time(12), tzinfo=ZoneInfo("America/Chicago"))


def _say(agency, body="Why?", target="agency", target_id=None, now=NOON, key=None, zone="America/Chicago"):
    take_in(
        agency_id=agency.pk, target=target, target_id=target_id or agency.pk, zone=zone, kind="question",
        way_in="web", language="en", body=body, idempotency_key=key, now=now,
    )  # fmt: skip


def _empty(now=NOON, live=(), today=()):
    return empty_intake(now=now, live_event_ids=live, event_ids_today=today)


def _transaction_ids(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, xmin::text::bigint FROM {table} ORDER BY ctid")
        return cursor.fetchall()


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_what_is_said_waits_until_its_local_day_is_over():
    agency = an_agency()
    _say(agency, "Why?")
    assert _empty() == 0
    assert Contribution.objects.count() == 0
    late = NOON.replace(hour=23, minute=59)
    assert _empty(late) == 0
    assert _empty(late + dt.timedelta(minutes=1)) == 1
    said = Contribution.objects.get()
    assert (said.body, said.said_on, said.anonymous, said.contact, said.moderation, said.way_in) == (
        "Why?", NOON.date(), True, None, "waiting", "web",
    )  # fmt: skip
    assert ContributionIntake.objects.count() == 0


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_it_lands_where_it_was_said():
    agency = an_agency()
    dialogue, event = a_dialogue(agency), a_meeting(agency)
    _say(agency, "dialogue", "dialogue", dialogue.pk)
    _say(agency, "event", "event", event.pk)
    _say(agency, "agency")
    _say(agency, "gone", "dialogue", uuid4())
    _empty(NOON + dt.timedelta(days=1))
    where = {said.body: (said.event_id, said.dialogue_id) for said in Contribution.objects.all()}
    assert where == {
        "dialogue": (None, dialogue.pk),
        "event": (event.pk, None),
        "agency": (None, None),
        "gone": (None, None),
    }


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_a_retry_with_the_same_key_finds_its_own_text():
    agency, key = an_agency(), str(uuid4())
    for _ in range(3):
        _say(agency, key=key)
    _say(agency, key=str(uuid4()))
    _say(agency)
    _say(agency)
    assert ContributionIntake.objects.count() == 4
    assert key.encode().hex() not in str([bytes(mark).hex() for mark in _marks()])


def _marks():
    return ContributionIntake.objects.exclude(retry_mark=None).values_list("retry_mark", flat=True)


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_rows_that_stay_behind_are_written_anew_in_the_order_of_their_ids():
    agency = an_agency()
    for number in range(30):
        _say(agency, f"number {number}")
    came = [row for row, _ in _transaction_ids("contribution_intake")]
    assert len({xmin for _, xmin in _transaction_ids("contribution_intake")}) == 30
    assert _empty() == 0
    stays = _transaction_ids("contribution_intake")
    assert [row for row, _ in stays] == sorted(came)
    assert len({xmin for _, xmin in stays}) == 1


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_rows_arrive_by_one_transaction_in_the_order_of_new_ids():
    agency = an_agency()
    for number in range(30):
        _say(agency, f"number {number}")
    waited = set(ContributionIntake.objects.values_list("id", flat=True))
    assert _empty(NOON + dt.timedelta(days=1)) == 30
    rows = _transaction_ids("engage_contribution")
    assert [row for row, _ in rows] == sorted(row for row, _ in rows)
    assert len({xmin for _, xmin in rows}) == 1
    assert not waited & {row for row, _ in rows}


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_a_text_uses_up_exactly_as_many_transaction_ids_as_burning_one():
    agency = an_agency()

    def used(act):
        # The ids are the whole server's, and another test may use one meanwhile: the least of several tries is ours.
        return min(used_once(act) for _ in range(10))

    def used_once(act):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            before = cursor.fetchone()[0]
            act()
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            return cursor.fetchone()[0] - before

    assert (
        used(burn_transaction_id)
        == used(lambda: _say(agency))
        == used(lambda: _say(agency, key=str(uuid4())))
        == 2
    )


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_it_refuses_to_run_inside_another_transaction():
    agency = an_agency()
    for act in (lambda: _say(agency), burn_transaction_id, _empty):
        with pytest.raises(RuntimeError), transaction.atomic():
            act()
    assert ContributionIntake.objects.count() == 0


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_emptying_gives_way_to_whoever_is_writing_and_the_fifth_miss_running_is_an_alarm(caplog):
    agency, began, done = an_agency(), threading.Event(), threading.Event()
    _say(agency)

    def write():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("LOCK TABLE contribution_intake IN ROW EXCLUSIVE MODE")
                began.set()
                done.wait(10)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        began.wait(10)
        for _ in range(4):
            assert _empty(NOON + dt.timedelta(days=1)) == 0
        assert not caplog.records
        assert _empty(NOON + dt.timedelta(days=1)) == 0
        done.set()
        writing.result()
    assert [(line.levelname, line.message, line.misses_in_a_row) for line in caplog.records] == [
        ("ERROR", "intake_not_emptied", 5)
    ]
    assert troubles().missed == 5
    assert _empty(NOON + dt.timedelta(days=1)) == 1
    assert troubles().missed == 0


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_nothing_said_while_it_is_being_emptied_is_lost():
    agency = an_agency()
    tomorrow = NOON + dt.timedelta(days=1)

    def say(number):
        try:
            _say(agency, f"number {number}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(say, number) for number in range(80)]
        while not all(one.done() for one in writing):
            _empty(tomorrow)
    while _empty(tomorrow):
        continue
    assert sorted(Contribution.objects.values_list("body", flat=True)) == sorted(
        f"number {n}" for n in range(80)
    )


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_no_line_of_the_record_tells_of_it():
    agency = an_agency()
    before = Activity.objects.count()
    _say(agency)
    _empty(NOON + dt.timedelta(days=1))
    assert Activity.objects.count() == before


@pytest.mark.django_db(databases=BOTH)
@pytest.mark.parametrize("body", ["", "   ", "x" * 4001, "a\0b"])
def test_no_words_too_many_words_and_nul_are_refused(body):
    with pytest.raises(Invalid):
        _say(an_agency(), body)


def test_no_contribution_and_no_intake_row_has_a_time_of_day():
    from django.db.models import DateTimeField

    timed = {
        model.__name__: [
            field.name for field in model._meta.concrete_fields if isinstance(field, DateTimeField)
        ]
        for model in (Contribution, ContributionIntake)
    }
    # erase_after of a contribution is set for signed ones only.
    assert timed == {"Contribution": ["erase_after"], "ContributionIntake": []}
    assert Contribution._meta.pk.default is ContributionIntake._meta.pk.default
    assert Contribution._meta.pk.default().version == 4

"""What is said without a name: taken in once, moved in an order that means nothing, lost never."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from engage.activity.models import Activity
from engage.listening.intake import burn_transaction_id
from engage.listening.intake_watching import troubles
from engage.listening.models import Contribution, ContributionIntake
from engage.refusals import Invalid
from tests.makers.agencies import a_dialogue, an_agency
from tests.makers.events import an_event
from tests.makers.intake import NOON, empty, say, transaction_ids

BOTH = ["default", "owner"]


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_what_is_said_waits_until_its_local_day_is_over():
    agency = an_agency()
    say(agency, "Why?")
    assert empty() == 0
    assert Contribution.objects.count() == 0
    late = NOON.replace(hour=23, minute=59)
    assert empty(late) == 0
    assert empty(late + dt.timedelta(minutes=1)) == 1
    contribution = Contribution.objects.get()
    assert (contribution.body, contribution.said_on, contribution.anonymous, contribution.contact, contribution.moderation, contribution.way_in) == (
        "Why?", NOON.date(), True, None, "waiting", "web",
    )  # fmt: skip
    assert ContributionIntake.objects.count() == 0


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_it_lands_where_it_was_said():
    agency = an_agency()
    dialogue, event = a_dialogue(agency), an_event(agency)
    say(agency, "dialogue", "dialogue", dialogue.pk)
    say(agency, "event", "event", event.pk)
    say(agency, "agency")
    say(agency, "gone", "dialogue", uuid4())
    empty(NOON + dt.timedelta(days=1))
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
        say(agency, key=key)
    say(agency, key=str(uuid4()))
    say(agency)
    say(agency)
    assert ContributionIntake.objects.count() == 4
    assert key.encode().hex() not in str([bytes(mark).hex() for mark in _marks()])


def _marks():
    return ContributionIntake.objects.exclude(retry_mark=None).values_list("retry_mark", flat=True)


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_rows_that_stay_behind_are_written_anew_in_the_order_of_their_ids():
    agency = an_agency()
    for number in range(30):
        say(agency, f"number {number}")
    came = [row for row, _ in transaction_ids("contribution_intake")]
    assert len({xmin for _, xmin in transaction_ids("contribution_intake")}) == 30
    assert empty() == 0
    stays = transaction_ids("contribution_intake")
    assert [row for row, _ in stays] == sorted(came)
    assert len({xmin for _, xmin in stays}) == 1


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_rows_arrive_by_one_transaction_in_the_order_of_new_ids():
    agency = an_agency()
    for number in range(30):
        say(agency, f"number {number}")
    waited = set(ContributionIntake.objects.values_list("id", flat=True))
    assert empty(NOON + dt.timedelta(days=1)) == 30
    rows = transaction_ids("engage_contribution")
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
        == used(lambda: say(agency))
        == used(lambda: say(agency, key=str(uuid4())))
        == 2
    )


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_it_refuses_to_run_inside_another_transaction():
    agency = an_agency()
    for act in (lambda: say(agency), burn_transaction_id, empty):
        with pytest.raises(RuntimeError), transaction.atomic():
            act()
    assert ContributionIntake.objects.count() == 0


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_emptying_gives_way_to_whoever_is_writing_and_the_fifth_miss_running_is_an_alarm(caplog):
    agency, began, done = an_agency(), threading.Event(), threading.Event()
    say(agency)

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
            assert empty(NOON + dt.timedelta(days=1)) == 0
        assert not caplog.records
        assert empty(NOON + dt.timedelta(days=1)) == 0
        done.set()
        writing.result()
    assert [(line.levelname, line.message, line.misses_in_a_row) for line in caplog.records] == [
        ("ERROR", "intake_not_emptied", 5)
    ]
    assert troubles().missed == 5
    assert empty(NOON + dt.timedelta(days=1)) == 1
    assert troubles().missed == 0


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_nothing_said_while_it_is_being_emptied_is_lost():
    agency = an_agency()
    tomorrow = NOON + dt.timedelta(days=1)

    def write(number):
        try:
            say(agency, f"number {number}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, number) for number in range(80)]
        while not all(one.done() for one in writing):
            empty(tomorrow)
    while empty(tomorrow):
        continue
    assert sorted(Contribution.objects.values_list("body", flat=True)) == sorted(
        f"number {n}" for n in range(80)
    )


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_no_line_of_the_record_tells_of_it():
    agency = an_agency()
    before = Activity.objects.count()
    say(agency)
    empty(NOON + dt.timedelta(days=1))
    assert Activity.objects.count() == before


@pytest.mark.django_db(databases=BOTH)
@pytest.mark.parametrize("body", ["", "   ", "x" * 4001, "a\0b"])
def test_no_words_too_many_words_and_nul_are_refused(body):
    with pytest.raises(Invalid):
        say(an_agency(), body)


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

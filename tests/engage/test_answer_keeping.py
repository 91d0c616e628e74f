"""A retry gets the first answer again; nothing is done twice, and nobody without the key can read what was answered."""

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from engage.agencies.models import Agency
from engage.kept_answers.keeping import KeptAnswers, KeyInProgress, KeyInvalid, KeyReused, forget_expired
from engage.kept_answers.models import IdempotentAnswer
from tests.makers.agencies import an_agency

BOTH = ["default", "owner"]
NOW = timezone.now()


def _asked(key=None, body=b'{"party_size": 2}', **more):
    given = {"method": "POST", "route": "rsvps", "agency": "harbor-falls", "principal": "", "now": NOW}
    return given | {"key": key or str(uuid4()), "body": body} | more


def _answered(asked, answer=b'{"id": 1}', status=201):
    with transaction.atomic():
        claim = KeptAnswers.claim(**asked)
        assert claim.stored is None
        claim.settle(status=status, body=answer)


@pytest.mark.django_db(databases=BOTH)
def test_the_same_key_and_body_get_the_first_answer():
    asked = _asked()
    assert KeptAnswers.look_up(**asked) is None
    _answered(asked)
    stored = KeptAnswers.look_up(**asked)
    assert (stored.status, stored.body) == (201, b'{"id": 1}')
    with transaction.atomic():
        assert KeptAnswers.claim(**asked).stored == stored


@pytest.mark.django_db(databases=BOTH)
def test_the_same_key_with_another_body_is_refused():
    asked = _asked()
    _answered(asked)
    changed = asked | {"body": b'{"party_size": 3}'}
    with pytest.raises(KeyReused):
        KeptAnswers.look_up(**changed)
    with pytest.raises(KeyReused), transaction.atomic():
        KeptAnswers.claim(**changed)


@pytest.mark.django_db(databases=BOTH)
@pytest.mark.parametrize("part", ["method", "route", "agency", "principal"])
def test_a_key_counts_for_its_own_method_route_agency_and_principal(part):
    asked = _asked()
    _answered(asked)
    assert KeptAnswers.look_up(**(asked | {part: "another"})) is None


@pytest.mark.django_db(databases=BOTH)
def test_parts_cannot_be_shifted_into_each_other():
    asked = _asked(agency="ab", principal="c")
    _answered(asked)
    assert KeptAnswers.look_up(**(asked | {"agency": "a", "principal": "bc"})) is None


@pytest.mark.django_db(databases=BOTH)
def test_an_answer_is_gone_after_a_day_and_its_key_can_be_used_again():
    asked = _asked()
    _answered(asked)
    tomorrow = asked | {"now": NOW + dt.timedelta(hours=24), "body": b"another"}
    assert KeptAnswers.look_up(**tomorrow) is None
    _answered(tomorrow, b"second")
    assert KeptAnswers.look_up(**tomorrow).body == b"second"
    assert forget_expired(now=NOW + dt.timedelta(hours=49)) == 1


@pytest.mark.django_db(databases=BOTH)
def test_what_was_refused_may_be_asked_again():
    asked = _asked()
    _answered(asked, b"{}", status=409)
    assert IdempotentAnswer.objects.count() == 0
    with transaction.atomic():
        KeptAnswers.claim(**asked)  # and then a crash before the answer was settled
    _answered(asked)


@pytest.mark.django_db(databases=BOTH)
def test_a_rolled_back_change_leaves_no_answer():
    asked = _asked()
    with transaction.atomic():
        KeptAnswers.claim(**asked).settle(status=201, body=b"{}")
        transaction.set_rollback(True)
    assert KeptAnswers.look_up(**asked) is None


@pytest.mark.django_db(databases=BOTH)
def test_the_row_is_unreadable_and_says_nothing_by_its_length():
    with_question, without = _asked(body=b'{"name": "Rosa"}'), _asked(body=b'{"name": "Rosa"}')
    _answered(with_question, b'{"question_received": true, "more": "' + b"x" * 900 + b'"}')
    _answered(without, b'{"question_received": false}')
    rows = list(IdempotentAnswer.objects.all())
    assert len({len(bytes(row.sealed)) for row in rows}) == 1
    assert len({bytes(row.body_mark) for row in rows}) == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(a::text, ' ') FROM engage_idempotentanswer a")
        dump = cursor.fetchone()[0]
    assert b"Rosa".hex() not in dump
    assert b"question".hex() not in dump
    assert with_question["key"] not in dump
    assert with_question["key"].encode().hex() not in dump


@pytest.mark.django_db(databases=BOTH)
def test_an_anonymous_post_keeps_its_status_only_and_so_does_a_huge_answer():
    for asked, settled in ((_asked(), {}), (_asked(), {"body": b"x" * 300_000})):
        with transaction.atomic():
            KeptAnswers.claim(**asked).settle(status=202, **settled)
        assert (KeptAnswers.look_up(**asked).status, KeptAnswers.look_up(**asked).body) == (202, b"")


@pytest.mark.parametrize(
    "key", ["", "short", "a" * 21, "a" * 300, "ä" * 30, "has space in the middle!", "\0" * 30]
)
def test_a_key_that_can_be_guessed_is_refused(key):
    with pytest.raises(KeyInvalid):
        KeptAnswers.look_up(**_asked(body=b"") | {"key": key})


@pytest.mark.django_db(databases=BOTH)
def test_the_short_lock_timeout_does_not_outlive_the_claim():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '7s'")
        KeptAnswers.claim(**_asked())
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone()[0] == "7s"


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_one_still_in_progress_is_refused_quickly():
    asked, began, done = _asked(), threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                KeptAnswers.claim(**asked).settle(status=201, body=b"first")
                began.set()
                done.wait(10)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(slow)
        began.wait(10)
        started = time.monotonic()
        with pytest.raises(KeyInProgress), transaction.atomic():
            KeptAnswers.claim(**asked)
        assert time.monotonic() - started < 2
        done.set()
        first.result()
    assert KeptAnswers.look_up(**asked).body == b"first"


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_twenty_at_once_with_one_key_act_once():
    agency, asked = an_agency(), _asked()

    def post(_: int) -> str:
        try:
            with transaction.atomic():
                claim = KeptAnswers.claim(**asked)
                if claim.stored:
                    return "replayed"
                Agency.objects.filter(pk=agency.pk).update(population=(agency.population or 0) + 1)
                claim.settle(status=201, body=b"{}")
                return "acted"
        except KeyInProgress:
            return "in progress"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        ways = list(pool.map(post, range(20)))
    assert ways.count("acted") == 1
    assert set(ways) <= {"acted", "replayed", "in progress"}

"""Promises and their updates are numbered without gaps and without doubles, however many are made at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction
from django.utils import timezone

from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.commitments.tracking import confirm, update
from engage.refusals import Invalid, WrongState
from tests.makers.agencies import a_community, an_agency
from tests.makers.commitments import a_commitment

BOTH = ["default", "owner"]
NOW = timezone.now()

db = pytest.mark.django_db(databases=BOTH)


@db
def test_commitments_of_an_agency_are_numbered_from_one_and_drafts_are_not():
    agency, other = an_agency(), an_agency()
    first, draft, second = a_commitment(agency), a_commitment(agency, draft=True), a_commitment(agency)
    assert [first.number, draft.number, second.number, a_commitment(other).number] == [1, None, 2, 1]
    confirm(draft, actor=None, now=NOW)
    assert draft.number == 3
    with pytest.raises(WrongState):
        confirm(draft, actor=None, now=NOW)
    assert a_commitment(agency).number == 4


@db
def test_a_commitment_that_fails_leaves_no_gap():
    agency = an_agency()
    a_commitment(agency)
    with pytest.raises(Invalid):
        a_commitment(agency, communities=[a_community(an_agency())])
    assert a_commitment(agency).number == 2


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_commitments_made_at_once_have_no_gap_and_no_double():
    agency = an_agency()
    drafts = [a_commitment(agency, draft=True) for _ in range(20)]

    def act(number: int) -> None:
        try:
            with transaction.atomic():
                if number % 2:
                    confirm(Commitment.objects.get(pk=drafts[number // 2].pk), actor=None, now=NOW)
                else:
                    a_commitment(Agency.objects.get(pk=agency.pk))
                if number % 5 == 0:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            return
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(40)))
    numbers = sorted(Commitment.objects.exclude(number=None).values_list("number", flat=True))
    assert numbers == list(range(1, 33))


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_updates_made_at_once_are_numbered_without_gaps():
    made = a_commitment()

    def note(number: int) -> None:
        try:
            update(Commitment.objects.get(pk=made.pk), actor=None, now=NOW, note=f"note {number}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, range(24)))
    assert sorted(made.updates.values_list("number", flat=True)) == list(range(1, 25))
    made.refresh_from_db()
    assert made.updates_count == 24

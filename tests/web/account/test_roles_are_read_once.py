"""Who somebody is and what they may do is asked once a request, and anew in the next."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.people.models import Person
from engage.roles.models import Role
from engage.roles.permissions import read_roles, viewer_of
from tests.makers.agencies import a_person, an_agency
from tests.web.staff_clients import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_one_statement_reads_the_roles_of_a_request() -> None:
    agency = an_agency()
    client = signed_in(a_person(agency, "liaison"))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/desk/{agency.slug}/commitments/").status_code == 200
    # A list may look at the roles of those it names; who is asking is read by a statement of its own.
    assert sum(row["sql"].startswith('SELECT "engage_role"') for row in asked) == 1


def test_a_role_that_ends_opens_nothing_from_the_next_request_on() -> None:
    agency = an_agency()
    person = a_person(agency, "liaison")
    client = signed_in(person)
    assert client.get(f"/desk/{agency.slug}/").status_code == 200
    Role.objects.filter(person=person).update(until=timezone.now())
    assert client.get(f"/desk/{agency.slug}/").status_code == 404


def test_a_second_factor_that_is_asked_for_from_now_on_is_due_at_the_next_request() -> None:
    agency = an_agency()
    client = signed_in(a_person(agency, "liaison"))
    assert client.get(f"/desk/{agency.slug}/").status_code == 200
    type(agency).objects.filter(pk=agency.pk).update(mfa_required=True)
    assert client.get(f"/desk/{agency.slug}/").status_code == 302


def test_roles_are_kept_only_where_somebody_says_so(django_assert_num_queries: Any) -> None:
    agency = an_agency()
    person = a_person(agency, "liaison")
    assert viewer_of(person).may("events:write", agency.pk)
    Role.objects.filter(person=person).update(until=timezone.now())
    assert not viewer_of(person).belongs_to(agency.pk)

    again = Person.objects.get(pk=a_person(agency, "admin").pk)
    read_roles(again, keep=True)
    with django_assert_num_queries(0):
        assert viewer_of(again).may("admin", agency.pk)

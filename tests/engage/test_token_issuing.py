"""A program's key: shown once, kept as a hash, never stronger than the person it belongs to."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from engage.activity.models import Activity
from engage.people.models import Person
from engage.refusals import Forbidden, Invalid
from engage.roles.models import AccessToken, Role
from engage.roles.permissions import viewer_of_token
from engage.roles.tokens import issue, revoke, token_behind
from tests.makers.agencies import a_person, an_agency

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = timezone.now()


def _token(scopes=("events:read",), kind="liaison", **more):
    agency = an_agency()
    person = a_person(agency, kind)
    token, secret = issue(person=person, agency=agency, scopes=scopes, label="script", now=NOW, **more)
    return token, secret


def test_the_secret_opens_until_it_is_revoked_or_too_old():
    token, secret = _token()
    assert token_behind(secret, now=NOW) == token
    assert token_behind(secret + "x", now=NOW) is None
    assert token_behind("", now=NOW) is None
    assert token_behind(secret, now=NOW + dt.timedelta(days=90)) is None
    revoke(token, now=NOW)
    assert token_behind(secret, now=NOW) is None
    revoke(token, now=NOW)
    assert list(Activity.objects.filter(object_id=token.pk).values_list("verb", flat=True)) == [
        "token.issued",
        "token.revoked",
    ]


def test_a_dump_does_not_hold_the_secret():
    _, secret = _token()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM engage_accesstoken t")
        assert secret not in cursor.fetchone()[0]


def test_a_token_never_reaches_further_than_the_roles_of_its_person():
    with pytest.raises(Forbidden):
        _token(["admin"])
    with pytest.raises(Forbidden):
        _token(["events:write"], kind="leader")
    with pytest.raises(Forbidden):
        issue(person=a_person(), agency=an_agency(), scopes=["events:read"], label="", now=NOW)


def test_a_role_that_ends_takes_its_scopes_from_the_token():
    token, secret = _token(["events:write", "rsvps:read"])
    Role.objects.filter(person=token.person).update(until=NOW + dt.timedelta(hours=1))
    viewer = viewer_of_token(token_behind(secret, now=NOW))
    assert not viewer.may("events:write", token.agency_id)
    assert not viewer.belongs_to(token.agency_id)


def test_a_token_of_somebody_who_left_opens_nothing():
    token, secret = _token()
    Person.objects.filter(pk=token.person_id).update(is_active=False)
    assert token_behind(secret, now=NOW) is None


@pytest.mark.parametrize("scopes", [[], ["events:destroy"], ["events:read", ""]])
def test_scopes_that_do_not_exist_are_refused(scopes):
    with pytest.raises(Invalid):
        _token(scopes)


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_token_lasts_from_now_to_a_year(days):
    with pytest.raises(Invalid):
        _token(expires_at=NOW + dt.timedelta(days=days))


def test_using_it_writes_down_the_day_and_only_once():
    token, secret = _token()
    token_behind(secret, now=NOW)
    with connection.execute_wrapper(_refuse_writes):
        token_behind(secret, now=NOW)
    assert AccessToken.objects.get(pk=token.pk).last_used_on == NOW.date()


def _refuse_writes(execute, sql, params, many, context):
    assert not sql.startswith("UPDATE")
    return execute(sql, params, many, context)

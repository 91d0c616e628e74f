"""Roles are offered by mail, taken by a link that works once, and ended; never deleted."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.links import Purpose, mint
from engage.people.models import Person
from engage.refusals import Invalid, Unknown, WrongState
from engage.roles.ending import deactivate
from engage.roles.granting import LastAdministrator, RoleExists, accept_invitation, end_role, invite
from engage.roles.models import Invitation, Role
from engage.roles.permissions import viewer_of
from tests.makers.agencies import a_person, an_agency

BOTH = ["default", "owner"]
NOW = timezone.now()
GOOD = "correct horse battery staple"
db = pytest.mark.django_db(databases=BOTH)


def _link(invitation, purpose=Purpose.INVITATION):
    return mint(purpose, invitation.pk, invitation.link_version)


def _invited(agency, email="New@city.example", kind="liaison", now=NOW):
    return invite(agency=agency, email=email, kind=kind, actor=None, now=now)


@db
def test_whoever_is_invited_signs_in_with_the_role_and_nothing_more():
    agency = an_agency(timezone="America/Denver")
    person = accept_invitation(_link(_invited(agency)), name="Nia New", password=GOOD, now=NOW)
    assert (person.email, person.name, person.time_zone) == ("new@city.example", "Nia New", "America/Denver")
    assert person.check_password(GOOD)
    assert viewer_of(person).roles == {agency.pk: frozenset({"liaison"})}
    verbs = Activity.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["invitation.made", "invitation.accepted", "role.given"]
    assert "new@city" not in str(list(Activity.objects.values()))


@db
def test_a_link_works_once_within_seven_days_and_for_its_purpose_only():
    agency = an_agency()
    invitation = _invited(agency)
    for wrong in (
        lambda: accept_invitation(_link(invitation), name="N", password=GOOD, now=NOW + dt.timedelta(days=7)),
        lambda: accept_invitation(_link(invitation, Purpose.CONFIRM), name="N", password=GOOD, now=NOW),
        lambda: accept_invitation("nonsense", name="N", password=GOOD, now=NOW),
    ):
        with pytest.raises(Unknown):
            wrong()
    accept_invitation(_link(invitation), name="N", password=GOOD, now=NOW)
    with pytest.raises(Unknown):
        accept_invitation(_link(invitation), name="N", password=GOOD, now=NOW)


@db
def test_a_second_invitation_ends_the_first():
    agency = an_agency()
    first, second = _invited(agency), _invited(agency)
    with pytest.raises(Unknown):
        accept_invitation(_link(first), name="N", password=GOOD, now=NOW)
    accept_invitation(_link(second), name="N", password=GOOD, now=NOW)


@db
@pytest.mark.parametrize(
    ("name", "password", "field"),
    [("N", "short", "password"), ("N", "password1234", "password"), ("", GOOD, "name")],
)
def test_a_weak_password_or_no_name_changes_nothing(name, password, field):
    link = _link(_invited(an_agency()))
    with pytest.raises(Invalid) as refused:
        accept_invitation(link, name=name, password=password, now=NOW)
    assert {error.field for error in refused.value.errors} == {field}
    assert not Person.objects.exists()
    accept_invitation(link, name="N", password=GOOD, now=NOW)


@db
def test_an_invitation_is_no_way_to_somebody_elses_password():
    known = a_person(email="new@city.example")
    known.set_password(GOOD)
    known.save()
    agency = an_agency()
    person = accept_invitation(
        _link(_invited(agency)), name="Somebody else", password="another long password", now=NOW
    )
    assert person == known
    person.refresh_from_db()
    assert person.check_password(GOOD)
    assert person.name == "Dana"
    with pytest.raises(RoleExists):
        _invited(agency)


@db
def test_somebody_who_was_shut_out_stays_out():
    a_person(email="new@city.example", is_active=False)
    with pytest.raises(Unknown):
        accept_invitation(_link(_invited(an_agency())), name="N", password=GOOD, now=NOW)


@db
@pytest.mark.parametrize(("email", "kind"), [("nobody", "liaison"), ("a@b.example", "king")])
def test_an_invitation_needs_an_address_and_a_role_that_exists(email, kind):
    with pytest.raises(Invalid):
        _invited(an_agency(), email, kind)
    assert not Invitation.objects.exists()


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_a_double_click_gives_one_role():
    agency = an_agency()
    link = _link(_invited(agency))

    def click(_: int) -> bool:
        try:
            accept_invitation(link, name="N", password=GOOD, now=NOW)
        except Unknown:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(click, range(8))) == 1
    assert Role.objects.filter(agency=agency).count() == 1


@db
def test_an_ended_role_gives_nothing_stays_on_the_record_and_may_be_given_again():
    agency = an_agency()
    person = a_person(agency)
    role = person.roles.get()
    end_role(role, actor=None, now=timezone.now())
    assert viewer_of(person).roles == {}
    with pytest.raises(WrongState):
        end_role(role, actor=None, now=timezone.now())
    accept_invitation(_link(_invited(agency, person.email)), name="", password="", now=NOW)
    assert person.roles.count() == 2


@pytest.mark.django_db(databases=BOTH, transaction=True)
def test_two_administrators_cannot_end_each_other():
    agency = an_agency()
    roles = [a_person(agency, "admin").roles.get() for _ in range(2)]

    def end(role: Role) -> bool:
        try:
            end_role(role, actor=None, now=timezone.now())
        except LastAdministrator:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(end, roles)) == 1


@db
def test_an_administrator_whose_account_is_closed_does_not_count():
    agency = an_agency()
    here, gone = (a_person(agency, "admin") for _ in range(2))
    deactivate(gone, actor=None, now=timezone.now())
    with pytest.raises(LastAdministrator):
        end_role(here.roles.get(), actor=None, now=timezone.now())
    end_role(gone.roles.get(), actor=None, now=timezone.now())

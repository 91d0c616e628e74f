"""Whatever was opened for somebody under an older state ends with that state: every cause, every thing, and a letter."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.links import Purpose, mint
from engage.people.models import Person
from engage.people.passwords import password_links
from engage.roles.ending import Cause
from engage.roles.granting import invite
from engage.roles.models import AccessToken, Role
from engage.roles.tokens import issue
from events.door.links import open_link
from outreach.ledger.models import Delivery
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.web.account.test_sign_in import PASSWORD, code_for, is_signed_in, sign_in, with_totp
from tests.web.staff_clients import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
NEW = "another long walk home"
GUESSER = {"REMOTE_ADDR": "203.0.113.7"}


@pytest.fixture(autouse=True)
def _quick(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.RATES = settings.RATES | {"secret:account-network": (1, 600)}


class Marco:
    """A liaison who also invites, and everything that can be open for one person."""

    def __init__(self, *, factor: bool) -> None:
        self.agency = an_agency()
        self.admin = signed_in(a_person(self.agency, "admin", email="theo@staff.example"))
        self.person = a_person(self.agency, "liaison", email="marco@staff.example")
        self.person.set_password(PASSWORD)
        self.person.save()
        self.role = self.person.roles.get()
        self.secret = with_totp(self.person) if factor else ""
        self.acting = self.sign_in_whole()
        self.acting.post("/accounts/reauthenticate/", {"password": PASSWORD})
        self.opened = self.open_everything()

    def sign_in_whole(self) -> Client:
        client = Client(**GUESSER)
        sign_in(client, self.person.email)
        if self.secret:
            cache.clear()  # a code is good once; the test's clock stands still
            client.post("/accounts/2fa/authenticate/", {"code": code_for(self.secret)})
        assert is_signed_in(client)
        return client

    def open_everything(self) -> dict[str, Callable[[], bool]]:
        now, event = timezone.now(), an_event(self.agency)
        session, device = self.sign_in_whole(), self.sign_in_whole()
        device.post("/accounts/logout/")
        self.person.refresh_from_db()
        _token, key = issue(person=self.person, agency=self.agency, scopes=["events:read"], label="", now=now)
        _link, untraded = open_link(event, device="Phone", actor=self.person, now=now)
        _link, traded = open_link(event, device="Tablet", actor=self.person, now=now)
        door = Client()
        door.post(f"/door/open/{traded}")
        invited = invite(
            agency=self.agency, email="new@staff.example", kind="liaison", actor=self.person, now=now
        )
        invitation = mint(Purpose.INVITATION, invited.pk, invited.link_version)
        reset = f"{self.person.pk.hex}-{password_links.make_token(self.person)}"
        opened = {
            "session": lambda: is_signed_in(session),
            "key": lambda: ok(Client(), "/api/v1/me/", headers={"Authorization": f"Bearer {key}"}),
            "door link": lambda: ok(Client(), f"/door/open/{untraded}"),
            "door session": lambda: ok(door, f"/door/{event.pk}/"),
            "invitation": lambda: ok(Client(), f"/invitation/{invitation}"),
            "known device": lambda: self.is_known(device),
            "link for a new password": lambda: (
                Client().get(f"/accounts/password/reset/key/{reset}/").status_code == 302
            ),
        }
        if self.secret:
            half = Client(**GUESSER)
            sign_in(half, self.person.email)
            opened["half a sign-in"] = lambda: ok(half, "/accounts/2fa/authenticate/")
        return opened

    def is_known(self, device: Client) -> bool:
        """Whether it has tries of its own when the network's are used up."""
        wrong = {"login": self.person.email, "password": "wrong"}
        for _ in range(2):
            refused = Client(**GUESSER).post("/accounts/login/", wrong)
        assert refused.status_code == 429
        return device.post("/accounts/login/", wrong).status_code == 200


def ok(client: Client, path: str, **more: Any) -> bool:
    return client.get(path, **more).status_code == 200


def reset_it(marco: Marco) -> None:
    browser = Client()
    marco.person.refresh_from_db()
    path = f"/accounts/password/reset/key/{marco.person.pk.hex}-{password_links.make_token(marco.person)}/"
    there = browser.get(path, follow=True).redirect_chain[-1][0]
    assert browser.post(there, {"password1": NEW, "password2": NEW}).status_code == 302


def change_it(marco: Marco) -> None:
    said = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert marco.acting.post("/accounts/password/change/", said).status_code == 302


def add_a_factor(marco: Marco) -> None:
    """The first one goes quietly, so that half a sign-in stands when the app is added."""
    Authenticator.objects.filter(user=marco.person).delete()
    secret = marco.acting.get("/accounts/2fa/totp/activate/").context["form"].secret
    assert marco.acting.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)}).status_code == 302
    assert is_signed_in(marco.acting)


def remove_the_factor(marco: Marco) -> None:
    assert marco.acting.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert is_signed_in(marco.acting)


def demand_a_factor(marco: Marco) -> None:
    with_totp(Person.objects.get(email="theo@staff.example"))
    path = f"/api/v1/agencies/{marco.agency.slug}/"
    tag = marco.admin.get(path)["ETag"]
    asked = marco.admin.patch(
        path, {"settings": {"mfa_required": True}}, content_type="application/json", headers={"If-Match": tag}
    )
    assert asked.status_code == 200, asked.content


def end_the_role(marco: Marco) -> None:
    path = f"/desk/{marco.agency.slug}/office/roles/{marco.role.pk}/end"
    assert marco.admin.post(path).status_code == 302


def close_the_account(marco: Marco) -> None:
    call_command("deactivate_person", marco.person.email, stdout=StringIO())


def close_all_of_it(marco: Marco) -> None:
    path = f"/desk/{marco.agency.slug}/office/people/{marco.person.pk}/"
    assert b"Sign-ins and keys of" in marco.admin.get(path).content
    assert marco.admin.post(path).status_code == 302


CAUSES: dict[Cause, Callable[[Marco], None]] = {
    Cause.PASSWORD_RESET: reset_it,
    Cause.PASSWORD_CHANGED: change_it,
    Cause.FACTOR_ADDED: add_a_factor,
    Cause.FACTOR_REMOVED: remove_the_factor,
    Cause.FACTOR_DEMANDED: demand_a_factor,
    Cause.ROLE_ENDED: end_the_role,
    Cause.DEACTIVATED: close_the_account,
    Cause.ENDED_BY_OFFICE: close_all_of_it,
}


@pytest.mark.parametrize("cause", Cause)
def test_everything_ends_with_the_state_it_was_opened_under(cause: Cause) -> None:
    # Who has no factor yet is no half signed in; every other thing stands in every row.
    marco = Marco(factor=cause is not Cause.FACTOR_DEMANDED)
    assert {name: is_open() for name, is_open in marco.opened.items()} == dict.fromkeys(marco.opened, True)
    cache.clear()
    CAUSES[cause](marco)
    assert {name: is_open() for name, is_open in marco.opened.items()} == dict.fromkeys(marco.opened, False)
    told = Delivery.objects.get(kind="access_ended", person=marco.person)
    assert Activity.objects.get(pk=told.subject_id).data == {
        "cause": cause.value, "keys": 1, "doors": 2, "invitations": 1,
    }  # fmt: skip


def test_another_agencys_keys_and_doors_stay_when_a_role_ends_here() -> None:
    marco, now = Marco(factor=False), timezone.now()
    other = an_agency()
    Role.objects.create(person=marco.person, agency=other, kind="liaison")
    marco.person.refresh_from_db()
    _token, key = issue(person=marco.person, agency=other, scopes=["events:read"], label="", now=now)
    _link, door = open_link(an_event(other), device="Phone", actor=marco.person, now=now)
    stale, dead = issue(person=marco.person, agency=other, scopes=["events:read"], label="", now=now)
    AccessToken.objects.filter(pk=stale.pk).update(access_version=0)
    end_the_role(marco)
    assert ok(Client(), "/api/v1/me/", headers={"Authorization": f"Bearer {key}"})
    assert ok(Client(), f"/door/open/{door}")
    # What was void before does not come to life by it.
    assert not ok(Client(), "/api/v1/me/", headers={"Authorization": f"Bearer {dead}"})


def test_a_new_password_ends_them_whoever_sets_it_and_a_better_hash_of_the_same_one_does_not(
    settings: LazySettings,
) -> None:
    marco = Marco(factor=False)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    assert Person.objects.get(pk=marco.person.pk).check_password(PASSWORD)
    assert marco.opened["key"]()
    marco.person.set_password(NEW)
    marco.person.save(update_fields=["password"])
    for name in ("session", "key", "door link", "known device"):
        assert not marco.opened[name](), name


def test_a_guard_that_only_revokes_would_leave_what_is_made_at_the_same_moment() -> None:
    """Without the look at each use, a key whose row escaped the revoking would go on."""
    marco = Marco(factor=False)
    end_the_role(marco)
    AccessToken.objects.update(revoked_at=None)
    assert not marco.opened["key"]()
    AccessToken.objects.update(access_version=Person.objects.get(pk=marco.person.pk).access_version)
    Role.objects.create(person=marco.person, agency=marco.agency, kind="liaison")
    assert marco.opened["key"]()

"""Every link and every key has a way to end it that costs its owner nothing else."""

from __future__ import annotations

import secrets
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from engage.contacts.links import Purpose, mint
from engage.contacts.models import Contact
from engage.sealing.key_rotating import still_under
from engage.sealing.models import KeyMark
from engage.sealing.seals import SealBroken
from events.rsvps.models import Rsvp
from outreach.worker.rounds import go_round
from tests.makers.agencies import an_agency
from tests.makers.letters import links_in, text_of
from tests.makers.mail_server import Post, a_mail_server
from tests.makers.worlds import World
from tests.web.account.test_sign_in import code_for, is_signed_in, sign_in, somebody, with_totp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.fixture
def post(settings: Any) -> Any:
    with a_mail_server() as running:
        settings.MAIL_SERVER, settings.MAIL_FROM = running.server, "meetings@harbor.example"
        settings.PUBLIC_URL = "https://engage.example"
        yield running


def told(command: str, *words: str) -> str:
    out = StringIO()
    call_command(command, *words, stdout=out)
    return out.getvalue()


def opens(token: str) -> bool:
    return Client().get(f"/r/{token}").status_code == 200


def an_rsvp(email: str = "") -> tuple[World, str]:
    world = World.made()
    body = {"email": email} if email else {}
    path = f"/api/v1/events/{world.event().pk}/rsvps/"
    made = Client().post(path, body, content_type="application/json").json()
    return world, str(made["manage_url"]).rpartition("/")[2]


def test_without_an_address_the_new_link_is_on_the_screen_and_the_old_one_is_dead() -> None:
    _world, old = an_rsvp()
    assert b"Get a new link" in Client().get(f"/r/{old}").content
    assert opens(old)
    assert Client().get(f"/r/{old}/new-link").status_code == 200
    assert opens(old)
    new = Client().post(f"/r/{old}/new-link")["Location"].rpartition("/")[2]
    assert not opens(old)
    assert opens(new)


def test_with_an_address_whoever_holds_the_old_link_gets_nothing_by_making_it_new(post: Post) -> None:
    _world, screen = an_rsvp("maria@mail.example")
    go_round()
    (first,) = post.letters
    mailed = links_in(first, "/r")[0]
    answer = Client().post(f"/r/{mailed}/new-link")
    assert answer.status_code == 200
    assert b"on its way to your address" in answer.content
    assert not opens(mailed)
    assert not opens(screen)
    assert Client().post(f"/r/{mailed}/new-link").status_code == 404
    go_round()
    again = post.letters[-1]
    new = links_in(again, "/r")[0]
    assert opens(new)
    assert "/new-link" in text_of(again)


def test_whoever_types_anothers_address_has_it_written_to_twice_and_ends_nothing_of_its_owners(
    post: Post,
) -> None:
    world = World.made()
    path = f"/api/v1/events/{world.event().pk}/rsvps/"

    def typed() -> str:
        made = Client().post(path, {"email": "maria@mail.example"}, content_type="application/json").json()
        return str(made["manage_url"]).rpartition("/")[2]

    hers = typed()
    go_round()
    (first,) = post.letters
    mailed = links_in(first, "/r")[0]
    for _ in range(5):
        screen = typed()
        answer = Client().post(f"/r/{screen}/new-link")
        assert b"on its way to your address" in answer.content
        assert not opens(screen)
    go_round()
    assert len(post.letters) == 1 + 2
    assert (opens(hers), opens(mailed)) == (True, True)
    assert Contact.objects.get().link_version == 1
    # Whoever reads the mail is written to as often as they ask.
    assert Client().post(f"/r/{mailed}/new-link").status_code == 200
    go_round()
    assert len(post.letters) == 1 + 3
    assert Contact.objects.get().link_version == 2


def test_whoever_runs_the_site_ends_links_by_the_rsvp_the_event_or_all_after_a_look() -> None:
    world, one = an_rsvp("a@mail.example")
    _other, two = an_rsvp("b@mail.example")
    rsvp = Rsvp.objects.filter(agency=world.agency).get()
    assert "1 places" in told("revoke_links", "--agency", world.agency.slug, "--dry-run")
    assert opens(one)
    assert "1 places and 1 addresses" in told("revoke_links", "--rsvp", str(rsvp.pk))
    assert (opens(one), opens(two)) == (False, True)
    told("revoke_links", "--all")
    assert not opens(two)
    assert set(Contact.objects.values_list("link_version", flat=True)) == {3, 2}


def with_a_new_key(settings: LazySettings, name: str) -> None:
    setattr(settings, name, [(77, secrets.token_bytes(32)), *getattr(settings, name)])


def test_links_of_one_key_end_when_it_goes(settings: LazySettings) -> None:
    _world, old = an_rsvp()
    number = settings.LINK_KEYS[0][0]
    with pytest.raises(CommandError, match="today"):
        told("revoke_links", "--key", str(number))
    with_a_new_key(settings, "LINK_KEYS")
    _world, new = an_rsvp()
    assert "may be removed" in told("revoke_links", "--key", str(number))
    assert (opens(old), opens(new)) == (True, True)
    settings.LINK_KEYS = settings.LINK_KEYS[:1]
    assert (opens(old), opens(new)) == (False, True)


def test_everything_sealed_comes_to_a_new_key_and_the_old_one_may_go(settings: LazySettings) -> None:
    before, old_keys = settings.CONTACT_KEYS[0][0], settings.CONTACT_KEYS
    world = World.made()
    event = world.event()
    for n in range(3):
        body = {
            "name": "Maria", "email": f"maria{n}@mail.example",
            "access_requests": [{"kind": "other", "detail": "a seat by the door"}],
        }  # fmt: skip
        made = Client().post(f"/api/v1/events/{event.pk}/rsvps/", body, content_type="application/json")
        assert made.status_code == 201
    dana = somebody(an_agency())
    secret = with_totp(dana)
    with_a_new_key(settings, "CONTACT_KEYS")
    assert "engage_contact.sealed_address: 3 to be sealed anew" in told("rotate_keys", "--dry-run")
    assert still_under(before)["engage_contact.sealed_address"] == 3
    said = told("rotate_keys")
    assert f"CONTACT_KEYS {before} may be removed" in said
    assert not KeyMark.objects.filter(setting="CONTACT_KEYS", number=before).exists()
    assert "engage_contact.sealed_address: 0 sealed anew" in told("rotate_keys")
    settings.CONTACT_KEYS = settings.CONTACT_KEYS[:1]
    rsvp = Rsvp.objects.first()
    assert rsvp is not None
    token = mint(Purpose.RSVP_SCREEN, rsvp.pk)
    page = Client().get(f"/r/{token}/data").content.decode()
    assert "Maria" in page
    assert "a seat by the door" in page
    client = Client()
    sign_in(client, dana.email)
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert is_signed_in(client)
    # With the guard off, dropping the old key before the rotation locks its people out.
    settings.CONTACT_KEYS = old_keys


def test_a_second_factor_put_into_another_persons_row_opens_nothing() -> None:
    dana, theo = somebody(an_agency()), somebody(an_agency(), email="theo@staff.example")
    with_totp(dana)
    with_totp(theo)
    hers = Authenticator.objects.get(user=dana, type="totp").data
    assert dana.pk.hex in hers["secret"]
    Authenticator.objects.filter(user=theo, type="totp").update(data=hers)
    with pytest.raises(SealBroken):
        Authenticator.objects.get(user=theo, type="totp")

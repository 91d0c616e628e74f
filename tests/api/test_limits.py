"""How often is too often: by network, for all public posts together, and for guesses."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from tests.makers.agencies import a_person, an_agency
from tests.makers.api_clients import api_of, the_public
from tests.makers.events import an_event
from tests.makers.worlds import PASSWORD, World

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_all_public_posts_of_a_network_are_counted_together(settings: LazySettings) -> None:
    settings.RATES = settings.RATES | {"public_posts": (3, 600)}
    world = World.made()
    event, public = world.event(), the_public()
    first = public.post(f"/events/{event.pk}/rsvps/")
    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("3", "2")
    public.post(f"/events/{event.pk}/contributions/", {"kind": "question", "body": "Why?"})
    public.post("/subscriptions/", {"agency": world.agency.slug, "email": "a@mail.example"})
    refused = public.post(f"/events/{event.pk}/rsvps/")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["RateLimit-Remaining"] == "0"
    assert the_public(address="192.0.2.77").post(f"/events/{event.pk}/rsvps/").status_code == 201
    # Reading is never counted.
    assert public.get(f"/events/{event.pk}/").status_code == 200


def test_a_forged_header_buys_no_further_tries(settings: LazySettings) -> None:
    settings.RATES = settings.RATES | {"public_posts": (5, 600)}
    path = f"/events/{an_event().pk}/rsvps/"
    answers = [the_public().post(path, X_Forwarded_For=f"198.51.100.{n}").status_code for n in range(20)]
    assert answers.count(201) == 5
    assert answers.count(429) == 15


def test_guessing_links_is_stopped_and_a_good_link_still_opens(settings: LazySettings) -> None:
    settings.RATES = settings.RATES | {"token_guesses": (3, 600)}
    token = World.made().token()
    answers = [the_public().get(f"/rsvps/{'a' * 53}/").status_code for _ in range(5)]
    assert answers == [404, 404, 404, 429, 429]
    assert the_public().get(f"/rsvps/{token}/").status_code == 200


def test_a_password_is_not_guessed_from_many_places_at_once(settings: LazySettings) -> None:
    settings.RATES = settings.RATES | {"secret:account": (3, 600)}
    agency = an_agency()
    person = a_person(agency)
    person.set_password(PASSWORD)
    person.save()
    body = {"email": person.email, "password": "wrong"}
    tries = [the_public(address=f"192.0.2.{n}").post("/tokens/", body).status_code for n in range(5)]
    assert tries == [401, 401, 401, 429, 429]
    assert the_public().post("/tokens/", body | {"password": PASSWORD}).status_code == 429


def test_throttles_can_be_off(settings: LazySettings) -> None:
    settings.RATES = settings.RATES | {"public_posts": (1, 600)}
    settings.THROTTLES = "off"
    path = f"/events/{an_event().pk}/rsvps/"
    assert [the_public().post(path).status_code for _ in range(3)] == [201] * 3


def test_a_cache_that_is_gone_lets_everybody_through(settings: LazySettings) -> None:
    backend = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    path = f"/events/{an_event().pk}/rsvps/"
    settings.CACHES = {"default": backend | {"OPTIONS": {"socket_connect_timeout": 0.2}}}
    assert the_public().post(path).status_code == 201
    assert api_of(an_agency()).get("/me/").status_code == 200

"""Counting who comes too often, without writing down who came."""

import time

import pytest
from django.core.cache import cache

from engage.counting.rates import allow, client_network, look

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _no_counters():
    cache.clear()


def test_what_is_over_the_limit_is_refused_with_a_wait_of_a_minute_at_most():
    verdicts = [allow("posts", "192.0.2.1", limit=5, window_seconds=600) for _ in range(7)]
    assert [verdict.allowed for verdict in verdicts] == [True] * 5 + [False] * 2
    assert [verdict.remaining for verdict in verdicts] == [4, 3, 2, 1, 0, 0, 0]
    assert all(1 <= verdict.retry_after <= 60 for verdict in verdicts[5:])


def test_networks_and_buckets_are_counted_apart():
    for _ in range(3):
        allow("posts", "192.0.2.1", limit=3, window_seconds=600)
    assert not allow("posts", "192.0.2.1", limit=3, window_seconds=600).allowed
    assert allow("posts", "192.0.2.2", limit=3, window_seconds=600).allowed
    assert allow("guesses", "192.0.2.1", limit=3, window_seconds=600).allowed


def test_looking_counts_nothing():
    assert all(look("guesses", "192.0.2.1", limit=1, window_seconds=600).allowed for _ in range(5))
    allow("guesses", "192.0.2.1", limit=1, window_seconds=600)
    assert not look("guesses", "192.0.2.1", limit=1, window_seconds=600).allowed


def test_what_was_counted_weighs_less_the_longer_ago_it_was(monkeypatch):
    start = 1_800_000_000 - 1_800_000_000 % 600
    monkeypatch.setattr(time, "time", lambda: start + 599.0)
    for _ in range(10):
        allow("posts", "192.0.2.1", limit=10, window_seconds=600)
    monkeypatch.setattr(time, "time", lambda: start + 601.0)
    # No fresh start at the turn of the window: twice the limit would pass in two seconds.
    assert sum(allow("posts", "192.0.2.1", limit=10, window_seconds=600).allowed for _ in range(10)) == 1
    monkeypatch.setattr(time, "time", lambda: start + 900.0)
    assert sum(allow("posts", "192.0.2.1", limit=10, window_seconds=600).allowed for _ in range(10)) == 4


def test_the_cache_holds_no_address():
    allow("posts", "192.0.2.77", limit=5, window_seconds=600)
    client = cache._cache.get_client(write=True)
    keys = b" ".join(client.keys("*"))
    assert b"rate:" in keys
    assert b"192.0.2.77" not in keys


def test_a_cache_that_is_gone_allows_everything(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 0.2},
        }
    }
    assert all(allow("posts", "192.0.2.1", limit=1, window_seconds=600).allowed for _ in range(3))


def test_throttles_can_be_off(settings):
    settings.THROTTLES = "off"
    assert all(allow("posts", "192.0.2.1", limit=1, window_seconds=600).allowed for _ in range(3))


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unix", "unix"),
    ],
)
def test_a_household_is_one_network(ip, network):
    assert client_network(ip) == network

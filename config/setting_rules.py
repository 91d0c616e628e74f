"""What a setting must be beside well written: strong keys, named hosts, mail that nobody reads on its way.

Each rule raises SettingIsWrong with one sentence. The settings ask them before anything is started or touched.
"""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import zoneinfo
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from config.environment import SettingIsWrong
from outreach.bounces.collected_at import CollectedAt
from outreach.channels.mail_server import MailServer

Key = tuple[str, bytes]
_Networks = Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]

# A random key of 32 bytes has 30 different ones, give or take 1.3; fewer than 20 never happen by chance. The same is
# true of the steps from one byte to the next, which a sequence repeats. In base64url: 31 of 43, give or take 2.5.
_LEAST_BYTES = 20
_LEAST_DIGITS = 16
_SHORTEST_TEXT = 50
_LEAST_CHARACTERS = 10
# 10.0.0.0/8 and fc00::/7 are the widest networks that anybody runs a proxy in.
_WIDEST = {4: 8, 6: 7}


def host_of(address: str) -> str:
    """The host name of a web address as a request's Host header has it, without a port."""
    host = urlsplit(address).hostname or ""
    return f"[{host}]" if ":" in host else host


def keys_differ(secret_key: str, keys: Sequence[Key]) -> None:
    """SECRET_KEY and every other key, whatever its number, guards something else: no two may be equal."""
    text = secret_key.rstrip("=")
    for name, key in keys:
        if secret_key.encode() == key or _written(key) in text:
            raise SettingIsWrong(f"SECRET_KEY and {name} hold the same key; each needs a key of its own.")
    for (one, key), (other, second) in combinations(keys, 2):
        if key == second:
            raise SettingIsWrong(f"{one} and {other} hold the same key; each needs a key of its own.")


def keys_are_strong(secret_key: str, keys: Sequence[Key]) -> None:
    """Keys are made by a machine's dice: no zeros, no pattern, no sequence, nothing typed by hand."""
    if len(secret_key) < _SHORTEST_TEXT:
        raise SettingIsWrong(
            f"SECRET_KEY is too short; it needs {_SHORTEST_TEXT} random characters or more (docs/settings.md)."
        )
    if secret_key.startswith("django-insecure-") or _has_a_pattern(
        [ord(letter) for letter in secret_key], least=_LEAST_CHARACTERS
    ):
        raise SettingIsWrong("SECRET_KEY is not random; make a new one (docs/settings.md).")
    for name, key in keys:
        digits = [_DIGITS.index(letter) for letter in _written(key)]
        if (
            _has_a_pattern(key, least=_LEAST_BYTES)
            or _has_a_pattern(digits, least=_LEAST_DIGITS, around=64)
            or key.isascii()
        ):
            raise SettingIsWrong(f"{name} is not a random key; make a new one (docs/settings.md).")


_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _written(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode("ascii").rstrip("=")


def _has_a_pattern(symbols: Sequence[int], *, least: int, around: int = 256) -> bool:
    """Few different symbols, few different steps between neighbours, or the same part over and over."""
    steps = {(second - first) % around for first, second in pairwise(symbols)}
    repeats = any(
        all(symbols[at] == symbols[at - length] for at in range(length, len(symbols)))
        for length in range(1, len(symbols) // 2 + 1)
    )
    return len(set(symbols)) < least or len(steps) < least or repeats


def intake_keys_are_a_pair(public: tuple[int, bytes] | None, private: Sequence[tuple[int, bytes]]) -> None:
    """Where both halves stand in one place, one opens what the other seals: else no text would ever be opened.

    public, private: number and key, as INTAKE_PUBLIC_KEY and INTAKE_PRIVATE_KEYS have them.
    """
    if public is None or not private:
        return
    number, half = public
    key = dict(private).get(number)
    if key is None or X25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw() != half:
        raise SettingIsWrong(
            "INTAKE_PUBLIC_KEY is not the public half of a key in INTAKE_PRIVATE_KEYS; "
            "make the two together (manage.py make_intake_keys)."
        )


def the_way_in_is_safe(public_url: str, hosts: Sequence[str], proxies: _Networks) -> None:
    """https, hosts by their names, and proxies that are our own."""
    public_address_is_https(public_url)
    hosts_are_named(hosts, public_url)
    proxies_are_few(proxies)


def public_address_is_https(public_url: str) -> None:
    if not public_url.startswith("https://"):
        raise SettingIsWrong(
            f"PUBLIC_URL must begin with https:// in production; it is “{public_url}”. "
            "What people type here must not travel in clear."
        )


def hosts_are_named(hosts: Sequence[str], public_url: str) -> None:
    """Each host by its name, and the public one among them: any other would be refused, or anything answered."""
    for host in hosts:
        if "*" in host or host.startswith("."):
            raise SettingIsWrong(f"ALLOWED_HOSTS must name each host; “{host}” would answer to any name.")
        if "/" in host or (":" in host and not host.endswith("]")):
            raise SettingIsWrong(f"ALLOWED_HOSTS takes host names without a port or a path; it has “{host}”.")
    if host_of(public_url).lower() not in {host.lower() for host in hosts}:
        raise SettingIsWrong(
            f"ALLOWED_HOSTS lacks {host_of(public_url)}, the host of PUBLIC_URL: nobody would be answered."
        )


def proxies_are_few(networks: _Networks) -> None:
    """Whoever is in one of these networks may say for whom it asks, so none of them may be the whole world."""
    for network in networks:
        if network.prefixlen < _WIDEST[network.version]:
            raise SettingIsWrong(
                f"TRUSTED_PROXIES must be the networks of your own proxies; {network} is wider than any of them."
            )


def mail_is_not_read_on_its_way(server: MailServer, told_so: Sequence[str]) -> None:
    """In clear only to this machine, or to a host that EMAIL_IN_CLEAR_TO names."""
    if server.security != "none" or _is_here(server.host):
        return
    if server.host.lower() not in {host.lower() for host in told_so}:
        raise SettingIsWrong(
            f"EMAIL_URL would hand mail to {server.host} in clear; use smtp+starttls:// or smtps://, "
            f"or say EMAIL_IN_CLEAR_TO={server.host} where that is meant."
        )


def bounces_are_not_read_on_their_way(where: CollectedAt | None) -> None:
    """They hold addresses, and the mailbox has a password: in clear only from this machine."""
    if where is not None and where.host and not where.has_tls and not _is_here(where.host):
        raise SettingIsWrong(f"BOUNCES_URL would read mail from {where.host} in clear; use imaps://.")


def _is_here(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def zone_rules_are_new_enough() -> None:
    """The tzdata package's, and no other's: British Columbia stays at −07:00 since 2026, which older rules do not know."""
    if zoneinfo.TZPATH:
        raise SettingIsWrong(
            "The time zone rules would be the system's; leave PYTHONTZPATH empty, so that the tzdata package's hold."
        )
    try:
        vancouver = zoneinfo.ZoneInfo.no_cache("America/Vancouver")
    except zoneinfo.ZoneInfoNotFoundError:
        raise SettingIsWrong(f"There are no time zone rules; {_INSTALL_TZDATA}") from None
    if dt.datetime(2027, 1, 12, tzinfo=vancouver).utcoffset() != dt.timedelta(hours=-7):
        raise SettingIsWrong(f"The time zone rules are older than 2026; {_INSTALL_TZDATA}")


_INSTALL_TZDATA = "install the tzdata package of requirements/runtime.txt."


def throttles_hold(throttles: str) -> None:
    if throttles == "off":
        raise SettingIsWrong("THROTTLES=off is for tests and demos; in production it must be on.")

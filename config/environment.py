"""Typed readers of the environment. A wrong value stops the start with one sentence that names the setting."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from outreach.bounces.collected_at import CollectedAt
from outreach.channels.mail_server import MailServer
from outreach.channels.signing import KeyIsWrong, Signer, signing_key

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


class SettingIsWrong(Exception):
    """A setting's value cannot be used; the text is the sentence shown to whoever starts Engage."""


def text(name: str, default: str | None = None) -> str:
    """The value of ``name``, or of the file that ``name_FILE`` points at (how secrets are mounted)."""
    value = os.environ.get(name)
    if value is None and (path := os.environ.get(f"{name}_FILE")):
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingIsWrong(
                f"{name}_FILE names a file that cannot be read ({error.strerror})."
            ) from None
    if value is None or value == "":
        if default is None:
            raise SettingIsWrong(f"{name} is not set, and Engage cannot start without it.")
        return default
    return value


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in allowed:
        raise SettingIsWrong(f"{name} must be one of {', '.join(allowed)}; it is “{value}”.")
    return value


def whole_number(name: str, default: int, *, least: int, most: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.removeprefix("-").isdigit() or not least <= int(value[:12]) <= most:
        raise SettingIsWrong(f"{name} must be a whole number from {least} to {most}; it is “{value[:40]}”.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A list, written with commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def address(name: str, default: str | None = None) -> str:
    """An http or https address without a trailing slash and without a query."""
    value = text(name, default)
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingIsWrong(f"{name} must be an address like https://engage.example.gov; it is “{value}”.")
    return value.rstrip("/")


def sender(name: str, default: str | None = None) -> str:
    """The bare address that mail comes from; the name before it in a letter is the agency's."""
    value = text(name, default)
    before, _, host = value.rpartition("@")
    written = value.isascii() and value.isprintable() and not set(value) & set(' <>()[],;:"')
    if not before or not host or not written:
        raise SettingIsWrong(f"{name} must be an address alone, like meetings@example.gov; it is “{value}”.")
    return value


def signer(selector: str, domain: str, key_name: str, *, of: str) -> Signer | None:
    """What signs mail, of three settings that belong together; None where none of them is set. of: whose letters."""
    given = {name: text(name, "") for name in (selector, domain, key_name)}
    if not any(given.values()):
        return None
    for name, value in given.items():
        if not value:
            others = " and ".join(other for other in given if other != name)
            raise SettingIsWrong(f"{name} is not set, and {others} mean nothing without it.")
    for name in (selector, domain):
        if not _HOST.fullmatch(given[name]):
            raise SettingIsWrong(f"{name} must be a name like those in the DNS; it is “{given[name][:80]}”.")
    signs, writes = given[domain].lower(), of.rpartition("@")[2].lower()
    if not f".{writes}".endswith(f".{signs}") and not f".{signs}".endswith(f".{writes}"):
        raise SettingIsWrong(
            f"{domain} is {signs}, but MAIL_FROM writes from {writes}: a signature of another domain counts for nothing."
        )
    try:
        return Signer(given[selector], signs, signing_key(given[key_name]))
    except KeyIsWrong as wrong:
        raise SettingIsWrong(f"{key_name} {wrong}") from None


def bounce_address(name: str, *, longest: int) -> str:
    """Where letters come back to: an address alone, before whose @ a mark of ``longest`` letters or less finds room."""
    value = sender(name, "") if text(name, "") else ""
    before = value.rpartition("@")[0]
    # RFC 5321 §4.5.3.1.1: 64 octets, the mark and its plus among them.
    if len(before) > longest or "+" in before:
        raise SettingIsWrong(
            f"{name} needs a short name of {longest} letters at the most, without a plus, like bounces@example.gov."
        )
    return value


def bounces_at(name: str, *, address_name: str) -> CollectedAt | None:
    """``maildir:///folder`` or ``imaps://user:password@host:port/INBOX``; None where letters come back by a command."""
    value = text(name, "")
    if not value:
        return None
    if not text(address_name, ""):
        raise SettingIsWrong(
            f"{name} says where bounces are read, but without {address_name} none come there."
        )
    parts = urlsplit(value)
    if parts.scheme == "maildir" and not parts.netloc and len(parts.path) > 1:
        return CollectedAt(folder=unquote(parts.path))
    try:
        port = parts.port
    except ValueError:
        raise SettingIsWrong(f"{name} has a port that is not a number.") from None
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
        raise SettingIsWrong(
            f"{name} must look like imaps://user:password@mail.example.gov/INBOX or maildir:///var/mail/bounces."
        )
    has_tls = parts.scheme == "imaps"
    return CollectedAt(
        host=parts.hostname,
        port=port or (993 if has_tls else 143),
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        mailbox=unquote(parts.path[1:]) or "INBOX",
        has_tls=has_tls,
    )


def contact(name: str) -> str:
    """Where somebody can be reached, as an address of the web has it: ``mailto:``, ``https:`` or ``tel:``; "" for none."""
    value = text(name, "")
    if value and ":" not in value and "@" in value:
        value = f"mailto:{value}"
    parts = urlsplit(value)
    written = value.isascii() and value.isprintable() and not set(value) & set(" <>\"'")
    if value and (
        parts.scheme not in {"mailto", "https", "tel"} or not (parts.path or parts.netloc) or not written
    ):
        raise SettingIsWrong(f"{name} must be like security@example.gov or https://example.gov/security.")
    return value


def networks(name: str, default: str = "") -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Networks in CIDR form; ``unix`` stands for a peer on a Unix socket and is left to the reader."""
    found = []
    for word in words(name, default):
        try:
            found.append(ipaddress.ip_network(word, strict=False))
        except ValueError:
            raise SettingIsWrong(f"{name} must list networks like 10.0.0.0/8; “{word}” is none.") from None
    return found


def key(name: str) -> bytes:
    """One secret of 32 bytes in base64url."""
    return _key_from(name, text(name))


def keys(name: str) -> list[tuple[int, bytes]]:
    """``id:key,id:key``: ids from 1 to 255, keys of 32 bytes in base64url. The first serves new work."""
    found: list[tuple[int, bytes]] = []
    for word in words(name, text(name)):
        number, _, encoded = word.partition(":")
        if not number.isascii() or not number.isdigit() or len(number) > 3 or not 1 <= int(number) <= 255:
            raise SettingIsWrong(f"{name} must be written id:key with an id from 1 to 255.")
        found.append((int(number), _key_from(name, encoded)))
    if len({number for number, _ in found}) != len(found) or not found:
        raise SettingIsWrong(f"{name} needs at least one key, and each id once.")
    return found


def keys_if_any(name: str) -> list[tuple[int, bytes]]:
    """As ``keys``, and none where the setting is not there or empty."""
    return keys(name) if text(name, "") else []


def _key_from(name: str, encoded: str) -> bytes:
    try:
        value = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except (ValueError, binascii.Error):
        value = b""
    if len(value) != 32:
        raise SettingIsWrong(f"{name} needs keys of 32 bytes in base64url (43 characters).")
    return value


def database(name: str, default: str | None = None) -> dict[str, Any]:
    """Django's settings of one PostgreSQL database, from ``postgres://user:password@host:port/name?option=value``."""
    value = text(name, default)
    parts = urlsplit(value)
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) < 2:
        raise SettingIsWrong(f"{name} must look like postgres://user:password@host:5432/engage.")
    options = {word: values[-1] for word, values in parse_qs(parts.query).items()}
    try:
        port = parts.port
    except ValueError:
        raise SettingIsWrong(f"{name} has a port that is not a number.") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", "") or parts.hostname or ""),
        "PORT": str(port or options.pop("port", "") or ""),
        "OPTIONS": options,
    }


@dataclass(frozen=True, slots=True)
class Broker:
    """One Redis-compatible server, in the two spellings that its readers want."""

    cache_url: str
    celery_url: str
    speaks_tls: bool = False


def broker(name: str, default: str) -> Broker:
    """``redis://host:6379/0``, ``rediss://…`` or ``unix:///path/to/socket?db=0``."""
    value = text(name, default)
    parts = urlsplit(value)
    if parts.scheme in {"redis", "rediss"} and parts.hostname:
        return Broker(cache_url=value, celery_url=value, speaks_tls=parts.scheme == "rediss")
    if parts.scheme == "unix" and parts.path:
        number = parse_qs(parts.query).get("db", ["0"])[-1]
        return Broker(
            cache_url=f"unix://{parts.path}?db={number}",
            celery_url=f"redis+socket://{parts.path}?virtual_host={number}",
        )
    raise SettingIsWrong(f"{name} must look like redis://host:6379/0 or unix:///path/to/socket?db=0.")


def mail_server(name: str, default: str) -> MailServer:
    """``smtp://``, ``smtp+starttls://`` or ``smtps://`` with ``user:password@host:port``."""
    value = text(name, default)
    parts = urlsplit(value)
    security = {"smtp": "none", "smtp+starttls": "starttls", "smtps": "tls"}.get(parts.scheme)
    if security is None or not parts.hostname:
        raise SettingIsWrong(f"{name} must look like smtp+starttls://user:password@mail.example.gov:587.")
    try:
        port = parts.port
    except ValueError:
        raise SettingIsWrong(f"{name} has a port that is not a number.") from None
    return MailServer(
        host=parts.hostname,
        port=port or {"none": 25, "starttls": 587, "tls": 465}[security],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        security=security,
    )

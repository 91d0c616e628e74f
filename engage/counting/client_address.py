"""Whom a request comes from: the peer, unless the peer is one of our own proxies and says whom it speaks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings

_Network = IPv4Network | IPv6Network


def address_of(meta: Mapping[str, Any]) -> str:
    """The client's address by a request's META, as far as TRUSTED_PROXIES lets us believe it: never for keeping."""
    forwarded = meta.get("HTTP_X_FORWARDED_FOR", "")
    return client_address(meta.get("REMOTE_ADDR", ""), forwarded, settings.TRUSTED_PROXIES)


def client_address(remote_addr: str, forwarded_for: str, trusted: Sequence[_Network]) -> str:
    """The client's address: the rightmost entry of ``X-Forwarded-For`` outside ``trusted``.

    remote_addr: the peer of the connection. forwarded_for: the header as it came, or an empty text. Only a peer
    inside ``trusted`` may say whom it speaks for: everybody else may write what they like into that header. Where
    every entry is trusted, or the next one is no address, the last address that could be believed.
    """
    believed = _address(remote_addr)
    if believed is None:
        return remote_addr
    entries = [entry for entry in forwarded_for.split(",") if entry.strip()]
    while entries and _is_in(believed, trusted):
        said = _address(entries.pop())
        if said is None:
            break
        believed = said
    return str(believed)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip()
    # "[2001:db8::1]:443" and "192.0.2.1:443", as some proxies write it.
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def _is_in(address: IPv4Address | IPv6Address, networks: Sequence[_Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)

"""Only our own proxies may say whom they speak for."""

from ipaddress import ip_network

import pytest

from engage.counting.client_address import client_address

OURS = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "said", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.1.2.3", "198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("10.1.2.3", "192.0.2.7, 10.9.9.9", "192.0.2.7"),
        ("10.1.2.3", "10.4.4.4, 10.9.9.9", "10.4.4.4"),
        ("10.1.2.3", "", "10.1.2.3"),
        ("10.1.2.3", "198.51.100.1, nonsense", "10.1.2.3"),
        ("10.1.2.3", "192.0.2.7:4711", "192.0.2.7"),
        ("10.1.2.3", '"[2001:db8::1]:443"'.strip('"'), "2001:db8::1"),
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
        ("::ffff:10.1.2.3", "192.0.2.7", "192.0.2.7"),
        ("10.1.2.3", "fe80::1%eth0", "fe80::1"),
        ("10.1.2.3", ", ,", "10.1.2.3"),
        ("", "192.0.2.7", ""),
    ],
)
def test_the_client_is_the_rightmost_entry_that_is_not_ours(peer: str, said: str, client: str) -> None:
    assert client_address(peer, said, OURS) == client


def test_without_trusted_proxies_a_forged_header_changes_nothing() -> None:
    forged = [client_address("203.0.113.9", f"198.51.100.{n}", []) for n in range(20)]
    assert set(forged) == {"203.0.113.9"}

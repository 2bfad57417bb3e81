"""Which network a reader is told apart by, and when she is not."""

from __future__ import annotations

import ipaddress

import pytest

from comment_service.comments.network import client_network

PROXIES = (ipaddress.ip_network("127.0.0.1"), ipaddress.ip_network("10.0.0.0/8"))


@pytest.mark.parametrize(
    ("sender", "forwarded", "expected"),
    [
        ("203.0.113.7", "", "203.0.113.7/32"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "", "203.0.113.7/32"),
        # Not from our front server: anybody can write such a header.
        ("203.0.113.7", "198.51.100.1", "203.0.113.7/32"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1/32"),
        # What stands before the last address was there when the request came to the front server.
        ("127.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1/32"),
        ("127.0.0.1", "192.0.2.66, 198.51.100.1, 10.2.3.4", "198.51.100.1/32"),
        ("127.0.0.1", "", None),
        ("127.0.0.1", "unknown", None),
        ("127.0.0.1", "198.51.100.1, quatsch", None),
        ("127.0.0.1", "10.1.1.1", None),
        ("", "198.51.100.1", None),
        ("unix:", "198.51.100.1", None),
    ],
)
def test_the_network_is_the_readers(sender, forwarded, expected):
    assert client_network(sender, forwarded, PROXIES) == expected


def test_behind_a_front_server_that_is_not_configured_nobody_is_told_apart():
    """All readers would share one allowance, that of the front server."""
    assert client_network("127.0.0.1", "198.51.100.1", ()) is None
    assert client_network("::1", "198.51.100.1", ()) is None

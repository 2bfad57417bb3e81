"""Which network a request comes from."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_network(sender: str, forwarded: str, proxies: Sequence[Network]) -> str | None:
    """
    Return the network of the reader: one IPv4 address, or the /64 that a household has of IPv6.

    *sender* is the address of the connection, *forwarded* the header X-Forwarded-For. It counts
    only if *sender* is one of *proxies*, and of it only the last address that is none of them:
    what stands before that, anybody can have written. None: the reader cannot be told from
    others, because a front server that is not configured stands before us.
    """
    address = _parse(sender)
    if address is not None and _is_in(address, proxies):
        address = next(
            (
                found
                for part in reversed(forwarded.split(","))
                if (found := _parse(part)) is None or not _is_in(found, proxies)
            ),
            None,
        )
    elif address is not None and address.is_loopback:
        return None
    if address is None:
        return None
    return str(ipaddress.ip_network((address, 32 if address.version == 4 else 64), strict=False))


def _parse(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = address.ipv4_mapped if address.version == 6 else None
    return mapped or address


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)

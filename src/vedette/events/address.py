"""Which side of our border an address is on, and so which way a connection goes (OCSF ``connection_info.direction_id``)."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import polars as pl

UNKNOWN, INBOUND, OUTBOUND, LATERAL = 0, 1, 2, 3
LONGEST = 80
"""Characters of the longest address, with a zone: a longer text is none, and is not remembered."""
REMEMBERED = 1_000_000
"""Addresses whose side is remembered; beyond it, memory starts anew."""


class Border:
    """Tells inside from outside, once per distinct address.

    Example:
        >>> from ipaddress import IPv4Network
        >>> border = Border([IPv4Network("10.0.0.0/8")])
        >>> border.direction(pl.Series(["10.0.0.1", "192.0.2.1", None]), pl.Series(["192.0.2.1", "10.0.0.1", "10.0.0.1"])).to_list()
        [2, 1, 0]
    """

    def __init__(self, internal: Sequence[IPv4Network | IPv6Network]) -> None:
        self._internal = tuple(internal)
        self._side: dict[str, int | None] = {}

    def is_inside(self, address: str) -> bool | None:
        """Return whether ``address`` is ours; None if it is no address or belongs to nobody (unspecified, multicast, broadcast)."""
        if len(address) > LONGEST:
            return None
        if address not in self._side:
            if len(self._side) >= REMEMBERED:
                self._side.clear()
            self._side[address] = self._look(address)
        side = self._side[address]
        return None if side is None else bool(side)

    def direction(self, src: pl.Series, dst: pl.Series) -> pl.Series:
        """Return (n,) Int32: 1 inbound, 2 outbound, 3 lateral (both inside), 0 unknown (both outside, or no address).

        To nobody's address (multicast, broadcast) the source decides: lateral from inside.
        """
        source, target = self._inside(src), self._inside(dst)
        frame = pl.DataFrame({"s": source, "d": target})
        s, d = pl.col("s"), pl.col("d")
        return frame.select(
            direction=pl.when(s & (d | d.is_null()))
            .then(LATERAL)
            .when(s)
            .then(OUTBOUND)
            .when(d)
            .then(INBOUND)
            .otherwise(UNKNOWN)
        )["direction"].cast(pl.Int32)

    def _inside(self, addresses: pl.Series) -> pl.Series:
        distinct = addresses.unique().drop_nulls().to_list()
        sides = [self.is_inside(a) for a in distinct]
        return addresses.replace_strict(
            pl.Series(distinct, dtype=pl.String),
            pl.Series(sides, dtype=pl.Boolean),
            default=None,
            return_dtype=pl.Boolean,
        )

    def _look(self, text: str) -> int | None:
        address = parsed(text)
        if address is None or address.is_unspecified or address.is_multicast or str(address) == "255.255.255.255":
            return None
        return int(any(_holds(network, address) for network in self._internal))


def parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address that ``text`` is, if it is one; an IPv4 address inside an IPv6 one (``::ffff:10.0.0.1``) is that.

    Example:
        >>> parsed("::ffff:10.0.0.1"), parsed("localhost")
        (IPv4Address('10.0.0.1'), None)
    """
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _holds(network: IPv4Network | IPv6Network, address: IPv4Address | IPv6Address) -> bool:
    return network.version == address.version and address in network

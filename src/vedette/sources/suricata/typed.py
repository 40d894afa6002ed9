"""EVE fields with their types: what a text says in numbers, times, addresses.

Times and addresses have a quick way for what Suricata writes and a slow one for whatever else a line may hold.
"""

from __future__ import annotations

from functools import cache
from ipaddress import IPv6Address

import polars as pl
from polars import col

from vedette.events.schema import TIME
from vedette.events.stamps import stamps
from vedette.events.times import believed, written

_FULL_IPV6 = 39
"""Characters of an IPv6 address with all its zeroes, as Suricata writes them."""
_LIMITS = {
    **dict.fromkeys(("timestamp", "flow.start", "flow.end"), believed),
    **dict.fromkeys(("tls.notbefore", "tls.notafter"), written),
}
"""Times, and which of them are taken: a certificate may say any year."""
_ADDRESSES = ("src_ip", "dest_ip", "alert.source.ip", "alert.target.ip", "arp.src_ip", "arp.dest_ip")
_TYPED: dict[str, pl.Expr] = {
    **{name: limit(col(name)).alias(name) for name, limit in _LIMITS.items()},
    **{
        name: col(name).str.to_integer(base=16, strict=False).cast(pl.Int32, strict=False)
        for name in ("tcp.tcp_flags", "tcp.tcp_flags_ts", "tcp.tcp_flags_tc")
    },
    **{name: col(name).cast(pl.Int32) for name in ("src_port", "dest_port", "alert.source.port", "alert.target.port")},
    "flow_id": col("flow_id").cast(pl.String),
}


def typed(raw: pl.DataFrame) -> pl.DataFrame:
    """Return the columns as decoded, texts and whole numbers, with the types that the events' expressions expect."""
    names = tuple(raw.columns)
    timed = raw.with_columns(_times(raw[name]) for name in names if name in _LIMITS)
    found = timed.with_columns(_TYPED[name] for name in names if name in _TYPED)
    addresses = tuple(name for name in names if name in _ADDRESSES)
    if addresses and raw.select(_any_full(addresses)).item():
        return found.with_columns(_shortened(raw[name]) for name in addresses)
    return found


def _times(texts: pl.Series) -> pl.Series:
    """Return times; where they are not all of one layout, each is parsed by itself."""
    found = stamps(texts)
    return texts.to_frame().select(_one_by_one(texts.name)).to_series() if found is None else found.alias(texts.name)


@cache
def _one_by_one(name: str) -> pl.Expr:
    """Return times out of ``2026-01-02T03:04:05.678901+0100``; a Z or no zone is UTC."""
    zoned = col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", strict=False).cast(TIME)
    bare = col(name).str.strip_suffix("Z").str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
    return zoned.fill_null(bare.dt.replace_time_zone("UTC").cast(TIME))


@cache
def _any_full(addresses: tuple[str, ...]) -> pl.Expr:
    return pl.any_horizontal((col(name).str.len_bytes() == _FULL_IPV6).any() for name in addresses)


def _shortened(addresses: pl.Series) -> pl.Series:
    """Return full IPv6 addresses without their zeroes, as everybody else writes them; the loop runs over the distinct ones."""
    full = addresses.filter(addresses.str.len_bytes() == _FULL_IPV6).unique()
    return addresses.replace(full, pl.Series([_short(a) for a in full], dtype=pl.String))


def _short(address: str) -> str:
    try:
        return IPv6Address(address).compressed
    except ValueError:
        return address

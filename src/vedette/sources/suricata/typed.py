"""Columns of EVE fields with their types: what a text says in numbers, times, addresses.

Every maker takes the values as they were decoded, (n_rows,), None where a field is missing, and has a quick way for what Suricata
writes and a slow one for whatever else a line may hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import IPv6Address
from typing import Any

import polars as pl

from vedette.events.lists import list_column
from vedette.events.schema import STRINGS, TIME
from vedette.events.stamps import stamps
from vedette.events.times import believed, written

DType = pl.DataType | type[pl.DataType]
Maker = Callable[[Sequence[Any]], pl.Series]

_FULL_IPV6 = 39
"""Characters of an IPv6 address with all its zeroes, as Suricata writes them."""
_TEXT = pl.col("text")
_ZONED = _TEXT.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us", strict=False).cast(TIME)
_BARE = (
    _TEXT.str.strip_suffix("Z")
    .str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
    .dt.replace_time_zone("UTC")
    .cast(TIME)
)
"""A Z or no zone is UTC."""
_HEX = _TEXT.str.to_integer(base=16, strict=False).cast(pl.Int32, strict=False)


def column(name: str, values: Sequence[Any], dtype: DType) -> pl.Series:
    """Return the values of a field as a column of the type that the events' expressions expect."""
    if name in _MAKERS:
        return _MAKERS[name](values)
    return list_column("list", values, pl.String) if dtype == STRINGS else pl.Series(values, dtype=dtype)


def _time(limit: Callable[[pl.Expr], pl.Expr]) -> Maker:
    """Return the maker of times that may be as late as ``limit`` says."""
    within = limit(pl.col("time")).alias("time")

    def make(values: Sequence[str | None]) -> pl.Series:
        found = stamps(values)
        if found is None:
            texts = pl.DataFrame({"text": pl.Series(values, dtype=pl.String)})
            found = texts.select(_ZONED.fill_null(_BARE)).to_series()
        return found.alias("time").to_frame().select(within).to_series()

    return make


def _flags(values: Sequence[str | None]) -> pl.Series:
    """Return TCP flags out of hexadecimal digits, which are few different ones."""
    distinct = list(dict.fromkeys(values))
    numbers = pl.DataFrame({"text": pl.Series(distinct, dtype=pl.String)}).select(_HEX).to_series()
    said = dict(zip(distinct, numbers, strict=True))
    return pl.Series([said[v] for v in values], dtype=pl.Int32)


def _port(values: Sequence[int | None]) -> pl.Series:
    return pl.Series(values, dtype=pl.Int32)


def _number_text(values: Sequence[int | None]) -> pl.Series:
    return pl.Series(values, dtype=pl.Int64).cast(pl.String)


def _address(values: Sequence[str | None]) -> pl.Series:
    """Return addresses as everybody else writes them."""
    addresses = pl.Series(values, dtype=pl.String)
    return _shortened(addresses) if _FULL_IPV6 in set(map(len, filter(None, values))) else addresses


def _shortened(addresses: pl.Series) -> pl.Series:
    """Return full IPv6 addresses without their zeroes; the loop runs over the distinct ones."""
    distinct = addresses.filter(addresses.str.len_bytes() == _FULL_IPV6).unique()
    return addresses.replace(distinct, pl.Series([_short(a) for a in distinct], dtype=pl.String))


def _short(address: str) -> str:
    try:
        return IPv6Address(address).compressed
    except ValueError:
        return address


_MAKERS: dict[str, Maker] = {
    **dict.fromkeys(("timestamp", "flow.start", "flow.end"), _time(believed)),
    **dict.fromkeys(("tls.notbefore", "tls.notafter"), _time(written)),  # a certificate may say any year
    **dict.fromkeys(("tcp.tcp_flags", "tcp.tcp_flags_ts", "tcp.tcp_flags_tc"), _flags),
    **dict.fromkeys(("src_port", "dest_port", "alert.source.port", "alert.target.port"), _port),
    **dict.fromkeys(("src_ip", "dest_ip", "alert.source.ip", "alert.target.ip", "arp.src_ip", "arp.dest_ip"), _address),
    "flow_id": _number_text,
}

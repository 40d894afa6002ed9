"""Records of one template -> columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from vedette.events.times import LAST_MICROSECOND
from vedette.sources.netflow.flow_names import FLOWS, ICMP
from vedette.sources.netflow.nfdump_file import addresses

Column = NDArray[np.int64]

MOST_SAMPLING = 1_000_000
_DAY = 86_400_000_000
_LONGEST_FLOW = 31 * _DAY
_NTP_EPOCH = 2_208_988_800
"""Seconds from 1900 to 1970."""
_WRAP = 1 << 32
_COUNTS = {
    "bytes_out": ("bytes_out", "total_bytes_out", "initiator_bytes", "post_bytes_out"),
    "packets_out": ("packets_out", "total_packets_out", "initiator_packets", "post_packets_out"),
    "bytes_in": ("bytes_in",),
    "packets_in": ("packets_in",),
}
"""Count -> the elements that may hold it, the first that a template has."""


class Head(NamedTuple):
    """What counts for a run of records.

    Attributes:
        records: how many; ``sequence``: the number of the first.
        sent: when they were sent, in microseconds since 1970; ``shift``: what was added to the exporter's clock for it.
        uptime: milliseconds that the exporter ran then; -1 where it does not say.
        sampling: packets that one stands for; 0 where it does not say.
    """

    records: int
    sequence: int
    sent: int
    shift: int
    uptime: int
    sampling: int


@dataclass(slots=True)
class Group:
    """Records of one template.

    Attributes:
        size: bytes of a record; ``places``: name -> (offset, bytes) in it.
        data: runs of records; ``heads``: of each run.
        samplers: number of a sampler -> packets that one stands for.
    """

    size: int
    places: dict[str, tuple[int, int]]
    data: list[bytes] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    samplers: dict[int, int] = field(default_factory=dict)


def flows(groups: list[Group]) -> pl.DataFrame:
    """Return a frame of ``FLOWS`` in the order of the records."""
    frames = [_Columns(group).frame() for group in groups if group.data]
    return pl.concat(frames).sort("sequence") if frames else pl.DataFrame(schema=FLOWS)


class _Columns:
    def __init__(self, group: Group) -> None:
        self._group = group
        self._bytes = np.frombuffer(b"".join(group.data), np.uint8).reshape(-1, group.size)
        heads = np.array(group.heads, np.int64)
        runs = np.repeat(np.arange(len(heads)), heads[:, 0])
        first = np.concatenate(([0], np.cumsum(heads[:, 0])[:-1]))
        self._sequence = heads[runs, 1] + np.arange(len(runs)) - first[runs]
        self._sent, self._shift, self._uptime, self._sampling = heads[runs, 2:].T

    def frame(self) -> pl.DataFrame:
        start, end = self._times()
        rate = self._rates()
        counts = {name: self._count(names, rate) for name, names in _COUNTS.items()}
        protocol = self._small("protocol", 0xFF)
        src_port, dst_port = self._ports(protocol)
        columns: dict[str, pl.Series | Column | None] = {
            "sequence": self._sequence,
            "start": start,
            "end": end,
            "protocol": protocol,
            "src": self._address("src"),
            "src_port": src_port,
            "dst": self._address("dst"),
            "dst_port": dst_port,
            "flags_out": self._flags("out"),
            "flags_in": self._flags("in"),
            **counts,
            "both_ways": pl.Series(counts["packets_in"] > 0),
            "note": pl.Series([f'{{"sampling":{n}}}' if n > 1 else None for n in rate.tolist()], dtype=pl.String)
            if (rate > 1).any()
            else None,
        }
        frame = pl.DataFrame({name: column for name, column in columns.items() if column is not None})
        frame = frame.with_columns(pl.from_epoch(c, "us").dt.replace_time_zone("UTC") for c in ("start", "end"))
        return frame.select(
            pl.col(c).cast(t) if c in frame.columns else pl.lit(None, t).alias(c) for c, t in FLOWS.items()
        )

    def _wide(self, name: str) -> NDArray[np.uint64]:
        at, size = self._group.places[name]
        wide = np.zeros((len(self._bytes), 8), np.uint8)
        wide[:, 8 - size :] = self._bytes[:, at : at + size]
        return wide.view(">u8")[:, 0].astype(np.uint64)

    def _number(self, name: str) -> Column | None:
        """Return an element as signed numbers, or None where the template lacks it; what is beyond 2**63 becomes the largest."""
        if name not in self._group.places:
            return None
        return np.minimum(self._wide(name), np.uint64(2**63 - 1)).astype(np.int64)

    def _small(self, name: str, most: int) -> Column | None:
        """Return an element that has no larger values, however many bytes its template gives it."""
        found = self._number(name)
        return None if found is None else np.minimum(found, most)

    def _or_zero(self, name: str) -> Column:
        found = self._number(name)
        return np.zeros(len(self._bytes), np.int64) if found is None else found

    def _address(self, name: str) -> pl.Series:
        at, size = self._group.places[name]
        raw = np.ascontiguousarray(self._bytes[:, at : at + size])
        return addresses(raw.view(">u4")[:, 0] if size == 4 else raw.view(">u8"))  # noqa: PLR2004 - bytes of IPv4

    def _flags(self, way: str) -> Column | None:
        found = [f for f in (self._number(f"{name}_{way}") for name in ("flags", "first_flags")) if f is not None]
        return np.bitwise_or.reduce(found) & 0xFF if found else None

    def _ports(self, protocol: Column | None) -> tuple[Column | None, Column | None]:
        """Return ports; of ICMP type and code, which many put into the second port."""
        src, dst = self._small("src_port", 0xFFFF), self._small("dst_port", 0xFFFF)
        kind = self._small("icmp", 0xFFFF)
        if kind is None and "icmp_type" in self._group.places:
            kind = (self._or_zero("icmp_type") & 0xFF) * 256 + (self._or_zero("icmp_code") & 0xFF)
        kind = dst if kind is None else kind
        if protocol is None or kind is None:
            return src, dst
        icmp = np.isin(protocol, ICMP)
        both = np.zeros_like(kind)
        return (
            np.where(icmp, kind // 256 & 0xFF, both if src is None else src),
            np.where(icmp, kind & 0xFF, both if dst is None else dst),
        )

    def _rates(self) -> Column:
        """Return how many packets one stands for."""
        rate = self._sampling.copy()
        if self._group.samplers and (sampler := self._number("sampler")) is not None:
            for number, said in self._group.samplers.items():  # few
                rate[sampler == number] = said
        sampled, passed = self._or_zero("sampled"), self._or_zero("passed_over")
        own = np.where(
            sampled > 0, (sampled + np.minimum(passed, 2**40)) // np.maximum(sampled, 1), self._or_zero("sampling")
        )
        rate = np.where(own > 0, own, rate)
        return np.where((rate > 1) & (rate <= MOST_SAMPLING), rate, 1)

    def _count(self, names: tuple[str, ...], rate: Column) -> Column:
        found = next((n for n in map(self._number, names) if n is not None), None)
        if found is None:
            return np.zeros(len(self._bytes), np.int64)
        return np.minimum(found, 2**62 // rate) * rate

    def _times(self) -> tuple[Column, Column]:
        """Return start and end in microseconds since 1970, put right where they cannot be."""
        first, last = self._time("first"), self._time("last")
        span = self._or_zero("duration_us") + np.minimum(self._or_zero("duration_ms"), 2**43) * 1000
        if "first_uptime" in self._group.places and "last_uptime" in self._group.places:
            span = np.maximum(span, (self._or_zero("last_uptime") - self._or_zero("first_uptime")) % _WRAP * 1000)
        span = np.where(span > _LONGEST_FLOW, 0, span)
        end = np.where(last >= 0, last, np.where(first >= 0, first + span, self._sent))
        end = np.where(end > self._sent + _DAY, self._sent, end)
        start = np.where(first >= 0, first, end - span)
        start = np.where((start < end - _LONGEST_FLOW) | (start > end), end, start)
        return np.clip(start, 0, LAST_MICROSECOND), np.clip(end, 0, LAST_MICROSECOND)

    def _time(self, side: str) -> Column:
        """Return the time of one side, -1 where none is told."""
        found = np.full(len(self._bytes), -1, np.int64)
        for name, change in self._forms(side):
            value = self._number(name)
            if value is not None:
                found = np.where((found < 0) & (value > 0), change(value), found)
        return found

    def _forms(self, side: str) -> tuple[tuple[str, Callable[[Column], Column]], ...]:
        """Return the ways to tell a time, the best first."""
        most, ntp = LAST_MICROSECOND, f"{side}_ntp"
        return (
            (f"{side}_ms", lambda v: np.minimum(v, most // 1000) * 1000 + self._shift),
            (f"{side}_s", lambda v: np.minimum(v, most // 1_000_000) * 1_000_000 + self._shift),
            (ntp, lambda _: _ntp(self._wide(ntp)) + self._shift),
            (f"{side}_before_us", lambda v: self._sent - np.minimum(v, _LONGEST_FLOW)),
            (f"{side}_uptime", self._since_boot),
        )

    def _since_boot(self, value: Column) -> Column:
        """Return times that were told in milliseconds since the exporter began; its count wraps after 49 days."""
        ago = (self._uptime - value) % _WRAP
        ago = np.where(ago >= _WRAP // 2, ago - _WRAP, ago) * 1000
        known = np.where(self._uptime >= 0, self._sent - ago, -1)
        boot = self._number("boot_ms")
        if boot is None:
            return known
        return np.where(boot > 0, np.minimum(boot, LAST_MICROSECOND // 1000) * 1000 + value * 1000 + self._shift, known)


def _ntp(value: NDArray[np.uint64]) -> Column:
    """Return RFC 5905's 64-bit times in microseconds since 1970."""
    seconds = (value >> np.uint64(32)).astype(np.int64) - _NTP_EPOCH
    return seconds * 1_000_000 + ((value & np.uint64(_WRAP - 1)) * np.uint64(1_000_000) >> np.uint64(32)).astype(
        np.int64
    )

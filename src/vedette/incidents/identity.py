"""One thing under two names: which address a host of the logs has on the network.

A log line says "bastion accepted a connection from 192.0.2.7, port 50212"; a flow says "192.0.2.7, port 50212, to 10.0.0.5". Seen together
often enough, and for no other address, that is bastion's address. So it is where logons name the machine that they come from beside its
address, or where a host's own log tells its connections. No name service and no list is needed.

Names are compared without case; ``WS7`` is ``ws7.corp.example`` where only one host is called so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.model import Entity, EntityKind, Finding

AGREEING = 3
"""Connections that must agree before a host has an address, each with a client port of its own."""

SHARE = 0.9
"""Their share of all connections of that host that are seen on both sides."""

NEAR = timedelta(hours=1)
"""A log line and a flow within this of each other may be the same connection."""

CLAIMS = 8
"""Hosts that may name the same client and port within an hour; where more do, that connection tells nothing (forged lines, a proxy)."""

_CLIENT = ("src_endpoint.ip", "src_endpoint.port")
_NAMED = ("src_endpoint.hostname", "src_endpoint.ip")
_OWN = ("device.hostname", "src_endpoint.ip")
_FLOW = (*_CLIENT, "dst_endpoint.ip", "start_time", "time")
_OUTBOUND = 2


def addresses(
    logons: Iterable[EventBatch], flows: Iterable[EventBatch], connections: Iterable[EventBatch] = ()
) -> dict[str, str]:
    """Return host name, in small letters, -> address.

    Args:
        logons: batches with ``device.hostname`` and the client's address, port and name.
        flows: batches of Network Activity.
        connections: batches of what hosts say of their own connections.
    """
    logons = list(logons)
    named = [b.select(_NAMED).drop_nulls().collect() for b in logons]
    own = [_own(b) for b in connections]
    found = _agreed([f.rename(dict(zip(f.columns, _PAIR, strict=True))) for f in (*named, *own)])
    return {**found, **_met(logons, flows)}


_PAIR = ("name", "address")


def _own(batch: EventBatch) -> pl.DataFrame:
    """Return host and address of connections that the host itself began."""
    rows = batch.select((*_OWN, "connection_info.direction_id")).collect()
    return rows.filter(pl.col("connection_info.direction_id") == _OUTBOUND).select(_OWN).drop_nulls()


def _agreed(pairs: list[pl.DataFrame]) -> dict[str, str]:
    """Return name -> address of names that nearly always stand beside the same address; loopback tells nothing."""
    return _sure(_pairs_in(pairs))


def _pairs_in(pairs: list[pl.DataFrame]) -> pl.DataFrame:
    """Return name and address with how often they stand together."""
    rows = pl.concat(pairs) if pairs else pl.DataFrame(schema=dict.fromkeys(_PAIR, pl.String))
    known = rows.filter(~pl.col("address").str.contains(r"^(?:127\.|::1$|::ffff:127\.)") & (pl.col("name") != ""))
    return known.with_columns(pl.col("name").str.to_lowercase()).group_by(_PAIR).len("agreeing")


def _sure(counted: pl.DataFrame) -> dict[str, str]:
    """Return the pairs that are often enough, and nearly alone for their name."""
    share = pl.col("agreeing") / pl.col("agreeing").sum().over("name")
    sure = counted.filter((pl.col("agreeing") >= AGREEING) & (share >= SHARE))
    return dict(sure.select(_PAIR).sort("name").rows())


def _met(logons: Iterable[EventBatch], flows: Iterable[EventBatch]) -> dict[str, str]:
    """Return host name -> address, where logons and flows agree."""
    said = [b.select(("time", "device.hostname", *_CLIENT)).drop_nulls().collect() for b in logons]
    told = _told(pl.concat(said)) if said else pl.DataFrame()
    if not told.height:
        return {}
    seen = [_meet(told, b.select(_FLOW)) for b in flows]
    return _counted(pl.concat(seen).unique()) if seen else {}


def _counted(votes: pl.DataFrame) -> dict[str, str]:
    """Return host name -> address that enough connections agree upon."""
    if not votes.height:
        return {}
    named = pl.col("device.hostname").str.to_lowercase()
    return _sure(votes.group_by(name=named, address="dst_endpoint.ip").len("agreeing"))


def _told(said: pl.DataFrame) -> pl.DataFrame:
    """Return host and client once an hour, with the ``first`` and ``last`` time; without clients that too many hosts claim."""
    names = ("device.hostname", *_CLIENT)
    told = said.group_by(*names, hour=pl.col("time").dt.truncate("1h")).agg(
        first=pl.col("time").min(), last=pl.col("time").max()
    )
    return told.filter(pl.len().over(*_CLIENT, "hour") <= CLAIMS).drop("hour")


def _meet(told: pl.DataFrame, flows: pl.LazyFrame) -> pl.DataFrame:
    """Return the log lines of ``told`` that are a connection in ``flows``, with the address it went to."""
    seen = flows.rename({"time": "end"}).with_columns(pl.coalesce("start_time", "end").alias("begin"))
    near = (pl.col("last") >= pl.col("begin") - NEAR) & (pl.col("first") <= pl.col("end") + NEAR)
    met = seen.join(told.lazy(), on=_CLIENT).filter(near)
    return met.select("device.hostname", *_CLIENT, "dst_endpoint.ip").drop_nulls().collect()


RECENT_ROWS = 200_000
"""Rows of each kind that a live run remembers for meetings to come, and pairs that it counts."""


class Acquaintance:
    """What ``addresses`` says, learned batch by batch in bounded memory: for a run that has no end.

    A log line and a flow meet while both are among the last ``RECENT_ROWS``.
    """

    def __init__(self) -> None:
        self._pairs = pl.DataFrame(schema={**dict.fromkeys(_PAIR, pl.String), "agreeing": pl.UInt32})
        self._told = pl.DataFrame()
        self._flows = pl.DataFrame()
        self._votes = pl.DataFrame()

    def add(self, batch: EventBatch) -> None:
        """Learn from a batch of a class that names hosts; others tell nothing."""
        if batch.kind is EventClass.AUTHENTICATION:
            self._count(batch.select(_NAMED).drop_nulls().collect())
            self._hear(batch.select(("time", "device.hostname", *_CLIENT)).drop_nulls().collect())
        elif batch.kind is EventClass.HOST_CONNECTION:
            self._count(_own(batch))
        elif batch.kind is EventClass.NETWORK_ACTIVITY:
            self._see(batch.select(_FLOW).collect())

    def known(self) -> dict[str, str]:
        """Return host name, in small letters, -> address."""
        return {**_sure(self._pairs), **_counted(self._votes)}

    def dump(self) -> dict[str, pl.DataFrame]:
        """Return all that is known, as tables."""
        return {"pairs": self._pairs, "told": self._told, "flows": self._flows, "votes": self._votes}

    def load(self, frames: Mapping[str, pl.DataFrame]) -> None:
        """Take what ``dump`` returned."""
        self._pairs, self._told, self._flows, self._votes = (frames[n] for n in ("pairs", "told", "flows", "votes"))

    def _count(self, found: pl.DataFrame) -> None:
        fresh = _pairs_in([found.rename(dict(zip(found.columns, _PAIR, strict=True)))])
        if fresh.height:
            both = pl.concat([self._pairs, fresh.cast({"agreeing": pl.UInt32})])
            summed = both.group_by(_PAIR).agg(pl.col("agreeing").sum())
            self._pairs = summed.sort("agreeing", *_PAIR, descending=[True, False, False]).head(RECENT_ROWS)

    def _hear(self, said: pl.DataFrame) -> None:
        if said.height:
            told = _told(said)
            self._told = pl.concat([self._told, told]).tail(RECENT_ROWS) if self._told.height else told
            self._vote(told, self._flows)

    def _see(self, flows: pl.DataFrame) -> None:
        self._vote(self._told, flows)
        self._flows = (
            pl.concat([self._flows, flows]).tail(RECENT_ROWS) if self._flows.height else flows.tail(RECENT_ROWS)
        )

    def _vote(self, told: pl.DataFrame, flows: pl.DataFrame) -> None:
        if told.height and flows.height and (met := _meet(told, flows.lazy())).height:
            both = pl.concat([self._votes, met]) if self._votes.height else met
            self._votes = both.unique(maintain_order=True, keep="last").tail(RECENT_ROWS)


def identify(findings: Sequence[Finding], known: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return the findings with the address beside every host whose address is known."""
    if not known:
        return tuple(findings)
    short: dict[str, set[str]] = {}
    for name, address in known.items():
        short.setdefault(_label(name), set()).add(address)
    alone = {label: next(iter(found)) for label, found in short.items() if len(found) == 1}
    names = {**alone, **known}
    return tuple(replace(f, actors=_beside(f.actors, names), targets=_beside(f.targets, names)) for f in findings)


def _label(name: str) -> str:
    """Return the first part of a host's name; an address is no name."""
    return name if name.replace(".", "").isdigit() or ":" in name else name.partition(".")[0]


def _beside(entities: tuple[Entity, ...], known: Mapping[str, str]) -> tuple[Entity, ...]:
    hosts = (e.value.lower() for e in entities if e.kind is EntityKind.HOST)
    found = (known.get(name) or known.get(_label(name)) for name in hosts)
    return tuple(dict.fromkeys((*entities, *(Entity(EntityKind.ADDRESS, a) for a in found if a))))

"""One thing under two names: which address a host of the logs has on the network.

A log line says "bastion accepted a connection from 192.0.2.7, port 50212"; a flow says "192.0.2.7, port 50212, to 10.0.0.5". Seen together
often enough, and for no other address, that is bastion's address. No name service and no list is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import polars as pl

from vedette.events.batch import EventBatch
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


def addresses(logons: Iterable[EventBatch], flows: Iterable[EventBatch]) -> dict[str, str]:
    """Return host name -> address, where logons and flows agree.

    Args:
        logons: batches with ``device.hostname`` and the client's address and port.
        flows: batches of Network Activity.
    """
    said = [b.select(("time", "device.hostname", *_CLIENT)).drop_nulls().collect() for b in logons]
    told = _told(pl.concat(said)) if said else pl.DataFrame()
    if not told.height:
        return {}
    seen = [_meeting(told, b) for b in flows]
    if not seen:
        return {}
    votes = pl.concat(seen).unique(("device.hostname", *_CLIENT, "dst_endpoint.ip"))
    counted = votes.group_by("device.hostname", "dst_endpoint.ip").len("agreeing")
    share = pl.col("agreeing") / pl.col("agreeing").sum().over("device.hostname")
    sure = counted.filter((pl.col("agreeing") >= AGREEING) & (share >= SHARE))
    return dict(sure.select("device.hostname", "dst_endpoint.ip").sort("device.hostname").rows())


def _told(said: pl.DataFrame) -> pl.DataFrame:
    """Return host and client once an hour, with the ``first`` and ``last`` time; without clients that too many hosts claim."""
    names = ("device.hostname", *_CLIENT)
    told = said.group_by(*names, hour=pl.col("time").dt.truncate("1h")).agg(
        first=pl.col("time").min(), last=pl.col("time").max()
    )
    return told.filter(pl.len().over(*_CLIENT, "hour") <= CLAIMS).drop("hour")


def _meeting(told: pl.DataFrame, flows: EventBatch) -> pl.DataFrame:
    """Return the log lines of ``told`` that are a connection in ``flows``, with the address it went to."""
    columns = (*_CLIENT, "dst_endpoint.ip", "start_time", "time")
    seen = flows.select(columns).rename({"time": "end"}).with_columns(pl.coalesce("start_time", "end").alias("begin"))
    near = (pl.col("last") >= pl.col("begin") - NEAR) & (pl.col("first") <= pl.col("end") + NEAR)
    met = seen.join(told.lazy(), on=_CLIENT).filter(near)
    return met.select("device.hostname", *_CLIENT, "dst_endpoint.ip").drop_nulls().collect()


def identify(findings: Sequence[Finding], known: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return the findings with the address beside every host whose address is known."""
    return tuple(replace(f, actors=_beside(f.actors, known), targets=_beside(f.targets, known)) for f in findings)


def _beside(entities: tuple[Entity, ...], known: Mapping[str, str]) -> tuple[Entity, ...]:
    hosts = [known[e.value] for e in entities if e.kind is EntityKind.HOST and e.value in known]
    return tuple(dict.fromkeys((*entities, *(Entity(EntityKind.ADDRESS, a) for a in hosts))))

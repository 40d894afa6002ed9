"""A host whose hour on the network is unlike its hours before, in several ways at once."""

from __future__ import annotations

import math

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.host_hour import HostHour
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity

WHAT = {
    "flows": ("connections", 100.0),
    "hosts": ("destinations", 20.0),
    "ports": ("destination ports", 10.0),
    "failed": ("connections that came to nothing", 20.0),
    "sent": ("bytes sent", 10e6),
    "got": ("bytes received", 100e6),
}
"""Number -> its name, and the amount below which it is no evidence, however unusual."""
REACH = 8.0
"""Nats between the smallest and the largest number that an attack may make."""
SHARED = 0.7
"""What the evidence of a number counts for beside the others: some of them rise together in honest bursts too."""
ONE = 6.0
"""Nats that a single number may count for: less than the prior costs, so that at least two must be unusual."""
OWN_HOURS, KNOWN_HOURS = 20, 72
"""Hours of a host's own, and of all hosts together, below which little is known."""

_FREEDOM = 3.0
_DENSITY = 2 / (math.pi * math.sqrt(_FREEDOM))
"""Student's t with three degrees of freedom at its middle."""
_UP, _NATS = "_up", "_nats.{}"
_own = pl.col("own.flows.count").fill_null(0)
_windows = pl.col("windows").fill_null(0)


class FlowAnomaly(LogOdds):
    """Flow anomaly: what a host does in an hour is far above its own hours, in at least two of six numbers.

    What is normal: how many connections, destinations, ports, failures and bytes a host has in an hour varies by orders of magnitude from
    host to host, and much less from hour to hour. So each number is compared with the host's own hours, with the hour of the week, and,
    while it is young, with its peers and everyone (``docs/reference/baselines.md``).

    The statistic: a sum of tails. Each number's logarithm is judged by the likelihood ratio of a broad attack against Student's t with
    three degrees of freedom around what is expected; what is not above it counts for nothing. A busy hour raises all numbers together:
    by how much the second lowest of the six is up, all are thought to be up anyway, and only what goes beyond counts. It is ECOD (Li et
    al., "ECOD: unsupervised outlier detection using empirical cumulative distribution functions", TKDE 2022) with the tails of the
    baseline instead of those of a table. The decision note on flow anomalies tells how it compares with an isolation forest and with a
    density. It never alerts by itself: that an hour is unusual is no attack. It stands beside other findings of the host.

    Known false positives:

    * a new task of a host: the first backup, an inventory, a move of servers;
    * updates of everything on one day, and a crawl.

    Blind spots:

    * the first twenty hours of a host, and a network of which fewer than 72 hours of all hosts together are known;
    * what stays within what the host does anyway, and what grows slowly;
    * hosts outside, and what others begin with a host of ours.

    Example: 10.0.0.5 made 4,100 connections to 800 destinations, 3,900 of which came to nothing; normal for it are 40 to 150.
    """

    name = "flow_anomaly"
    title = "Unusual hour of a host"
    needs = HostHour
    analytic = Analytic.STATISTICAL
    techniques = ()
    severity = Severity.LOW
    corroborates = True
    prior = -7.0
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")

    def given(self) -> list[dict[str, pl.Expr]]:
        return [{_UP: _together()}, {_NATS.format(f): _nats(f) for f in WHAT}]

    def terms(self) -> list[Term]:
        return [*(_unusual(f) for f in WHAT), _history(), _never()]

    def sentence(self) -> pl.Expr:
        parts = [pl.when(pl.col(_NATS.format(f)) >= 1).then(_told(f)) for f in WHAT]
        return pl.format(
            "{} had an hour unlike its others, from {} UTC on: {}.",
            "src_endpoint.ip",
            pl.col("time").dt.strftime("%H:%M"),
            pl.concat_str(parts, separator="; ", ignore_nulls=True),
        )


def _nats(f: str) -> pl.Expr:
    """What a number counts for."""
    deviation, spread = pl.col(f"normal.{f}.deviation") - pl.col(_UP), pl.col(f"normal.{f}.spread")
    ratio = (spread / (_DENSITY * REACH)).log() + (_FREEDOM + 1) / 2 * (1 + deviation.pow(2) / _FREEDOM).log()
    notable = (deviation > 0) & (pl.col(f) >= WHAT[f][1])
    return pl.when(notable).then((SHARED * ratio).clip(0.0, ONE)).otherwise(0.0)


def _together() -> pl.Expr:
    """By how many spreads everything is up: the second lowest deviation of the six, not below zero."""
    found = pl.concat_list(pl.col(f"normal.{f}.deviation").fill_null(0.0) for f in WHAT)
    return found.list.sort().list.get(1).clip(lower_bound=0.0)


def _told(f: str) -> pl.Expr:
    mean, spread = pl.col(f"normal.{f}.mean"), pl.col(f"normal.{f}.spread")
    low, high = (number(x.clip(0.0, 40.0).exp() - 1) for x in (mean - spread, mean + spread))
    return pl.format("{} {}, normal are {} to {}", number(pl.col(f)), pl.lit(WHAT[f][0]), low, high)


def _unusual(f: str) -> Term:
    return Term(pl.col(_NATS.format(f)), _told(f), f"normal.{f}.deviation")


def _history() -> Term:
    """How much is known: without a past nothing is unusual."""
    evidence = pl.when(_windows < KNOWN_HOURS).then(-6.0).when(_own < OWN_HOURS).then(-3.0)
    network = pl.format("only {} hours of hosts are known of this network", _windows)
    text = pl.when(_windows < KNOWN_HOURS).then(network)
    return Term(evidence, text.otherwise(pl.format("only {} hours of its own are known", number(_own))), "windows")


def _never() -> Term:
    """Whether the host ever did as much, of anything."""
    above = pl.max_horizontal(pl.when(pl.col(_NATS.format(f)) >= 1).then(pl.col(f"own.{f}.above")) for f in WHAT)
    old = _own >= OWN_HOURS
    evidence = pl.when(old & (above <= 0)).then(1.0).when(old & (above > 0.01)).then(-2.0)  # noqa: PLR2004 - one in a hundred
    text = pl.when(above <= 0).then(pl.lit("it never did as much"))
    return Term(
        evidence, text.otherwise(pl.format("as much in {} % of its hours", (100 * above).round(1))), "own.above"
    )

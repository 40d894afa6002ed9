"""Hosts that begin to administer others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.lateral_host import LateralHost
from vedette.features.statistic import negative_binomial
from vedette.model import Analytic, EntityKind, Severity


class LateralMovement(LogOdds):
    """One of our hosts connects to others that it never administered, most of all just after it was itself called by somebody new.

    What is normal: everybody opens files on the same few servers; administrators, scanners, backup and management servers reach many
    hosts, and did so before. What is hostile: a host that makes new connections by SMB, Remote Desktop, WinRM, SSH, VNC or remote
    procedure calls to hosts which hardly anybody else reaches that way; and a chain: A calls B for the first time, then B calls C for the
    first time.

    A connection is *new* if this host never had it (protocol and target), and *rare* if at the most two others ever had it, or one in
    twenty of all hosts. The statistic adds three pieces of evidence, each weighted by how much was learned (windows / (windows + 24)),
    since in a network never seen before all is new: the likelihood ratio of a negative binomial count of new and rare connections in an
    hour against .05, less for a host that reached as many before (an administrator always meets new hosts); a chain; and how the number of
    hosts reached compares with what is normal for this host (baseline). The graph view follows Bowman et al., "Detecting lateral movement
    in enterprise computer networks with unsupervised graph AI", RAID 2020, with counting in place of embeddings.

    Known false positives:
        - a new administrator, a new management or scan server, a migration
        - the first weeks of a network, or of a part of it, after the baseline was begun elsewhere
        - laptops whose addresses change every day

    Blind spots:
        - one connection an hour and less, without a chain
        - along paths that administrators use anyway: from their machines, by the usual protocols
        - a chain that spans two clock hours
        - without history (a lone capture) it says nothing; see remote execution for what the calls themselves tell
    """

    name = "lateral_movement"
    title = "New administrative connections"
    needs = LateralHost
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1021",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "host")
    targets = (Role(EntityKind.ADDRESS, "edges"),)
    prior: ClassVar[float] = -9.2

    def given(self) -> list[dict[str, pl.Expr]]:
        sides = {f"_{column}": _list(column, side) for side in _SIDES for column in _columns(side)}
        return [sides, {f"_new_{side}": _is_new(side) for side in _SIDES}, {"_chained": _chained()}]

    def terms(self) -> list[Term]:
        new, chained = _count(pl.col("_new_edges")), _count(pl.col("_chained"))
        learned = (pl.col("windows") / (pl.col("windows") + _YOUNG)).fill_null(0.0).fill_nan(0.0)
        excess = negative_binomial(new.cast(pl.Float64), _USUAL, size=_BURSTS)
        usual = (pl.col("normal.reach.deviation") - 1.0).clip(-4.0, 3.0)
        return [
            Term(
                learned * _unusual() * excess.clip(upper_bound=14.0),
                pl.format("{} connections that it never had before, and hardly anybody else", new),
                "edges",
            ),
            Term(
                pl.when(chained > 0).then(learned * 12.0),
                pl.format("{} of them after it was itself called by a host that never did", chained),
                "callers",
            ),
            Term(
                pl.when(new > 0).then(learned * usual),
                pl.format("reaches {} hosts in this hour, {} is usual for it", "reach", _typical()),
                "reach",
            ),
        ]

    def sentence(self) -> pl.Expr:
        new = _count(pl.col("_new_edges"))
        after = (
            pl.when(_count(pl.col("_chained")) > 0)
            .then(pl.lit(", after a host that never did so had called it"))
            .otherwise(pl.lit(""))
        )
        return pl.format("{} made {} new administrative connections{}: {}.", "host", new, after, _named())

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        """High for a chain: then two hosts are concerned."""
        chains = self.with_given(rows).select((_count(pl.col("_chained")) > 0).alias("c")).collect()["c"]
        return [Severity.HIGH if chain else self.severity for chain in chains]

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        """The sub-techniques of the protocols that were new."""
        return [
            tuple(dict.fromkeys(_techniques(row))) or self.techniques for row in rows.iter_rows(named=True)
        ]  # hits only


_USUAL, _BURSTS = 0.05, 0.5
"""New and rare connections of a host in an hour in which it makes any: one in twenty; bursty."""
_WITHIN, _BEYOND = 1.5, 2.0
"""Spreads above what is normal for it: up to the first nothing is unusual, from that and the second on all is."""
_GROWN = 20
"""Windows of a host from which on its own record tells."""
_YOUNG = 24.0
"""Windows of anybody after which a baseline counts half."""
_RARE, _SHARE = 2, 0.05
"""Other hosts that ever had a connection, or share of all: beyond them its target is a server of many."""
_FAR = 1 << 40
_NEVER = 1 << 62
_SHOWN = 5
_SIDES = ("edges", "callers")
_SUB = {
    "SMB": "T1021.002",
    "RDP": "T1021.001",
    "RPC": "T1021.003",
    "SSH": "T1021.004",
    "VNC": "T1021.005",
    "WinRM": "T1021.006",
}


def _unusual() -> pl.Expr:
    """Return how unusual it is for this host to reach so many, in [0, 1]; 0 where it did so before."""
    share = ((pl.col("normal.reach.deviation") - _WITHIN) / _BEYOND).clip(0.0, 1.0)
    before = (pl.col("own.reach.above") > 0.0).fill_null(value=False) & (pl.col("age") >= _GROWN).fill_null(value=False)
    return pl.when(before).then(0.0).otherwise(share.fill_nan(0.0).fill_null(0.0))


def _is_new(side: str) -> pl.Expr:
    """Return a list: 0 for a connection that is new and rare, else a large number."""
    rare = (pl.col("entities") * _SHARE).cast(pl.Int64).clip(_RARE, _FAR // 2).fill_null(_RARE)
    known = pl.col(f"_had.{side}") * _FAR + pl.col(f"_others.{side}") - rare
    return known.list.eval(pl.when(pl.element() > 0).then(_FAR).otherwise(0).cast(pl.Int64))


def _chained() -> pl.Expr:
    """Return a list: 0 for a new connection that began after the first call of a new caller, else a number."""
    called = pl.col("_caller_times") + pl.col("_new_callers") * (_NEVER // _FAR // 2)
    first = called.list.min().fill_null(_NEVER)
    since = pl.col("_edge_times") - first
    after = since.list.eval(pl.when(pl.element() > 0).then(0).otherwise(_FAR).cast(pl.Int64))
    return after + pl.col("_new_edges")


def _columns(side: str) -> tuple[str, str, str]:
    """Return the columns that tell of the connections of a side."""
    return f"{side[:-1]}_times", f"had.{side}", f"others.{side}"


def _list(column: str, side: str) -> pl.Expr:
    """Return one of the lists of a side as whole numbers; all of them are of one length."""
    lists = (side, *_columns(side))
    shortest = pl.min_horizontal(pl.col(c).list.len() for c in lists)
    return pl.col(column).cast(pl.List(pl.Int64)).list.head(shortest)


def _count(codes: pl.Expr) -> pl.Expr:
    """Return how many zeroes a list holds; 0 where there is none."""
    return codes.list.count_matches(pl.lit(0, dtype=pl.Int64)).cast(pl.Int64).fill_null(0)


def _typical() -> pl.Expr:
    return (pl.col("normal.reach.mean").exp() - 1.0).clip(lower_bound=0.0).fill_null(0.0).round(1)


def _named() -> pl.Expr:
    """Return the first few connections as text."""
    return pl.col("edges").list.head(_SHOWN).list.join(", ")


def _techniques(row: dict[str, Any]) -> Iterator[str]:
    most = max(_RARE, int((row["entities"] or 0) * _SHARE))
    known = zip(row["edges"] or (), row["had.edges"] or (), row["others.edges"] or (), strict=False)
    yield from (
        _SUB.get(edge.partition(" ")[0], "T1021") for edge, had, others in known if not had and (others or 0) <= most
    )

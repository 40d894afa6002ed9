"""Programs and parents that a host never had, and hardly anybody else."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.host_programs import HostPrograms
from vedette.features.statistic import negative_binomial
from vedette.model import Analytic, EntityKind, Severity

_USUAL, _BURSTS = 0.4, 0.5
"""New and rare pairs of a host in an hour, once its habits are known: one in two and a half hours; bursty, as installers are."""
_YOUNG = 48.0
"""Windows of this host after which its habits count half."""
_RARE, _SHARE = 1, 0.02
"""Other hosts that ever had a pair, or share of all: beyond them it is no rarity."""
_FAR = 1 << 40
_SHOWN = 4


class RareProcess(LogOdds):
    """A host starts programs under parents that it never had, and hardly any other host.

    What is normal: a host starts the same programs under the same parents day after day; an update brings new ones to many hosts at once.
    What is hostile: several new pairs (``winword.exe > cmd.exe``) and paths on one host alone within an hour.

    A pair or path is *new* if this host never had it, and *rare* if at the most one other host ever had it, or one in fifty of all. The
    statistic is the likelihood ratio of a negative binomial count of new and rare pairs against .4 an hour, and a smaller one for paths,
    both weighted by how much was learned of this host (windows / (windows + 48)). Numbers, user names and identifiers in paths are left
    out, so that a new version is no new program.

    Known false positives:
        - a new program on one host, a developer's machine
        - the first weeks of a host
        - hosts that give their programs new names each time

    Blind spots:
        - without history (a single file) it says nothing
        - programs that the host has anyway, under parents that it has anyway
        - logs that name no parent
    """

    name = "rare_process"
    title = "New and rare programs"
    needs = HostPrograms
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1204.002", "T1059")
    severity = Severity.LOW
    actor = Role(EntityKind.HOST, "host")
    corroborates = True
    prior: ClassVar[float] = -7.0

    def terms(self) -> list[Term]:
        learned = (pl.col("age") / (pl.col("age") + _YOUNG)).fill_null(0.0).fill_nan(0.0)
        pairs, programs = _new("pairs"), _new("programs")
        return [
            Term(
                learned * negative_binomial(pairs.cast(pl.Float64), _USUAL, size=_BURSTS).clip(0.0, 14.0),
                pl.format(
                    "{} programs under parents that it never had, and hardly any other host: {}", pairs, _named("pairs")
                ),
                "pairs",
            ),
            Term(
                learned * negative_binomial(programs.cast(pl.Float64), _USUAL, size=_BURSTS).clip(0.0, 6.0),
                pl.format("{} programs from places that it never had, and hardly any other host", programs),
                "programs",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format("{} started {} new and rare programs: {}.", "host", _new("pairs"), _named("pairs"))


def _codes(side: str) -> pl.Expr:
    """Return a list: 0 for a member that is new and rare, else a large number."""
    rare = (pl.col("entities") * _SHARE).cast(pl.Int64).clip(_RARE, _FAR // 2).fill_null(_RARE)
    shortest = pl.min_horizontal(pl.col(c).list.len() for c in (f"had.{side}", f"others.{side}"))
    had = pl.col(f"had.{side}").cast(pl.List(pl.Int64)).list.head(shortest)
    others = pl.col(f"others.{side}").cast(pl.List(pl.Int64)).list.head(shortest)
    known = had * _FAR + others - rare
    return known.list.eval(pl.when(pl.element() > 0).then(1).otherwise(0).cast(pl.Int64))


def _new(side: str) -> pl.Expr:
    return _codes(side).list.count_matches(pl.lit(0, dtype=pl.Int64)).cast(pl.Int64).fill_null(0)


def _named(side: str) -> pl.Expr:
    """Return the first few members as text."""
    return pl.col(side).list.head(_SHOWN).list.join(", ")

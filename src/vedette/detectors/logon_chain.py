"""Accounts that go from host to host."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.logon_reach import LogonReach
from vedette.features.statistic import negative_binomial
from vedette.features.wording import joined, number
from vedette.model import Analytic, EntityKind, Severity


class LogonChain(LogOdds):
    """An account reaches hosts that it never logged on to, goes on from one to the next, or is used by somebody else towards many.

    What is normal: people log on to their own machine and a few servers that all use; administrators reach many hosts, and did so
    before. What is hostile: an account logs on to hosts where it never was and where hardly anybody logs on from afar; it leaves again
    from a host that it just reached; or its credentials are given explicitly towards one host after the other (Windows event 4648).

    The statistic adds: the likelihood ratio of a negative binomial count of hosts that are new to the account and rare for others,
    weighted by how much was learned (windows / (windows + 24)), since in a network never seen before all is new; stations, hosts that it
    reached and went on from; and the count of servers towards which another user gave its credentials, against what is normal for the
    account. Lateral movement tells the same from flows; both may stand in one incident.

    Known false positives:
        - a new administrator, a migration, software that is rolled out with one account
        - scanners and inventories with an account of the domain
        - jump hosts: there a station is the rule

    Blind spots:
        - the first days of a log, but for explicit credentials and stations
        - sources that are known by address alone are no stations: no name says which host an address is
        - a host an hour, where everybody goes
    """

    name = "logon_chain"
    title = "Account moves from host to host"
    needs = LogonReach
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1021", "T1078")
    severity = Severity.MEDIUM
    actor = Role(EntityKind.USER, "account")
    targets = (Role(EntityKind.HOST, "hosts"),)
    prior = -9.2
    alert_from = 0.75

    def terms(self) -> list[Term]:
        learned = (pl.col("windows") / (pl.col("windows") + _YOUNG)).fill_null(0.0).fill_nan(0.0)
        new, stations = _new_and_rare(), pl.col("stations").list.len().cast(pl.Float64)
        given, usual = pl.col("explicit_count").cast(pl.Float64), _usual("explicit_count")
        often = (pl.col("own.reach.above").fill_nan(None) > 0.0).fill_null(value=False) & (
            pl.col("age").fill_null(0) >= _GROWN
        )
        return [
            Term(
                pl.when(~often).then(
                    learned * negative_binomial(new.cast(pl.Float64), 0.05, size=0.5).clip(upper_bound=12.0)
                ),
                pl.format("{} hosts that it never logged on to, and hardly anybody else", number(new)),
                "hosts",
            ),
            Term(
                pl.when((stations > 0) & ~often).then(6.0 + (3.5 * stations.log()).clip(0.0, 6.0)),
                pl.format("went on from {}, which it had reached", joined("stations")),
                "stations",
            ),
            Term(
                negative_binomial(given, pl.max_horizontal(pl.lit(0.15), usual), size=0.5).clip(upper_bound=12.0),
                pl.format("{} gave its credentials towards {} servers", _by(), number(given)),
                "explicit",
            ),
            Term(
                pl.when((pl.col("reach") >= _FEW) & ~often).then(
                    (pl.col("normal.reach.deviation").fill_nan(None) - 1.0).clip(-3.0, 3.0)
                ),
                pl.format("reaches {} hosts in this hour, {} is usual for it", "reach", _usual("reach").round(1)),
                "reach",
            ),
        ]

    def sentence(self) -> pl.Expr:
        on = (
            pl.when(pl.col("stations").list.len() > 0)
            .then(pl.format(", going on from {}", joined("stations", 3)))
            .otherwise(pl.lit(""))
        )
        given = (
            pl.when(pl.col("explicit_count") > 1)
            .then(pl.format("; {} gave its credentials towards {} of them", _by(), number(pl.col("explicit_count"))))
            .otherwise(pl.lit(""))
        )
        return pl.format("{} logged on to {} hosts ({}){}{}.", "account", "reach", joined("hosts"), on, given)

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        """High where it went on from a host that it reached."""
        return [
            Severity.HIGH if stations else self.severity for stations in rows["stations"].list.len()
        ]  # hits only: few


_YOUNG, _GROWN, _FEW = 24.0, 10, 2
_RARE = 2
"""Other accounts that ever logged on to a host: where more did, it is a server of many."""


def _new_and_rare() -> pl.Expr:
    """Return how many hosts are new to the account and rare for others."""
    never = pl.col("had.hosts").list.eval(pl.arg_where(~pl.element()))
    rare = pl.col("others.hosts").list.eval(pl.arg_where(pl.element() <= _RARE))
    return never.list.set_intersection(rare).list.len().cast(pl.Int64).fill_null(0)


def _usual(number_of: str) -> pl.Expr:
    return (pl.col(f"own.{number_of}.mean").fill_nan(None).fill_null(0.0).clip(0.0, 20.0).exp() - 1).clip(
        lower_bound=0.0
    )


def _by() -> pl.Expr:
    return pl.when(pl.col("users").list.len() > 0).then(joined("users", 2)).otherwise(pl.lit("somebody"))

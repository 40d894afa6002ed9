"""Password guessing from one address."""

from __future__ import annotations

from typing import ClassVar

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.logon_source import LogonSource
from vedette.features.statistic import bernoulli
from vedette.model import Analytic, EntityKind, Severity


class BruteForce(LogOdds):
    """One address guesses the passwords of few accounts.

    What is normal: people mistype, a few times and slowly, and then get in; a forgotten scheduled job fails for ever, for one
    account, by the clock. What is hostile: many failures on the same account, faster than a person types, with no success.

    The statistic adds four pieces of evidence. How many failures: the likelihood ratio of a negative binomial count, since
    failures come in bursts (expected and size in ``features.logon_source``). How the accounts fared: a sequential test of one
    outcome per account, as Jung et al. do per destination ("Fast portscan detection using sequential hypothesis testing", IEEE S&P
    2004), with a normal failure share of .1. Tries per account: few accounts tried often, against spraying. Time-keeping:
    a Rayleigh test of the phase in ten seconds, which speaks for a scheduled job.

    Known false positives:
        - a service with an expired password that does not keep the clock, or that fails for several accounts
        - a monitoring check that logs on with a wrong password on purpose
        - a jump host or proxy that hides many people behind one address, when none of them gets in

    Blind spots:
        - fewer than about a dozen tries a day from one address; see the detectors of distributed guessing and spraying
        - guessing once a minute by the clock, on one account: it looks like a scheduled job
        - services whose failures are not logged; see service brute force
    """

    name = "brute_force"
    title = "Password brute force"
    needs = LogonSource
    analytic = Analytic.STATISTICAL
    techniques = ("T1110.001",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "source")
    targets = (Role(EntityKind.HOST, "hosts"), Role(EntityKind.USER, "tried"))
    prior: ClassVar[float] = -9.2

    def terms(self) -> list[Term]:
        failures, gap, tries = pl.col("failures"), pl.col("gap_seconds"), pl.col("tries_per_account")
        scheduled = (pl.col("accounts_failed") <= 1) & (gap >= _SCHEDULE_SECONDS) & (pl.col("clock_lock") > _LOCKED)
        return [
            Term(
                pl.col("failure_excess").clip(upper_bound=10.0),
                pl.format("{} failed logons, where an address has one or two", failures),
                "failures",
            ),
            Term(
                bernoulli(pl.col("accounts_refused"), pl.col("accounts_let_in"), normal=0.1, hostile=0.95).clip(
                    upper_bound=3.0
                ),
                pl.format(
                    "{} accounts refused, {} let in",
                    pl.col("accounts_refused").round(0).cast(pl.Int64),
                    pl.col("accounts_let_in").round(0).cast(pl.Int64),
                ),
                "accounts_refused",
            ),
            Term(
                (6.0 * (tries.clip(lower_bound=1.0) / _FEW_TRIES).log()).clip(upper_bound=12.0),
                pl.format("{} tries per account", tries.round(1)),
                "tries_per_account",
            ),
            Term(
                pl.when(failures > _ENOUGH).then((2.0 * (4.0 / gap.clip(lower_bound=0.05)).log()).clip(-2.0, 3.0)),
                pl.format("one try every {} s (a person needs about 4)", gap.round(1)),
                "gap_seconds",
            ),
            Term(
                pl.when(scheduled).then(-30.0 * pl.col("clock_lock")),
                pl.format("keeps the clock ({}): a scheduled job", pl.col("clock_lock").round(2)),
                "clock_lock",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} failed {} times to log on as {} ({} tries per account, one every {} s) and {}.",
            "source",
            "failures",
            pl.col("tried").list.join(", "),
            pl.col("tries_per_account").round(1),
            pl.col("gap_seconds").round(1),
            pl.when(pl.col("successes") == 0)
            .then(pl.lit("never got in"))
            .when(pl.col("successes") == 1)
            .then(pl.lit("got in once"))
            .otherwise(pl.format("got in {} times", "successes")),
        )


_FEW_TRIES = 4.5
"""Tries per account between spraying (one or two) and guessing (dozens)."""

_SCHEDULE_SECONDS = 25.0
"""A scheduled job is no quicker than this."""

_LOCKED = 0.8
_ENOUGH = 5  # failures, before a pace can be told

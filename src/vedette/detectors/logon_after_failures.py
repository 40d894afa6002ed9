"""A logon that succeeds after a run of failures."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.logon_source import LogonSource
from vedette.features.statistic import bernoulli
from vedette.model import Analytic, EntityKind, Severity


class LogonAfterFailures(LogOdds):
    """An address that guessed passwords got in: the account may be taken.

    What is normal: a person mistypes a few times and gets in. What is hostile: far more failures than people make, or many
    accounts refused, at machine speed, and then a success from the same address.

    The statistic is that of password guessing and spraying (a negative binomial count of failures; one outcome per account,
    after Jung et al., IEEE S&P 2004; the pace of the tries), asked only where a success follows a failure. The title is a warning, not
    a proof: look at what the account did next.

    Known false positives:
        - a script with a wrong password that somebody corrected
        - one address for many people, on a day when most of them are refused
        - a penetration test

    Blind spots:
        - the success comes from another address than the failures
        - the success falls into another day than the failures
        - guessing slower than about a dozen tries a day
    """

    name = "logon_after_failures"
    title = "Logon after password guessing"
    needs = LogonSource
    analytic = Analytic.BEHAVIORAL
    techniques = ("T1110", "T1078")
    severity = Severity.CRITICAL
    actor = Role(EntityKind.ADDRESS, "source")
    targets = (Role(EntityKind.USER, "let_in"), Role(EntityKind.HOST, "hosts"))

    def terms(self) -> list[Term]:
        gap, got_in, tried = pl.col("gap_seconds"), pl.col("in_after_failure"), pl.col("failures") > _ENOUGH
        return [
            Term(
                pl.when(got_in).then(pl.col("failure_excess").clip(upper_bound=12.0)),
                pl.format("{} failed logons, and then a success", "failures"),
                "failures",
            ),
            Term(
                pl.when(got_in).then(
                    bernoulli(pl.col("accounts_refused"), pl.col("accounts_let_in"), normal=0.1, hostile=0.9)
                ),
                pl.format(
                    "{} accounts refused, {} let in",
                    pl.col("accounts_refused").round(0).cast(pl.Int64),
                    pl.col("accounts_let_in").round(0).cast(pl.Int64),
                ),
                "accounts_refused",
            ),
            Term(
                pl.when(got_in & tried).then((3.0 * (4.0 / gap.clip(lower_bound=0.05)).log()).clip(-3, 8)),
                pl.format("one try every {} s (a person needs about 4)", gap.round(1)),
                "gap_seconds",
            ),
            Term(
                pl.when(got_in & tried).then((2.0 * (pl.col("tries_per_account") / _FEW_TRIES).log()).clip(0, 8)),
                pl.format("{} tries per account", pl.col("tries_per_account").round(1)),
                "tries_per_account",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} failed to log on {} times and then got in as {}: the account may be taken.",
            "source",
            "failures",
            pl.col("let_in").list.join(", "),
        )


_ENOUGH = 5  # failures, before a pace can be told
_FEW_TRIES = 4.5

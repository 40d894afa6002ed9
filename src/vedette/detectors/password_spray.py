"""Password spraying from one address."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.logon_source import LogonSource
from vedette.features.statistic import bernoulli
from vedette.model import Analytic, EntityKind, Severity


class PasswordSpray(LogOdds):
    """One address tries one or two passwords on many accounts.

    What is normal: nearly every account that logs on from an address gets in, at the latest at the second try, even where hundreds of
    people share the address, and even on the Monday on which all passwords expired. What is hostile: account after account is refused.

    The statistic is a sequential test with one outcome per account: refused for good, or let in at least once. Accounts are
    independent of each other where the tries of one account are not, which is why Jung et al. count destinations and not
    connections ("Fast portscan detection using sequential hypothesis testing", IEEE S&P 2004); the normal share of refusals
    is .1. A second piece of evidence is the few tries per account, against guessing the password of one.

    Known false positives:
        - a directory synchronisation or vulnerability scanner that tests accounts with stale passwords
        - an outage of the password store, when everybody is refused for a while

    Blind spots:
        - fewer than five accounts a day from one address
        - spraying from many addresses, one account each; see distributed guessing
        - accounts that the log does not name
    """

    name = "password_spray"
    title = "Password spraying"
    needs = LogonSource
    analytic = Analytic.STATISTICAL
    techniques = ("T1110.003",)
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "source")
    targets = (Role(EntityKind.USER, "tried"), Role(EntityKind.HOST, "hosts"))

    def terms(self) -> list[Term]:
        refused, let_in = (pl.col(c).round(0).cast(pl.Int64) for c in ("accounts_refused", "accounts_let_in"))
        tries = pl.col("tries_per_account")
        return [
            Term(
                bernoulli(pl.col("accounts_refused"), pl.col("accounts_let_in"), normal=0.1, hostile=0.9),
                pl.format(
                    "{} accounts refused for good and {} let in; normally one in ten is refused", refused, let_in
                ),
                "accounts_refused",
            ),
            Term(
                (-3.0 * (tries.clip(lower_bound=1.0) / _FEW_TRIES).log()).clip(-14.0, 2.0),
                pl.format("{} tries per account", tries.round(1)),
                "tries_per_account",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} was refused as {} accounts ({} ...), {} tries each, and {}.",
            "source",
            pl.col("accounts_refused").round(0).cast(pl.Int64),
            pl.col("tried").list.head(4).list.join(", "),
            pl.col("tries_per_account").round(1),
            pl.when(pl.col("accounts_let_in") < 1)
            .then(pl.lit("never got in"))
            .otherwise(pl.format("got in as {}", pl.col("accounts_let_in").round(0).cast(pl.Int64))),
        )


_FEW_TRIES = 3.0

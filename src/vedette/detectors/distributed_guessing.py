"""Password guessing from many addresses."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.logon_host import LogonHost
from vedette.features.statistic import bernoulli, negative_binomial
from vedette.model import Analytic, EntityKind, Severity


class DistributedGuessing(LogOdds):
    """Many addresses guess passwords of one host, each of them seldom enough to stay below a lock-out.

    What is normal: most addresses from which people log on get in. A host that is open to the internet is guessed at by a few bots at
    any time. What is hostile: dozens of addresses that are all refused.

    The statistic is a sequential test with one outcome per address (Jung et al., IEEE S&P 2004; normal share of refused addresses .3,
    since an exposed host always has some), plus the likelihood ratio of a negative binomial count of refused addresses, ten a
    window being ordinary. Javed and Paxson ("Detecting stealthy, distributed SSH brute-forcing", CCS 2013) show why the
    host as a whole must be watched.

    Known false positives:
        - an outage of the password store, when everybody is refused
        - a host that is open to the internet and known as such: it is true, but it is every day's weather

    Blind spots:
        - a campaign whose share against one host is below about twenty addresses a day
        - hosts on which far more addresses are let in than refused

    Severity is medium while nobody got in.
    """

    name = "distributed_guessing"
    title = "Distributed password guessing"
    needs = LogonHost
    analytic = Analytic.STATISTICAL
    techniques = ("T1110.001",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "sources")
    targets = (Role(EntityKind.HOST, "host"), Role(EntityKind.USER, "tried"))

    def terms(self) -> list[Term]:
        refused, let_in = pl.col("sources_refused"), pl.col("let_in_sources_count")
        return [
            Term(
                bernoulli(refused, let_in, normal=0.3, hostile=0.9).clip(upper_bound=10.0),
                pl.format("{} addresses refused for good, {} let in", refused.cast(pl.Int64), let_in.cast(pl.Int64)),
                "sources_refused",
            ),
            Term(
                negative_binomial(refused, 10.0, size=3.0) - 2.0,
                pl.format("{} refused addresses, where ten are ordinary", refused.cast(pl.Int64)),
                "sources_refused",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} addresses ({} ...) failed {} times to log on to {} as {} accounts ({} ...); {} addresses were let in.",
            pl.col("failed_sources_count").cast(pl.Int64),
            pl.col("sources").list.head(3).list.join(", "),
            "failures",
            "host",
            pl.col("failed_accounts_count").cast(pl.Int64),
            pl.col("tried").list.head(3).list.join(", "),
            pl.col("let_in_sources_count").cast(pl.Int64),
        )

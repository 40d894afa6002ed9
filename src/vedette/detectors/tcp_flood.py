"""TCP packets of no connection."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.statistic import bernoulli, negative_binomial
from vedette.features.tcp_target import TcpTarget
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class TcpFlood(LogOdds):
    """A flood of TCP packets that belong to no connection (ACK, RST, FIN, PSH), against one address.

    What is normal: a few, from connections that were open before the capture began. What is hostile: many a second, from many
    sources, unanswered.

    The statistic: distinct sources and packets a second as negative binomials, and the share of the target's connections that
    they make up. The kinds of flood: Mirkovic and Reiher, "A taxonomy of DDoS attack and DDoS defense mechanisms", CCR 2004.

    Known false positives:
        - the first minute of a capture of a busy host, where only one direction is seen
        - backscatter of a flood against others in whose name your address was forged

    Blind spots:
        - flow records without a history of flags
        - a single source

    The sources may be forged.
    """

    name = "tcp_flood"
    title = "TCP packet flood"
    needs = TcpTarget
    analytic = Analytic.STATISTICAL
    techniques = ("T1498.001",)
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "peers")
    targets = (Role(EntityKind.ADDRESS, "target"),)

    def terms(self) -> list[Term]:
        n, rate = pl.col("stray"), pl.col("odd_rate")
        mine = n > pl.col("half_open") + pl.col("syn_ack")
        return [
            Term(pl.when(~mine).then(-25.0), pl.lit("most of the packets are openings or answers"), "half_open"),
            Term(
                pl.when(mine).then(negative_binomial(pl.col("peer_count"), 5.0, size=1.0).clip(upper_bound=9.0)),
                pl.format("from {} sources, where five are ordinary", number(pl.col("peer_count"), 128)),
                "peer_count",
            ),
            Term(
                pl.when(mine).then(negative_binomial(rate, 5.0, size=0.5).clip(upper_bound=9.0)),
                pl.format("{} a second", number(rate)),
                "odd_rate",
            ),
            Term(
                bernoulli(n, pl.col("completed"), normal=0.1, hostile=0.9).clip(-20.0, 3.0),
                pl.format("{} of no connection against {} connections", number(n), number(pl.col("completed"))),
                "stray",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} got TCP packets of no connection ({} flows, {} packets a second) from {} sources, which may be forged.",
            "target",
            number(pl.col("stray")),
            number(pl.col("odd_rate")),
            number(pl.col("peer_count"), 128),
        )

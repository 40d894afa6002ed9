"""ICMP flood against one address."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.icmp_target import IcmpTarget
from vedette.features.statistic import negative_binomial
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class IcmpFlood(LogOdds):
    """A flood of ICMP packets (ping flood, smurf, error messages) against one address.

    What is normal: a ping a second from a monitor, error messages now and then, bursts while a network is down. What is hostile:
    hundreds a second for seconds.

    The statistic: packets a second as a negative binomial against ten a second, and distinct sources against twenty.

    Known false positives:
        - a speed or loss test with ``ping -f``
        - the errors that answer a scan or flood which the address itself sends

    Blind spots:
        - a few large packets that crash a host (ping of death): quality, not quantity
        - flow records without packet counts

    The sources may be forged.
    """

    name = "icmp_flood"
    title = "ICMP flood"
    needs = IcmpTarget
    analytic = Analytic.STATISTICAL
    techniques = ("T1498.001",)
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "sources")
    targets = (Role(EntityKind.ADDRESS, "target"),)

    def terms(self) -> list[Term]:
        rate, sources = pl.col("packet_rate"), pl.col("source_count")
        return [
            Term(
                negative_binomial(rate, 10.0, size=0.8).clip(upper_bound=16.0),
                pl.format("{} ICMP packets a second, where ten are many", number(rate)),
                "packet_rate",
            ),
            Term(
                pl.when(rate > _BRISK).then(negative_binomial(sources, 20.0, size=1.0).clip(upper_bound=6.0)),
                pl.format("{} sources", number(sources, 128)),
                "source_count",
            ),
            Term(
                pl.when(pl.col("packets") < _FEW).then(-6.0),
                pl.format("only {} packets in all", "packets"),
                "packets",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} got {} ICMP packets ({} a second, {} bytes each, {} answered) from {} sources, which may be forged.",
            "target",
            number(pl.col("packets")),
            number(pl.col("packet_rate")),
            number(pl.col("bytes_per_packet")),
            number(pl.col("answers")),
            number(pl.col("source_count"), 128),
        )

    def titles(self, rows: pl.DataFrame) -> list[str]:
        outbound = pl.col("outbound") * 2 > pl.col("event_count")
        titles = pl.when(outbound).then(pl.lit("Outbound ICMP flood")).otherwise(pl.lit(self.title))
        return rows.select(titles.alias("title"))["title"].to_list()


_BRISK = 20.0  # packets a second; below, many sources are background noise
_FEW = 200

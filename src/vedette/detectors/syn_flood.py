"""SYN flood against one address."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.statistic import bernoulli, negative_binomial
from vedette.features.tcp_target import TcpTarget
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity

_OUTBOUND_TITLE = "Outbound SYN flood"


class SynFlood(LogOdds):
    """A flood of TCP openings that never become connections, against one address.

    What is normal: nine openings in ten lead to a connection; a busy server has many of both. What is hostile: openings in a
    quantity that the completed connections of the same minute do not explain, from many (often forged) addresses or on one port.

    The statistic: the rate of half-open connections as a negative binomial against an expected rate that grows with the completed
    ones of the same target and minute (Wang, Zhang, Shin, "Detecting SYN flooding attacks", INFOCOM 2002, compare SYN with FIN in
    the same way); the share of openings that led nowhere; how crowded they are: tries per port, or else distinct sources,
    which parts a flood from a scan (one try on each port, from one source). Rates are taken over at least one second, so that a
    capture of .05 s cannot exaggerate.

    Known false positives:
        - a popular service that has just died: all its clients try again
        - a load test
        - a capture that sees one direction only, with many clients

    Blind spots:
        - fewer than about fifty half-open connections a second
        - floods of completed connections
        - sampled flow records that lose the flags

    The sources of such a flood are likely forged: do not block them one by one.
    """

    name = "syn_flood"
    title = "SYN flood"
    needs = TcpTarget
    analytic = Analytic.STATISTICAL
    techniques = ("T1498.001", "T1499.001")
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "peers")
    targets = (Role(EntityKind.ADDRESS, "target"),)

    def terms(self) -> list[Term]:
        n, done, rate = pl.col("half_open"), pl.col("completed"), pl.col("half_open_rate")
        crowd = pl.max_horizontal(
            pl.col("half_open_packets") / pl.col("port_count").clip(lower_bound=1), pl.col("peer_count")
        )
        return [
            Term(
                negative_binomial(rate, 3.0 + 0.2 * done / 60.0, size=0.7).clip(upper_bound=14.0),
                pl.format("{} openings a second that led nowhere, where 3 are ordinary", number(rate)),
                "half_open_rate",
            ),
            Term(
                bernoulli(n, done, normal=0.2, hostile=0.95).clip(-25.0, 4.0),
                pl.format("{} half-open connections against {} completed ones", number(n), number(done)),
                "half_open",
            ),
            Term(
                pl.when(n > 0).then((4.0 * (crowd / 20.0).log()).clip(-14.0, 4.0)),
                pl.format(
                    "{} sources on {} ports (a scan tries each port once or twice, from one source)",
                    number(pl.col("peer_count"), 128),
                    number(pl.col("port_count"), 128),
                ),
                "peer_count",
            ),
            Term(
                pl.when(n < pl.col("syn_ack") + pl.col("stray")).then(-10.0),
                pl.lit("most of the packets are no openings"),
                "syn_ack",
            ),
        ]

    def sentence(self) -> pl.Expr:
        lowest, highest = pl.col("lowest_port"), pl.col("highest_port")
        several = pl.format("ports {} to {}", lowest, highest).fill_null("unknown ports")
        ports = pl.when(lowest == highest).then(pl.format("port {}", lowest)).otherwise(several)
        return pl.format(
            "{} got {} TCP openings that led nowhere ({} a second, on {}) from {} sources; the sources may be forged.",
            "target",
            number(pl.col("half_open")),
            number(pl.col("half_open_rate")),
            ports,
            number(pl.col("peer_count"), 128),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        strong = (pl.col("peer_count") >= _MANY) | (pl.col("half_open_rate") >= _FLOOD)
        grades = pl.when(strong).then(int(self.severity)).otherwise(int(Severity.MEDIUM))
        return [Severity(n) for n in rows.select(grades.alias("s"))["s"]]  # hits only: few

    def titles(self, rows: pl.DataFrame) -> list[str]:
        outbound = pl.col("outbound") * 2 > pl.col("half_open")
        titles = pl.when(outbound).then(pl.lit(_OUTBOUND_TITLE)).otherwise(pl.lit(self.title))
        return rows.select(titles.fill_null(self.title).alias("title"))["title"].to_list()


_MANY, _FLOOD = 20, 500.0
"""Sources, or openings a second, from which on it is a flood of high severity and not one mad client."""

"""Amplified reflection over UDP, named by the service that is abused."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.statistic import negative_binomial
from vedette.features.udp_reflector import UdpReflector
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class Amplification(LogOdds):
    """Many servers flood one address with answers that it never asked for.

    What is normal: an answer follows a question, so the flow has two directions. A late answer or two come alone. What is hostile: one
    service port at hundreds of sources, one target, one way, mostly in large datagrams: somebody asks in the target's name.

    The statistic: distinct sources with this source port, and packets a second, as negative binomials (five; ten a second);
    the size of the datagrams, as a log ratio to 100 bytes; whether the port belongs to a service known to amplify (Rossow, "Amplification
    Hell", NDSS 2014). An unknown port is still found by its shape. Where both ports are equal (NTP servers among themselves,
    NetBIOS, IKE) it looks like an ordinary conversation of equals, which speaks against.

    Known false positives:
        - a resolver or peer-to-peer node whose questions the capture does not see
        - a service at a fixed port that many exporters or sensors send to from a fixed port

    Blind spots:
        - flow records of one direction (no packet counts of the other), as most NetFlow
        - answers whose source port changes, as for TFTP data
        - fragments without ports are not counted

    The sources are abused servers, not attackers.
    """

    name = "amplification"
    title = "UDP reflection"
    needs = UdpReflector
    analytic = Analytic.STATISTICAL
    techniques = ("T1498.002",)
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "sources")
    targets = (Role(EntityKind.ADDRESS, "target"),)

    def terms(self) -> list[Term]:
        sources, rate, size = pl.col("source_count"), pl.col("packet_rate"), pl.col("bytes_per_packet")
        port = pl.col("peer_port")
        return [
            Term(
                negative_binomial(sources, 5.0, size=0.5).clip(upper_bound=9.0),
                pl.format("{} sources with the one source port {}", number(sources, 128), port),
                "source_count",
            ),
            Term(
                pl.when(rate < _SLOW)
                .then(-4.0)
                .otherwise(negative_binomial(rate, 10.0, size=0.5).clip(upper_bound=9.0)),
                pl.format("{} unasked answers a second", number(rate)),
                "packet_rate",
            ),
            Term(
                pl.when(size > 0).then((size / 100.0).log().clip(-1.5, 2.5)),
                pl.format("{} bytes each", number(size)),
                "bytes_per_packet",
            ),
            Term(
                pl.when(pl.col("service").is_null()).then(-1.5).otherwise(1.5),
                pl.when(pl.col("service").is_null())
                .then(pl.format("port {} is no service known to amplify", port))
                .otherwise(pl.format("{} (port {}) is known to amplify", "service", port)),
                "service",
            ),
            Term(
                -8.0 * pl.col("same_port_share"),
                pl.lit("both ports are the same, as among equals"),
                "same_port_share",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} got {} {} answers that it never asked for ({} a second, {} bytes each) from {} servers: somebody forges its address.",
            "target",
            number(pl.col("packets")),
            pl.col("service").fill_null(pl.format("port-{}", "peer_port")),
            number(pl.col("packet_rate")),
            number(pl.col("bytes_per_packet")),
            number(pl.col("source_count"), 128),
        )

    def titles(self, rows: pl.DataFrame) -> list[str]:
        named = pl.format("{} amplification", "service")
        unnamed = pl.format("UDP reflection, port {}", "peer_port")
        return rows.select(pl.coalesce(named, unnamed, pl.lit(self.title)).alias("title"))["title"].to_list()


_SLOW = 5.0  # answers a second; below, it is no flood

"""UDP flood against one address."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.statistic import negative_binomial
from vedette.features.udp_target import UdpTarget
from vedette.features.wording import joined, number
from vedette.model import Analytic, EntityKind, Severity

COLLECTORS = (69, 162, 514, 1514, 2055, 2056, 4729, 4739, 5140, 5555, 6343, 6514, 8125, 9995, 9996, 10514, 12201, 25826)
"""Ports that take one-way UDP by design: syslog, SNMP traps, NetFlow, IPFIX, sFlow, StatsD, GELF, collectd."""


class UdpFlood(LogOdds):
    """A flood of datagrams that the target does not answer.

    What is normal: UDP that is answered (DNS, QUIC, calls, games), and some that is one-way by design: a few exporters that
    send syslog or NetFlow to a collector, a stream, at a steady hundred packets a second. What is hostile: thousands a second, or
    many sources, that the target never answers.

    The statistic: packets a second and distinct sources as negative binomials against ordinary one-way traffic (200 a second, 20 where
    it goes to many ports; 15 sources), and against it the flows of the same target that were answered in the same minute. Small
    datagrams, one per port, from one source are a scan. The kinds of flood: Mirkovic and Reiher, "A taxonomy of DDoS attack and
    DDoS defense mechanisms", CCR 2004.

    Known false positives:
        - a collector with hundreds of exporters on a port of its own choice
        - a video stream over UDP without control channel, above ten thousand packets a second
        - a capture that sees one direction only, with a fast download over QUIC or a call
        - a popular peer-to-peer node or UDP service that has just gone away

    Blind spots:
        - flow records of one direction (no packet counts of the other), as most NetFlow
        - a flood that is answered, such as a flood of DNS queries
        - reflection is told apart only by its source port; see amplification

    The sources may be forged.
    """

    name = "udp_flood"
    title = "UDP flood"
    needs = UdpTarget
    analytic = Analytic.STATISTICAL
    techniques = ("T1498.001",)
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "sources")
    targets = (Role(EntityKind.ADDRESS, "target"),)

    def terms(self) -> list[Term]:
        rate, sources, ports = pl.col("packet_rate"), pl.col("source_count"), pl.col("port_count")
        flows, answered = pl.col("one_way_flows"), pl.col("answered_flows")
        collector = (ports <= 3) & pl.col("ports").list.first().is_in(COLLECTORS)  # noqa: PLR2004
        scan = (sources <= 3) & (pl.col("one_way_packets") < 3 * ports) & (pl.col("bytes_per_packet") < _PROBE_BYTES)  # noqa: PLR2004
        usual = pl.when(ports > _STREAM_PORTS).then(20.0).otherwise(200.0)
        return [
            Term(
                negative_binomial(rate, usual, size=0.7).clip(upper_bound=14.0),
                pl.format(
                    "{} one-way datagrams a second to {} ports, where {} are many",
                    number(rate),
                    number(ports, 128),
                    number(usual),
                ),
                "packet_rate",
            ),
            Term(
                pl.when(rate > _BRISK).then(negative_binomial(sources, 15.0, size=1.0).clip(upper_bound=9.0)),
                pl.format("{} sources, none of them answered", number(sources, 128)),
                "source_count",
            ),
            Term(
                (1.5 * ((flows + 1) / (answered + 1)).log()).clip(-10.0, 3.0),
                pl.format("{} flows unanswered, {} answered", number(flows), number(answered)),
                "answered_flows",
            ),
            Term(
                pl.when(collector).then(-8.0),
                pl.format("port {}: a collector takes one-way traffic", joined("ports")),
                "ports",
            ),
            Term(pl.when(scan).then(-12.0), pl.lit("small probes, each to another port: a scan"), "port_count"),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} got {} datagrams that it did not answer ({} a second, {} bytes each) from {} sources, which may be forged.",
            "target",
            number(pl.col("one_way_packets")),
            number(pl.col("packet_rate")),
            number(pl.col("bytes_per_packet")),
            number(pl.col("source_count"), 128),
        )

    def titles(self, rows: pl.DataFrame) -> list[str]:
        outbound = pl.col("outbound") * 2 > pl.col("one_way_flows")
        titles = pl.when(outbound).then(pl.lit("Outbound UDP flood")).otherwise(pl.lit(self.title))
        return rows.select(titles.alias("title"))["title"].to_list()


_BRISK = 50.0  # packets a second; below, many sources are the internet's background noise
_PROBE_BYTES = 100
_STREAM_PORTS = 20  # streams and exporters keep to a few ports

"""A host that comes back to the same place outside, in a rhythm that chance does not make."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import beacon_evidence as evidence
from vedette.features.beacon_pair import BeaconPair
from vedette.features.beacon_rhythm import field
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity

USUAL = (22, 25, 80, 143, 443, 465, 587, 993, 995, 3478, 5222, 5223, 5228, 8080, 8443, 8883)
"""Ports that honest programs use to reach servers outside."""
_answered, _out, _size = pl.col("answered"), pl.col("bytes_out"), pl.col("size")


class Beacon(LogOdds):
    """Beacon: a host comes back to one address outside in a rhythm, as an implant that asks its master for orders.

    What is normal: programs keep time too, and better than implants do: updates, telemetry, push services. But they are on many hosts,
    their servers stand among many of the same provider, they send what there is to send, and their timers are exact.

    The statistic: the gaps between contacts are compared with those of any mixture of random visits (``features/beacon_rhythm.py``: a scan
    statistic against the bound for completely monotone gaps); jitter of up to 60 %, missing beats and pauses leave enough of them in one
    range. To that, in nats: whether the intervals are spread on purpose, how alike the sizes are, how much of the day it goes on,
    how many other hosts go there and to its network, the port, whether anybody answers, whether it is new. The sub-scores are those
    that RITA made known (interval, size, duration, prevalence; Active Countermeasures), computed in another way. Windows are days.

    Known false positives:

    * agents and appliances that only one host has: monitoring from outside, cameras, meters, remote support;
    * software on its first day on its first host; polling of an application that one person uses;
    * programs that go on asking a server that was taken away.

    Blind spots:

    * fewer than seven contacts a day; intervals below three seconds;
    * a master that shares its address with much-used servers, or changes it (see ``beacon_name``);
    * networks of fewer than five hosts: nobody to compare with, so a beacon must stand out by its port, jitter or silence;
    * masters inside the network, and connections that stay open (``long_connection``);
    * the services of names and of time: those are left out (DNS tunnels have a detector of their own).

    Example: 10.0.0.5 connects to port 8081 of 203.0.113.9 every 40 to 60 s, all day, and no other of 120 hosts does.
    """

    name = "beacon"
    title = "Beacon to one address"
    needs = BeaconPair
    analytic = Analytic.STATISTICAL
    techniques = ("T1071",)
    severity = Severity.MEDIUM
    alert_from = evidence.LIKELY
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "dst_endpoint.ip"),)

    def terms(self) -> list[Term]:
        return [
            evidence.rhythm(),
            evidence.jitter(),
            evidence.duration(),
            evidence.prevalence("this address"),
            evidence.crowd("its network"),
            evidence.novelty(),
            _sizes(),
            _volume(),
            _port(),
            Term(
                pl.when(_answered < 0.2).then(0.8),  # noqa: PLR2004 - hardly ever
                pl.lit("nobody answers, and it goes on"),
                "answered",
            ),
            Term(pl.when(pl.col("one_port")).then(-6.0), pl.lit("all from one port: one connection"), "one_port"),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} came back to port {} of {} {} times, every {} ({} to {}), in {} hours of the day.",
            "src_endpoint.ip",
            "dst_endpoint.port",
            "dst_endpoint.ip",
            number(field("beats")),
            evidence.length(field("period")),
            evidence.length(field("low")),
            evidence.length(field("high")),
            field("hours").round(0).cast(pl.Int64),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return evidence.severities(rows, self.score(rows))


def _sizes() -> Term:
    """How alike the sizes are of what is sent."""
    text = pl.format("size {}: that share sends within a tenth of {} bytes", _size.round(2), number(_out))
    return Term((_size - 0.5).clip(-0.5, 0.5), text, "size")


def _volume() -> Term:
    """How much goes to and fro in a contact: orders are short."""
    heavy, transfer = evidence.HEAVY_BYTES
    most = pl.max_horizontal(_out, pl.col("bytes_in"))
    nats = pl.when(most >= transfer).then(-2.0).when(most >= heavy).then(-1.0)
    return Term(nats, pl.format("{} bytes a contact: more than orders", number(most)), "bytes_out")


def _port() -> Term:
    """Whether honest programs use the port."""
    usual = pl.col("dst_endpoint.port").is_in(USUAL)
    text = pl.format("port {}", "dst_endpoint.port")
    return Term(
        pl.when(usual).then(-0.3).otherwise(1.3),
        pl.when(usual).then(text + ", a usual one").otherwise(text + ", which few programs use"),
        "dst_endpoint.port",
    )

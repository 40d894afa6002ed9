"""SYN-ACKs that nobody asked for."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.statistic import bernoulli, negative_binomial
from vedette.features.tcp_target import TcpTarget
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class SynAckReflection(LogOdds):
    """Servers all over flood one address with SYN-ACKs, because somebody sent them SYNs in its name.

    What is normal: a SYN-ACK answers a SYN that was seen. One without is a rarity: a flow cut at the start of a capture, an
    asymmetric route. What is hostile: hundreds, from many servers, with nothing but a reset after them.

    The statistic: distinct servers, packets a second and the repetitions of one server's SYN-ACK as negative binomials (two, one, six are
    ordinary), and a sequential test of how many of the target's connections began this way. The attack: Bock et al.,
    "Weaponizing middleboxes for TCP reflected amplification", USENIX Security 2021.

    Known false positives:
        - a capture that sees the inbound direction only, at its very start
        - backscatter: somebody floods those servers with forged sources, and by chance yours is among them

    Blind spots:
        - a few dozen servers, each of them slow
        - flow records without flags or history

    The servers are victims too; blocking them does not stop who forged your address.
    """

    name = "syn_ack_reflection"
    title = "TCP SYN-ACK reflection"
    needs = TcpTarget
    analytic = Analytic.STATISTICAL
    techniques = ("T1498.002",)
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "peers")
    targets = (Role(EntityKind.ADDRESS, "target"),)

    def terms(self) -> list[Term]:
        n, rate = pl.col("syn_ack"), pl.col("odd_rate")
        mine = pl.col("syn_ack_packets") > pl.col("other_packets")
        return [
            Term(pl.when(~mine).then(-25.0), pl.lit("most of the packets are no SYN-ACKs"), "other_packets"),
            Term(
                pl.when(mine).then(negative_binomial(pl.col("peer_count"), 2.0, size=1.0).clip(upper_bound=9.0)),
                pl.format(
                    "SYN-ACKs of {} servers, where two unasked ones are ordinary", number(pl.col("peer_count"), 128)
                ),
                "peer_count",
            ),
            Term(
                pl.when(mine).then(negative_binomial(rate, 1.0, size=0.5).clip(upper_bound=9.0)),
                pl.format("{} a second", number(rate)),
                "odd_rate",
            ),
            Term(
                negative_binomial(pl.col("repeated"), _RETRIES, size=1.0).clip(upper_bound=9.0),
                pl.format("one server repeated its SYN-ACK {} times, where six are usual", number(pl.col("repeated"))),
                "repeated",
            ),
            Term(
                bernoulli(n, pl.col("completed"), normal=0.05, hostile=0.9).clip(-20.0, 5.0),
                pl.format("{} unasked against {} completed connections", number(n), number(pl.col("completed"))),
                "syn_ack",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} got {} SYN-ACKs that it never asked for ({} a second) from {} servers: somebody forges its address.",
            "target",
            number(pl.col("syn_ack_packets")),
            number(pl.col("odd_rate")),
            number(pl.col("peer_count"), 128),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return [
            self.severity if rate >= _FLOOD else Severity.MEDIUM for rate in rows["odd_rate"].fill_null(0.0)
        ]  # hits only: few


_FLOOD = 50.0  # a second; less is a nuisance

_RETRIES = 6.0  # Linux repeats an unanswered SYN-ACK five times

"""Traffic from addresses that cannot exist."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.impossible_source import SHARE_OF_RANDOM, ImpossibleSource
from vedette.features.statistic import negative_binomial
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity


class ForgedSources(LogOdds):
    """Somebody on this network sends packets with random source addresses.

    What is normal: a stray packet of a broken device. What is hostile: many different sources among addresses that nobody can have
    (224.0.0.0 and above, 127/8, 0/8). Who draws addresses at random draws one in eight of these, so the flood is about eight times as
    large. It may fill the tables of switches and firewalls even where it has no single target.

    The statistic: distinct impossible sources in a minute as a negative binomial against two. Moore et al., "Inferring Internet
    denial-of-service activity", USENIX Security 2001, rest on the same uniform choice of forged addresses.

    Known false positives:
        - a capture of documentation or test traffic with made-up addresses
        - software that numbers its own overlay in reserved addresses

    Blind spots:
        - forged addresses chosen from those that exist
        - networks whose router drops impossible sources (RFC 2827)

    The sources are forged: look for the switch port that the packets come from.
    """

    name = "forged_sources"
    title = "Flood with forged addresses"
    needs = ImpossibleSource
    analytic = Analytic.STATISTICAL
    techniques = ("T1498.001",)
    severity = Severity.HIGH
    actor = Role(EntityKind.ADDRESS, "sources")
    targets = (Role(EntityKind.ADDRESS, "targets"),)

    def terms(self) -> list[Term]:
        return [
            Term(
                negative_binomial(pl.col("source_count"), 2.0, size=3.0),
                pl.format("{} source addresses that cannot exist", number(pl.col("source_count"), 128)),
                "source_count",
            )
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} of {} flows ({}) came from {} addresses that cannot exist ({} ...), to {} targets: about {} are forged in all.",
            number(pl.col("flows")),
            number(pl.col("all_flows")),
            "connection_info.protocol_name",
            number(pl.col("source_count"), 128),
            pl.col("sources").list.first(),
            number(pl.col("target_count"), 128),
            number(pl.min_horizontal(pl.col("flows") / SHARE_OF_RANDOM, "all_flows")),
        )

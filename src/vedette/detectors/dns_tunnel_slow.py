"""A client that carries data through the domain name system so slowly that no hour shows it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import dns_tunnel_evidence as evidence
from vedette.features.dns_tunnel_day import DnsTunnelDay as Rows
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity

LEAST_BYTES = 1500.0
"""Bytes that a client may carry below one domain in a day for nothing."""
BUSIEST = 400
"""Questions in four hours above which hours tell as much as the day: ``dns_tunnel`` judges them."""
SHORTEST = timedelta(hours=3)
"""What takes less is no slow tunnel: hours tell as much."""
SPREAD = 4
"""Parts of the day, of six, from which it goes on day and night."""


class DnsTunnelSlow(LogOdds):
    """Slow DNS tunnel: a client carries a little data below one registered domain, all day.

    What is normal: names repeat, and a few codes a day are those of content delivery and of programs that report to their maker, on many
    hosts. What is hostile: a name a minute or less, each with new data, from one client.

    The statistic is that of `dns_tunnel` over a day, with what a day carries for nothing; what lasts
    less than three hours, or comes by the hundred, is left to it. That it goes on through most of the day counts for it: people sleep.

    Known false positives:

    * security products that look up a hash now and then in a domain of their own, on the first clients that have them;
    * devices that put their state into names;
    * resolvers that are tested all day by names of their own.

    Blind spots:

    * less than about fifty names a day;
    * networks of fewer than five clients, in which nobody can be compared with, unless much is carried;
    * DNS over HTTPS or TLS; names in domains that many visit.

    Example: 10.0.0.5 asks once a minute for an address below one domain, day and night, each time with 20 new bytes.
    """

    name = "dns_tunnel_slow"
    title = "Slow DNS tunnel"
    needs = Rows
    analytic = Analytic.STATISTICAL
    techniques = ("T1071.004", "T1572", "T1048")
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.DOMAIN, "domain"),)

    def terms(self) -> list[Term]:
        lasted = pl.col("last_seen") - pl.col("first_seen")
        return [
            *evidence.terms(LEAST_BYTES),
            Term(
                pl.when((pl.col("busiest") > BUSIEST) | (lasted < SHORTEST)).then(-16.0),
                pl.format("{} questions in four hours: judged by the hour", number(pl.col("busiest"))),
                "busiest",
            ),
            Term(
                pl.when(pl.col("parts") >= SPREAD).then(1.0),
                pl.format("it goes on in {} of 6 parts of the day", "parts"),
                "parts",
            ),
        ]

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return evidence.attacks(rows, self.techniques)

    def sentence(self) -> pl.Expr:
        return evidence.sentence()

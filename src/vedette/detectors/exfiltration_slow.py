"""A host that sends something to a place of nobody else's, day after day, until much of it is gone."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features import exfiltration_evidence as evidence
from vedette.features.exfiltration_pair import ExfiltrationPair
from vedette.features.wording import number
from vedette.model import Analytic, EntityKind, Severity

KNOWN_DAYS = 5
"""Days of history from which something is new."""
SOME_DAYS = 2
"""Days of history below which it was there from the beginning."""
PATIENT = 3
"""Days from which it goes on for days. Of places that were new, and one host's alone, in simulated companies 5 % were sent to on so many
days and 1 % on twice as many; people and programs are more faithful than that, so half of it counts, in nats."""
GROWTH = 1.5
"""Spreads that the last days lie above those before, from which it grows."""
SURE = 0.95
MUCH_BYTES = 3e7
"""Bytes in all that speak neither for nor against it."""

_x = pl.col("uploaded").clip(lower_bound=0).cast(pl.Float64)
_mean, _own = pl.col("own.uploaded.mean"), pl.col("own.uploaded.count").fill_null(0)
_total = _x + (_own * (_mean.clip(0.0, 35.0).exp() - 1)).fill_null(0.0)
_days = pl.col("age").fill_null(0) + 1
_windows = pl.col("windows").fill_null(0)
_later = _windows - (pl.col("time") - pl.col("since")) / timedelta(days=1)
_others = pl.col("others.place").list.first()


class ExfiltrationSlow(LogOdds):
    """Slow exfiltration: a host sends to a place of nobody else's day after day, each day little enough, until much of it is gone.

    What is normal: programs send what they measure, backups what has changed, to the same places for months; and many hosts send to the
    same few places. A thief's place is new, and his victim's alone; he may raise the amount each day so little that no day stands out.

    The statistic: the bytes sent beyond what came back to one network, summed over the days that are remembered (they fade, by half in
    two weeks), as a logarithm against Student's t around what hosts here send to any place in so many days; to that, in nats, the sum
    itself, on how many days, how many others send there, whether it began after the network was known, whether it grows
    (``own.uploaded.drift``), and the producer/consumer ratio. Windows are days. Without days of history it finds nothing, by design.

    Known false positives:

    * a new partner, supplier or private cloud that one host alone sends to; a new appliance that reports to its maker;
    * a project of one person with somebody outside.

    Blind spots:

    * places that others send to as well; a place that changes its network every few days;
    * what began before anything was learned: it is part of what is normal;
    * less than about a hundred megabytes in all.

    Example: 10.0.0.5 sends 12 MB a day to 203.0.113.9, a little more each day; after two weeks 300 MB are gone, and nobody else does.
    """

    name = "exfiltration_slow"
    title = "Upload over days"
    needs = ExfiltrationPair
    analytic = Analytic.STATISTICAL
    techniques = ("T1048",)
    severity = Severity.MEDIUM
    alert_from = 0.75
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")
    targets = (Role(EntityKind.ADDRESS, "addresses"),)

    def terms(self) -> list[Term]:
        return [
            _against_all(),
            Term(
                evidence.amount(_total, MUCH_BYTES),
                pl.format("about {} are gone, on {} days", evidence.size(_total), number(_days)),
                "uploaded",
            ),
            Term(
                pl.when(_days >= 2 * PATIENT).then(2.0).when(_days >= PATIENT).then(0.5).otherwise(-4.0),
                pl.format("on {} days, the last time {}", number(_days), evidence.size(_x)),
                "age",
            ),
            evidence.rarity(_others),
            _began(),
            Term(
                pl.when(pl.col("own.uploaded.drift") >= GROWTH).then(1.5),
                pl.lit("more by the day, while the others send as ever"),
                "own.uploaded.drift",
            ),
            evidence.one_sided(),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "{} sent about {} in all to {} on {} days since {}, {} on the last; normal for a place here are {} a day, and {} there.",
            "src_endpoint.ip",
            evidence.size(_total),
            "network",
            number(_days),
            pl.col("since").dt.strftime("%Y-%m-%d"),
            evidence.size(_x),
            evidence.usual("uploaded", "all"),
            evidence.senders(_others),
        )

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return [Severity.HIGH if s >= SURE else Severity.MEDIUM for s in self.score(rows)]  # hits only: few


def _against_all() -> Term:
    """The sum, against what all hosts send to a place on as many days."""
    expected, spread = pl.col("all.uploaded.mean"), pl.col("all.uploaded.spread")
    deviation = ((1 + _total).log() - expected - (1 + _own).log()) / spread
    text = pl.format(
        "{} a day on the average; normal for a place here are {}",
        evidence.size(_total / (1 + _own)),
        evidence.usual("uploaded", "all"),
    )
    return Term(evidence.surprise(deviation, spread), text, "all.uploaded.mean")


def _began() -> Term:
    """Whether it began after the network was known."""
    old = pl.format("it went on already when watching began, {} days ago", number(_windows))
    fresh = pl.format("it began after {} days of watching, in which nothing was sent there", number(_later))
    known = pl.when(_later >= KNOWN_DAYS).then(1.5).when(_later < SOME_DAYS).then(-4.0)
    return Term(known, pl.when(_later >= SOME_DAYS).then(fresh).otherwise(old), "since")

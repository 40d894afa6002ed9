"""An event log that lacks records."""

from __future__ import annotations

import polars as pl

from vedette.abc import LogOdds, Role, Term
from vedette.features.record_gap import RecordGap
from vedette.model import Analytic, EntityKind, Severity


class LogGap(LogOdds):
    """A Windows event log lacks records in between, where otherwise none was missing.

    What is normal: a log numbers its records one by one. A collector that filters, or a log that rolls over before it is fetched, leaves
    many holes, or one as long as nobody was fetching. What is hostile: tools that delete single records from the log file, or that stop
    the service's threads for a while.

    The statistic: of the ``seen`` records before, ``holes`` were followed by a hole, so the next one is with probability (holes + 1) /
    (seen + 2) (Laplace's rule of succession); its negative logarithm is the evidence. A hole of more records than were seen before says
    less: then it is the log that starts late.

    Known false positives:
        - a log that was full and rolled over while nobody fetched it
        - a file put together from two exports

    Blind spots:
        - logs that are filtered on the way, which are full of holes
        - records that were deleted together with their numbers
        - the first and the last records of a log

    Such a finding never alerts by itself.
    """

    name = "log_gap"
    title = "Records missing from log"
    needs = RecordGap
    analytic = Analytic.STATISTICAL
    techniques = ("T1070.001",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.HOST, "device.hostname")
    corroborates = True
    prior = -5.0

    def terms(self) -> list[Term]:
        surprise = ((pl.col("seen") + 2) / (pl.col("holes") + 1)).log()
        return [
            Term(
                surprise,
                pl.format("of {} records before, {} were followed by a hole", "seen", "holes"),
                "seen",
            ),
            Term(
                pl.when(pl.col("missing") > pl.col("seen")).then(-3.0),
                pl.lit("more records are missing than were there before"),
                "missing",
            ),
        ]

    def sentence(self) -> pl.Expr:
        return pl.format(
            "The log {} of {} lacks {} {} between {} and {}.",
            "log_name",
            "device.hostname",
            "missing",
            pl.when(pl.col("missing") == 1).then(pl.lit("record")).otherwise(pl.lit("records")),
            pl.col("since").dt.strftime("%d %B %Y, %H:%M:%S").fill_null("the beginning"),
            pl.col("time").dt.strftime("%H:%M:%S"),
        )

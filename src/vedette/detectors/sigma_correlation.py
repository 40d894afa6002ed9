"""Rules about the hits of rules: Sigma correlations."""

from __future__ import annotations

import polars as pl

from vedette.abc import Matcher, Role
from vedette.features.sigma_correlation import SigmaCorrelations
from vedette.model import Analytic, EntityKind, Severity

COUNTED = {
    "event_count": "events",
    "value_count": "different values",
    "temporal": "different rules",
    "temporal_ordered": "rules in order",
}


class SigmaCorrelationDetector(Matcher):
    """A Sigma correlation of the operator's holds: so many events, different values, or different rules within a stretch of time.

    Sigma's correlations (specification 2) count the hits of other rules in groups: failed logons per account, ports per address, one rule
    after another on one host. The stretch slides with the events, so that nothing is missed at its edges. A hit without one of the fields
    that it is grouped by counts for no group. After a group was told it is quiet for half the stretch. Rules that a correlation refers to
    give no findings of their own unless it says `generate: true`.

    Known false positives:
        - what the rule's author names: shown with the finding
        - counts that are normal at a larger site than the author's

    Blind spots:
        - correlations of other kinds (sums, averages, percentiles) and those about other correlations are told as broken
        - of one group 10,000 hits within the stretch are held, of one correlation 100,000 groups
    """

    name = "sigma_correlation"
    title = "Sigma correlation"
    kind_of_rule = "Sigma"
    needs = SigmaCorrelations
    analytic = Analytic.RULE
    techniques = ()
    severity = Severity.MEDIUM
    actor = Role(
        EntityKind.HOST, "host", otherwise=Role(EntityKind.USER, "user", otherwise=Role(EntityKind.ADDRESS, "address"))
    )

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        who = pl.coalesce("host", "user", "address").fill_null("an unknown host")
        group = pl.col("group").fill_null("")
        of = pl.when(group == "").then(pl.lit("")).otherwise(pl.format(" of {}", group))
        counted = pl.col("kind").replace_strict(COUNTED, default="events", return_dtype=pl.String)
        minutes = (pl.col("window").dt.total_seconds() / 60).round(1)
        told = pl.format(
            "{} matched the correlation “{}”: {} {}{} within {} minutes.",
            who,
            pl.col("title").fill_null("?"),
            pl.col("event_count").fill_null(0),
            counted,
            of,
            minutes,
        )
        return rows.select(told).to_series().to_list()

"""Rules that people wrote: Sigma."""

from __future__ import annotations

import polars as pl

from vedette.abc import Matcher, Role
from vedette.features.sigma import SigmaHits
from vedette.model import Analytic, EntityKind, Severity


class SigmaDetector(Matcher):
    """A Sigma rule of the operator's holds of an event.

    Sigma (sigmahq.io) is how the community shares what is suspicious in a log: several thousand rules for Windows, Linux, clouds, proxies
    and web servers. Vedette ships none; `[sigma] paths` in `vedette.toml` or `vedette scan --sigma` name yours. All of them are asked in
    one pass, so that thousands cost little more than one. A finding carries the rule's title, author, level, techniques and place.

    A rule is right as often as its author made it: nobody publishes how often that is. So the confidence is a table by level (critical .85,
    high .70, medium .45, low .20, informational .05), lowered for rules of status experimental (by a fifth) and deprecated (by half).
    High and critical rules raise an alert alone; medium, low and informational ones stand beside others: they tell more of a story that
    something else began. Hits of the same rule on the same host (of a cloud: by the same user; in network logs: from the same address)
    within ten minutes are one finding.

    Known false positives:
        - what the rule's author names: shown with the finding
        - administrators and deployment tools, which use what attackers use
        - rules written for another environment: see `vedette sigma check` and what a rule says of itself

    Blind spots:
        - what no rule describes, and what is written so that a rule just misses it
        - fields that a log does not have: `vedette sigma check RULES --data LOGS` names them
        - values longer than 262,144 characters are looked at so far only
    """

    name = "sigma"
    title = "Sigma rule"
    needs = SigmaHits
    analytic = Analytic.RULE
    techniques = ()
    severity = Severity.MEDIUM
    actor = Role(
        EntityKind.HOST, "host", otherwise=Role(EntityKind.USER, "user", otherwise=Role(EntityKind.ADDRESS, "address"))
    )
    kind_of_rule = "Sigma"

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        who = pl.coalesce("host", "user", "address").fill_null("an unknown host")
        what = pl.format(": {}", pl.col("what")).fill_null("")
        count = pl.col("event_count").fill_null(1)
        seen = pl.when(count > 1).then(pl.format(", {} times within a minute", count)).otherwise(pl.lit(""))
        told = pl.format("{} matched the rule “{}”{}{}.", who, pl.col("title").fill_null("?"), seen, what)
        return rows.select(told).to_series().to_list()

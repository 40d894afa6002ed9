"""Rules that people wrote: Sigma."""

from __future__ import annotations

import polars as pl

from vedette.abc import Matcher, Role
from vedette.features.sigma import SigmaHits
from vedette.model import Analytic, EntityKind, Reason, Severity

LEVELS: dict[str, tuple[Severity, float]] = {
    "critical": (Severity.CRITICAL, 0.85),
    "high": (Severity.HIGH, 0.70),
    "medium": (Severity.MEDIUM, 0.45),
    "low": (Severity.LOW, 0.20),
    "informational": (Severity.INFORMATIONAL, 0.05),
}
"""What a rule's author says of it -> what it would mean, and how sure we take it to be."""
UNKNOWN_LEVEL = LEVELS["medium"]
TRIED: dict[str, float] = {"stable": 1.0, "test": 0.95, "experimental": 0.8, "deprecated": 0.5, "unsupported": 0.5}
"""How far a rule was tried, by its status -> what is left of that."""


class SigmaDetector(Matcher):
    """A Sigma rule of the operator's holds of an event.

    Sigma (sigmahq.io) is how the community shares what is suspicious in a log: several thousand rules for Windows, Linux, clouds, proxies
    and web servers. Vedette ships none; `[sigma] paths` in `vedette.toml` or `vedette scan --sigma` name yours. All of them are asked in
    one pass, so that thousands cost little more than one. A finding carries the rule's title, author, level, techniques and place.

    A rule is right as often as its author made it: nobody publishes how often that is. So the confidence is a table by level (critical .85,
    high .70, medium .45, low .20, informational .05), lowered for rules of status experimental (by a fifth) and deprecated (by half). High
    and critical rules raise an alert alone; medium, low and informational ones stand beside others: they tell more of a story that something
    else began. Hits of the same rule on the same host (of a cloud: by the same user; in network logs: from the same address) within ten
    minutes are one finding.

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
    threshold = 0.0
    alert_from = 0.5

    def score(self, rows: pl.DataFrame) -> pl.Series:
        sure = pl.col("level").replace_strict(
            {level: s for level, (_, s) in LEVELS.items()}, default=UNKNOWN_LEVEL[1], return_dtype=pl.Float64
        )
        tried = pl.col("status").replace_strict(TRIED, default=TRIED["test"], return_dtype=pl.Float64)
        return rows.select(score=sure * tried).to_series()

    def reasons(self, rows: pl.DataFrame) -> list[tuple[Reason, ...]]:
        told = rows.select("title", "author", "level", "status", "place", "what", "benign").rows()
        out = []
        for score, (title, author, level, status, place, what, benign) in zip(self.score(rows), told, strict=True):
            by = f" by {author}" if author else ""
            where = f" ({place})" if place else ""
            said = f"the Sigma rule “{title}”{by}{where} holds: level {level}, status {status}"
            more = [Reason(what, 0.0, "what")] if what else []
            more += [Reason(f"its author knows of benign causes: {benign}", 0.0, "benign")] if benign else []
            out.append((Reason(said, score, "rule"), *more))
        return out

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        who = pl.coalesce("host", "user", "address").fill_null("an unknown host")
        what = pl.format(": {}", pl.col("what")).fill_null("")
        count = pl.col("event_count").fill_null(1)
        seen = pl.when(count > 1).then(pl.format(", {} times within a minute", count)).otherwise(pl.lit(""))
        told = pl.format("{} matched the rule “{}”{}{}.", who, pl.col("title").fill_null("?"), seen, what)
        return rows.select(told).to_series().to_list()

    def titles(self, rows: pl.DataFrame) -> list[str]:
        return [f"Sigma: {t}" if t and t.strip() else self.title for t in rows["title"].to_list()]

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return [tuple(t for t in said or () if t) for said in rows["techniques"].to_list()]

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return [LEVELS.get(level or "", UNKNOWN_LEVEL)[0] for level in rows["level"].to_list()]

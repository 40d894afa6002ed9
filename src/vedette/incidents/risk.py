"""How sure and how bad: from the findings of an incident to confidence, risk and a word. Reasoned in docs/explanation/risk.md.

* Confidence, that at least one finding is true: within one type of analytic the best score (repeats prove nothing new), across
  types a noisy-or (Pearl 1988, 4.3.2): 1 - product(1 - score).
* Risk is likelihood times impact (NIST SP 800-30r1): per stage a noisy-or of score x impact over types, bounded by the worst impact
  there; across stages a noisy-or again.
* The word has a ceiling: the worst single severity; one step more when the story progressed (an attempt, then an entry, by different
  detectors), or when both another type of analytic and another stage agree. Weak signals never add up to an emergency.
* A judgement over the findings of others (``stages.SUMS_UP``) rests on them: it is no second opinion, so the surer and the riskier of
  the two counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import prod

from vedette.incidents.stages import ATTEMPT, ENTERED, SUMS_UP, stages
from vedette.model import Analytic, Entity, Finding, Severity

IMPACT: dict[Severity, float] = {
    Severity.INFORMATIONAL: 0.05,
    Severity.LOW: 0.20,
    Severity.MEDIUM: 0.45,
    Severity.HIGH: 0.70,
    Severity.CRITICAL: 0.95,
}
WORDS: tuple[tuple[float, Severity], ...] = (
    (0.80, Severity.CRITICAL),
    (0.50, Severity.HIGH),
    (0.22, Severity.MEDIUM),
    (0.08, Severity.LOW),
    (0.00, Severity.INFORMATIONAL),
)
"""From this risk on, the word."""
CEILING: dict[Severity, float] = {
    Severity.INFORMATIONAL: 0.07,
    Severity.LOW: 0.21,
    Severity.MEDIUM: 0.49,
    Severity.HIGH: 0.79,
    Severity.CRITICAL: 1.0,
}
"""The highest risk that still has this word."""
SUREST = 0.99


@dataclass(frozen=True, slots=True)
class Assessment:
    """Risk and confidence in [0, 1], and the risk in a word."""

    risk: float
    confidence: float
    severity: Severity

    def at_most(self, severity: Severity) -> Assessment:
        """Return the same with no more risk than has this word."""
        risk = min(self.risk, CEILING[severity])
        return Assessment(risk, self.confidence, min(self.severity, severity))


def assess(findings: Sequence[Finding]) -> Assessment:
    """Judge one or more findings as one story."""
    judgements = [f for f in findings if f.detector in SUMS_UP]
    parts = [f for f in findings if f.detector not in SUMS_UP]
    entry = progressed(parts)
    worst = max(f.severity for f in findings)
    ceiling = Severity(min(worst + (entry or _corroborated(parts)), Severity.CRITICAL))
    total = _noisy_or(_stage_risk(members, raised=entry) for members in _by_stage(parts).values())
    total = max(total, *(f.score * IMPACT[f.severity] for f in judgements), 0.0)
    risk = round(min(total, CEILING[ceiling]), 6)
    sure = max(_noisy_or(_best_by_type(parts, lambda f: f.score).values()), *(f.score for f in judgements), 0.0)
    confidence = min(sure, SUREST)
    return Assessment(risk, round(confidence, 6), next(word for least, word in WORDS if risk >= least))


def progressed(findings: Sequence[Finding]) -> bool:
    """Say whether an attempt was followed, in time and by another detector, by a finding that somebody is in, where it was made."""
    tried: dict[Entity, dict[str, datetime]] = {}
    for f in (f for f in findings if stages(f) & ATTEMPT):
        for target in f.targets:
            starts = tried.setdefault(target, {})
            starts[f.detector] = min(f.first_seen, starts.get(f.detector, f.first_seen))
    return any(_entered_after(f, tried) for f in findings if stages(f) & ENTERED)


def _entered_after(entry: Finding, tried: dict[Entity, dict[str, datetime]]) -> bool:
    before = (attempt for e in (*entry.targets, *entry.actors) for attempt in tried.get(e, {}).items())
    return any(detector != entry.detector and start <= entry.last_seen for detector, start in before)


def _corroborated(findings: Sequence[Finding]) -> bool:
    return len({f.analytic for f in findings}) > 1 and len(_by_stage(findings)) > 1


def _by_stage(findings: Sequence[Finding]) -> dict[frozenset[str], list[Finding]]:
    grouped: dict[frozenset[str], list[Finding]] = {}
    for f in findings:
        grouped.setdefault(stages(f), []).append(f)
    return grouped


def _stage_risk(findings: Sequence[Finding], *, raised: bool) -> float:
    """Return score x impact, over types of analytic; an entry that was worked for counts one severity higher."""

    def impact(f: Finding) -> float:
        step = raised and bool(stages(f) & ENTERED)
        return IMPACT[Severity(min(f.severity + step, Severity.CRITICAL))]

    best = _best_by_type(findings, lambda f: f.score * impact(f))
    return min(_noisy_or(best.values()), max(map(impact, findings)))


def _best_by_type(findings: Sequence[Finding], value: Callable[[Finding], float]) -> dict[Analytic, float]:
    best: dict[Analytic, float] = {}
    for f in findings:
        best[f.analytic] = max(best.get(f.analytic, 0.0), value(f))
    return best


def _noisy_or(chances: Iterable[float]) -> float:
    return 1.0 - prod(1.0 - c for c in chances)

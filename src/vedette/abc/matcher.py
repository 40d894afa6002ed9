"""Detectors of many analytics at once, which the operator brings."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

import polars as pl

from vedette.abc.detector import Detector
from vedette.abc.features import FeatureSet
from vedette.model import Reason, Severity

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


class Matches(FeatureSet):
    """What somebody's rules hold of, over events of any class: one half of a feature set; the other says how rows are made of it.

    It is made from the rules that the settings name, once, when the first event comes; without rules it does not run. Its rows have the
    key ``rule`` and String columns ``title``, ``author``, ``level``, ``status``, ``place`` (file and line), ``benign`` (known benign
    causes), ``what`` (what was looked at, in words) and ``techniques`` (List(String)).

    Attributes:
        section: the section of the settings that names the rules; it has ``paths``.
    """

    section: ClassVar[str]

    @classmethod
    @abstractmethod
    def load(cls, paths: Sequence[str], settings: Mapping[str, object]) -> tuple[Self, tuple[str, ...]]:
        """Return the set with the rules of ``paths``, and what is to be told of rules that cannot be used.

        Args:
            paths: files and folders.
            settings: the whole section.

        Raises:
            ConfigError: a path does not exist.
        """

    @abstractmethod
    def only(self, rules: Sequence[str]) -> Self:
        """Return the set with these rules alone (by the key ``rule``): looking up what a few found shall not cost what all cost."""


class Matcher(Detector):
    """Many analytics in one pass over events of any class; each hit names its own: title, author, level, techniques, place.

    The score is what the rule's author says of it, tempered by how far it was tried: nobody else has measured it.

    Attributes:
        kind_of_rule: what its rules are called, before a title.
    """

    needs: ClassVar[type[FeatureSet]]
    kind_of_rule: ClassVar[str]
    threshold: ClassVar[float] = 0.0
    alert_from: ClassVar[float] = 0.5

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
            said = f"the {self.kind_of_rule} rule “{title}”{by}{where} holds: level {level}, status {status}"
            more = [Reason(what, 0.0, "what")] if what else []
            more += [Reason(f"its author knows of benign causes: {benign}", 0.0, "benign")] if benign else []
            out.append((Reason(said, score, "rule"), *more))
        return out

    def titles(self, rows: pl.DataFrame) -> list[str]:
        return [f"{self.kind_of_rule}: {t}" if t and t.strip() else self.title for t in rows["title"].to_list()]

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        return [tuple(t for t in said or () if t) for said in rows["techniques"].to_list()]

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        return [LEVELS.get(level or "", UNKNOWN_LEVEL)[0] for level in rows["level"].to_list()]

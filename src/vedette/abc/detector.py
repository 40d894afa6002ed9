"""Detectors: rows to scores and reasons."""

from __future__ import annotations

import inspect
from abc import abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import polars as pl

from vedette.abc.features import FeatureSet
from vedette.abc.plugin import Plugin
from vedette.model import Analytic, EntityKind, Reason, Severity


@dataclass(frozen=True, slots=True)
class Role:
    """Which entity of a row plays a part.

    Attributes:
        kind: what the column's values are.
        column: a String column of the rows, or a List(String) of a bounded sample of them.
        ends: the list holds but the first and the last of many, in order of text.
        otherwise: who plays the part in a row whose column is null.
    """

    kind: EntityKind
    column: str
    ends: bool = False
    otherwise: Role | None = None

    def choices(self) -> tuple[Role, ...]:
        """Return this role and those that stand in for it, first choice first."""
        return (self, *(self.otherwise.choices() if self.otherwise else ()))


class Detector(Plugin):
    """Scores rows and says why; the engine builds the findings.

    The docstring is the detector's documentation page. Its first line says what it finds; then what is normal, the statistic and its
    source, and the sections ``Known false positives:`` and ``Blind spots:``, each a list.

    Attributes:
        title: what an analyst calls it, at most five words.
        needs: the feature set whose rows it scores.
        techniques: ATT&CK ids.
        severity: what it would mean if it is true.
        actor: who does it; ``targets``: whom it is done to.
        threshold: from this score on a row is a finding.
        alert_from: from this score on a finding alerts by itself; below it, it only stands beside others.
        corroborates: its findings never alert by themselves: they only stand beside others.
        span: columns of a window's row that say when what it speaks of began and ended, where that is not all that the window saw.
    """

    title: ClassVar[str]
    needs: ClassVar[type[FeatureSet]]
    analytic: ClassVar[Analytic]
    techniques: ClassVar[tuple[str, ...]]
    severity: ClassVar[Severity]
    actor: ClassVar[Role]
    targets: ClassVar[tuple[Role, ...]] = ()
    corroborates: ClassVar[bool] = False
    span: ClassVar[tuple[str, str]] = ("first_seen", "last_seen")
    threshold: ClassVar[float] = 0.5
    alert_from: ClassVar[float] = 0.0

    @abstractmethod
    def score(self, rows: pl.DataFrame) -> pl.Series:
        """Return (n_rows,) Float64 in [0, 1], never null or NaN, in the order of ``rows``; pure: each row by itself."""

    @abstractmethod
    def reasons(self, rows: pl.DataFrame) -> list[tuple[Reason, ...]]:
        """Return why, one tuple per row, heaviest first; the weights of a row add up to its score. Called with hits only."""

    @abstractmethod
    def summaries(self, rows: pl.DataFrame) -> list[str]:
        """Return one plain sentence per row: who did what to whom, how much, how fast. Called with hits only."""

    @classmethod
    def false_positives(cls) -> tuple[str, ...]:
        """Return what else could look like it: the list under ``Known false positives:`` in the docstring."""
        page = inspect.cleandoc(cls.__doc__ or "").partition("Known false positives:")[2]
        lines = page.partition("Blind spots:")[0].splitlines()
        items: list[str] = []
        for line in map(str.strip, lines):
            if line.startswith(("- ", "* ")):
                items.append(line[2:])
            elif line and items:
                items[-1] += f" {line}"
        return tuple(item.rstrip(";.") for item in items)

    def titles(self, rows: pl.DataFrame) -> list[str]:
        """Return the heading of each row; override where the kind depends on the row (an amplifying service)."""
        return [self.title] * rows.height

    def attacks(self, rows: pl.DataFrame) -> list[tuple[str, ...]]:
        """Return the ATT&CK ids of each row; override where the row brings its own (a foreign alert)."""
        return [self.techniques] * rows.height

    def severities(self, rows: pl.DataFrame) -> list[Severity]:
        """Return how bad each row would be; override where it depends on the row (a scanner inside is worse than one outside)."""
        return [self.severity] * rows.height


@dataclass(frozen=True, slots=True)
class Term:
    """One independent piece of evidence of a ``LogOdds`` detector.

    Attributes:
        evidence: Float64 per row, in nats: the log-likelihood ratio of "malicious" against "normal"; below zero it speaks for normal.
            A null or NaN counts as 0: no evidence.
        text: String per row: the reason in plain words, with the numbers in it.
        attribute: the feature column behind it.
    """

    evidence: pl.Expr
    text: pl.Expr
    attribute: str


class LogOdds(Detector):
    """A detector whose score is a posterior: the logistic of prior log-odds plus the evidence of independent terms.

    Attributes:
        prior: log-odds, before any evidence, that a row is what the detector looks for (about -9: one row in ten thousand).
        limit: no term counts for more than this many nats either way, so that no single measurement decides alone for ever.
    """

    prior: ClassVar[float] = -9.2
    limit: ClassVar[float] = 30.0

    @abstractmethod
    def terms(self) -> list[Term]:
        """Return the evidence, over the columns of ``needs``."""

    @abstractmethod
    def sentence(self) -> pl.Expr:
        """Return the summary of a row, as a String expression."""

    def given(self) -> list[dict[str, pl.Expr]]:
        """Return columns that ``terms`` and ``sentence`` build on, in steps: each may read the columns of those before.

        What several terms read belongs here: written out in each, the expressions grow so large that planning them costs more than rows do.
        Their names begin with an underscore.
        """
        return []

    def with_given(self, rows: pl.DataFrame) -> pl.LazyFrame:
        """Return the rows with the columns of ``given``."""
        told = rows.lazy()
        for step in self._steps:
            told = told.with_columns(**step)
        return told

    def score(self, rows: pl.DataFrame) -> pl.Series:
        names = [f"_{i}" for i in range(len(self._nats))]
        nats = self.with_given(rows).with_columns(
            e.alias(n) for e, n in zip(self._nats, names, strict=True)
        )  # what repeats is computed once
        score = nats.select(score=1 / (1 + (-(pl.sum_horizontal(names) + self.prior)).exp()))
        return score.collect(engine="in-memory").to_series()  # rows are few: the streaming engine costs more to set up

    def reasons(self, rows: pl.DataFrame) -> list[tuple[Reason, ...]]:
        terms = self.terms()
        evidence = self._evidence(rows).to_numpy()
        texts = self._beside(rows, [t.text.fill_null(t.attribute) for t in terms]).rows()
        out = []
        for score, nats, words in zip(self.score(rows), evidence, texts, strict=True):  # hits only: few
            share = score / total if (total := float(nats.sum())) else 0.0
            found = [Reason(w, float(n) * share, t.attribute) for t, n, w in zip(terms, nats, words, strict=True) if n]
            out.append(tuple(sorted(found, key=lambda r: -r.weight)))
        return out

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        return self._beside(rows, [self.sentence().fill_null(self.title)]).to_series().to_list()

    def _evidence(self, rows: pl.DataFrame) -> pl.DataFrame:
        return self._beside(rows, self._nats)

    @cached_property
    def _steps(self) -> list[dict[str, pl.Expr]]:
        return self.given()

    @cached_property
    def _nats(self) -> list[pl.Expr]:
        """The evidence of every term; made once: for the few rows of a minute, making expressions costs more than computing them."""
        nats = [t.evidence.cast(pl.Float64).fill_nan(0.0).fill_null(0.0) for t in self.terms()]
        return [n.clip(-self.limit, self.limit) for n in nats]

    def _beside(self, rows: pl.DataFrame, exprs: list[pl.Expr]) -> pl.DataFrame:
        """Return the expressions as columns, one value per row also where all of them are constants."""
        names = [f"_{i}" for i in range(len(exprs))]
        told = self.with_given(rows).with_columns(e.alias(n) for e, n in zip(exprs, names, strict=True))
        return told.select(names).collect(engine="in-memory")

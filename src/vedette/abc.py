"""Every plug-in contract: subclass one, save the file in its folder, done. Nothing lists it; ``plugins.discover`` finds it.

The folders: Source in ``sources/``, FeatureSet in ``features/``, Detector in ``detectors/``, Action in ``response/actions/``, Sink in
``response/sinks/``. The laws in ``testing/`` run on every plug-in that is found.
"""

from __future__ import annotations

import hashlib
import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import BinaryIO, ClassVar

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.model import Analytic, Entity, EntityKind, Finding, Incident, Plan, Reason, Receipt, Severity


class Plugin(ABC):
    """What every plug-in shares: a name, unique in its kind, lower_snake; and a docstring, which is its documentation page."""

    name: ClassVar[str]


# ---------------------------------------------------------------------------------------------------------------- sources


@dataclass(frozen=True, slots=True)
class Example:
    """A small valid input of a source, for laws, docs and ``doctor``: written by us, never captured from people.

    Attributes:
        data: the bytes; at least three records.
        filename: a usual name for such a file.
        records: how many records the bytes hold (lines, packets ...), counted by hand.
    """

    data: bytes
    filename: str
    records: int


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known about an input besides its bytes.

    Attributes:
        name: the input as the operator named it; becomes ``metadata.log_name``.
        modified: when the file was last written: an upper bound for times that lack a year.
        zone: the zone of local times without an offset.
    """

    name: str = ""
    modified: datetime | None = None
    zone: tzinfo = UTC


class Source(Plugin):
    """Reads one format into OCSF batches.

    Made anew for every input; may keep state between batches, never between inputs.
    """

    emits: ClassVar[tuple[EventClass, ...]]

    def __init__(self, origin: Origin | None = None) -> None:
        self.origin = origin or Origin()

    @classmethod
    @abstractmethod
    def example(cls) -> Example:
        """Return a small valid input."""

    @classmethod
    @abstractmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        """Say whether this source reads an input that starts with ``head`` (at most 4,096 bytes, decompressed).

        Never true for another source's example, nor for noise. ``filename`` may help, never decide alone.
        """

    @abstractmethod
    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        """Yield batches of at most about 65,536 rows, in the order of the input, in bounded memory.

        ``stream`` is read forward only, and may return fewer bytes than asked for. Every record ends as a row or in a reject
        batch with offset and reason (``events.batch.Rejects``). Each row has ``metadata.sequence``, the number of its record,
        counted from 0; the engine adds ``metadata.log_name``.

        Raises:
            SourceError: the input is not of this format, or nothing after this point can be read. What was yielded stays.
        """


# --------------------------------------------------------------------------------------------------------------- features


class FeatureSet(Plugin):
    """Turns events into rows of numbers. Pure, so that training and serving cannot differ.

    Attributes:
        needs: the event class it reads.
        requires: attribute paths without which an event cannot be judged: it is passed over where one is null, and ``doctor`` names it.
        uses: attribute paths that it reads where they exist; null otherwise.
    """

    needs: ClassVar[EventClass]
    requires: ClassVar[tuple[str, ...]]
    uses: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Return every column that ``compute`` or ``prepare`` may read: time, the row's id, ``requires`` and ``uses``."""
        return tuple(dict.fromkeys(("time", "metadata.log_name", "metadata.sequence", *cls.requires, *cls.uses)))

    @classmethod
    def take(cls, batch: EventBatch) -> pl.LazyFrame:
        """Return the events of ``batch`` that have all of ``requires``, in ``columns()``: what ``prepare`` or ``compute`` gets."""
        events = batch.select(cls.columns())
        return events.filter(pl.col(c).is_not_null() for c in cls.requires) if cls.requires else events

    @classmethod
    def empty(cls) -> pl.LazyFrame:
        """Return no events, with the columns as ``prepare`` or ``compute`` gets them."""
        return pl.LazyFrame(schema={c: SCHEMAS[cls.needs][c] for c in cls.columns()})

    @abstractmethod
    def schema(self) -> pl.Schema:
        """Return the columns and dtypes of the rows."""

    @property
    def version(self) -> str:
        """Twelve hex digits that change when the columns do."""
        return hashlib.blake2b(repr(sorted(self.schema().items())).encode(), digest_size=6).hexdigest()


class EventFeatures(FeatureSet):
    """A row per event (or per event that matters).

    Attributes:
        keys: hits alike in these columns and close in time are one finding; by default the detector's actor and targets.
    """

    keys: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def compute(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Return rows with ``time``, ``metadata.log_name``, ``metadata.sequence`` and features; row-wise, pure."""

    def schema(self) -> pl.Schema:
        return self.compute(self.empty()).collect_schema()


class WindowFeatures(FeatureSet):
    """A row per entity and time window: an algebra, so that it can be computed anywhere.

    ``finish(merge*(partial(prepare(events))))`` gives the same rows however the events were split and shuffled: over a whole
    file at once, in micro-batches, or on a cluster. Windows are tumbling, by event time, aligned to the epoch. The partials of a wider
    window are merged from those of the narrowest, so a slow scan costs no second pass over the events. Every row also has ``first_seen``,
    ``last_seen`` (Datetime, of its events) and ``event_count`` (Int64), unless the set makes columns of that name itself.

    Attributes:
        keys: the columns (after ``prepare``) that name the entity of a row.
        windows: widths, narrowest first; each is a multiple of the one before.
    """

    keys: ClassVar[tuple[str, ...]]
    windows: ClassVar[tuple[timedelta, ...]]

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        """Filter events and derive columns, row by row: no sort, no group, no neighbour. Keeps the row's id columns."""
        return events

    @abstractmethod
    def partial(self) -> list[pl.Expr]:
        """Return aggregations of prepared events; each names its column. Only bounded state: counts, sums, extremes, sketches."""

    @abstractmethod
    def merge(self) -> list[pl.Expr]:
        """Return aggregations of partials into one partial, same names and dtypes: associative and commutative."""

    @abstractmethod
    def finish(self) -> list[pl.Expr]:
        """Return expressions over merged partials: the features."""

    def schema(self) -> pl.Schema:
        empty = self.prepare(self.empty()).group_by(*self.keys, "time").agg(self.partial())
        rows = empty.group_by(*self.keys, "time").agg(self.merge()).with_columns(window=pl.lit(timedelta(minutes=1)))
        return rows.select(*self.keys, "time", "window", *self.finish()).collect_schema()


# -------------------------------------------------------------------------------------------------------------- detectors


@dataclass(frozen=True, slots=True)
class Role:
    """Which entity of a row plays a part.

    Attributes:
        kind: what the column's values are.
        column: a String column of the rows, or a List(String) of a bounded sample of them.
        ends: the list holds but the first and the last of many, in order of text.
    """

    kind: EntityKind
    column: str
    ends: bool = False


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
    """

    title: ClassVar[str]
    needs: ClassVar[type[FeatureSet]]
    analytic: ClassVar[Analytic]
    techniques: ClassVar[tuple[str, ...]]
    severity: ClassVar[Severity]
    actor: ClassVar[Role]
    targets: ClassVar[tuple[Role, ...]] = ()
    baseline: ClassVar[bool] = False
    threshold: ClassVar[float] = 0.5

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

    def score(self, rows: pl.DataFrame) -> pl.Series:
        evidence = self._evidence(rows)
        return evidence.select(score=1 / (1 + (-(pl.sum_horizontal(pl.all()) + self.prior)).exp())).to_series()

    def reasons(self, rows: pl.DataFrame) -> list[tuple[Reason, ...]]:
        terms = self.terms()
        evidence = self._evidence(rows).to_numpy()
        texts = _beside(rows, [t.text.fill_null(t.attribute) for t in terms]).rows()
        out = []
        for score, nats, words in zip(self.score(rows), evidence, texts, strict=True):  # hits only: few
            share = score / total if (total := float(nats.sum())) else 0.0
            found = [Reason(w, float(n) * share, t.attribute) for t, n, w in zip(terms, nats, words, strict=True) if n]
            out.append(tuple(sorted(found, key=lambda r: -r.weight)))
        return out

    def summaries(self, rows: pl.DataFrame) -> list[str]:
        return _beside(rows, [self.sentence().fill_null(self.title)]).to_series().to_list()

    def _evidence(self, rows: pl.DataFrame) -> pl.DataFrame:
        nats = [t.evidence.cast(pl.Float64).fill_nan(0.0).fill_null(0.0) for t in self.terms()]
        return _beside(rows, [n.clip(-self.limit, self.limit) for n in nats])


def _beside(rows: pl.DataFrame, exprs: list[pl.Expr]) -> pl.DataFrame:
    """Return the expressions as columns, one value per row also where all of them are constants."""
    names = [f"_{i}" for i in range(len(exprs))]
    return rows.with_columns(e.alias(n) for e, n in zip(exprs, names, strict=True)).select(names)


# --------------------------------------------------------------------------------------------------------------- response


class Action(Plugin):
    """One response; planning is pure, applying is guarded.

    Attributes:
        targets: the entity kinds it can act on.
        reversible: undo restores the state before.
        disruptive: it can interrupt somebody's work, so it needs corroboration or a person.
    """

    targets: ClassVar[tuple[EntityKind, ...]]
    reversible: ClassVar[bool]
    disruptive: ClassVar[bool]

    @abstractmethod
    def plan(self, incident: Incident, target: Entity) -> Plan:
        """Say what would be done; touches nothing.

        Raises:
            Refused: this target cannot be acted on.
        """

    @abstractmethod
    def apply(self, plan: Plan) -> Receipt:
        """Do it; called only by the runner after the guard agreed."""

    @abstractmethod
    def undo(self, receipt: Receipt) -> Receipt:
        """Take it back."""


class Sink(Plugin):
    """Writes events, findings and incidents for another system."""

    media_type: ClassVar[str]

    @abstractmethod
    def encode(self, batch: EventBatch) -> bytes:
        """Return the rows framed for the wire; pure. Hostile field values cannot break the framing: n rows, n frames."""

    @abstractmethod
    def frames(self, data: bytes) -> int:
        """Return how many frames a reader of this format would see in ``data``."""


__all__ = [
    "Action",
    "Analytic",
    "Detector",
    "EventFeatures",
    "Example",
    "FeatureSet",
    "Finding",
    "LogOdds",
    "Origin",
    "Plugin",
    "Role",
    "Sink",
    "Source",
    "Term",
    "WindowFeatures",
]

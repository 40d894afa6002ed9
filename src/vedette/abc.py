"""Every plug-in contract: subclass one, save the file in its folder, done. Nothing lists it; ``plugins.discover`` finds it.

The folders: Source in ``sources/``, FeatureSet in ``features/``, Detector in ``detectors/``, Evasion in ``trust/evasions/``, Dataset in
``learning/datasets/``, Action in ``response/actions/``, Sink in ``response/sinks/``. The laws in ``testing/`` run on all that are found.
"""

from __future__ import annotations

import hashlib
import inspect
import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from random import Random
from typing import BinaryIO, ClassVar

import numpy as np
import polars as pl

from vedette.errors import ModelError
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.model import Analytic, Entity, EntityKind, Finding, Incident, Plan, Reason, Receipt, Severity
from vedette.scoring.additive import Block, segment_sums
from vedette.scoring.artefact import Model


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
        also: other classes that hold the same thing under other names: attribute path of ``needs`` -> expression over the other class.
            What is not given there is null.
    """

    needs: ClassVar[EventClass]
    requires: ClassVar[tuple[str, ...]]
    uses: ClassVar[tuple[str, ...]] = ()
    also: ClassVar[Mapping[EventClass, Mapping[str, pl.Expr]]] = {}

    @classmethod
    def kinds(cls) -> tuple[EventClass, ...]:
        """Return every class it reads: ``needs`` first."""
        return (cls.needs, *cls.also)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Return every column that ``compute`` or ``prepare`` may read: time, the row's id, ``requires`` and ``uses``."""
        return tuple(dict.fromkeys(("time", "metadata.log_name", "metadata.sequence", *cls.requires, *cls.uses)))

    @classmethod
    def take(cls, batch: EventBatch) -> pl.LazyFrame:
        """Return the events of ``batch`` that have all of ``requires``, in ``columns()``: what ``prepare`` or ``compute`` gets."""
        events = batch.select(cls.columns()) if batch.kind is cls.needs else cls._translated(batch)
        return events.filter(pl.col(c).is_not_null() for c in cls.requires) if cls.requires else events

    @classmethod
    def _translated(cls, batch: EventBatch) -> pl.LazyFrame:
        """Return the events of another class under the names of ``needs``."""
        given, types = cls.also[batch.kind], SCHEMAS[cls.needs]
        shared = ("time", "metadata.log_name", "metadata.sequence")
        columns = {c: given.get(c, pl.col(c) if c in shared else pl.lit(None)) for c in cls.columns()}
        read = dict.fromkeys(name for e in columns.values() for name in e.meta.root_names())
        return batch.select((*shared, *(r for r in read if r not in shared))).select(
            e.cast(types[c]).alias(c) for c, e in columns.items()
        )

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


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one thing seen adds to a learned margin, in nats; those of an item and the bias add up to the margin."""

    text: str
    nats: float
    attribute: str = ""


MALICIOUS, BENIGN, UNKNOWN = "malicious", "benign", "insufficient data"
"""Verdicts of a learned detector."""


class Learned(Detector):
    """A detector whose parameters were trained: it is handed its model, and never sees the registry.

    ``encode`` says what is looked at, the model what that is worth. The score is the logistic of the model's margin; ``judge`` adds what it
    is worth (p-value, confidence) and whether it may be said at all (verdict).

    Attributes:
        model_name: the model it uses in the registry; by default of the detector's own name.
        familiar: the block by whose pieces an item is known or foreign; empty: all is known.
        threshold: unused: a row is a finding where ``judge`` calls it malicious.
    """

    model_name: ClassVar[str] = ""
    familiar: ClassVar[str] = ""

    def __init__(self, model: Model) -> None:
        if model.encoder != self.encoder_version():
            raise ModelError(
                f"the model was trained for another version of the detector {self.name!r} ({model.encoder}, not {self.encoder_version()})",
                where=f"{model.name} {model.version}",
                hint=f"use the shipped one (vedette models list), or retrain: vedette train {model.name}",
            )
        self.model = model

    @classmethod
    @abstractmethod
    def encode(cls, rows: pl.DataFrame) -> list[Block]:
        """Return the evidence of n rows, block by block; pure, without parameters: training and serving share it.

        Raise ``revision`` when the meaning of a slot changes and no name or size does.
        """

    revision: ClassVar[int] = 1

    @abstractmethod
    def contributions(self, rows: pl.DataFrame) -> list[list[Contribution]]:
        """Return, per row, what was seen in words and what it adds: together with the bias the margin, to 1e-6. Called with few rows."""

    @classmethod
    def unsuited(cls, rows: pl.DataFrame) -> pl.Series:
        """Return (n,) String: why a row cannot be judged at all (too long, not the kind of text), else null."""
        return pl.Series("unsuited", [None] * rows.height, dtype=pl.String)

    @classmethod
    def encoder_version(cls) -> str:
        """Twelve hex digits that change when the evidence does: names and sizes of blocks, feature columns, ``revision``."""
        empty = pl.DataFrame(schema=cls.needs().schema())
        blocks = [(b.name, b.slots) for b in cls.encode(empty)]
        told = repr((sorted(blocks), cls.needs().version, cls.familiar, cls.revision))
        return hashlib.blake2b(told.encode(), digest_size=6).hexdigest()

    @classmethod
    def model_of(cls) -> str:
        """Return the name of its model in the registry."""
        return cls.model_name or cls.name

    def margins(self, rows: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Return (n,) Float64: the model's log-odds."""
        return self.model.form.margin(self.encode(rows))

    def score(self, rows: pl.DataFrame) -> pl.Series:
        return pl.Series("score", _logistic(self.margins(rows)), dtype=pl.Float64)

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return (n,) columns ``margin``, ``score``, ``p_value``, ``confidence`` (Float64), ``verdict`` and ``unsuited`` (String)."""
        return self.weigh(rows, self.encode(rows))

    def weigh(self, rows: pl.DataFrame, blocks: Sequence[Block]) -> pl.DataFrame:
        """Return what ``judge`` does, of rows that were encoded already."""
        table, margins = self.model.calibration, self.model.form.margin(blocks)
        p, confidence = table.p_values(margins), table.confidences(margins)
        strange = self._strange(rows, blocks)
        verdict = pl.select(
            pl.when(strange.is_not_null())
            .then(pl.lit(UNKNOWN))
            .when(pl.Series(table.calls(margins)))
            .then(pl.lit(MALICIOUS))
            .otherwise(pl.lit(BENIGN))
        ).to_series()
        columns = {"margin": margins, "score": _logistic(margins), "p_value": p, "confidence": confidence}
        return pl.DataFrame({**columns, "verdict": verdict, "unsuited": strange})

    def _strange(self, rows: pl.DataFrame, blocks: Sequence[Block]) -> pl.Series:
        """Return why a row is no input for this model, else null."""
        told, shares = self.unsuited(rows), self.known_shares(blocks)
        foreign = pl.Series(shares < self.model.calibration.known_share)
        return pl.select(
            pl.coalesce(told, pl.when(foreign).then(pl.lit("it is unlike anything the model was trained on")))
        ).to_series()

    def known_shares(self, blocks: Sequence[Block]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Return (n,): the share of an item's pieces that training has seen; 1 where it has none."""
        block = next((b for b in blocks if b.name == self.familiar), None)
        if block is None:
            return np.ones(len(blocks[0]))
        counts = np.diff(block.starts)
        return np.where(
            counts > 0,
            segment_sums(self.model.known[block.slot].astype(np.float64), block.starts) / np.maximum(counts, 1),
            1.0,
        )

    def reasons(self, rows: pl.DataFrame) -> list[tuple[Reason, ...]]:
        """Return the waterfall from the score of an item without evidence to this one's: contributions share the way in proportion."""
        return [waterfall(self.model.form.bias, parts) for parts in self.contributions(rows)]


def waterfall(bias: float, parts: Sequence[Contribution]) -> tuple[Reason, ...]:
    """Return reasons whose weights add up to ``logistic(bias + sum of nats)``, heaviest first.

    The step from ``logistic(bias)`` to the score is shared in proportion to the nats, so that a sign never turns.
    """
    start, total = 1 / (1 + math.exp(-bias)), math.fsum(p.nats for p in parts)
    end = 1 / (1 + math.exp(-max(-700.0, bias + total)))
    slope = (end - start) / total if abs(total) > _SMALL else start * (1 - start)
    found = [Reason(p.text, p.nats * slope, p.attribute) for p in parts if p.nats]
    found.append(Reason("where every item starts", start, "bias"))
    return tuple(sorted(found, key=lambda r: -r.weight))


_SMALL = 1e-9


def _logistic(margins: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return 1 / (1 + np.exp(-np.clip(margins, -700.0, 700.0)))


def _beside(rows: pl.DataFrame, exprs: list[pl.Expr]) -> pl.DataFrame:
    """Return the expressions as columns, one value per row also where all of them are constants."""
    names = [f"_{i}" for i in range(len(exprs))]
    return rows.with_columns(e.alias(n) for e, n in zip(exprs, names, strict=True)).select(names)


# --------------------------------------------------------------------------------------------------------------- learning


class Dataset(Plugin):
    """A labelled set of events; its docstring names the origin and what is wrong with it.

    Attributes:
        title: what a person calls it.
        licence: as its origin states it.
        trains: whether a model that ships may be trained on it; otherwise it serves as a test from a source never trained on.
        origin: where it can be had.
        kind: the class of its events.
        files: path below the data folder -> sha256.
    """

    title: ClassVar[str]
    licence: ClassVar[str]
    trains: ClassVar[bool]
    origin: ClassVar[str]
    kind: ClassVar[EventClass]
    files: ClassVar[Mapping[str, str]]

    @abstractmethod
    def read(self, root: Path) -> pl.DataFrame:
        """Return a row per item: columns of ``kind`` (``metadata.sequence`` counts the items from 0), and what is known about it.

        ``@label`` (String), ``@group`` (String: what may not stand on both sides of a split: campaign, family, registered domain, tool),
        ``@corpus`` (String: which collection, never seen by a model), ``@time`` (Datetime or null: when it was seen); where it has parts
        worth a look of their own, ``@part`` (String).
        Exact duplicates of an item with the same label are dropped. Files were checked before (``learning.data.load``).
        """


class Evasion(Plugin):
    """One way an attacker changes an item of his so that a detector misses it, keeping what it does to the victim.

    Attributes:
        kind: the class of the events; ``column``: the attribute it rewrites.
    """

    kind: ClassVar[EventClass]
    column: ClassVar[str]
    detectors: ClassVar[tuple[str, ...]]

    @abstractmethod
    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        """Return the events changed: same rows, same columns, same order."""


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
    "Contribution",
    "Dataset",
    "Detector",
    "Evasion",
    "EventFeatures",
    "Example",
    "FeatureSet",
    "Finding",
    "Learned",
    "LogOdds",
    "Origin",
    "Plugin",
    "Role",
    "Sink",
    "Source",
    "Term",
    "WindowFeatures",
]

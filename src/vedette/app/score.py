"""``vedette score``: a row per item, with what a learned detector says of it."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from polars import col
from rich.table import Table
from rich.text import Text

from vedette.abc import MALICIOUS, Detector, EventFeatures, FeatureSet, HistoryFeatures, Learned, WindowFeatures
from vedette.app import accounts, local, progress
from vedette.app.gather import Gather
from vedette.app.intake import Input
from vedette.app.terminal import OUT, warn
from vedette.config import Config
from vedette.errors import ConfigError
from vedette.events.batch import EventBatch
from vedette.events.lists import list_columns
from vedette.events.schema import EventClass
from vedette.features.history import HistoryState
from vedette.features.window import WindowState
from vedette.incidents.story import SAYS_NOTHING
from vedette.incidents.words import visible
from vedette.learning.registry import equip
from vedette.model import Reason
from vedette.plugins import discover

CHUNK_ROWS = 8192
SHOWN = 20
"""Items that the terminal shows, worst first."""
SPARE = 9
"""Reasons of an item that are looked through for those that speak for its verdict."""
ITEM_LIMIT, REASON_LIMIT = 70, 60
NOTHING, FOUND, UNREADABLE = 0, 1, 3

ITEM: dict[EventClass, pl.Expr] = {
    EventClass.EMAIL_ACTIVITY: col("email.message_uid"),
    EventClass.EMAIL_URL_ACTIVITY: col("url.url_string"),
    EventClass.EMAIL_FILE_ACTIVITY: col("file.name"),
    EventClass.HTTP_ACTIVITY: pl.coalesce(
        "http_request.url.url_string",
        pl.concat_str("http_request.url.hostname", "http_request.url.path", ignore_nulls=True),
    ),
    EventClass.DNS_ACTIVITY: col("query.hostname"),
    EventClass.PROCESS_ACTIVITY: col("process.cmd_line"),
    EventClass.SCRIPT_ACTIVITY: col("script.script_content.value"),
    EventClass.WINDOWS_SERVICE_ACTIVITY: col("win_service.cmd_line"),
    EventClass.SCHEDULED_JOB_ACTIVITY: col("job.cmd_line"),
    EventClass.TLS_HANDSHAKE: col("tls.sni"),
    EventClass.OSINT_INVENTORY_INFO: col("osint.value").list.first(),
    EventClass.PAYMENT: pl.concat_str(
        "vedette.payment.account", "vedette.payment.counterparty", separator=" > ", ignore_nulls=True
    ),
}
"""What an operator calls an event of a class by."""
_COLUMNS = ("log_name", "sequence", "time", "item", "score", "p_value", "confidence", "verdict", "why")
_REASON = {"text": pl.String, "weight": pl.Float64, "attribute": pl.String}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator asked to see.

    Attributes:
        json: JSON lines on standard output; ``parquet``: a file.
        reasons: how many reasons of each item are written; 0: none are worked out, which is much quicker.
    """

    json: bool = False
    parquet: Path | None = None
    reasons: int = 3
    quiet: bool = False


def learned(name: str) -> type[Learned]:
    """Return the learned detector of this name.

    Raises:
        ConfigError: there is none.
    """
    known = {n: d for n, d in discover(Detector).items() if issubclass(d, Learned)}
    if name not in known:
        told = "has no model: its rules stand in the code" if name in discover(Detector) else "is no detector"
        raise ConfigError(f"{name!r} {told}", hint=f"those with a model: {', '.join(known) or 'none'}")
    found = known[name]
    assert issubclass(found, Learned)  # noqa: S101 - for the reader of types
    return found


def score(cls: type[Learned], paths: Sequence[str], wanted: Wanted, config: Config) -> int:
    """Score every item of the inputs; return the exit code."""
    detector = equip(cls)
    assert isinstance(detector, Learned)  # noqa: S101 - for the reader of types
    if detector.model.notice:
        warn(detector.model.notice)
    inputs: list[Input] = []
    summary = Summary(detector, wanted.reasons)
    with progress.Progress(shown=not wanted.quiet) as bar, _Writer(detector, wanted) as writer:
        for rows, judged in scored(detector, _batches(paths, config, inputs, bar)):
            summary.add(rows, judged)
            writer.write(rows, judged)
        bar.done()
    if not (wanted.json or wanted.parquet):
        summary.show()
        OUT.print()
        OUT.print(accounts.accounts(inputs))
    if not summary.count:
        if not any(i.account.records for i in inputs):
            accounts.say_unreadable(tuple(inputs))
        else:
            told = ", ".join(k.caption for k in cls.needs.kinds())
            warn(f"nothing to score: {cls.name} reads {told}, and the inputs hold none")
        return UNREADABLE
    return FOUND if summary.verdicts[MALICIOUS] else NOTHING


def _batches(paths: Sequence[str], config: Config, inputs: list[Input], bar: progress.Progress) -> Iterator[EventBatch]:
    """Yield the batches of all inputs, small ones joined."""
    gather = Gather()
    for item, batch in local.read(paths, config, bar.bytes):
        if batch is None:
            inputs.append(item)
        else:
            yield from gather.add(batch.named(item.name))
    yield from gather.flush()


def scored(detector: Learned, batches: Iterator[EventBatch]) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Yield rows of the feature set, and (same height) ``log_name`` ... ``why``: who they are and what is said of them."""
    features = detector.needs()
    state = _state(features)
    for batch in batches:
        if batch.kind not in features.kinds() or not len(batch):
            continue
        if state is not None:
            state.add(features.take(batch))
        elif isinstance(features, EventFeatures):
            yield from _of_events(detector, features, batch)
    if state is not None:
        for rows in state.advance():
            for part in rows.iter_slices(CHUNK_ROWS):
                yield part, _judged(detector, part, _windows(part, detector))
        state.close()


def _state(features: FeatureSet) -> WindowState | HistoryState | None:
    """Return what holds the events of a feature set until all are there; None where each is judged by itself."""
    if isinstance(features, WindowFeatures):
        return WindowState(features)
    return HistoryState(features) if isinstance(features, HistoryFeatures) else None


def _of_events(
    detector: Learned, features: EventFeatures, batch: EventBatch
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Yield the items of one batch; while they are computed, an event's id is its row number."""
    item = ITEM.get(batch.kind, pl.lit(None, pl.String))
    names = batch.select(dict.fromkeys(("metadata.log_name", "metadata.sequence", *item.meta.root_names()))).select(
        col("metadata.log_name").alias("log_name"), col("metadata.sequence").alias("sequence"), item.alias("item")
    )
    known = names.collect()
    numbers = pl.int_range(pl.len(), dtype=pl.Int64).alias("metadata.sequence")
    numbered = EventBatch(batch.kind, batch.frame.with_columns(numbers), batch.records)
    rows = features.compute(features.take(numbered)).collect()
    for part in rows.iter_slices(CHUNK_ROWS):
        who = known[part["metadata.sequence"]].with_columns(part["time"])
        yield part, _judged(detector, part, who)


def _windows(rows: pl.DataFrame, detector: Learned) -> pl.DataFrame:
    """Return who the rows are: of windows by their keys, of judged events by their record too."""
    needs = detector.needs
    keys = getattr(needs, "keys", ())
    item = pl.concat_str(*(col(k).cast(pl.String) for k in keys), separator=" ", ignore_nulls=True)
    if issubclass(needs, HistoryFeatures):
        item = ITEM.get(needs.needs, item)
        return rows.select(log_name="metadata.log_name", sequence="metadata.sequence", item=item, time="time")
    return rows.select(log_name=pl.lit(None, pl.String), sequence=pl.lit(None, pl.Int64), item=item, time="time")


def _judged(detector: Learned, rows: pl.DataFrame, who: pl.DataFrame) -> pl.DataFrame:
    said = detector.judge(rows).rename({"unsuited": "why"})
    return who.hstack(said).select(_COLUMNS)


def _reasons(detector: Learned, rows: pl.DataFrame, most: int) -> pl.Series:
    """Return the heaviest reasons of each item, whichever way they point; where every item starts is left out before others are."""
    found = [_heaviest(r, most) for r in detector.reasons(rows)]
    flat = [r for reasons in found for r in reasons]
    columns = {
        "text": [r.text for r in flat],
        "weight": [r.weight for r in flat],
        "attribute": [r.attribute for r in flat],
    }
    told = pl.DataFrame(columns, schema=_REASON).with_columns(col("weight").round(6)).to_struct("reasons")
    return list_columns([len(r) for r in found], {"reasons": told})["reasons"]


def _heaviest(found: Sequence[Reason], most: int) -> list[Reason]:
    if len(found) > most:
        found = [r for r in found if r.attribute != "bias"]
    return sorted(found, key=lambda r: -abs(r.weight))[:most]


class _Writer:
    """Writes rows as they come: JSON lines, or parts that become one Parquet file; nothing is held."""

    def __init__(self, detector: Learned, wanted: Wanted) -> None:
        self._detector, self._wanted = detector, wanted
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._parts = 0

    def __enter__(self) -> _Writer:
        if self._wanted.parquet:
            self._wanted.parquet.parent.mkdir(parents=True, exist_ok=True)
            self._folder = tempfile.TemporaryDirectory(prefix=".vedette-", dir=self._wanted.parquet.parent)
        return self

    def write(self, rows: pl.DataFrame, judged: pl.DataFrame) -> None:
        """Write one part."""
        wanted = self._wanted
        if not (wanted.json or self._folder):
            return
        if wanted.reasons:
            judged = judged.with_columns(_reasons(self._detector, rows, wanted.reasons))
        if self._folder:
            judged.write_ipc(Path(self._folder.name) / f"{self._parts:08}.arrow")
            self._parts += 1
        if wanted.json:
            told = judged.with_columns(col("time").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ"))
            sys.stdout.buffer.write(told.write_ndjson().encode("utf-8", "surrogatepass"))

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if self._folder is None:
            return
        try:
            if kind is None and self._wanted.parquet:
                if self._parts:
                    pl.scan_ipc(f"{self._folder.name}/*.arrow").sink_parquet(self._wanted.parquet)
                else:
                    self._empty().write_parquet(self._wanted.parquet)
        finally:
            self._folder.cleanup()

    def _empty(self) -> pl.DataFrame:
        types: dict[str, Any] = dict.fromkeys(_COLUMNS, pl.String)
        types |= dict.fromkeys(("score", "p_value", "confidence"), pl.Float64)
        types |= {"sequence": pl.Int64, "time": pl.Datetime("us", "UTC")}
        return pl.DataFrame(
            schema={**types, **({"reasons": pl.List(pl.Struct(_REASON))} if self._wanted.reasons else {})}
        )


class Summary:
    """How many items got which verdict, and the worst of them."""

    def __init__(self, detector: Learned, reasons: int) -> None:
        self.verdicts: Counter[str] = Counter()
        self._detector, self._reasons = detector, reasons
        self._worst: list[tuple[pl.DataFrame, pl.DataFrame]] = []

    @property
    def count(self) -> int:
        """Items that were scored."""
        return sum(self.verdicts.values())

    def add(self, rows: pl.DataFrame, judged: pl.DataFrame) -> None:
        """Count some items; keep the worst."""
        for verdict, n in judged.group_by("verdict").len().iter_rows():  # a row a verdict
            self.verdicts[verdict] += n
        self._worst.append((rows, judged))
        rank = pl.concat([j for _, j in self._worst]).with_row_index("_row")
        order = [col("verdict") == MALICIOUS, -col("p_value"), col("score"), -col("_row").cast(pl.Int64)]
        best = rank.select(col("_row").sort_by(order, descending=True).head(SHOWN).cast(pl.Int64))["_row"]
        at, kept = 0, []
        for r, j in self._worst:
            here = best.filter((best >= at) & (best < at + j.height)).sort() - at
            if len(here):
                kept.append((r[here], j[here]))
            at += j.height
        self._worst = kept

    def show(self) -> None:
        """Print the counts and the worst items."""
        model = self._detector.model
        told = ", ".join(f"{n:,} {v}" for v, n in self.verdicts.most_common()) or "no item"
        OUT.print(Text.assemble((f"{self._detector.name} ", "bold"), f"model {model.version}: {told}"))
        if not self._worst:
            return
        table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
        for heading in ("Verdict", "Malicious", "p", "Item", "Why"):
            table.add_column(heading, overflow="fold", no_wrap=heading in ("Verdict", "Malicious", "p"))
        lines: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
        for rows, judged in self._worst:  # SHOWN at most
            why = _reasons(self._detector, rows, max(self._reasons, 1) + SPARE)
            lines += list(zip(judged.rows(named=True), (w or [] for w in why.to_list()), strict=True))
        for row, reasons in sorted(lines, key=_place):
            table.add_row(*_cells(row, _for_verdict(row["verdict"], reasons)[: max(self._reasons, 1)]))
        OUT.print(table)
        if self.count > len(lines):
            OUT.print(Text(f"... and {self.count - len(lines):,} more: --json or --parquet has all.", style="dim"))


def _for_verdict(verdict: str, why: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the reasons that speak for the verdict, the summing-up entries last: the terminal shows no signs."""
    spoken = [r for r in why if r["attribute"] != "bias" and (r["weight"] > 0) == (verdict == MALICIOUS)]
    return sorted(spoken, key=lambda r: r["text"].startswith(SAYS_NOTHING))


def _place(line: tuple[dict[str, Any], object]) -> tuple[object, ...]:
    row = line[0]
    return row["verdict"] != MALICIOUS, row["p_value"], -row["score"], str(row["item"])


_STYLES = {MALICIOUS: "bold red"}


def _cells(row: dict[str, Any], why: list[dict[str, Any]]) -> tuple[Text, ...]:
    name = row["item"] or f"{row['log_name']}#{row['sequence']}"
    reasons = row["why"] or "; ".join(r["text"] for r in why if r["attribute"] != "bias")
    return (
        Text(row["verdict"], style=_STYLES.get(row["verdict"], "dim")),
        Text(f"{row['confidence']:.0%}"),
        Text(f"{row['p_value']:.2g}"),
        Text(visible(name, ITEM_LIMIT)),
        Text(visible(reasons, REASON_LIMIT * max(1, len(why)))),
    )

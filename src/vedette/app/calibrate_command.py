"""``vedette calibrate``: what a site's own benign items would change, and the change itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from rich.table import Table
from rich.text import Text

from vedette.abc import UNKNOWN, Learned
from vedette.app import accounts, local, progress
from vedette.app.gather import Gather
from vedette.app.intake import Input
from vedette.app.score import learned, scored
from vedette.app.terminal import OUT, say, warn, write_json
from vedette.config import load
from vedette.events.batch import EventBatch
from vedette.incidents.story import SAYS_NOTHING
from vedette.incidents.words import visible
from vedette.learning import registry
from vedette.learning.fit import stacked
from vedette.learning.recalibrate import Floats, Rate, Recalibration, recalibrated
from vedette.learning.site import adapted
from vedette.model import Reason
from vedette.scoring.additive import Block

NAMED = 10
"""Items that do not look benign, and are named in the terminal."""
KEPT = 200
"""Items of the largest margins that are kept to say why."""
REASONS, REASON_LIMIT = 2, 60
UNREADABLE = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    margins: np.ndarray[tuple[int], np.dtype[np.float64]]
    names: list[str]
    places: list[str]
    strange: int
    blocks: list[list[Block]]
    worst: np.ndarray[tuple[int], np.dtype[np.int64]]
    worst_rows: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Suspect:
    """An item that may not be benign.

    Attributes:
        place: input and number of its record.
        confidence: that it is malicious, as things are; ``p_value``: the share of the sample that looks as bad.
        outlier: it lies far above the others; ``called``: it is called malicious as things are.
        why: what speaks against it.
    """

    item: str
    place: str
    margin: float
    confidence: float
    p_value: float
    outlier: bool
    called: bool
    why: list[str]


def calibrate(  # noqa: PLR0913 - one for each flag
    name: str, paths: Sequence[str], config_file: Path | None, *, apply: bool, adapt: bool, as_json: bool, quiet: bool
) -> int:
    """Show what the benign items of the inputs would change, and change it where that is wanted."""
    cls = learned(name)
    detector = registry.equip(cls)
    assert isinstance(detector, Learned)  # noqa: S101 - for the reader of types
    if detector.model.notice:
        warn(detector.model.notice)
    inputs: list[Input] = []
    with progress.Progress(shown=not quiet) as bar:
        sample = _sample(detector, _batches(paths, config_file, inputs, bar))
        bar.done()
    if not any(i.account.records for i in inputs):
        accounts.say_unreadable(tuple(inputs))
        return UNREADABLE
    origin = f"this site: {len(sample.margins):,} items, {datetime.now(UTC):%Y-%m-%d}"
    found = recalibrated(detector.model.calibration, sample.margins, origin)
    if adapt:
        made = adapted(detector.model, stacked(sample.blocks), origin)
        found = _compared(found, recalibrated(detector.model.calibration, made.margins, origin), made.margins)
        if apply:
            registry.use(cls.model_of(), registry.add(made.model).version)
    elif apply:
        registry.calibrate(cls.model_of(), found.after, detector.model.version)
    suspects = _suspects(detector, found, sample)
    if as_json:
        write_json(_told(found, sample, suspects, applied=apply))
        return 0
    _show(name, found, sample, suspects)
    if apply:
        say(f"\nIn use from now on. Undo: vedette models rollback {cls.model_of()}")
    else:
        say("\nNothing was changed: --apply does it.")
    return 0


def _compared(plain: Recalibration, new: Recalibration, margins: Floats) -> Recalibration:
    """Return what changes when the model itself changes: before is what the old one says of the items, after what the new one does."""
    called = new.after.calls(margins)
    gained = int(called.sum()) - round(plain.before_rate.expected * plain.items / 1000)
    return replace(
        new,
        before=plain.before,
        before_rate=plain.before_rate,
        cleared=max(-gained, 0),
        accused=max(gained, 0),
        outliers=plain.outliers,  # the new model has learned that all of them are benign
        suspects=plain.suspects,
        clean_threshold=float("nan"),
    )


def _batches(
    paths: Sequence[str], config_file: Path | None, inputs: list[Input], bar: progress.Progress
) -> Iterator[EventBatch]:
    gather = Gather()
    for item, batch in local.read(paths, load(config_file), bar.bytes):
        if batch is None:
            inputs.append(item)
        else:
            yield from gather.add(batch.named(item.name))
    yield from gather.flush()


def _sample(detector: Learned, batches: Iterator[EventBatch]) -> _Sample:
    margins, names, places, strange, blocks = [np.empty(0)], list[str](), list[str](), 0, list[list[Block]]()
    worst, worst_rows = np.empty(0, np.int64), list[pl.DataFrame]()
    for rows, judged in scored(detector, batches):
        fits = judged["verdict"] != UNKNOWN
        strange += len(fits) - int(fits.sum())
        if not fits.any():
            continue
        known = rows.filter(fits)
        blocks.append(detector.encode(known))
        margins.append(detector.model.form.margin(blocks[-1]))
        place = pl.format("{}#{}", pl.col("log_name").fill_null("?"), pl.col("sequence").fill_null(-1))
        told = judged.filter(fits).select(place.alias("place"), item=pl.coalesce("item", place))
        here = np.argsort(-margins[-1], kind="stable")[:KEPT]
        worst = np.append(worst, here + len(names))
        names += told["item"].to_list()
        places += told["place"].to_list()
        worst_rows.append(known[here])
        every = np.concatenate(margins)
        best = np.argsort(-every[worst], kind="stable")[:KEPT]
        worst, worst_rows = worst[best], [pl.concat(worst_rows)[best]]
    kept = worst_rows[0] if worst_rows else pl.DataFrame()
    return _Sample(np.concatenate(margins), names, places, strange, blocks, worst, kept)


def _suspects(detector: Learned, found: Recalibration, sample: _Sample) -> list[_Suspect]:
    """Return what the sample holds that may not be benign, worst first, with what speaks against it."""
    shown = found.suspects[:KEPT]
    row = {int(i): at for at, i in enumerate(sample.worst)}
    why = (
        [_why(reasons) for reasons in detector.reasons(sample.worst_rows[[row[int(i)] for i in shown]])]
        if len(shown)
        else []
    )
    margins, outlying = sample.margins[shown], set(found.outliers.tolist())
    ordered = np.sort(sample.margins)
    share = (len(ordered) - np.searchsorted(ordered, margins)) / len(ordered)
    model = detector.model.calibration
    columns = zip(shown.tolist(), margins, model.confidences(margins), share, model.calls(margins), why, strict=True)
    return [
        _Suspect(sample.names[i], sample.places[i], float(m), float(c), float(p), i in outlying, bool(k), w)
        for i, m, c, p, k, w in columns
    ]


def _why(reasons: Sequence[Reason]) -> list[str]:
    against = [r for r in reasons if r.weight > 0 and r.attribute != "bias"]
    return [r.text for r in sorted(against, key=lambda r: (r.text.startswith(SAYS_NOTHING), -r.weight))[:REASONS]]


def _told(found: Recalibration, sample: _Sample, suspects: Sequence[_Suspect], *, applied: bool) -> dict[str, Any]:
    def side(rate: Rate, threshold: float) -> dict[str, Any]:
        return {
            "threshold": threshold if np.isfinite(threshold) else None,
            "false_alarms_per_1000": {k: round(v, 2) for k, v in asdict(rate).items()},
        }

    return {
        "items": found.items,
        "insufficient_data": sample.strange,
        "before": side(found.before_rate, found.before.threshold),
        "after": side(found.after_rate, found.after.threshold),
        "no_longer_malicious": found.cleared,
        "newly_malicious": found.accused,
        "not_benign_by_its_looks": [sample.names[i] for i in found.suspects],
        "suspects": [asdict(s) for s in suspects],
        "threshold_without_suspects": found.clean_threshold if np.isfinite(found.clean_threshold) else None,
        "applied": applied,
    }


def _show(name: str, found: Recalibration, sample: _Sample, suspects: Sequence[_Suspect]) -> None:
    left_out = f" ({sample.strange:,} more say nothing: insufficient data)" if sample.strange else ""
    say(f"{name}: calibrated on {found.items:,} benign items{left_out}\n")
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("", "now", "after"):
        table.add_column(heading, justify="left" if not heading else "right", no_wrap=True)
    table.add_row("malicious from a margin of", f"{found.before.threshold:.3f}", f"{found.after.threshold:.3f}")
    table.add_row("false alarms in 1,000 items", *(f"{r.expected:.1f}" for r in (found.before_rate, found.after_rate)))
    table.add_row(
        "... nine times of ten between",
        *(f"{r.low:.1f} and {r.high:.1f}" for r in (found.before_rate, found.after_rate)),
    )
    OUT.print(table)
    say(
        f"\nOf these items {found.cleared:,} would no longer be called malicious, and {found.accused:,} newly so. "
        "The more items, the narrower the interval."
    )
    if suspects:
        _show_suspects(found, suspects)


def _show_suspects(found: Recalibration, suspects: Sequence[_Suspect]) -> None:
    """Point at each item that may be an attack in the sample."""
    count = len(found.suspects)
    moved = (
        f" The threshold would be {found.clean_threshold:.3f} without them."
        if np.isfinite(found.clean_threshold)
        else ""
    )
    warn(
        f"{count:,} of the items do not look benign, and the calibration takes each of them for benign.{moved}"
        " Look at them; take out what is an attack, and calibrate anew:"
    )
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("Item", "In", "Malicious", "As bad here", "Why"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("Malicious", "As bad here"))
    for s in suspects[:NAMED]:
        why = "; ".join([*(["far above all others"] if s.outlier else []), *s.why])
        table.add_row(
            Text(visible(s.item, 100), style="yellow"),
            Text(visible(s.place, REASON_LIMIT) if s.place != s.item else ""),
            Text(f"{s.confidence:.0%}"),
            Text(f"{s.p_value:.1%}"),
            Text(visible(why, REASON_LIMIT * (REASONS + 1))),
        )
    OUT.print(table)
    if count > NAMED:
        OUT.print(Text(f"... and {count - NAMED:,} more (--json names {KEPT} with their reasons)", style="dim"))

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
from vedette.incidents.words import visible
from vedette.learning import registry
from vedette.learning.fit import stacked
from vedette.learning.recalibrate import Floats, Rate, Recalibration, recalibrated
from vedette.learning.site import adapted
from vedette.scoring.additive import Block

NAMED = 10
"""Items that do not look benign, and are named."""
UNREADABLE = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    margins: np.ndarray[tuple[int], np.dtype[np.float64]]
    names: list[str]
    strange: int
    blocks: list[list[Block]]


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
    if as_json:
        write_json(_told(found, sample, applied=apply))
        return 0
    _show(name, found, sample)
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
        new, before=plain.before, before_rate=plain.before_rate, cleared=max(-gained, 0), accused=max(gained, 0)
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
    margins, names, strange, blocks = [np.empty(0)], list[str](), 0, list[list[Block]]()
    for rows, judged in scored(detector, batches):
        fits = judged["verdict"] != UNKNOWN
        strange += len(fits) - int(fits.sum())
        if fits.any():
            blocks.append(detector.encode(rows.filter(fits)))
            margins.append(detector.model.form.margin(blocks[-1]))
        place = pl.format("{}#{}", pl.col("log_name").fill_null("?"), pl.col("sequence").fill_null(-1))
        names += judged.filter(fits).select(pl.coalesce("item", place))["item"].to_list()
    return _Sample(np.concatenate(margins), names, strange, blocks)


def _told(found: Recalibration, sample: _Sample, *, applied: bool) -> dict[str, Any]:
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
        "not_benign_by_its_looks": [sample.names[i] for i in found.outliers],
        "applied": applied,
    }


def _show(name: str, found: Recalibration, sample: _Sample) -> None:
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
    if len(found.outliers):
        warn(
            f"{len(found.outliers):,} of the items do not look benign; if they are not, take them out and calibrate anew:"
        )
        for i in found.outliers[:NAMED]:
            OUT.print(Text(f"  {visible(sample.names[i], 100)}", style="yellow"))
        if len(found.outliers) > NAMED:
            OUT.print(Text(f"  ... and {len(found.outliers) - NAMED:,} more", style="dim"))

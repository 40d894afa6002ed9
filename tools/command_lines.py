"""What ``command`` says of command lines that it was not trained on, and how fast: ``python -m tools.command_lines``.

Recordings are labelled as a whole, so a line has no label. Background are lines that stand in at least ``MANY`` OTRF recordings: what they
all have cannot be the attack of one of them.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from random import Random

import polars as pl

from vedette.abc import MALICIOUS, Learned
from vedette.detectors.command import Command
from vedette.features.command_line import CommandLine
from vedette.learning.datasets.command_grammars import BENIGN
from vedette.learning.registry import equip
from vedette.testing.commands import commands
from vedette.testing.rows import rows_of

DATA = Path(__file__).parents[2] / "shared" / "data" / "host"
MANY = 4
SPEED_LINES = 40_000
_STARTS = (1, 4688)


def judged(detector: Learned, lines: pl.Series) -> pl.DataFrame:
    """Return (n,) ``line`` and ``called``: whether it is called hostile; each distinct line once."""
    distinct = lines.drop_nulls().filter(lines.drop_nulls().str.contains(r"\S")).unique(maintain_order=True)
    verdict = detector.judge(rows_of(CommandLine, commands(distinct.to_list())))["verdict"]
    return pl.DataFrame({"line": distinct, "called": verdict == MALICIOUS})


def starts(path: Path, recording: str, field: str) -> pl.DataFrame:
    """Return ``line`` and ``recording`` of every start of a program in a table of the shared data."""
    table = pl.scan_parquet(path).filter(pl.col("event_id").is_in(_STARTS)).select(recording, field).collect()
    return table.select(
        pl.col(field).str.json_path_match("$.CommandLine").alias("line"), pl.col(recording).alias("recording")
    )


def told(name: str, found: pl.DataFrame, detector: Learned) -> str:
    """Return what is said of a set: lines, those called, recordings in which one is."""
    joined = found.join(judged(detector, found["line"]), on="line")
    distinct = joined.unique("line")
    hit = joined.group_by("recording").agg(pl.col("called").any())["called"]
    return f"{name}: {distinct.height:,} distinct lines, {distinct['called'].sum():,} called; {hit.sum()} of {len(hit)} recordings have one"


def speed(detector: Learned) -> float:
    """Return distinct ordinary lines a CPU second."""
    rng = Random(1)  # noqa: S311 - the same lines every time
    grammars = list(BENIGN.values())
    lines = list(dict.fromkeys(grammars[i % len(grammars)](rng) + f" {i}" for i in range(SPEED_LINES)))
    batch = commands(lines)
    best = 0.0
    for _ in range(3):
        began = time.process_time()
        detector.judge(rows_of(CommandLine, batch))
        best = max(best, len(lines) / (time.process_time() - began))
    return best


def main() -> None:
    """Print all of it."""
    detector = equip(Command)
    assert isinstance(detector, Learned)  # noqa: S101 - for the reader of types
    out = [told("evtx-benign", starts(DATA / "evtx-benign" / "events.parquet", "file", "event_data"), detector)]
    out.append(
        told(
            "evtx-attack-samples",
            starts(DATA / "evtx-attack-samples" / "events.parquet", "file", "event_data"),
            detector,
        )
    )
    otrf = starts(DATA / "otrf" / "atomic_windows.parquet", "dataset", "raw")
    shared = otrf.group_by("line").agg(pl.col("recording").n_unique().alias("n")).filter(pl.col("n") >= MANY)
    out.append(told("otrf, background", otrf.join(shared, on="line"), detector))
    out.append(told("otrf, the rest", otrf.join(shared, on="line", how="anti"), detector))
    out.append(f"{speed(detector):,.0f} distinct ordinary lines a CPU second")
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()

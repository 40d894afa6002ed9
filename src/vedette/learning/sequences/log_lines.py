"""Protocols of log lines: how well shapes group them (Loghub), and whether lines of unseen shapes are alerts (BGL)."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import fmean

import numpy as np
import polars as pl
from polars import col

from vedette.features.log_merge import merged
from vedette.features.log_program import TROUBLE
from vedette.features.log_shape import shapes
from vedette.learning.sequences.sequence_sets import members

Result = dict[str, float | str | int]
Told = Callable[[str], None]
Grouping = Callable[[pl.Series], pl.Series]

LOGHUB = "loghub-2k/loghub-2k.tar.zst"
CHOSEN_ON = ("Android", "BGL", "HPC", "HealthApp", "Mac", "OpenStack", "Spark", "Windows")
"""The systems, every other one by name, on which the masks and the limits of joining were chosen."""


AGAIN = 50


def _drain3(lines: pl.Series) -> pl.Series:
    """Group by the peer, as it comes."""
    from drain3 import TemplateMiner  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415 - a peer, not always here
    from drain3.template_miner_config import TemplateMinerConfig  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415

    miner = TemplateMiner(config=TemplateMinerConfig())
    return pl.Series([str(miner.add_log_message(line)["cluster_id"]) for line in lines])


GROUPINGS: Mapping[str, Grouping] = {
    "masks": shapes,
    "masks and joining": lambda lines: merged(shapes(lines)),
    "drain3": _drain3,
}


def grouping_accuracy(true: pl.Series, found: pl.Series) -> float:
    """Return the share of lines whose group holds exactly the lines of their true group (Zhu et al., ICSE-SEIP 2019).

    Example:
        >>> grouping_accuracy(pl.Series(["a", "a", "b", "c"]), pl.Series([1, 1, 2, 2]))
        0.5
    """
    pairs = pl.DataFrame({"true": true, "found": found}).group_by("true", "found").len()
    whole = pairs.with_columns(of_true=col("len").sum().over("true"), of_found=col("len").sum().over("found"))
    right = whole.filter((col("len") == col("of_true")) & (col("len") == col("of_found")))
    return float(right["len"].sum()) / max(len(true), 1)


def of_loghub(root: Path, seed: int, told: Told = lambda _: None) -> list[Result]:
    """Group the message parts of 2,000 lines of each of 16 systems, with one setting; nothing is drawn, so that seeds are alike."""
    results: list[Result] = []
    for path, text in sorted(members(root, LOGHUB).items()):
        if not path.endswith("_2k.log_structured.csv"):
            continue
        system = path.split("/")[1]
        lines = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False)
        for name, grouping in GROUPINGS.items():
            try:
                found = grouping(lines["Content"].fill_null(""))
            except ImportError:
                told(f"{name} is not here: pip install drain3")
                continue
            results.append(
                {
                    "set": system,
                    "configuration": name,
                    "seed": seed,
                    "grouping_accuracy": grouping_accuracy(lines["EventId"], found),
                }
            )
    return results + [r for name in GROUPINGS for r in _means(results, name, seed)]


def _means(results: list[Result], name: str, seed: int) -> list[Result]:
    """Return the means over the systems that were chosen on, the others, and all."""
    found = {r["set"]: r for r in results if r["configuration"] == name}
    parts = {
        "mean of those chosen on": [r for of, r in found.items() if of in CHOSEN_ON],
        "mean of the others": [r for of, r in found.items() if of not in CHOSEN_ON],
        "mean of all": list(found.values()),
    }
    return [
        {
            "set": of,
            "configuration": name,
            "seed": seed,
            "grouping_accuracy": fmean(float(r["grouping_accuracy"]) for r in rows),
        }
        for of, rows in parts.items()
        if rows
    ]


def of_speed(root: Path, seed: int, told: Told = lambda _: None) -> list[Result]:
    """Group the lines of each system as often as ``AGAIN`` says, each time with other digits; CPU seconds, the peer by turns."""
    rng = np.random.default_rng(seed)
    results: list[Result] = []
    for path, text in sorted(members(root, LOGHUB).items()):
        if not path.endswith("_2k.log_structured.csv"):
            continue
        lines = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False)["Content"].fill_null("")
        many = pl.concat([_with_other_digits(lines, rng) for _ in range(AGAIN)])
        line: Result = {"set": path.split("/")[1], "configuration": "lines a CPU second", "seed": seed}
        for name in ("masks and joining", "drain3"):
            began = time.process_time()
            try:
                GROUPINGS[name](many)
            except ImportError:
                told(f"{name} is not here: pip install drain3")
                continue
            line[name] = len(many) / max(time.process_time() - began, 1e-9)
        if "drain3" in line:
            line["ratio"] = float(line["masks and joining"]) / float(line["drain3"])
        results.append(line)
        told(f"{line['set']}: measured")
    return results


def _with_other_digits(lines: pl.Series, rng: np.random.Generator) -> pl.Series:
    """Return the lines with the digits from 1 to 9 exchanged, so that they differ as the lines of a longer log do."""
    exchanged = dict(zip(map(str, range(1, 10)), map(str, rng.permutation(9) + 1), strict=True))
    return lines.str.replace_many(exchanged)


def of_bgl(root: Path, seed: int, told: Told = lambda _: None) -> list[Result]:
    """Take the shapes of the normal lines of the first half of the BGL sample as known; ask the second half: 2,000 lines in all."""
    text = members(root, LOGHUB)["loghub-2k/BGL/BGL_2k.log_structured.csv"]
    lines = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False).with_row_index("row")
    lines = lines.select("row", alert=col("Label") != "-", level="Level", shape=shapes(lines["Content"]))
    lines = lines.with_columns(joined=merged(lines["shape"]))
    first = col("row") < lines.height // 2
    known, asked = lines.filter(first & ~col("alert")), lines.filter(~first)
    told("BGL: read")
    new = ~col("shape").is_in(known["shape"].unique().implode())
    ways = {
        "unseen shape": new,
        "unseen shape, joined": ~col("joined").is_in(known["joined"].unique().implode()),
        "error by its level": col("level").is_in(["FATAL", "SEVERE", "ERROR", "FAILURE"]),
        "unseen shape of trouble": new
        & (col("shape").str.contains(TROUBLE) | col("level").is_in(["FATAL", "FAILURE"])),
    }
    return [
        {
            "set": "BGL, 2,000 lines",
            "configuration": name,
            "seed": seed,
            "recall": float(asked.filter("alert").select(way.mean()).item()),
            "false_positives": float(asked.filter(~col("alert")).select(way.mean()).item()),
            "alerts": int(asked["alert"].sum()),
            "normal": int((~asked["alert"]).sum()),
        }
        for name, way in ways.items()
    ]


PROTOCOLS: Mapping[str, Callable[..., list[Result]]] = {"loghub": of_loghub, "bgl": of_bgl, "speed": of_speed}

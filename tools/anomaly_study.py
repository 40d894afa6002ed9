"""Which statistic finds unusual hours of hosts: sums of tails, an isolation forest, a density, the largest deviation.

``python -m tools.anomaly_study [--seeds 21-25]`` prints recall at 0.1 % and 1 % of honest hours, for each kind of planted hour. The
detector uses the sum of tails. That it takes off what all numbers rise by together was decided on seeds 1, 2 and 11 to 15.

What is made up: hosts with levels of their own (spread 1 nat in each of six numbers), hours in which all numbers rise together (0.5 nat,
Student's t with three degrees of freedom) and each by itself (0.3 nat, the same); 15 days teach, 5 are judged. Planted hours multiply some
numbers. Easier than reality: nothing drifts, no host changes its work, and a number is never zero.
"""

from __future__ import annotations

import argparse

import numpy as np
import polars as pl
from numpy.typing import NDArray

from vedette.detectors.flow_anomaly import WHAT, FlowAnomaly
from vedette.learning.measures import recall_at
from vedette.learning.tabular.density import Density
from vedette.learning.tabular.scorers import isolation_forest
from vedette.learning.tabular.table import NORMAL, Table

Floats = NDArray[np.float64]
HOSTS, HOURS, TAUGHT = 100, 180, 135
NUMBERS = tuple(WHAT)
LEVELS = np.log([150.0, 25.0, 6.0, 8.0, 3e6, 3e7])
PLANTED = {
    "scan": {"flows": 8.0, "hosts": 20.0, "failed": 60.0},
    "exfiltration": {"sent": 100.0},
    "spread": {"flows": 3.0, "hosts": 4.0, "ports": 3.0, "failed": 8.0},
    "download and scan": {"got": 8.0, "hosts": 5.0, "ports": 5.0},
}
EACH = 100
"""Planted hours of each kind."""


def hours(rng: np.random.Generator) -> tuple[Floats, Floats, Floats, NDArray[np.str_]]:
    """Return logarithms of the hours that teach (hosts, hours, 6), means and spreads of hosts (hosts, 1, 6), judged hours and kinds."""
    level = LEVELS + rng.normal(0, 1, (HOSTS, 1, 6))
    together = 0.5 * rng.standard_t(3, (HOSTS, HOURS, 1)).clip(-6, 6)
    x = level + together + 0.3 * rng.standard_t(3, (HOSTS, HOURS, 6)).clip(-6, 6)
    taught, judged = x[:, :TAUGHT], x[:, TAUGHT:]
    flat = judged.reshape(-1, 6)
    kind = np.full(len(flat), NORMAL, dtype="<U24")
    for n, (name, factors) in enumerate(PLANTED.items()):
        at = rng.permutation(len(flat))[:EACH] if n == 0 else rng.permutation(np.flatnonzero(kind == NORMAL))[:EACH]
        kind[at] = name
        flat[at] += [np.log(factors.get(f, 1.0)) for f in NUMBERS]
    return taught, np.stack([taught.mean(1, keepdims=True), taught.std(1, keepdims=True)]), flat, kind


def scores(rng: np.random.Generator, seed: int) -> tuple[dict[str, Floats], NDArray[np.str_]]:
    """Return the scores of judged hours by every method."""
    taught, (mean, spread), flat, kind = hours(rng)
    host = np.repeat(np.arange(HOSTS), HOURS - TAUGHT)
    deviation = (flat - mean[host, 0]) / spread[host, 0]
    before = ((taught - mean) / spread).reshape(-1, 6)
    train, asked = (_table(x) for x in (before, deviation))
    rows = pl.DataFrame({f: np.exp(flat[:, i]) for i, f in enumerate(NUMBERS)}).with_columns(
        *(pl.Series(f"normal.{f}.deviation", deviation[:, i]) for i, f in enumerate(NUMBERS)),
        *(pl.Series(f"normal.{f}.spread", spread[host, 0, i]) for i, f in enumerate(NUMBERS)),
        *(pl.Series(f"normal.{f}.mean", mean[host, 0, i]) for i, f in enumerate(NUMBERS)),
        *(pl.lit(0.005).alias(f"own.{f}.above") for f in NUMBERS),
        pl.lit(float(TAUGHT)).alias("own.flows.count"),
        pl.lit(HOSTS * TAUGHT).alias("windows"),
    )
    raw = isolation_forest(_table(taught.reshape(-1, 6)), seed)(_table(flat))
    return {
        "sum of tails (the detector)": FlowAnomaly().score(rows).to_numpy(),
        "isolation forest of deviations": isolation_forest(train, seed)(asked),
        "isolation forest without baseline": raw,
        "density of deviations": Density.of(train, seed)(asked),
        "largest deviation": deviation.max(1),
    }, kind


def _table(x: Floats) -> Table:
    return Table(x, np.empty((len(x), 0), np.str_), np.full(len(x), NORMAL), pl.DataFrame())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="21-25")
    first, last = (int(n) for n in parser.parse_args().seeds.split("-"))
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for seed in range(first, last + 1):
        told, kind = scores(np.random.default_rng(seed), seed)
        for name, values in told.items():
            for planted in PLANTED:
                some = (kind == NORMAL) | (kind == planted)
                pair = (recall_at(values[some], kind[some] == planted, r) for r in (0.001, 0.01))
                found.setdefault((name, planted), []).append(tuple(pair))  # type: ignore[arg-type]
    print("| method | planted | recall at 0.1 % | at 1 % |\n|---|---|---|---|")
    for (name, planted), pairs in found.items():
        low, high = np.mean(pairs, axis=0)
        print(f"| {name} | {planted} | {low:.2f} | {high:.2f} |")


if __name__ == "__main__":
    main()

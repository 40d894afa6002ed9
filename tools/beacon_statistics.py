"""Compares ways to see a rhythm, the scan of gaps and the spectrum, and says how often chance looks regular.

Run it as ``python -m tools.beacon_statistics``; it needs no data.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
from tools.rita_score import Floats

from vedette.features.beacon_rhythm import field, moments, rhythms

DAY = 86_400
INTERVALS = (60, 300, 1800)
JITTERS = (0.0, 0.05, 0.2, 0.4)
VISITS = (0, 200, 1000)
EACH = 7
NATS = (2, 4, 6, 8)
PAIRS = 4000
_BIN = 10
_AROUND = 50
_SLOWEST = 3600


def spectrum(seconds: Floats) -> float:
    """Return the evidence of the highest peak of the periodogram over its surroundings, in nats, less what the choice is worth.

    Of random contacts the power over its local mean is about exponential; periods longer than an hour, where days and sessions
    lie, are left out.
    """
    signal = np.bincount(np.unique(seconds // _BIN).astype(np.int64), minlength=DAY // _BIN)[: DAY // _BIN].astype(
        np.float64
    )
    power = np.abs(np.fft.rfft(signal - signal.mean())) ** 2
    around = np.lib.stride_tricks.sliding_window_view(np.pad(power, _AROUND, mode="reflect"), 2 * _AROUND + 1)
    level = np.median(around, axis=1) / np.log(2)
    rated = np.divide(power, level, out=np.zeros_like(power), where=level > 0)[DAY // _SLOWEST :]
    return float(max(0.0, rated.max() - np.log(len(rated))))


def scan(days: list[Floats]) -> Floats:
    """Return the nats of each pair: its contacts are seconds of a day."""
    rows = pl.DataFrame({"row": range(len(days)), "at": [np.floor(d).astype(np.int64).tolist() for d in days]})
    codes = (
        rows.explode("at", empty_as_null=True)
        .group_by("row", maintain_order=True)
        .agg(moments(pl.from_epoch("at", time_unit="s")).drop_nulls().unique().sort().alias("codes"))
    )
    held = pl.DataFrame({"rhythm": rhythms(codes["codes"])})
    return held.select(field("nats").fill_null(0.0)).to_series().to_numpy()


def visits(count: int, rng: np.random.Generator) -> Floats:
    """Return the seconds of visits in bursts of ten."""
    begun = rng.uniform(0, DAY, count // 10)
    return (begun[:, None] + np.cumsum(rng.exponential(3, (len(begun), 10)), axis=1)).ravel()


def compare(rng: np.random.Generator) -> None:
    """Print the evidence of both, for beacons among visits to the same place."""
    print("| interval | jitter | visits besides | nats of the scan | of the spectrum |\n|---|---|---|---|---|")
    for interval, jitter, count in product(INTERVALS, JITTERS, VISITS):
        days = []
        for _ in range(EACH):
            beats = np.cumsum(interval * (1 + rng.uniform(-jitter, jitter, DAY // interval)))
            seconds = np.concatenate([beats, visits(count, rng)])
            days.append(np.unique(seconds[seconds < DAY]))
        spectra = [spectrum(d) for d in days]
        print(f"| {interval} | {jitter:.0%} | {count} | {np.median(scan(days)):.0f} | {np.median(spectra):.0f} |")


def chance(rng: np.random.Generator) -> None:
    """Print how often random contacts look regular."""
    kinds = {
        "Poisson": lambda n: rng.uniform(0, DAY, n),
        "Poisson, working hours": lambda n: rng.uniform(8 * 3600, 17 * 3600, n),
        "three rates mixed": lambda n: np.cumsum(rng.exponential(rng.choice([20.0, 600.0, 6000.0], n))),
    }
    print("\n| contacts | a day | " + " | ".join(f"at least {n} nats" for n in NATS) + " |")
    print("|---|---|" + "---|" * len(NATS))
    for (name, make), count in product(kinds.items(), (8, 20, 50)):
        days = [np.unique(np.floor(d[d < DAY])) for d in (make(count) for _ in range(PAIRS))]
        nats = scan(days)
        print(f"| {name} | {count} | " + " | ".join(f"{(nats >= n).mean():.2%}" for n in NATS) + " |")


if __name__ == "__main__":
    compare(np.random.default_rng(0))
    chance(np.random.default_rng(0))

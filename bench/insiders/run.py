"""One seed: the company's months through the engine and through plain baselines, judged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from bench.insiders.company import Company
from bench.insiders.days import ordinary
from bench.insiders.log import BEGIN, Log
from bench.insiders.plots import Plot, plant
from vedette.abc import LogOdds
from vedette.app.engine import Engine
from vedette.config import Config
from vedette.detectors.insider_day import InsiderDay
from vedette.detectors.insider_month import InsiderMonth
from vedette.events.batch import EventBatch
from vedette.features.person_day import USUAL, PersonDay
from vedette.features.window import WindowState
from vedette.incidents.correlate import correlate
from vedette.learning.measures import auc
from vedette.model import Finding, Incident
from vedette.store.profiles import Profile

DETECTORS: tuple[type[LogOdds], ...] = (InsiderDay, InsiderMonth)
TOP = 5
WARM_UP = 28
"""Days that are learned from only: no plot begins earlier, and no false incident is counted."""


@dataclass(slots=True)
class Drill:
    """A made company: its events and who did what.

    Attributes:
        plants: (person, day) on which a plot did something -> its number.
    """

    seed: int
    company: Company
    plots: list[Plot]
    plants: dict[tuple[str, int], int]
    batches: list[EventBatch]


def made(seed: int, people: int, days: int, each: int) -> Drill:
    """Make the company and its days, with ``each`` plots of every shape."""
    company, log = Company(seed, people, days), Log()
    plots = plant(company, log, each)
    for person in company.people:
        for day in range(days):
            ordinary(company, person, day, log)
    last = {p.people[0]: max(d for (_, d), n in log.plants.items() if n == p.number) for p in plots}
    batches = [b for b in log.batches() if len(b)]
    return Drill(seed, company, plots, {k: n for k, n in log.plants.items() if k[1] < days and last}, batches)


def rows_of(drill: Drill) -> pl.DataFrame:
    """Return a row per person and day, with the baseline and ``day``, ``plot`` (null: none)."""
    features = PersonDay()
    state = WindowState(features)
    for batch in drill.batches:
        state.add(features.take(batch))
    rows = Profile(features).judge(pl.concat(state.advance()))
    day = ((pl.col("time") - BEGIN) / timedelta(days=1)).round().cast(pl.Int64)
    told = pl.DataFrame(
        [(who, when, n) for (who, when), n in drill.plants.items()],
        schema={"person": pl.String, "day": pl.Int64, "plot": pl.Int64},
        orient="row",
    )
    return rows.with_columns(day=day).join(told, on=["person", "day"], how="left", maintain_order="left")


def scores_of(rows: pl.DataFrame) -> dict[str, pl.Series]:
    """Return a score per row by each detector and by the plain ones."""
    scored = {d.name: d().score(rows) for d in DETECTORS}
    scored["either"] = pl.select(pl.max_horizontal(*scored.values())).to_series()
    scored["sum of z-scores"] = _z(rows, "own")
    scored["sum of z-scores, everyone"] = _z(rows, "all")
    forest = _forest(rows)
    return scored | ({} if forest is None else {"isolation forest": forest})


def _z(rows: pl.DataFrame, level: str) -> pl.Series:
    parts = [
        ((pl.col(f).cast(pl.Float64).log1p() - pl.col(f"{level}.{f}.mean")) / pl.col(f"{level}.{f}.spread"))
        .clip(0.0, 10.0)
        .fill_nan(0.0)
        .fill_null(0.0)
        for f in USUAL
    ]
    return rows.select(pl.sum_horizontal(parts)).to_series()


def _forest(rows: pl.DataFrame) -> pl.Series | None:
    """Isolation forest (Liu, Ting and Zhou 2008) on the logarithms, less each person's own mean; None without scikit-learn."""
    try:
        from sklearn.ensemble import IsolationForest  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    own = [
        (pl.col(f).cast(pl.Float64).log1p() - pl.col(f"own.{f}.mean").fill_nan(0.0).fill_null(0.0)).alias(f)
        for f in USUAL
    ]
    x = rows.select(own).to_numpy()
    early = rows["day"].to_numpy() < WARM_UP
    forest = IsolationForest(n_estimators=200, random_state=0).fit(x[early])
    return pl.Series(-forest.score_samples(x))


@dataclass(slots=True)
class Outcome:
    """What came of a seed.

    Attributes:
        ranking: scorer -> figures over user-days and users.
        plots: per plot what was found, and when.
        false: incidents that no plot stands behind, after the warm-up.
        weeks: that false incidents are counted over.
    """

    seed: int
    ranking: dict[str, dict[str, float]]
    plots: list[dict[str, object]]
    false: list[Incident]
    weeks: float
    incidents: int


def judged(drill: Drill) -> Outcome:
    """Run everything over a made company."""
    rows = rows_of(drill)
    return _told(drill, rows, scores_of(rows), *_incidents(drill))


def _incidents(drill: Drill) -> tuple[tuple[Finding, ...], list[Incident]]:
    engine = Engine(Config(), DETECTORS)
    for batch in drill.batches:
        engine.feed(batch)
    outcome = engine.close()
    broke = [i for i in outcome.idle if i.broke]
    assert not broke, broke  # noqa: S101 - a bench must not count a broken detector as silent
    engine.spool.close()
    return outcome.findings, list(correlate(outcome.findings, Config().incidents.gap))


def _told(
    drill: Drill,
    rows: pl.DataFrame,
    scored: dict[str, pl.Series],
    findings: tuple[Finding, ...],
    incidents: list[Incident],
) -> Outcome:
    culprits = {name: p.number for p in drill.plots for name in p.people}
    ranking = {name: _ranked(rows.with_columns(score=s), culprits) for name, s in scored.items()}
    plots = [_plot(drill, p, rows.with_columns(score=scored["either"]), findings) for p in drill.plots]
    started = BEGIN + timedelta(days=WARM_UP)
    false = [i for i in incidents if i.last_seen >= started and not _true(drill, culprits, i.findings)]
    weeks = (drill.company.days - WARM_UP) / 7
    return Outcome(drill.seed, ranking, plots, false, weeks, len(incidents))


def _true(drill: Drill, culprits: dict[str, int], findings: tuple[Finding, ...]) -> bool:
    """Return whether a plot stands behind one of these findings: its person, a day on which it did something or up to a week later."""
    for f in findings:
        for e in f.actors:
            if e.value in culprits:
                first, last = (f.first_seen - BEGIN).days, (f.last_seen - BEGIN).days
                days = [d for (who, d), n in drill.plants.items() if n == culprits[e.value]]
                if any(first - 7 <= d <= last for d in days):
                    return True
    return False


def _ranked(rows: pl.DataFrame, culprits: dict[str, int]) -> dict[str, float]:
    """Return areas under the ROC and recall in the top of a day; other days of the culprits count for neither side."""
    late = rows.filter(pl.col("day") >= WARM_UP)
    used = late.filter(pl.col("plot").is_not_null() | ~pl.col("person").is_in(list(culprits)))
    place = pl.col("score").rank("max", descending=True).over("day")
    top = late.with_columns(place=place).filter(pl.col("plot").is_not_null())
    best = used.group_by("person").agg(pl.col("score").max(), bad=pl.col("plot").is_not_null().any()).sort("person")
    return {
        "AUC by user-day": float(auc(used["score"].to_numpy(), used["plot"].is_not_null().to_numpy())),
        "recall in the top 5": float((top["place"] <= TOP).mean() or 0.0),
        "plots in the top 5": float(top.group_by("plot").agg((pl.col("place") <= TOP).any())["place"].mean() or 0.0),
        "AUC by user": float(auc(best["score"].to_numpy(), best["bad"].to_numpy())),
        "days": float(used["plot"].is_not_null().sum()),
    }


def _plot(drill: Drill, plot: Plot, rows: pl.DataFrame, findings: tuple[Finding, ...]) -> dict[str, object]:
    days = sorted(d for (_, d), n in drill.plants.items() if n == plot.number)
    alerts = sorted(
        ((f.first_seen - BEGIN).days, f.detector)
        for f in findings
        if f.alert and _true(drill, dict.fromkeys(plot.people, plot.number), (f,))
    )
    known = min((max(d, days[0]) + 1 - days[0] for d, _ in alerts), default=None)
    return {
        "shape": plot.shape,
        "days": len(days),
        "lasts": days[-1] - days[0] + 1,
        "best": float(rows.filter(pl.col("plot") == plot.number)["score"].max() or 0.0),  # type: ignore[arg-type]
        "detectors": sorted({d for _, d in alerts}),
        "delay": known,
    }


def written(folder: Path, drill: Drill, outcome: Outcome) -> None:
    """Keep the figures of a seed as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "seed": outcome.seed,
        "ranking": outcome.ranking,
        "plots": outcome.plots,
        "false": len(outcome.false),
        "weeks": outcome.weeks,
    }
    (folder / f"{drill.seed}.json").write_text(json.dumps(told, indent=1), "utf-8")


__all__ = ["Drill", "Outcome", "judged", "made", "np"]

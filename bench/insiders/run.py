"""One seed: the company's months through the engine and through plain baselines, judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from unittest.mock import patch

import polars as pl

from bench.insiders.company import Company
from bench.insiders.days import ordinary
from bench.insiders.log import BEGIN, Log
from bench.insiders.plots import Plot, plant
from vedette.abc import LogOdds
from vedette.app.engine import Engine
from vedette.app.findings import Hits
from vedette.config import Config
from vedette.detectors.insider_day import InsiderDay
from vedette.detectors.insider_month import InsiderMonth
from vedette.events.batch import EventBatch
from vedette.features.person_day import USUAL
from vedette.incidents.correlate import correlate
from vedette.learning.measures import auc
from vedette.model import Finding, Incident

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
    batches = [b for b in log.batches() if len(b)]
    return Drill(seed, company, plots, dict(log.plants), batches)


def watched(drill: Drill) -> tuple[pl.DataFrame, tuple[Finding, ...], list[Incident]]:
    """Run the engine; return a row per person and day, with the baseline, ``day`` and ``plot`` (null: none), and what was found."""
    engine, seen, add = Engine(Config(), DETECTORS), list[pl.DataFrame](), Hits.add

    def noted(hits: Hits, rows: pl.DataFrame) -> None:
        if isinstance(hits.detector, InsiderDay):
            seen.append(rows)
        add(hits, rows)

    with patch.object(Hits, "add", noted):
        for batch in drill.batches:
            engine.feed(batch)
        outcome = engine.close()
    broke = [i for i in outcome.idle if i.broke]
    assert not broke, broke  # noqa: S101 - a bench must not count a broken detector as silent
    engine.spool.close()
    return (
        _labelled(drill, pl.concat(seen)),
        outcome.findings,
        list(correlate(outcome.findings, Config().incidents.gap)),
    )


def _labelled(drill: Drill, rows: pl.DataFrame) -> pl.DataFrame:
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
        from sklearn.ensemble import IsolationForest
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


@dataclass(frozen=True, slots=True)
class Told:
    """What was found of one plot.

    Attributes:
        days: on which it did something; ``lasts`` from the first to the last.
        best: score of its best day.
        delay: days from its first act to the end of the day of the first alert; None: no alert.
    """

    shape: int
    days: int
    lasts: int
    best: float
    detectors: tuple[str, ...]
    delay: int | None


@dataclass(slots=True)
class Outcome:
    """What came of a seed.

    Attributes:
        ranking: scorer -> figures over user-days and users.
        plots: per plot what was found, and when.
        false: incidents that no plot stands behind, after the warm-up.
        weeks: that false incidents are counted over; ``leavers``: how many of these are about people who leave with consent.
    """

    seed: int
    ranking: dict[str, dict[str, float]]
    plots: list[Told]
    false: list[Incident]
    weeks: float
    leavers: int


def judged(drill: Drill) -> Outcome:
    """Run everything over a made company."""
    rows, findings, incidents = watched(drill)
    return _told(drill, rows, scores_of(rows), findings, incidents)


def _told(
    drill: Drill,
    rows: pl.DataFrame,
    scored: dict[str, pl.Series],
    findings: tuple[Finding, ...],
    incidents: list[Incident],
) -> Outcome:
    culprits = {name: p.number for p in drill.plots for name in p.people}
    ranking = {name: _ranked(rows.with_columns(score=s), culprits) for name, s in scored.items()}
    plots = [_plot(drill, p, rows.with_columns(score=scored[InsiderDay.name]), findings) for p in drill.plots]
    started = BEGIN + timedelta(days=WARM_UP)
    false = [i for i in incidents if i.last_seen >= started and not _true(drill, culprits, i.findings)]
    weeks = (drill.company.days - WARM_UP) / 7
    names = {drill.company.people[n].name for n in drill.company.leavers}
    leaving = sum(any(e.value in names for f in i.findings for e in f.actors) for i in false)
    return Outcome(drill.seed, ranking, plots, false, weeks, leaving)


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
    honest = late.filter(~pl.col("person").is_in(list(culprits)))["score"].sort(descending=True)
    limit = honest[round(late["day"].n_unique() / 7)]
    best = used.group_by("person").agg(pl.col("score").max(), bad=pl.col("plot").is_not_null().any()).sort("person")
    return {
        "AUC by user-day": float(auc(used["score"].to_numpy(), used["plot"].is_not_null().to_numpy())),
        "recall in the top 5": top.select((pl.col("place") <= TOP).mean()).item(),
        "plots in the top 5": top.group_by("plot")
        .agg((pl.col("place") <= TOP).any())
        .select(pl.col("place").mean())
        .item(),
        "plots at one false day a week": top.group_by("plot")
        .agg((pl.col("score") > limit).any())
        .select(pl.col("score").mean())
        .item(),
        "AUC by user": float(auc(best["score"].to_numpy(), best["bad"].to_numpy())),
        "days": float(used["plot"].is_not_null().sum()),
    }


def _plot(drill: Drill, plot: Plot, rows: pl.DataFrame, findings: tuple[Finding, ...]) -> Told:
    days = sorted(d for (_, d), n in drill.plants.items() if n == plot.number)
    mine = dict.fromkeys(plot.people, plot.number)
    alerts = [f for f in findings if f.alert and _true(drill, mine, (f,))]
    delay = min((max((f.first_seen - BEGIN).days, days[0]) + 1 - days[0] for f in alerts), default=None)
    best = rows.filter(pl.col("plot") == plot.number)["score"].max()
    named = tuple(sorted({f.detector for f in alerts}))
    return Told(plot.shape, len(days), days[-1] - days[0] + 1, best if isinstance(best, float) else 0.0, named, delay)

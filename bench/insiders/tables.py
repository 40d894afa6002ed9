"""The figures of several seeds as Markdown tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from statistics import mean, median

from bench.insiders.plots import SHAPES
from bench.insiders.run import Outcome

FIGURES = (
    "AUC by user-day",
    "recall in the top 5",
    "plots in the top 5",
    "plots at one false day a week",
    "AUC by user",
)


def as_tables(outcomes: Sequence[Outcome]) -> str:
    """Return three tables: how users and days are ranked, what was found of each shape, and what was false."""
    return "\n\n".join((_ranking(outcomes), _plots(outcomes), _false(outcomes)))


def as_json(outcomes: Sequence[Outcome]) -> str:
    """Return the figures of every seed."""
    told = [
        {
            "seed": o.seed,
            "ranking": o.ranking,
            "plots": [asdict(p) for p in o.plots],
            "false": _summaries(o),
            "leavers": o.leavers,
            "weeks": o.weeks,
        }
        for o in outcomes
    ]
    return json.dumps(told, indent=1)


def _summaries(outcome: Outcome) -> list[str]:
    return [max((f for f in i.findings if f.alert), key=lambda f: f.score).summary for i in outcome.false]


def _ranking(outcomes: Sequence[Outcome]) -> str:
    lines = [f"| scored by | {' | '.join(FIGURES)} |", f"|{'---|' * (len(FIGURES) + 1)}"]
    for name in outcomes[0].ranking:
        cells = []
        for figure in FIGURES:
            values = [o.ranking[name][figure] for o in outcomes]
            cells.append(f"{median(values):.3f} ({min(values):.3f} to {max(values):.3f})")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _plots(outcomes: Sequence[Outcome]) -> str:
    lines = ["| shape | plots | alerted on | median days to the alert | last, median days |", "|---|---|---|---|---|"]
    for shape, name in SHAPES.items():
        whole = [p for o in outcomes for p in o.plots if p.shape == shape]
        found = [p.delay for p in whole if p.delay is not None]
        late = f"{median(found):.0f}" if found else "-"
        lines.append(
            f"| {shape}: {name} | {len(whole)} | {len(found)} | {late} | {median(p.lasts for p in whole):.0f} |"
        )
    whole = [p for o in outcomes for p in o.plots]
    lines.append(f"| all | {len(whole)} | {sum(p.delay is not None for p in whole)} | | |")
    return "\n".join(lines)


def _false(outcomes: Sequence[Outcome]) -> str:
    rates = [len(o.false) / o.weeks for o in outcomes]
    leavers, n = sum(o.leavers for o in outcomes), sum(len(o.false) for o in outcomes)
    return (
        f"False incidents a week: {mean(rates):.2f} ({min(rates):.2f} to {max(rates):.2f}); of {n} in all, {leavers} are about people who"
        " leave with consent."
    )

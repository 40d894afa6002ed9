"""A result in words and as JSON."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import orjson

from bench.soak.judge import Told
from bench.soak.run import GENERATOR, Result
from vedette.model import Incident

BUDGET = 20
"""False alarms a day that somebody can look at, as configured by default."""
STEPS = ("events to partials", "partials to rows", "baseline", "detectors", "findings", "evidence", "else")
"""What a feature set costs, in the order of the flow."""
LONGEST = 30
"""Rows of a table."""


def as_tables(result: Result) -> str:
    """Return the report as Markdown."""
    r = result
    lines = [
        f"# Soak: {r.days} days, {r.hosts} hosts, seed {r.seed}",
        "",
        ", ".join(f"{n:,} {log}" for log, n in r.rows.items()) + " events",
        "",
        (
            f"{sum(bool(t.alerts) for t in r.told)} of {len(r.told)} attacks found; {len(r.false)} false incidents, "
            f"{len(r.false) / r.days:.2f} a day (budget {BUDGET}); {len(r.incidents)} incidents, {len(r.findings)} findings"
        ),
        "",
        "| attack | what | found | known after | alerts | weaker | about its host | incident |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(t) for t in r.told),
        "",
        "| false incidents: detectors | traffic | count | example |",
        "|---|---|---|---|",
        *(f"| {who} | {cause} | {n} | {example} |" for who, cause, n, example in causes(r)[:LONGEST]),
        "",
        (
            f"flows per CPU second, generator left out: {r.flows_per_second:,.0f} "
            f"({r.engine_seconds:.1f} s for {r.rows['conn']:,} flows and {sum(r.rows.values()) - r.rows['conn']:,} other events; "
            f"generator {r.spent.get(GENERATOR, 0):.1f} s)"
        ),
        "",
        f"memory at the end of each day (MB): {' '.join(f'{m:.0f}' for m in r.memory_mb)}; most {r.peak_mb:.0f}",
        f"of that the engine's state: {' '.join(f'{state:.0f}' for state, _ in r.held_mb)}",
        f"and events kept: {' '.join(f'{events:.0f}' for _, events in r.held_mb)}",
        "",
        f"| CPU seconds of | {' | '.join(STEPS)} | together | microseconds a flow |",
        f"|---{'|---' * (len(STEPS) + 2)}|",
        *(
            f"| {part} | {' | '.join(f'{s:.1f}' for s in steps)} | {sum(steps):.1f} | {sum(steps) / max(1, r.rows['conn']) * 1e6:.2f} |"
            for part, steps in sheet(r)
        ),
        "",
        *(f"broken: {i.detector}: {i.reason}" for i in r.idle if i.broke),
    ]
    return "\n".join(lines)


def as_json(result: Result) -> str:
    """Return the report for a program."""
    r = result
    whole = {
        "days": r.days,
        "hosts": r.hosts,
        "seed": r.seed,
        "rows": r.rows,
        "attacks": [
            {
                "name": t.attack.name,
                "found": bool(t.alerts),
                "known_after_seconds": t.delay.total_seconds() if t.delay is not None else None,
                "alerts": dict(t.alerts),
                "weak": dict(t.weak),
                "loose": dict(t.loose),
                "incidents": t.incidents,
            }
            for t in r.told
        ],
        "false_incidents": len(r.false),
        "false_incidents_a_day": len(r.false) / r.days,
        "causes": [dict(zip(("detectors", "traffic", "count", "example"), c, strict=True)) for c in causes(r)],
        "findings": dict(Counter(f.detector for f in r.findings if f.alert)),
        "flows_per_second": r.flows_per_second,
        "memory_mb": r.memory_mb,
        "held_mb": r.held_mb,
        "peak_mb": r.peak_mb,
        "seconds": [{"part": a, "step": b, "cpu": s} for a, b, s in costs(r)],
        "broken": {i.detector: i.reason for i in r.idle if i.broke},
    }
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2).decode()


def causes(result: Result) -> list[tuple[str, str, int, str]]:
    """Return (detectors, kind of traffic, count, a sentence of one) of the false incidents, the most frequent first."""
    counted: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    for incident in result.false:
        key = (" + ".join(sorted({f.detector for f in incident.findings if f.alert})), _cause(result, incident))
        counted[key] += 1
        example.setdefault(key, next(f.summary for f in incident.findings if f.alert).replace("|", "/")[:220])
    return [(*key, n, example[key]) for key, n in counted.most_common()]


def costs(result: Result) -> list[tuple[str, str, float]]:
    """Return (part, step, CPU seconds), the dearest first."""
    return sorted(((a, b, s) for (a, b), s in result.spent.items()), key=lambda row: -row[2])


def sheet(result: Result) -> list[tuple[str, list[float]]]:
    """Return (feature set or part of the engine, seconds by ``STEPS``), the dearest first."""
    parts: dict[str, list[float]] = {}
    for part, step, seconds in costs(result):
        name = part if part not in ("engine", "soak") else f"{part}: {step}"
        kind = "detectors" if step.startswith("detector ") else "findings" if step.startswith("findings of ") else step
        column = STEPS.index(kind) if kind in STEPS else len(STEPS) - 1
        parts.setdefault(name, [0.0] * len(STEPS))[column] += seconds
    return sorted(parts.items(), key=lambda row: -sum(row[1]))


def _cause(result: Result, incident: Incident) -> str:
    kinds = Counter(result.judge.cause(f) for f in incident.findings if f.alert)
    return kinds.most_common(1)[0][0]


def _row(told: Told) -> str:
    def listed(counted: Counter[str]) -> str:
        return ", ".join(f"{n} {name}" for name, n in counted.most_common()) or "-"

    incident = told.incidents[0] if told.incidents else "-"
    more = f" (+{len(told.incidents) - 1})" if len(told.incidents) > 1 else ""
    return (
        f"| {told.attack.name} | {told.attack.about} | {'yes' if told.alerts else 'no'} | {_span(told.delay)} | {listed(told.alerts)} "
        f"| {listed(told.weak)} | {listed(told.loose)} | {incident.replace('|', '/')}{more} |"
    )


def _span(delay: timedelta | None) -> str:
    if delay is None:
        return "-"
    hours = delay.total_seconds() / 3600
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} d"

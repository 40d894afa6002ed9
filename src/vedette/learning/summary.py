"""A report in words: worst and median over seeds, tables as Markdown, curves as SVG, everything as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median

import msgspec

from vedette.learning.evaluate import Report, Result
from vedette.learning.plots import Axis, Line, chart

COLUMNS: Mapping[str, tuple[str, Callable[[Iterable[float]], float]]] = {
    "auc": ("AUC", min),
    "recall_at_0.1%": ("recall at 0.1 % FPR", min),
    "recall_at_1%": ("recall at 1 % FPR", min),
    "recall": ("recall as called", min),
    "false_positives": ("FPR as called", max),
    "calibration_error": ("calibration error", max),
    "insufficient": ("insufficient data", max),
}
"""Figure -> its heading, and which of several is the worst."""
WORST = 12
"""Values of a column that a table by it shows, worst first."""
SMALLEST = 0.0001
"""Where the logarithmic axis of false positives begins."""

Spread = dict[str, dict[str, float]]
"""Figure -> its median and its worst."""


def spread(figures: Sequence[Mapping[str, float | None]]) -> Spread:
    """Return the median and the worst of each figure; one that was nowhere a number is left out."""
    found: Spread = {}
    for name, (_, worst) in COLUMNS.items():
        values = [v for told in figures if (v := told.get(name)) is not None]
        if values:
            found[name] = {"median": median(values), "worst": worst(values)}
    return found


def overview(report: Report) -> dict[str, object]:
    """Return what a model card keeps of a report: for each case the spread over seeds, by value the worst, and under evasion."""
    cases = list(dict.fromkeys(r.case for r in report.results))
    first = [r for r in report.results if r.seed == report.results[0].seed]
    return {
        "seeds": len({r.seed for r in report.results}),
        "cases": {c: spread([r.figures for r in report.results if r.case == c]) for c in cases},
        "items": {r.case: {k: r.figures[k] for k in ("items", "malicious")} for r in first},
        "worst": spread([r.figures for r in report.results]),
        "by": {c: _by(r for r in report.results if r.case == c) for c in cases},
        "evasions": _evasions(report.results),
        "answers": report.answers,
    }


def markdown(report: Report) -> str:
    """Return the report as a page."""
    told = overview(report)
    cases: dict[str, Spread] = told["cases"]  # type: ignore[assignment]
    parts = [
        f"# {report.name}: {report.protocol}",
        f"{told['seeds']} seeds; median over seeds, worst in brackets. `vedette evaluate {report.name} --protocol {report.protocol}`",
        spread_table("tested", {**cases, "worst of all": told["worst"]} if len(cases) > 1 else cases),  # type: ignore[dict-item]
    ]
    by: dict[str, dict[str, Spread]] = told["by"]  # type: ignore[assignment]
    for case, values in by.items():
        if len(values) > 1:
            parts.append(f"## {case}, part by part\n\n{spread_table('part', dict(list(values.items())[:WORST]))}")
    evasions: dict[str, dict[str, float]] = told["evasions"]  # type: ignore[assignment]
    if evasions:
        parts.append(f"## Under evasion\n\n{evasion_table(evasions)}")
    if report.answers:
        parts.append("## Leaks answered\n\n" + "\n".join(f"- `{uid}`: {text}" for uid, text in report.answers.items()))
    return "\n\n".join(parts) + "\n"


def curves(report: Report) -> dict[str, str]:
    """Return file name -> SVG: ROC with a logarithmic axis, precision and recall, reliability; a line per case, of the first seed."""
    shown = [r for r in report.results if r.curves and r.seed == report.results[0].seed]
    kinds = {
        "roc": (Axis("false-positive rate", SMALLEST, 1.0, log=True), Axis("recall"), "ROC"),
        "precision_recall": (Axis("recall"), Axis("precision"), "precision and recall"),
        "reliability": (Axis("confidence"), Axis("share that is malicious"), "reliability"),
    }
    return {
        f"{report.protocol}-{kind}.svg": chart(
            f"{report.name}, {report.protocol}: {title}",
            x,
            y,
            [Line(r.case, r.curves[kind]) for r in shown],
            diagonal=kind == "reliability",
        )
        for kind, (x, y, title) in kinds.items()
    }


def write(report: Report, folder: Path) -> list[Path]:
    """Write the page, the curves and everything as JSON; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = {"overview": overview(report), "report": msgspec.to_builtins(report)}
    files = {
        f"{report.protocol}.json": msgspec.json.format(msgspec.json.encode(plain), indent=1).decode(),
        f"{report.protocol}.md": markdown(report),
        **curves(report),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]


def _by(results: Iterable[Result]) -> dict[str, Spread]:
    """Return value -> spread over seeds, the worst recall first; then the worst rate of false positives."""
    parts: dict[str, list[Mapping[str, float | None]]] = {}
    for result in results:
        for value, told in result.by.items():
            parts.setdefault(value, []).append(told)
    found = {value: spread(told) for value, told in parts.items()}

    def rank(value: str) -> tuple[float, float]:
        told = found[value]
        return (
            told.get("recall_at_1%", {}).get("median", 2.0),
            -told.get("false_positives", {}).get("median", 0.0),
        )

    return {value: found[value] for value in sorted(found, key=rank)}


def _evasions(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    """Return evasion -> medians over cases and seeds, and the worst recall after it."""
    parts: dict[str, list[dict[str, float | None]]] = {}
    for result in results:
        for name, told in result.evasions.items():
            parts.setdefault(name, []).append(told)
    return {
        name: {
            **{k: median(t[k] or 0.0 for t in told) for k in told[0]},
            "worst": min(t["recall_after"] or 0.0 for t in told),
        }
        for name, told in sorted(parts.items())
    }


EVADED = {
    "recall_before": "recall at 1 % FPR before",
    "recall_after": "after, median",
    "worst": "after, worst",
    "score_drop": "mean drop of score",
    "insufficient": "insufficient data",
}


def evasion_table(evasions: Mapping[str, Mapping[str, float]]) -> str:
    """Return a Markdown table: a row per evasion."""
    lines = [f"| evasion | {' | '.join(EVADED.values())} |", "|---" * (len(EVADED) + 1) + "|"]
    lines += [f"| {name} | {' | '.join(f'{told[k]:.3f}' for k in EVADED)} |" for name, told in evasions.items()]
    return "\n".join(lines)


def spread_table(head: str, rows: Mapping[str, Spread]) -> str:
    """Return a Markdown table: a row per name, a column per figure that any row has."""
    shown = [name for name in COLUMNS if any(name in told for told in rows.values())]
    lines = [f"| {head} | {' | '.join(COLUMNS[n][0] for n in shown)} |", "|---" * (len(shown) + 1) + "|"]
    for name, told in rows.items():
        cells = (f"{told[n]['median']:.3f} ({told[n]['worst']:.3f})" if n in told else "" for n in shown)
        lines.append(f"| {name.replace('|', '/')} | {' | '.join(cells)} |")
    return "\n".join(lines)

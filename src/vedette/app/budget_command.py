"""``vedette budget``: how many false alerts a day are to be expected, at this setting and at others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from vedette.app import accounts, local, memory, progress
from vedette.app.baselines import shelf_of
from vedette.app.findings import Watch
from vedette.app.terminal import OUT, say, write_json
from vedette.config import FILE_NAME, Config, load
from vedette.learning.budget import days, forecast, levels

OTHERS = (5.0, 10.0, 20.0, 50.0, 100.0)
"""Settings that are shown beside the present one."""
_MANY, _FAR = 10, 4.0
UNREADABLE = 3


def budget(
    paths: Sequence[str],
    config_file: Path | None = None,
    tried: float | None = None,
    *,
    as_json: bool = False,
    quiet: bool = False,
) -> int:
    """Show what to expect, from the inputs or from the last scan."""
    config = load(config_file)
    if paths:
        shelf = shelf_of(config)
        with (
            progress.Progress(shown=not quiet) as bar,
            local.scan(paths, config, bar.bytes, bar.stage, shelf) as result,
        ):
            bar.done()
            watched: Sequence[Watch] = result.watched
            alerts: Mapping[str, int] = Counter(f.detector for f in result.findings if f.alert)
            if result.unreadable:
                accounts.say_unreadable(result.inputs)
                return UNREADABLE
    else:
        last = memory.recall()
        watched, alerts = last.watched, last.alerts
    told = expected(watched, alerts, config, tried)
    if as_json:
        write_json(told)
    else:
        _show(told, tried)
    return 0


def expected(
    watched: Sequence[Watch], alerts: Mapping[str, int], config: Config, tried: float | None = None
) -> dict[str, Any]:
    """Return what a program would read: per setting and detector the false alerts a day, and what of the data would alert.

    Args:
        watched: what each learned detector judged.
        alerts: findings that alert, by detector, rules included.
        config: the present setting.
        tried: another setting.
    """
    counts, caps = {w.detector: w.judged for w in watched}, {w.detector: w.cap for w in watched}
    now, length = config.budget.alerts_per_day, days(counts)
    wanted = sorted({now, *OTHERS, *([] if tried is None else [tried])})
    settings = []
    for setting in wanted:
        found, false = levels(counts, caps, setting), forecast(counts, caps, setting)
        settings.append(
            {
                "alerts_per_day": setting,
                "expected_false_alerts_a_day": round(sum(false.values()), 2),
                "alerts_in_this_data": sum(w.alerts(found[w.detector]) for w in watched),
                "detectors": {
                    w.detector: {
                        "expected_false_alerts_a_day": round(false[w.detector], 3),
                        "alerts_in_this_data": w.alerts(found[w.detector]),
                    }
                    for w in watched
                },
            }
        )
    learned = {w.detector for w in watched}
    rules = {name: n for name, n in sorted(alerts.items()) if name not in learned}
    return {
        "setting": now,
        "tried": tried,
        "days": round(length, 3),
        "items_a_day": {name: round(sum(by.values()) / length) for name, by in counts.items()},
        "settings": settings,
        "rules": {"alerts_in_this_data": sum(rules.values()), "detectors": rules},
    }


def _show(told: dict[str, Any], tried: float | None) -> None:
    by_setting = {s["alerts_per_day"]: s for s in told["settings"]}
    now = by_setting[told["setting"]]
    after = by_setting[tried] if tried is not None else None
    say(f"Alert budget: {told['setting']:g} false alerts a day. From {_span(told['days'])} of data:\n")
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    headings = ["Detector", "Items a day", "False a day", "Alerts here"]
    for heading in headings + ([f"At {tried:g}: false a day", "alerts here"] if after else []):
        table.add_column(heading, justify="left" if heading == "Detector" else "right", no_wrap=True)
    for name, items in sorted((n, i) for n, i in told["items_a_day"].items() if i):
        cells = [name, f"{items:,}", *_cells(now["detectors"][name])]
        table.add_row(*cells, *(_cells(after["detectors"][name]) if after else ()))
    table.add_row(*(Text(c, style="bold") for c in ("all", "", *_cells(now), *(_cells(after) if after else ()))))
    OUT.print(table)
    _warn(now, told["days"])
    rules = told["rules"]["alerts_in_this_data"]
    if rules:
        say(f"\nRules have no p-value and always alert: {rules:,} here, {rules / told['days']:.1f} a day.")
    if not any(told["items_a_day"].values()):
        say("\nNo learned detector judged anything in this data.")
        return
    OUT.print()
    others = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("alerts_per_day", "False a day", "Alerts here"):
        others.add_column(heading, justify="right")
    for setting in told["settings"]:
        here = setting["alerts_per_day"] == told["setting"]
        others.add_row(
            *(Text(c, style="bold" if here else "") for c in (f"{setting['alerts_per_day']:g}", *_cells(setting)))
        )
    OUT.print(others)
    say(
        f"\nSet it in {FILE_NAME}: [budget] alerts_per_day = N. Findings that miss it are kept: vedette scan PATH --json"
    )


def _warn(now: dict[str, Any], length: float) -> None:
    """Name the detectors that alert far more often than benign items would make them."""
    for name, said in now["detectors"].items():
        if said["alerts_in_this_data"] > max(_MANY, _FAR * said["expected_false_alerts_a_day"] * length):
            say(
                f"\n{name}: far more alerts than benign items explain. That is an attack, or benign items here differ from those "
                f"it was calibrated on: look at some, then vedette calibrate {name} PATH."
            )


def _cells(of: dict[str, Any]) -> tuple[str, str]:
    return f"{of['expected_false_alerts_a_day']:.1f}", f"{of['alerts_in_this_data']:,}"


def _span(length: float) -> str:
    return "one day" if length <= 1 else f"{length:.1f} days"

"""``vedette models``: what is here, what is in use, what differs, and the way back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from vedette.abc import Learned
from vedette.app import local, terminal
from vedette.app.gather import Gather
from vedette.app.score import learned, scored
from vedette.app.terminal import OUT, write_json
from vedette.config import Config
from vedette.errors import ModelError
from vedette.events.batch import EventBatch
from vedette.incidents.words import visible
from vedette.learning import registry
from vedette.scoring.artefact import Model

SHOWN = 20
"""Lists of a card, and changed verdicts, that the terminal shows so many of."""


def show_list(*, as_json: bool) -> int:
    """Show every model that is here, and say of damaged ones what is wrong."""
    rows = [_row(v) for v in registry.every()]
    if as_json:
        write_json(rows)
        return 0
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("Model", "Version", "From", "In use", "Size", "Trained on"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "Size" else "left")
    for row in rows:
        used = Text("yes" + (", calibrated here" if row["calibration"] else ""), style="green")
        told = Text(row["problem"], style="red") if row["problem"] else Text(", ".join(row["trained_on"]), style="dim")
        size = f"{row['size_bytes'] / 1e6:.1f} MB"
        table.add_row(
            row["name"], Text(visible(row["version"])), row["origin"], used if row["in_use"] else "", size, told
        )
    OUT.print(table)
    if not rows:
        terminal.say("No model is here.")
    return 0


def _row(version: registry.Version) -> dict[str, Any]:
    problem, trained, use = "", list[str](), registry.Use()
    try:
        use = registry.in_use(version.name)
        trained = sorted(registry.open_version(version).data)
        if _is_in_use(version, use):
            used = registry.load(version.name)
            registry.check(used)
            problem = used.notice
    except ModelError as error:
        problem = error.message
    return {
        "name": version.name,
        "version": version.version,
        "origin": version.origin,
        "in_use": _is_in_use(version, use),
        "calibration": use.calibration if _is_in_use(version, use) else "",
        "trained_on": trained,
        "size_bytes": sum(p.stat().st_size for p in version.folder.iterdir() if p.is_file()),
        "problem": problem,
    }


def _is_in_use(version: registry.Version, use: registry.Use) -> bool:
    try:
        return registry.version_named(version.name, use.version) == version
    except ModelError:
        return False


def show(name: str, version: str, *, as_json: bool) -> int:
    """Show the card of a model: of the one in use, or of a version."""
    model = _model(name, version)
    told = {
        "name": model.name,
        "version": model.version,
        "encoder": model.encoder,
        "data": dict(model.data),
        "calibration": _calibration(model),
        "weights": {n: int(np.count_nonzero(t)) for n, t in model.form.weights.items()},
        "recipe": dict(model.recipe),
        "card": dict(model.card),
    }
    if as_json:
        write_json(told)
        return 0
    OUT.print(Text.assemble((model.name, "bold"), f" {model.version}"))
    for line, depth in _outline({k: v for k, v in told.items() if k not in ("name", "version")}):
        OUT.print(Padding(Text(visible(line)), (0, 0, 0, 2 * depth)))
    return 0


def _calibration(model: Model) -> dict[str, Any]:
    table = model.calibration
    return {
        "origin": table.origin,
        "benign_items": table.count,
        "false_positive_rate": table.alpha,
        "threshold": _finite(table.threshold),
        "known_share": table.known_share,
    }


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _outline(value: Any, depth: int = 0) -> Iterator[tuple[str, int]]:  # noqa: ANN401 - what JSON holds
    """Yield lines and how far in they stand; long lists are cut."""
    items = value.items() if isinstance(value, dict) else ((f"{i + 1}", v) for i, v in enumerate(value[:SHOWN]))
    for key, held in items:
        if isinstance(held, (dict, list, tuple)) and held:
            yield f"{key}:", depth
            yield from _outline(held, depth + 1)
        elif isinstance(held, str) and "\n" in held:
            yield f"{key}:", depth
            yield from ((line, depth + 1) for line in held.splitlines())
        else:
            yield f"{key}: {f'{held:.4g}' if isinstance(held, float) else held}", depth
    if isinstance(value, (list, tuple)) and len(value) > SHOWN:
        yield f"... and {len(value) - SHOWN} more", depth


def use(name: str, version: str, *, as_json: bool) -> int:
    """Put a version into use."""
    before = registry_state(name)
    model = registry.use(name, version)
    _told(name, before, model, as_json=as_json)
    return 0


def rollback(name: str, *, as_json: bool) -> int:
    """Go back to what was in use before."""
    before = registry_state(name)
    registry.rollback(name)
    _told(name, before, registry.load(name), as_json=as_json)
    return 0


def registry_state(name: str) -> str:
    """Return in words what is in use, also where it is damaged."""
    try:
        now = registry.in_use(name)
    except ModelError:
        return "unreadable"
    return now.version + (" with this site's calibration" if now.calibration else "")


def _told(name: str, before: str, model: Model, *, as_json: bool) -> None:
    now = registry_state(name)
    if as_json:
        write_json({"name": name, "before": before, "now": now, "version": model.version})
    else:
        terminal.say(f"{name}: {before} -> {now} ({model.version}). Undo: vedette models rollback {name}")
    if model.notice:
        terminal.warn(model.notice)


# ------------------------------------------------------------------------------------------------------------------ diff


@dataclass(frozen=True, slots=True)
class Change:
    """An item of which two models say different things."""

    item: str
    before: str
    now: str
    p_before: float
    p_now: float


def diff(name: str, versions: tuple[str, str], on: Sequence[str], config: Config, *, as_json: bool) -> int:
    """Show how two versions of a model differ, and, on a sample, how many verdicts change."""
    one, two = (_model(name, v) for v in versions)
    told = _difference(one, two)
    if on:
        count, changes = changed(learned(name)(one), learned(name)(two), on, config)
        told["items"], told["changed"] = count, len(changes)
        told["changes"] = [{f: getattr(c, f) for f in Change.__slots__} for c in changes]
    if as_json:
        write_json(told)
        return 0
    OUT.print(Text.assemble((name, "bold"), f" {one.version} -> {two.version}"))
    shown = {**told, "changes": told["changes"][:SHOWN]} if on else told
    for line, depth in _outline({k: v for k, v in shown.items() if v not in ({}, [])}):
        OUT.print(Padding(Text(visible(line)), (0, 0, 0, 2 * depth)))
    return 0


def _model(name: str, version: str) -> Model:
    return registry.open_version(registry.version_named(name, version)) if version else registry.load(name)


def _difference(one: Model, two: Model) -> dict[str, Any]:
    """Return what differs: data, figures of the cards, thresholds, weights."""
    sides = (_calibration(one), _calibration(two))
    figures = (_figures(one.card), _figures(two.card))
    return {
        "versions": [one.version, two.version],
        "same_encoder": one.encoder == two.encoder,
        "data": {
            "only_before": sorted(set(one.data) - set(two.data)),
            "only_now": sorted(set(two.data) - set(one.data)),
            "changed": sorted(k for k in set(one.data) & set(two.data) if one.data[k] != two.data[k]),
        },
        "calibration": {k: [sides[0][k], sides[1][k]] for k in sides[0] if sides[0][k] != sides[1][k]},
        "figures": {
            k: [figures[0].get(k), figures[1].get(k)]
            for k in sorted(set(figures[0]) | set(figures[1]))
            if figures[0].get(k) != figures[1].get(k)
        },
        "changed_weights": {
            n: _changed_weights(one, two, n) for n in sorted(set(one.form.weights) | set(two.form.weights))
        },
    }


def _figures(card: Any, path: str = "") -> dict[str, float]:  # noqa: ANN401 - what JSON holds
    """Return every number of a card by where it stands in it."""
    if isinstance(card, bool) or card is None:
        return {}
    if isinstance(card, (int, float)):
        return {path: float(card)}
    items = card.items() if isinstance(card, dict) else enumerate(card) if isinstance(card, list) else ()
    return {k: v for key, held in items for k, v in _figures(held, f"{path}.{key}" if path else str(key)).items()}


def _changed_weights(one: Model, two: Model, block: str) -> int:
    a, b = one.form.weights.get(block), two.form.weights.get(block)
    if a is None or b is None or len(a) != len(b):
        return int(max(np.count_nonzero(x) for x in (a, b) if x is not None))
    return int(np.count_nonzero(a != b))


def changed(one: Learned, two: Learned, paths: Sequence[str], config: Config) -> tuple[int, list[Change]]:
    """Return how many items the inputs hold, and those whose verdict differs."""
    count, out = 0, list[Change]()
    gather = Gather()

    def batches() -> Iterator[EventBatch]:
        for item, batch in local.read(paths, config):
            if batch is not None:
                yield from gather.add(batch.named(item.name))
        yield from gather.flush()

    for rows, before in scored(one, batches()):
        count += rows.height
        now = two.judge(rows)
        both = before.select("item", "verdict", "p_value", "log_name", "sequence").with_columns(
            now["verdict"].alias("now"), now["p_value"].alias("p_now")
        )
        for row in both.filter(pl.col("verdict") != pl.col("now")).iter_rows(named=True):  # told one by one
            name = row["item"] or f"{row['log_name']}#{row['sequence']}"
            out.append(Change(name, row["verdict"], row["now"], row["p_value"], row["p_now"]))
    return count, out

"""What sources made of their input, which detectors could work on it, and what is installed."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Sequence
from typing import Any

import polars as pl
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from vedette.abc import Detector, Learned, Plugin, Source
from vedette.app.accounts import accounts
from vedette.app.engine import enabled
from vedette.app.intake import Input
from vedette.app.local import Scan
from vedette.app.stage import Idle
from vedette.app.terminal import OUT, named_technique, write_json
from vedette.config import Config
from vedette.errors import ModelError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.incidents.words import visible
from vedette.learning import registry
from vedette.plugins import FOLDERS, discover

HIDDEN = "(set, not shown)"
_SECRETS = frozenset({"password", "secret", "token", "url", "urls"})
"""Settings whose values are secrets, or may hold one, as the URL of a webhook or of a database does."""

PREVIEW_ROWS = 5
CELL_LIMIT = 60


class Preview:
    """The first rows of each class, and how many there are."""

    def __init__(self) -> None:
        self._first: dict[EventClass, pl.DataFrame] = {}
        self._rows: Counter[EventClass] = Counter()

    def add(self, batch: EventBatch) -> None:
        """Count a batch, keep its first rows."""
        self._rows[batch.kind] += len(batch)
        if batch.kind not in self._first or self._first[batch.kind].height < PREVIEW_ROWS:
            have = self._first.get(batch.kind)
            head = batch.frame.head(PREVIEW_ROWS)
            self._first[batch.kind] = (
                head if have is None else pl.concat([have, head], how="diagonal").head(PREVIEW_ROWS)
            )

    def show(self, inputs: Sequence[Input]) -> None:
        """Print the rows class by class, then the inputs."""
        for kind, rows in sorted(self._first.items()):
            OUT.print(Text.assemble((kind.caption, "bold"), f" {kind.class_uid}: {self._rows[kind]:,} rows"))
            filled = [c for c in rows.columns if rows[c].null_count() < rows.height and c != "metadata.log_name"]
            for row in rows.select(filled).iter_rows(named=True):  # at most PREVIEW_ROWS
                shown = (f"{c}={visible(str(v), CELL_LIMIT)}" for c, v in row.items() if v is not None)
                OUT.print(Padding(Text("  ".join(shown), style="dim"), (0, 0, 0, 2)))
            OUT.print()
        OUT.print(accounts(inputs))


def show_doctor(result: Scan, *, as_json: bool) -> None:
    """Show which detectors could look at the input, and what the others lack."""
    idle = {i.detector: i for i in result.idle}
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("Detector", "", "Why"):
        table.add_column(heading, overflow="fold")
    for detector in discover(Detector):
        table.add_row(detector, *_state(idle.get(detector)))
    if as_json:
        reasons = {d: idle[d].reason if d in idle else "" for d in discover(Detector)}
        write_json([{"detector": d, "ran": d not in idle, "reason": r} for d, r in reasons.items()])
        return
    OUT.print(table)
    OUT.print()
    OUT.print(accounts(result.inputs))


def _state(idle: Idle | None) -> tuple[Text, str]:
    """Return how a detector fared, and why."""
    if idle is None:
        return Text("ran", style="green"), ""
    if idle.broke:
        return Text("broken", style="bold red"), visible(idle.reason)
    partly = " in " in idle.reason and "input" not in idle.reason
    return Text("partly", style="yellow") if partly else Text("idle", style="dim"), idle.reason


def show_installation(config: Config, *, as_json: bool) -> None:
    """Show what is installed, and the settings in force.

    Raises:
        ConfigError: a disabled detector does not exist.
    """
    enabled(config)
    found = {kind.__name__: list(discover(kind)) for kind in FOLDERS}
    models = {name: _model(cls) for name, cls in discover(Detector).items() if issubclass(cls, Learned)}
    if as_json:
        write_json({"plugins": found, "models": models, "settings": _open_settings(config)})
        return
    for kind, members in found.items():
        OUT.print(Text.assemble((f"{kind}  ", "bold"), ", ".join(members)))
    OUT.print(Text("\nModels in use", style="bold"))
    for name, told in models.items():
        OUT.print(Text(f"  {name}: {visible(told)}", style="" if told.startswith("version") else "red"))
    OUT.print(Text("\nSettings in force", style="bold"))
    for section, values in _open_settings(config).items():
        for key, value in values.items() if isinstance(values, dict) else enumerate(values):
            OUT.print(Text(visible(f"  {section}.{key} = {value}")))


def _open_settings(config: Config) -> dict[str, Any]:
    """Return the settings as they are, but for what is a secret, or may hold one."""
    shown: dict[str, Any] = _without_secrets(config.model_dump(mode="json"))
    return shown


def _without_secrets(value: Any) -> Any:  # noqa: ANN401 - whatever settings hold
    if isinstance(value, dict):
        return {k: HIDDEN if k in _SECRETS and v else _without_secrets(v) for k, v in value.items()}
    return [_without_secrets(v) for v in value] if isinstance(value, list) else value


def _model(cls: type[Detector]) -> str:
    """Return in words which model a learned detector uses, or why it has none."""
    try:
        detector = registry.equip(cls)
    except ModelError as error:
        return "; ".join(filter(None, (error.message, error.where, error.hint)))
    assert isinstance(detector, Learned)  # noqa: S101 - for the reader of types
    model = detector.model
    told = f"version {model.version}, calibrated: {model.calibration.origin} ({model.calibration.count:,} benign items)"
    return "; ".join(filter(None, (told, model.notice)))


def show_plugin(plugin: type[Plugin], *, as_json: bool = False) -> None:
    """Show a plug-in's documentation page."""
    page = _flowed(inspect.cleandoc(plugin.__doc__ or "").replace("``", ""))
    if as_json:
        kind = "detector" if issubclass(plugin, Detector) else "source"
        write_json({"name": plugin.name, "kind": kind, "page": page})
        return
    OUT.print(Text(plugin.name, style="bold"))
    if issubclass(plugin, Detector):
        told = (plugin.title, plugin.severity.name.lower(), ", ".join(map(named_technique, plugin.techniques)))
        OUT.print(Text(" · ".join(filter(None, told)), style="dim"))
    if issubclass(plugin, Source):
        OUT.print(Text("gives " + ", ".join(k.caption for k in plugin.emits), style="dim"))
    OUT.print()
    for line in page:
        OUT.print(Padding(Text(line), (0, 0, 0, 2), expand=False) if line.startswith("- ") else Text(line))


def _flowed(page: str) -> list[str]:
    """Return paragraphs and list items, a line each, whatever their width in the code: a terminal wraps by itself."""
    lines: list[str] = []
    for line in map(str.strip, page.splitlines()):
        if line.startswith(("- ", "* ")):
            lines.append(f"- {line[2:]}")
        elif line and lines and lines[-1]:
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    return lines

"""What the commands do. Each returns its exit code."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar

from vedette.abc import Detector, Source
from vedette.app import accounts, examine, local, memory, progress, report, telling, terminal
from vedette.app.baselines import shelf_of
from vedette.app.door import Door
from vedette.app.intake import Input
from vedette.config import Config, load
from vedette.errors import ConfigError
from vedette.events.batch import EventBatch
from vedette.incidents.record import findings_batch, incidents_batch
from vedette.plugins import discover
from vedette.response.sinks.ocsf_json import OcsfJson

T = TypeVar("T")

LINES = 5_000
"""Incidents or findings that are written at a time."""

NOTHING, FOUND, USAGE, UNREADABLE = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator asked to see.

    Attributes:
        json: OCSF JSON lines on standard output instead of tables.
        html: where the report goes; ``parquet``: below which folder the tables go.
        quiet: no progress.
        profiles: folder of the baselines, if not the site's own; ``learn``: whether the scan teaches them.
        unlearned: judge without any baseline of before.
        sigma: Sigma rules besides those of the settings.
    """

    json: bool = False
    html: Path | None = None
    parquet: Path | None = None
    quiet: bool = False
    profiles: Path | None = None
    learn: bool = False
    unlearned: bool = False
    sigma: tuple[str, ...] = ()


def scan(paths: Sequence[str], wanted: Wanted, config_file: Path | None = None) -> int:
    """Read inputs, show incidents."""
    config = with_sigma(load(config_file), wanted.sigma)
    _check_outputs(wanted)
    return _scan(paths, wanted, config)


def with_sigma(config: Config, paths: Sequence[str]) -> Config:
    """Return the settings with Sigma rules that the command line adds.

    Raises:
        ConfigError: a path of rules, of the settings or added, is not there.
    """
    rules = (*config.sigma.paths, *paths)
    for absent in (p for p in rules if not Path(p).exists()):
        raise ConfigError("no such file or folder of Sigma rules", where=absent)
    return config.model_copy(update={"sigma": config.sigma.model_copy(update={"paths": rules})})


def _check_outputs(wanted: Wanted) -> None:
    """Make the folders of the outputs; refuse before hours of reading what could not be written after them.

    Raises:
        ConfigError: a folder cannot be made or written into, or holds tables already, or the report's name is that of a folder.
    """
    if wanted.parquet and any(wanted.parquet.glob("class=*/*.parquet")):
        raise ConfigError(
            "the folder holds tables already: what is in both would count twice",
            where=str(wanted.parquet),
            hint="name another folder, or empty this one",
        )
    if wanted.html and wanted.html.is_dir():
        raise ConfigError("the report needs a file's name, and this is a folder", where=str(wanted.html))
    for folder in filter(None, (wanted.html and wanted.html.parent, wanted.parquet)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"cannot make the folder: {error.strerror}", where=str(folder)) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise ConfigError("no right to write into the folder", where=str(folder))


def _scan(paths: Sequence[str], wanted: Wanted, config: Config) -> int:
    with _scanned(paths, config, wanted) as result:
        memory.keep(result)
        if wanted.parquet:
            _write_parquet(result, wanted.parquet)
        if wanted.html:
            wanted.html.write_text(report.render(report.of_scan(result)), "utf-8")
        if wanted.json:
            for part in chain(_lines(result.incidents, incidents_batch), _lines(result.findings, findings_batch)):
                sys.stdout.buffer.write(part)
        else:
            telling.show_scan(result, wanted.html)
        if result.unreadable:
            accounts.say_unreadable(result.inputs)
            return UNREADABLE
        return FOUND if result.incidents else NOTHING


def _lines(found: Sequence[T], batch: Callable[[Sequence[T]], EventBatch]) -> Iterator[bytes]:
    """Yield OCSF JSON lines, a bounded number at a time: 100,000 incidents as one table take a gigabyte."""
    sink = OcsfJson()
    return (sink.encode(batch(found[at : at + LINES])) for at in range(0, len(found), LINES))


@contextmanager
def _scanned(paths: Sequence[str], config: Config, wanted: Wanted) -> Iterator[local.Scan]:
    shelf = None if wanted.unlearned else shelf_of(config, wanted.profiles)
    with (
        progress.Progress(shown=not wanted.quiet) as bar,
        local.scan(paths, config, bar.bytes, bar.stage, shelf, learn=wanted.learn) as result,
    ):
        bar.done()
        yield result


def _write_parquet(result: local.Scan, folder: Path) -> None:
    result.spool.write_parquet(folder)
    for batch in (findings_batch(result.findings), incidents_batch(result.incidents)):
        target = folder / f"class={batch.kind.value}"
        target.mkdir(parents=True, exist_ok=True)
        batch.frame.write_parquet(target / "vedette.parquet")


def events(paths: Sequence[str], wanted: Wanted, config_file: Path | None = None) -> int:
    """Show or write what the sources made of their inputs; nothing is held in memory."""
    sink, inputs, preview = OcsfJson(), list[Input](), examine.Preview()
    _check_outputs(wanted)
    config = load(config_file)
    door = Door(config)
    with progress.Progress(shown=not wanted.quiet) as bar:
        for item, batch in local.read(paths, config, bar.bytes):
            if batch is None:
                inputs.append(item)
                continue
            named = door.enter(batch.named(item.name))
            if wanted.parquet:
                target = wanted.parquet / f"class={batch.kind.value}"
                target.mkdir(parents=True, exist_ok=True)
                named.frame.write_parquet(target / f"part-{sum(1 for _ in target.iterdir()):05}.parquet")
            if wanted.json:
                sys.stdout.buffer.write(sink.encode(named))
            else:
                preview.add(named)
    door.shut()
    if not wanted.json:
        preview.show(inputs)
    if not any(i.account.records for i in inputs):
        accounts.say_unreadable(tuple(inputs))
        return UNREADABLE
    return NOTHING


def explain(uid: str, *, as_json: bool = False) -> int:
    """Explain an incident or finding of the last scan, or a detector."""
    for kind in (Detector, Source):
        plugin = discover(kind).get(uid)
        if plugin is not None:
            examine.show_plugin(plugin, as_json=as_json)
            return NOTHING
    return memory.explain(uid, as_json=as_json)


def doctor(paths: Sequence[str], config_file: Path | None = None, *, as_json: bool = False, quiet: bool = False) -> int:
    """Say which detectors can work on the inputs, and why others cannot."""
    config = load(config_file)
    if not paths:
        examine.show_installation(config, as_json=as_json)
        return NOTHING
    with _scanned(paths, config, Wanted(quiet=quiet)) as result:
        examine.show_doctor(result, as_json=as_json)
        return UNREADABLE if result.unreadable else NOTHING


def demo(folder: Path, seed: int, drill: str = "office-day", *, quiet: bool = False) -> int:
    """Play the drill, scan it, write the report; 0, since finding the attack is what should happen."""
    from vedette.app.drill import write_drill  # noqa: PLC0415 - only here

    told = {"office-day": "an office day with an attack hidden inside"}.get(drill, drill)
    terminal.say(f"Playing {told} into {folder}/ ...")
    html = folder / "report.html"
    _check_outputs(Wanted(html=html))
    paths = write_drill(folder, drill, seed)
    code = _scan([str(p) for p in paths], Wanted(html=html, quiet=quiet, unlearned=True), Config())
    program = "vedette" if shutil.which("vedette") else sys.argv[0]
    terminal.say(f"\nOpen {html} in a browser for the whole story, or run: {program} explain ID")
    return NOTHING if code == FOUND else UNREADABLE

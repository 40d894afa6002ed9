"""``vedette learn`` and ``vedette baseline``: what is normal here, learned, shown and forgotten."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from vedette.abc import WindowFeatures
from vedette.app import accounts, local, progress
from vedette.app.baselines import opened, shelf_of, stored
from vedette.app.engine import Engine
from vedette.app.intake import Input
from vedette.app.terminal import OUT, say, warn, write_json
from vedette.config import Config, load
from vedette.errors import BaselineError
from vedette.incidents.words import visible
from vedette.store.profiles import Shelf
from vedette.store.profiles.portrait import YOUNG, Portrait, Usual, Values, portraits
from vedette.store.profiles.told import Told

UNREADABLE = 3
_IN_FULL, _SUMMARIZED, _NAMED = 3, 5, 8
_DAY_SECONDS, _HOUR_SECONDS, _MINUTE_SECONDS = 86_400, 3_600, 60


def learn(
    paths: Sequence[str],
    config_file: Path | None = None,
    folder: Path | None = None,
    *,
    fresh: bool = False,
    as_json: bool = False,
    quiet: bool = False,
) -> int:
    """Learn what is normal from history, in one pass and without findings."""
    config, clock = load(config_file), time.monotonic()
    shelf = shelf_of(config, folder)
    if fresh:
        shelf.clear()
    inputs = list[Input]()
    try:
        engine = Engine(config, shelf=opened(shelf, config), judging=False)
        with progress.Progress(shown=not quiet) as bar:
            for item, batch in local.read(paths, config, bar.bytes):
                if batch is None:
                    inputs.append(item)
                else:
                    engine.feed(batch, item.name)
            bar.stage("learning")
            outcome = engine.close()
        if not any(i.account.records for i in inputs):
            accounts.say_unreadable(tuple(inputs))
            return UNREADABLE
        shelf.save()
    finally:
        shelf.close()
    _say_learned(
        shelf, outcome.baselines, sum(i.account.records for i in inputs), time.monotonic() - clock, as_json=as_json
    )
    for notice in outcome.notices:
        warn(visible(notice))
    for idle in outcome.idle:
        if idle.broke:
            warn(f"nothing was learned of {idle.detector!r}, {visible(idle.reason)}")
    return 0


def _say_learned(shelf: Shelf, told: Told | None, records: int, seconds: float, *, as_json: bool) -> None:
    if as_json:
        write_json({"folder": str(shelf.folder), "records": records, "seconds": round(seconds, 2), "learned": told})
        return
    if told is None or told.began is None or told.until is None:
        say(f"Read {records:,} records in {seconds:.1f} s. Nothing in them has a baseline.")
        return
    sets = f"{told.sets} baseline{'s' * (told.sets != 1)}"
    days = f"{told.days} day{'s' * (told.days != 1)}"
    say(
        f"Learned from {records:,} records in {seconds:.1f} s. What is normal here: {told.entities:,} entities in {sets}, "
        f"{told.windows:,} windows of {days}, {told.began:%Y-%m-%d %H:%M} to {told.until:%Y-%m-%d %H:%M} UTC."
    )
    if told.again:
        say(f"{told.again:,} rows are of windows that were learned before: not learned twice.")
    if told.aside:
        say(f"{told.aside:,} of {told.entities:,} entities set aside in files: not seen for long.")
    if told.forgotten:
        say(f"{told.forgotten:,} values forgotten: nobody had them for long, or one entity had too many.")
    say("Look at one: vedette baseline show ENTITY. Scans judge against it from now on.")


# ------------------------------------------------------------------------------------------------------------------ list


def show_list(folder: Path | None = None, *, as_json: bool = False) -> int:
    """Show which baselines there are."""
    shelf = shelf_of(Config(), folder)
    rows = [_row(name, about) for name, about in shelf.names().items()]
    if as_json:
        write_json(rows)
        return 0
    if not rows:
        say(f"Nothing was learned yet in {shelf.folder}: vedette learn PATH")
        return 0
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("Baseline", "Window", "Entities", "Windows", "Learned from", "to (UTC)"):
        table.add_column(heading, justify="right" if heading in {"Entities", "Windows"} else "left", no_wrap=True)
    for row in rows:
        table.add_row(
            row["baseline"],
            _width(row["window_seconds"]),
            f"{row['entities']:,}",
            f"{row['windows']:,}",
            f"{row['began']:%Y-%m-%d}",
            f"{row['until']:%Y-%m-%d %H:%M}",
        )
    OUT.print(table)
    return 0


def _row(name: str, about: dict[str, Any]) -> dict[str, Any]:
    try:
        learned = about["learned"]
        return {
            "baseline": name,
            **{k: about[k] for k in ("keys", "window_seconds", "numbers", "sets", "saved", "format")},
            **{k: learned[k] for k in ("days", "windows", "aside")},
            "entities": learned["known"],
            "began": datetime.fromtimestamp(learned["began"] / 1e6, UTC),
            "until": datetime.fromtimestamp(learned["until"] / 1e6, UTC),
            "bytes": sum(f["bytes"] for f in [about["files"]["entities"], *about["files"]["values"].values()]),
        }
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise BaselineError(
            f"the baseline of {name!r} cannot be read: {error!r}", hint="learn anew: vedette learn --fresh PATH"
        ) from error


# ------------------------------------------------------------------------------------------------------------------ show


def show(
    names: Sequence[str], config_file: Path | None = None, folder: Path | None = None, *, as_json: bool = False
) -> int:
    """Show what is normal for an entity, in every baseline that knows it.

    Raises:
        BaselineError: nothing was learned, nobody is called so, or a baseline is damaged.
    """
    shelf = shelf_of(load(config_file), folder)
    try:
        found = [(features, *portraits(shelf.profile(features), *names)) for features in stored(shelf)]
    finally:
        shelf.close()
    found = sorted((f for f in found if f[1]), key=lambda f: len(f[0].keys))
    if not found:
        raise _nobody(names, shelf)
    if as_json:
        write_json([{"baseline": features.name, "entries": count, "shown": shown} for features, count, shown in found])
        return 0
    for features, count, shown in found:
        if count > _IN_FULL and len(features.keys) > 1:
            _summarize(features, count, shown)
        else:
            for portrait in shown[:_IN_FULL]:
                _show(portrait)
    return 0


def _nobody(names: Sequence[str], shelf: Shelf) -> BaselineError:
    return BaselineError(
        f"nobody called {' with '.join(repr(visible(n, 80)) for n in names)} was learned",
        where=str(shelf.folder),
        hint="an entity is named as in the events: an address, a host's name, a domain; `vedette baseline list` says what is learned",
    )


def _summarize(features: WindowFeatures, count: int, shown: Sequence[Portrait]) -> None:
    """Show in a few lines what is known of many pairs."""
    wide = _width(shown[0].window_seconds)
    told = f"in {features.name}, per {wide}, those seen most:"
    OUT.print(Text.assemble((f"{count:,} entries", "bold"), "  ", (told, "dim")))
    for portrait in shown[:_SUMMARIZED]:
        names = ", ".join(visible(v, 60) for v in portrait.keys.values())
        times = f"{portrait.windows:,} window{'s' * (portrait.windows != 1)}"
        OUT.print(Padding(Text(f"{names}: {times}, since {portrait.since:%Y-%m-%d}"), (0, 0, 0, 2)))
    OUT.print()


def _show(portrait: Portrait) -> None:
    names = ", ".join(visible(v, 60) for v in portrait.keys.values())
    OUT.print(
        Text.assemble((names, "bold"), "  ", (f"in {portrait.baseline}, per {_width(portrait.window_seconds)}", "dim"))
    )
    lines = [
        f"seen in {portrait.windows:,} windows, {portrait.since:%Y-%m-%d %H:%M} to {portrait.last:%Y-%m-%d %H:%M} UTC",
        *(_number(n, portrait.window_seconds) for n in portrait.numbers if n.windows),
        *(_set(v) for v in portrait.values if v.count),
    ]
    if portrait.group:
        others = ", ".join(visible(p, 40) for p in portrait.peers[:_NAMED])
        more = f" and {portrait.peer_count - _NAMED:,} more" if portrait.peer_count > _NAMED else ""
        lines.append(f"peer group {visible(portrait.group)!r}: {others or 'nobody else in memory'}{more}")
    OUT.print(Padding(Text("\n".join(lines)), (0, 0, 0, 2)))
    if portrait.unseen:
        OUT.print(Padding(Text("cannot see yet: " + "; ".join(portrait.unseen), style="yellow"), (0, 0, 0, 2)))
    OUT.print()


def _number(of: Usual, window_seconds: float) -> str:
    span = f"{_amount(of.low, of.unit)} to {_amount(of.high, of.unit)} per {_width(window_seconds)}"
    parts = [f"{of.name}: {span}, usually {_amount(of.middle, of.unit)}"]
    if of.windows < YOUNG:
        parts.append(f"expected now {_amount(of.expected_low, of.unit)} to {_amount(of.expected_high, of.unit)}")
    if of.busy is not None:
        parts.append(f"most on working days {of.busy[0]:02}-{of.busy[1]:02} h UTC")
    if of.weekend is not None:
        parts.append(f"at weekends up to {of.weekend:.0%} of that")
    if abs(of.drift) >= 2:  # noqa: PLR2004 - what is worth a word
        parts.append(
            f"its last days lie {abs(of.drift):.1f} spreads {'above' if of.drift > 0 else 'below'} its slow mean"
        )
    return "; ".join(parts)


def _set(of: Values) -> str:
    last = ", ".join(visible(v, 60) for v in of.last[:_NAMED])
    more = " ..." if of.count > _NAMED else ""
    return f"{of.name}: {of.count:,} value{'s' * (of.count != 1)} so far, last {last}{more}"


def _amount(value: float, unit: str) -> str:
    if unit != "bytes":
        return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"  # noqa: PLR2004 - one digit below ten
    step = min(int(math.log(value, 1000)), 5) if value >= 1 else 0
    return f"{value / 1000**step:.3g} {('B', 'kB', 'MB', 'GB', 'TB', 'PB')[step]}"


def _width(seconds: float) -> str:
    for size, word in ((_DAY_SECONDS, "day"), (_HOUR_SECONDS, "hour"), (_MINUTE_SECONDS, "minute")):
        if seconds >= size and seconds % size == 0:
            return word if seconds == size else f"{seconds / size:.0f} {word}s"
    return f"{seconds:g} s"


# ---------------------------------------------------------------------------------------------------------------- forget


def forget(names: Sequence[str], config_file: Path | None = None, folder: Path | None = None) -> int:
    """Forget an entity in every baseline.

    Raises:
        BaselineError: nothing was learned, nobody is called so, or a baseline is damaged.
    """
    shelf = shelf_of(load(config_file), folder)
    try:
        count = 0
        for features in stored(shelf):
            profile = shelf.profile(features)
            ids = profile.find(*names)
            count += len(ids)
            if len(ids):
                profile.drop(ids)
        if not count:
            raise _nobody(names, shelf)
        shelf.save()
    finally:
        shelf.close()
    told = " with ".join(visible(n, 80) for n in names)
    say(f"Forgotten: {told}, {count:,} {'entry' if count == 1 else 'entries'}. What is seen again begins anew.")
    return 0

"""``vedette sigma check``: which rules can be used, and which cannot hold of these logs, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from vedette.app import accounts, local, progress
from vedette.app.intake import Input
from vedette.app.terminal import OUT, say, write_json
from vedette.config import Config, load
from vedette.errors import ConfigError
from vedette.events.schema import EventClass
from vedette.incidents.words import visible
from vedette.intel.sigma import read_rules
from vedette.intel.sigma.check import Seen, Silence, silent
from vedette.intel.sigma.read import Read

SHOWN = 20
"""Rows of a table; ``--json`` has all."""
BROKEN, UNREADABLE = 1, 3


def check(
    paths: Sequence[str],
    data: Sequence[str] = (),
    config_file: Path | None = None,
    *,
    as_json: bool = False,
    quiet: bool = False,
) -> int:
    """Read rules, and with ``data`` logs; say what is broken and what cannot hold. 1 where a rule is broken.

    Raises:
        ConfigError: no rules are named, or a path is not there.
    """
    config = load(config_file)
    wanted = [*paths, *(config.sigma.paths if not paths else ())]
    if not wanted:
        raise ConfigError(
            "no Sigma rules are named", hint="vedette sigma check RULES, or [sigma] paths in vedette.toml"
        )
    read = read_rules(wanted, config.sigma.placeholders)
    seen = None
    if data:
        seen, inputs = _seen(data, config, quiet=quiet)
        if not seen.events:
            accounts.say_unreadable(inputs)
            return UNREADABLE
    cannot = silent(read.rules, seen)
    if as_json:
        write_json(_told(read, cannot, seen))
    else:
        _show(read, cannot, seen)
    return BROKEN if read.issues else 0


def _seen(paths: Sequence[str], config: Config, *, quiet: bool) -> tuple[Seen, tuple[Input, ...]]:
    """Read logs, and keep which kinds of events they hold with which fields."""
    seen, inputs = Seen(), list[Input]()
    with progress.Progress(shown=not quiet) as bar:
        for item, batch in local.read(paths, config, bar.bytes):
            if batch is None:
                inputs.append(item)
            elif batch.kind is not EventClass.REJECT:
                seen.add(batch.kind, batch.frame)
    return seen, tuple(inputs)


def _told(read: Read, cannot: Sequence[Silence], seen: Seen | None) -> dict[str, Any]:
    return {
        "files": read.files,
        "rules": len(read.rules),
        "correlations": len(read.correlations),
        "events": seen.events if seen else None,
        "broken": [{"path": i.path, "line": i.line, "title": i.title, "message": i.message} for i in read.issues],
        "silent": [
            {
                "id": s.rule.uid,
                "title": s.rule.title,
                "path": s.rule.path,
                "line": s.rule.line,
                "log": str(s.rule.logsource),
                "reason": s.reason,
                "fields": list(s.fields),
            }
            for s in cannot
        ],
    }


def _show(read: Read, cannot: Sequence[Silence], seen: Seen | None) -> None:
    ready = len(read.rules) - len(cannot)
    on = f" on these {seen.events:,} events" if seen else ""
    say(f"{read.files:,} files: {len(read.rules):,} rules and {len(read.correlations):,} correlations can be used.")
    if read.issues:
        say(f"\n{len(read.issues):,} are broken, and are left out:")
        for issue in read.issues[:SHOWN]:
            say(f"  {visible(str(issue))}")
        _more(len(read.issues))
    say(f"\n{ready:,} of them can hold{on}; {len(cannot):,} cannot.")
    if not cannot:
        return
    counted = Counter((s.reason, ", ".join(s.fields), str(s.rule.logsource)) for s in cannot)
    table = Table(box=None, pad_edge=False)
    for heading in ("Why", "Missing fields", "Log of the rules"):
        table.add_column(heading, overflow="fold")
    table.add_column("Rules", justify="right")
    for (reason, fields, source), n in counted.most_common(SHOWN):
        table.add_row(Text(reason), Text(visible(fields)), Text(visible(source)), f"{n:,}")
    OUT.print(table)
    _more(len(counted))


def _more(n: int) -> None:
    if n > SHOWN:
        say(f"  and {n - SHOWN:,} more: --json has all")

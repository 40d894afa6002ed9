"""The peer of ``tools.compare_sigma``: pySigma's SQLite backend over flat events. It runs in an environment of its own.

``python sigma_sqlite.py RULES EVENTS OUT [--indexed] [--limit N]``: RULES a folder, EVENTS JSON lines, OUT a JSON file. The environment
needs ``pysigma`` 2, ``pysigma-backend-sqlite``, ``pysigma-pipeline-sysmon`` and ``pysigma-pipeline-windows`` (these two with pip's
``--no-deps``: they say that they need pySigma 1, and work with 2); nothing of Vedette is imported. Log sources are resolved by pySigma's
own pipelines: Sysmon's, those of Windows' channels, and those of the audit log.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any


def load(path: str, *, indexed: bool) -> sqlite3.Connection:
    """Return a table ``logs`` as Zircolite makes it: a column per field, text compared without case, numbers as numbers."""
    names: dict[str, str] = {}
    for event in _events(path):
        for name in event:
            names.setdefault(name.lower(), name)
    names[TEXT] = TEXT
    base = sqlite3.connect(":memory:")
    columns = ", ".join(f'"{n}" {"INTEGER" if n == "eventid" else "TEXT COLLATE NOCASE"}' for n in names)
    base.execute(f"CREATE TABLE logs (row INTEGER PRIMARY KEY, {columns})")
    marks = ", ".join("?" for _ in range(len(names) + 1))
    rows = ([i, *_values(event, names)] for i, event in enumerate(_events(path)))
    base.executemany(f"INSERT INTO logs VALUES ({marks})", rows)  # noqa: S608 - question marks only
    if indexed:
        base.execute("CREATE INDEX by_event ON logs (eventid)")
    base.create_function("regexp", 2, _regexp, deterministic=True)
    return base


TEXT = "_all"
"""The column that keywords are looked for in: every value of the event."""


def _events(path: str) -> Iterator[dict[str, Any]]:
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            event: dict[str, Any] = json.loads(line)
            yield event | {TEXT: "\n".join(str(v) for v in event.values())}


def _values(event: dict[str, Any], names: dict[str, str]) -> Iterator[Any]:
    folded = {k.lower(): v for k, v in event.items()}
    return (str(v) if isinstance(v := folded.get(n), int) and n != "eventid" else v for n in names)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _regexp(pattern: str, value: object) -> bool:
    return value is not None and _compiled(pattern).search(str(value)) is not None


def queries(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Yield id, title and the conditions of each rule of a file, one per pipeline that knows its log source."""
    from sigma.backends.sqlite import sqliteBackend  # noqa: PLC0415 - of that environment
    from sigma.collection import SigmaCollection  # noqa: PLC0415
    from sigma.exceptions import SigmaError  # noqa: PLC0415
    from sigma.pipelines.sysmon import sysmon_pipeline  # noqa: PLC0415
    from sigma.pipelines.windows import windows_audit_pipeline, windows_logsource_pipeline  # noqa: PLC0415

    audited = ("process_creation", "registry_event", "registry_set", "registry_add")
    text = path.read_text("utf-8")
    rules: list[Any] = list(SigmaCollection.from_yaml(text).rules)
    for n, rule in enumerate(rules):
        if rule.logsource.product != "windows":
            continue
        made = []
        pipelines = [sysmon_pipeline() + windows_logsource_pipeline()]
        if rule.logsource.category in audited:
            pipelines.append(windows_audit_pipeline() + windows_logsource_pipeline())
        for pipeline in pipelines:
            backend = sqliteBackend(pipeline, fulltext_field=TEXT)
            try:
                made += backend.convert(SigmaCollection([SigmaCollection.from_yaml(text).rules[n]]))
            except (SigmaError, NotImplementedError) as error:
                made.append(f"!{type(error).__name__}: {error}")
        yield str(rule.id), rule.title, [m.replace("SELECT * FROM logs", "SELECT row FROM logs", 1) for m in made]


_NAME = re.compile(r"no such column: \"?([^\"]+)")


def ask(base: sqlite3.Connection, query: str) -> list[int]:
    """Return the rows of a query; a column that no event has is added, null: so the table of a longer log would look."""
    while True:
        try:
            return [row for (row,) in base.execute(query)]
        except sqlite3.OperationalError as error:
            found = _NAME.search(str(error))
            if not found:
                raise
            base.execute(f'ALTER TABLE logs ADD COLUMN "{found[1]}" TEXT COLLATE NOCASE')


def main() -> None:
    """Ask every Windows rule and write what it found, and what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rules")
    parser.add_argument("events")
    parser.add_argument("out")
    parser.add_argument("--indexed", action="store_true", help="with an index on the event id, as Zircolite has it")
    parser.add_argument("--limit", type=int, default=0, help="only so many rules, evenly drawn")
    asked = parser.parse_args()
    clock = time.process_time()
    base = load(asked.events, indexed=asked.indexed)
    loaded = time.process_time() - clock
    files = sorted(Path(asked.rules).rglob("*.yml"))
    clock = time.process_time()
    found = [q for path in files for q in queries(path)]
    converted = time.process_time() - clock
    if asked.limit:
        found = found[:: max(1, len(found) // asked.limit)][: asked.limit]
    hits, failed, seconds = {}, {}, 0.0
    for uid, title, conditions in found:
        rows: set[int] = set()
        for condition in conditions:
            if condition.startswith("!"):
                failed[uid] = condition[1:]
                continue
            clock = time.process_time()
            try:
                rows.update(ask(base, condition))
            except sqlite3.Error as error:
                failed[uid] = f"{type(error).__name__}: {error}"
            seconds += time.process_time() - clock
        hits[uid] = {"title": title, "rows": sorted(rows)}
    told = {"hits": hits, "failed": failed, "load": loaded, "convert": converted, "match": seconds}
    Path(asked.out).write_text(json.dumps(told), "utf-8")
    print(
        f"{len(hits)} rules, {sum(len(h['rows']) for h in hits.values())} hits; load {loaded:.1f}, match {seconds:.1f} CPU-s"
    )


if __name__ == "__main__":
    main()

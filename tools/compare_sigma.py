"""Our Sigma hits against pySigma's SQLite backend, rule by rule and record by record, and what both cost.

``python -m tools.compare_sigma RULES SET --peer PYTHON [--events N] [--out FILE]``: SET is evtx-attack-samples, evtx-benign or otrf
(``tools.host_data`` writes them as collectors do), PYTHON the interpreter of an environment with the backend (``tools.sigma_sqlite`` says
what it needs). Ours reads the files through the source ``winlog``; the peer gets the same events flat. Every difference is written
with the first record, so that it can be explained.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import polars as pl
from tools.host_data import recordings

from vedette.abc import Origin
from vedette.app.gather import Gather
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.intel.sigma import Rules, read_rules
from vedette.sources.winlog import WinLog

PEER = Path(__file__).with_name("sigma_sqlite.py")


def lines_of(name: str, events: int) -> list[bytes]:
    """Return the records of a set, at most ``events``, evenly drawn."""
    found = [line for r in recordings(name) for line in r.data.split(b"\n") if line.strip()]
    return found[:: max(1, -(-len(found) // events))] if events else found


def flat(line: bytes) -> dict[str, Any]:
    """Return a record as one object of texts and numbers: what Zircolite's flattening leaves of it."""
    row = json.loads(line)
    event = row.get("Event")
    if isinstance(row.get("event_data"), dict) or "log_name" in row:  # Winlogbeat 6
        beat: dict[str, Any] = {}
        _leaves(row.get("event_data") or {}, beat)
        _leaves(row.get("user_data") or {}, beat)
        names = {
            "EventID": "event_id",
            "Channel": "log_name",
            "Provider_Name": "source_name",
            "Computer": "computer_name",
        }
        return beat | {to: row.get(name) for to, name in names.items()}
    if not isinstance(event, dict):
        row.setdefault("Provider_Name", row.get("SourceName"))
        row.setdefault("Computer", row.get("Hostname"))
        return {k: _text(v) for k, v in row.items() if v is not None}
    system = event["System"]
    out: dict[str, Any] = {}
    _leaves(event.get("EventData") or {}, out)
    _leaves(event.get("UserData") or {}, out)
    provider = system["Provider"]["#attributes"]["Name"]
    heads = {k: system[k] for k in ("EventID", "Channel", "Computer", "EventRecordID", "Level", "Task")}
    return {**out, **heads, "Provider_Name": provider}


def _leaves(value: dict[str, Any], out: dict[str, Any]) -> None:
    for key, inner in value.items():
        if isinstance(inner, dict) and "#text" in inner:
            out[key] = _text(inner["#text"])
        elif isinstance(inner, dict):
            _leaves(inner, out)
        elif inner is not None and not key.startswith("#"):
            out[key] = _text(inner)


def _text(value: Any) -> Any:  # noqa: ANN401 - a value of JSON
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "\n".join(str(v) for v in value)
    return json.dumps(value) if isinstance(value, dict) else value


def batches(lines: list[bytes]) -> Iterator[EventBatch]:
    """Yield the records as our source reads them, joined as the engine joins them."""
    gather = Gather()
    stream = cast("BinaryIO", io.BytesIO(b"\n".join(lines) + b"\n"))
    for batch in WinLog(Origin("events.jsonl")).read(stream):
        if batch.kind is EventClass.REJECT:
            print(f"rejected: {batch.frame['status_detail'].to_list()}")
        else:
            yield from gather.add(batch)
    yield from gather.flush()


def ours(rules: Rules, held: list[EventBatch]) -> tuple[dict[str, list[int]], float]:
    """Return rule id -> records, and CPU seconds."""
    clock = time.process_time()
    found: dict[str, list[pl.Series]] = {}
    for batch in held:
        for hit in rules.match(batch.kind, batch.frame):
            found.setdefault(hit.rule.uid, []).append(batch.frame["metadata.sequence"][hit.rows])
    seconds = time.process_time() - clock
    return {uid: sorted(pl.concat(parts).to_list()) for uid, parts in found.items()}, seconds


def theirs(peer: str, rules: str, lines: list[bytes], *, indexed: bool, limit: int) -> dict[str, Any]:
    """Return what the peer found."""
    with tempfile.TemporaryDirectory() as folder:
        events, out = Path(folder) / "events.jsonl", Path(folder) / "hits.json"
        events.write_text("".join(json.dumps(flat(line)) + "\n" for line in lines), "utf-8")
        options = [*(["--indexed"] if indexed else []), "--limit", str(limit)]
        subprocess.run([peer, str(PEER), rules, str(events), str(out), *options], check=True)  # noqa: S603 - named by the operator
        told: dict[str, Any] = json.loads(out.read_text("utf-8"))
        return told


def main() -> None:
    """Compare and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rules")
    parser.add_argument("set", choices=["evtx-attack-samples", "evtx-benign", "otrf"])
    parser.add_argument("--peer", required=True)
    parser.add_argument("--events", type=int, default=0)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--indexed", action="store_true")
    parser.add_argument("--out")
    asked = parser.parse_args()
    lines = lines_of(asked.set, asked.events)
    read = read_rules([asked.rules])
    rules = Rules([r for r in read.rules if r.logsource.product == "windows"])
    held = list(batches(lines))
    _, cold = ours(rules, held)
    again, warm = ours(rules, held)
    print(f"{len(lines):,} events, {len(rules.rules):,} rules: ours {cold:.1f} CPU-s, once made ready {warm:.1f}")
    start = min((int(b.frame["metadata.sequence"].min()) for b in held), default=0)  # type: ignore[arg-type, unused-ignore]
    mine = {uid: [n - start for n in rows] for uid, rows in again.items()}
    peer = theirs(asked.peer, asked.rules, lines, indexed=asked.indexed, limit=asked.limit)
    differences = list(_differences(mine, peer, lines, {r.uid for r in rules.rules}))
    same = sum(len(set(mine.get(u, [])) & set(h["rows"])) for u, h in peer["hits"].items())
    print(f"hits of both {same:,}; rules that differ {len(differences)}; the peer refused {len(peer['failed'])}")
    print(f"peer: load {peer['load']:.1f}, convert {peer['convert']:.1f}, match {peer['match']:.1f} CPU-s")
    for d in differences:
        print(f"{d['title']}: only ours {d['only_ours']}, only theirs {d['only_theirs']}")
    if asked.out:
        Path(asked.out).write_text(
            json.dumps({"differences": differences, "failed": peer["failed"]}, indent=1), "utf-8"
        )


def _differences(
    mine: dict[str, list[int]], peer: dict[str, Any], lines: list[bytes], known: set[str]
) -> Iterator[dict[str, Any]]:
    for uid, told in peer["hits"].items():
        own, other = set(mine.get(uid, ())), set(told["rows"])
        if own != other and uid in known:
            examples = [flat(lines[n]) for n in sorted(own ^ other)[:2]]
            yield {
                "rule": uid,
                "title": told["title"],
                "only_ours": len(own - other),
                "only_theirs": len(other - own),
                "failed": peer["failed"].get(uid, ""),
                "examples": examples,
            }


if __name__ == "__main__":
    main()

"""Sigma rules held against Windows events: every rule for Windows of the shared set, over events of its attack recordings.

The peer is pySigma's SQLite backend, which needs an environment of its own: ``tools.compare_sigma`` asks both in one run, and tells hits
and CPU seconds. Here ours alone: reading the rules and making them ready is told apart, since a long run pays for it once.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
import time
from pathlib import Path

import zstandard
from tools.compare_sigma import batches, lines_of
from tools.compare_sigma import ours as asked
from tools.host_data import DATA

from vedette.intel.sigma import Rules, read_rules

NAME = "Sigma: all Windows rules -> hits"
GOAL = ">= 17,000 events per CPU second (50 times plain SQL)"
EVENTS = int(os.environ.get("VEDETTE_BENCH_EVENTS", "100000"))
SPENT: dict[str, float] = {}


def make_input(path: Path) -> None:
    """Unpack the rules beside ``path`` and write the events there; without the shared data there is nothing to measure."""
    if not (DATA / "sigma").is_dir():
        raise SystemExit("bench.sigma needs the shared data: host/sigma and host/otrf")
    with (DATA / "sigma" / "sigma-rules.tar.zst").open("rb") as packed:
        data = io.BytesIO(zstandard.ZstdDecompressor().stream_reader(packed).read())
    with tarfile.open(fileobj=data) as archive:
        archive.extractall(_rules(path), filter="data")
    path.write_bytes(b"\n".join(lines_of("otrf", EVENTS)))


def _rules(path: Path) -> Path:
    return path.with_name("rules")


def ours(path: Path) -> int:
    """Read the rules, make them ready and ask them twice: the first time tells what a short run costs. Return the events."""
    clock = time.process_time()
    rules = Rules([r for r in read_rules([_rules(path)]).rules if r.logsource.product == "windows"])
    reading = time.process_time() - clock
    held = list(batches(path.read_bytes().split(b"\n")))
    _, cold = asked(rules, held)
    found, warm = asked(rules, held)
    SPENT["ours"] = warm
    told = {
        "rules": len(rules.rules),
        "reading": reading,
        "cold": cold,
        "warm": warm,
        "hits": sum(map(len, found.values())),
    }
    path.with_suffix(".told").write_text(json.dumps(told))
    return sum(len(batch) for batch in held)

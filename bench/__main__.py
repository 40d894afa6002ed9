"""``make bench``: every measure in this folder, ours and the peer's by turns, CPU seconds of a fresh process each.

A measure is a module with ``NAME``, ``GOAL``, ``make_input(path)``, ``ours(path)`` and, where there is a peer, ``peer(path)``. What they
return (packets, rows ...) shows that the work was equal. A side that is a server, or that has a costly start, puts its CPU seconds at work
into the module's ``SPENT``. The table gives minimum, median and maximum over the rounds.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bench

ROUNDS = 7


def measure(name: str, side: str, path: Path) -> None:
    """Run one side of one measure in this process and print what it cost as JSON."""
    module = importlib.import_module(f"bench.{name}")
    before, clock = _cpu_seconds(), time.monotonic()
    count = getattr(module, side)(path)
    cost = getattr(module, "SPENT", {}).get(side, _cpu_seconds() - before)
    memory_mb = _peak_mb()
    print(json.dumps({"cpu": cost, "wall": time.monotonic() - clock, "count": count, "memory_mb": memory_mb}))


def _cpu_seconds() -> float:
    """Return user and system time of this process and of the children it waited for."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, who))


def _peak_mb() -> float:
    """Return the most memory this process ever held (``ru_maxrss`` would begin with the parent's)."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _child(name: str, side: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench", "--child", name, side, str(path)]
    environment = {**os.environ, "POLARS_MAX_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)  # noqa: S603 - ourselves
    if done.returncode:
        raise SystemExit(f"bench.{name}.{side} failed:\n{done.stderr}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def compare(name: str, rounds: int) -> None:
    """Run a measure and print its table."""
    module = importlib.import_module(f"bench.{name}")
    sides = [s for s in ("ours", "peer") if hasattr(module, s)]
    with tempfile.TemporaryDirectory(prefix="vedette-bench-") as folder:
        path = Path(folder) / "input"
        module.make_input(path)
        print(
            f"\n## {module.NAME}\n\ngoal: {module.GOAL}; {rounds} rounds by turns, {path.stat().st_size / 1e6:.0f} MB\n"
        )
        runs: dict[str, list[dict[str, float]]] = {s: [] for s in sides}
        for _ in range(rounds):
            for side in sides:
                runs[side].append(_child(name, side, path))
    print(
        "| | count | CPU s: min | median | max | per CPU second (median) | peak memory MB |\n|---|---|---|---|---|---|---|"
    )
    for side, done in runs.items():
        cpu = [r["cpu"] for r in done]
        middle, count = statistics.median(cpu), done[0]["count"]
        peak = max(r["memory_mb"] for r in done)
        print(
            f"| {side} | {count:,.0f} | {min(cpu):.2f} | {middle:.2f} | {max(cpu):.2f} | {count / middle:,.0f} | {peak:,.0f} |"
        )
    if "peer" in runs:
        ratios = sorted(p["cpu"] / o["cpu"] for o, p in zip(runs["ours"], runs["peer"], strict=True))
        print(f"\nratio peer/ours: min {ratios[0]:.1f}, median {statistics.median(ratios):.1f}, max {ratios[-1]:.1f}")


def main() -> None:
    """Run the measures named on the command line, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("names", nargs="*", help="measures; by default all")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--child", nargs=3, metavar=("NAME", "SIDE", "PATH"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        measure(given.child[0], given.child[1], Path(given.child[2]))
        return
    for name in given.names or [
        m.name for m in pkgutil.iter_modules(bench.__path__) if not (m.name.startswith("_") or m.ispkg)
    ]:
        compare(name, given.rounds)


if __name__ == "__main__":
    main()

"""``python -m bench.soak``: made-up weeks of a company, through the engine, judged."""

from __future__ import annotations

import argparse
import os
import sys

ONE_CORE = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def main() -> None:
    """Run the soak and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--disable", action="append", default=[], metavar="DETECTOR", help="leave a detector out (may be repeated)"
    )
    parser.add_argument(
        "--step", type=int, default=1, metavar="HOURS", help="hours of events between two closings of windows (1)"
    )
    parser.add_argument("--no-attacks", action="store_true", help="nothing is planted: every incident is a false one")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.days < 3 or given.hosts < 60:
        parser.error("at least 3 days and 60 hosts")
    if any(os.environ.get(k) != v for k, v in ONE_CORE.items()):  # read when polars is imported
        os.execve(sys.executable, [sys.executable, "-m", "bench.soak", *sys.argv[1:]], {**os.environ, **ONE_CORE})  # noqa: S606 - ourselves
    from bench.soak.run import run  # noqa: PLC0415 - after the environment is set
    from bench.soak.tables import as_json, as_tables  # noqa: PLC0415

    result = run(
        given.days,
        given.hosts,
        given.seed,
        attacks=not given.no_attacks,
        step=given.step,
        disabled=tuple(given.disable),
        say=lambda word: print(word, file=sys.stderr, flush=True),
    )
    print(as_json(result) if given.json else as_tables(result))


if __name__ == "__main__":
    main()

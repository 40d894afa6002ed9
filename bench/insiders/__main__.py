"""``python -m bench.insiders``: made-up months of a company's people, through the detectors of people, judged."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ONE_CORE = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def main() -> None:
    """Run the drill and print what came of it, or write a company's logs into a folder."""
    parser = argparse.ArgumentParser(prog="python -m bench.insiders", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13, 14, 15])
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--each", type=int, default=2, help="plots of every shape (2)")
    parser.add_argument(
        "--write", type=Path, metavar="FOLDER", help="write the first seed's logs as files that vedette scan reads"
    )
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.days < 60 or given.people < 40:
        parser.error("at least 60 days and 40 people")
    if any(os.environ.get(k) != v for k, v in ONE_CORE.items()):  # read when polars is imported
        os.execve(sys.executable, [sys.executable, "-m", "bench.insiders", *sys.argv[1:]], {**os.environ, **ONE_CORE})  # noqa: S606 - ourselves
    from bench.insiders.files import write  # noqa: PLC0415 - after the environment is set
    from bench.insiders.run import judged, made  # noqa: PLC0415
    from bench.insiders.tables import as_json, as_tables  # noqa: PLC0415

    if given.write is not None:
        write(given.write, made(given.seeds[0], given.people, given.days, given.each))
        return
    outcomes = []
    for seed in given.seeds:
        outcomes.append(judged(made(seed, given.people, given.days, given.each)))
        print(f"seed {seed}: done", file=sys.stderr, flush=True)
    print(as_json(outcomes) if given.json else as_tables(outcomes))


if __name__ == "__main__":
    main()

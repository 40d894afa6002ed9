"""Coverage-guided fuzzing of a source: ``make fuzz SOURCE=pcap SECONDS=600``.

On any bytes a source raises nothing but SourceError, its rows fit their classes (EventBatch checks that), and it accounts for the same
records and rows however the stream splits. The corpus starts from the source's own example.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections import Counter
from pathlib import Path

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

NAME = sys.argv[1] if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else ""

with atheris.instrument_imports(include=[f"vedette.sources.{NAME}", "vedette.events"]):
    from vedette.abc import Source
    from vedette.errors import SourceError
    from vedette.plugins import discover
    from vedette.testing.laws.source import ShortReads, mutated, read_all

    SOURCE = discover(Source).get(NAME)  # imports every source: here, so that it is instrumented

SEEDS = 200
LIMIT_BYTES = 1 << 14


def outcome(source: type[Source], stream: io.RawIOBase | io.BytesIO) -> object:
    """Return rows by class and records, or the error's words."""
    try:
        batches = read_all(source, stream)
    except SourceError as error:
        return error.message
    rows: Counter[str] = Counter()
    for batch in batches:
        rows[batch.kind.name] += len(batch) if batch.kind else batch.records
    return rows, sum(batch.records for batch in batches)


def main() -> None:
    """Fuzz until libFuzzer's limits are reached."""
    source = SOURCE
    if source is None:
        raise SystemExit(
            f"usage: python -m tools.fuzz SOURCE [libFuzzer options]; sources: {', '.join(discover(Source))}"
        )

    def check(data: bytes) -> None:
        whole = outcome(source, io.BytesIO(data[:LIMIT_BYTES]))
        split = outcome(source, ShortReads(data[:LIMIT_BYTES], len(data)))
        if whole != split:
            raise AssertionError(f"the stream's splits change the outcome: {whole} {split}")

    with tempfile.TemporaryDirectory(prefix="vedette-fuzz-") as corpus:
        example = source.example().data
        (Path(corpus) / "example").write_bytes(example)
        for seed in range(SEEDS):
            (Path(corpus) / f"mutated-{seed}").write_bytes(mutated(example, seed))
        atheris.Setup([sys.argv[0], *sys.argv[2:], corpus], check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()

"""Coverage-guided fuzzing of a source, or of another target: ``make fuzz SOURCE=pcap SECONDS=600``.

What must hold of any bytes is in ``tools.fuzz_targets``. The corpus starts from examples of ours, and changes of them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

NAME = sys.argv[1] if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else ""
MODULES = {
    "clients": ["vedette.transports"],
    "flow_export": ["vedette.sources.netflow", "vedette.events.flow_export", "vedette.transports.netflow_udp"],
    "log_shapes": ["vedette.features.log_shape", "vedette.features.log_merge"],
    "outlook": ["vedette.sources.mail", "olefile"],
    "windows": ["vedette.sources.pcap"],
    "web_decode": ["vedette.features.web_request", "vedette.features.web_decode", "vedette.features.web_tokens"],
}
"""Whose branches are counted; by default those of the source of this name."""

with atheris.instrument_imports(include=MODULES.get(NAME, [f"vedette.sources.{NAME}", "vedette.events"])):
    from tools.fuzz_targets import TARGETS, of_source

    from vedette.abc import Source
    from vedette.plugins import discover
    from vedette.testing.laws.source import mutated

    SOURCES = discover(Source)  # imports every source: here, so that it is instrumented

SEEDS = 200


def main() -> None:
    """Fuzz until libFuzzer's limits are reached."""
    if NAME not in {*SOURCES, *TARGETS}:
        raise SystemExit(
            f"usage: python -m tools.fuzz NAME [libFuzzer options]; sources: {', '.join(SOURCES)}; others: {', '.join(TARGETS)}"
        )
    target = TARGETS[NAME]() if NAME in TARGETS else of_source(SOURCES[NAME])
    with tempfile.TemporaryDirectory(prefix="vedette-fuzz-") as corpus:
        for at, example in enumerate(target.seeds):
            (Path(corpus) / f"example-{at}").write_bytes(example)
            for seed in range(SEEDS // len(target.seeds)):
                (Path(corpus) / f"mutated-{at}-{seed}").write_bytes(mutated(example, seed))
        atheris.Setup([sys.argv[0], *sys.argv[2:], corpus], target.check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()

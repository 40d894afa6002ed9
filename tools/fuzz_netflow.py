"""Coverage-guided fuzzing of the netflow source; needs atheris, which is no dependency of the project.

    pip install atheris && python tools/fuzz_netflow.py -max_total_time=600 [CORPUS_FOLDER]

It must raise nothing but SourceError, and its rows must fit their classes (EventBatch checks that).
"""

from __future__ import annotations

import io
import sys

import atheris  # type: ignore[import-untyped]

with atheris.instrument_imports(include=["vedette.sources.netflow", "vedette.events"]):
    from vedette.errors import SourceError
    from vedette.sources.netflow import NetFlow


def once(data: bytes) -> None:
    """Read one input to its end."""
    try:
        for _ in NetFlow().read(io.BytesIO(data)):
            pass
    except SourceError:
        pass


if __name__ == "__main__":
    atheris.Setup(sys.argv, once)
    atheris.Fuzz()

"""Fuzz the pcap source with atheris (``pip install atheris``): ``python tools/fuzz_pcap.py -max_total_time=600 [CORPUS]``.

Any input must end in rows, rejects or a SourceError, give the same flows in small chunks, and account for each of its packets once.
"""

from __future__ import annotations

import io
import sys
import warnings

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

with atheris.instrument_imports(include=["vedette.sources.pcap"]):
    from vedette.sources.pcap import Pcap

from vedette.errors import SourceError
from vedette.events.schema import EventClass

SMALL_CHUNK_BYTES = 61
LIMIT_BYTES = 4096


def outcome(data: bytes, chunk_bytes: int) -> object:
    """Return flows and record count, or the error's words."""
    source = Pcap()
    source.chunk_bytes = chunk_bytes  # type: ignore[misc]
    flows: list[object] = []
    records = 0
    try:
        for batch in source.read(io.BytesIO(data)):
            records += batch.records
            if batch.kind is EventClass.NETWORK_ACTIVITY:
                flows += batch.frame.rows()
    except SourceError as error:
        return str(error)
    return flows, records


def one(data: bytes) -> None:
    """Read one input whole and in pieces."""
    whole = outcome(data[:LIMIT_BYTES], 1 << 16)
    pieces = outcome(data[:LIMIT_BYTES], max(SMALL_CHUNK_BYTES, len(data) // 4))
    if whole != pieces:
        raise AssertionError("the flows depend on the chunks")


def main() -> None:
    """Run until libFuzzer's limits are reached."""
    warnings.simplefilter("error")
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

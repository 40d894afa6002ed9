"""Coverage-guided fuzzing of the suricata source; needs atheris, which is no dependency of the project.

    pip install atheris && python tools/fuzz_suricata.py -max_total_time=600 [CORPUS_FOLDER]

It must raise nothing but SourceError, its rows must fit their classes (EventBatch checks that), and every record must end as a row or a
reject.
"""

from __future__ import annotations

import io
import sys

import atheris  # type: ignore[import-untyped]

with atheris.instrument_imports(include=["vedette.sources.suricata", "vedette.events"]):
    from vedette.errors import SourceError
    from vedette.sources.suricata import Suricata

_HEAD = (
    b'{"timestamp":"2026-01-02T03:04:05.000001+0000","flow_id":1,"src_ip":"192.0.2.1","dest_ip":"::1","event_type":"'
)
_TYPES = (b"flow", b"netflow", b"dns", b"alert", b"http", b"tls", b"ssh", b"stats")


def records(text: bytes) -> int:
    """Count the lines that are not blank."""
    return sum(bool(line.strip()) for line in text.split(b"\n"))


def check(data: bytes) -> None:
    """Read the bytes as they are, and as the end of a record of some type."""
    kind = _TYPES[data[0] % len(_TYPES)] if data else b"x"
    for text in (data, _HEAD + kind + b'","' + kind + b'":' + data[1:]):
        try:
            found = sum(batch.records for batch in Suricata().read(io.BytesIO(text)))
        except SourceError:
            continue
        assert found == records(text), text  # noqa: S101 - the fuzzer's oracle


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()

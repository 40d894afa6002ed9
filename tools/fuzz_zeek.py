"""Coverage-guided fuzzing of the zeek source; needs atheris, which is no dependency of the project.

    pip install atheris && python tools/fuzz_zeek.py -max_total_time=600 [CORPUS_FOLDER]

It must raise nothing but SourceError, its rows must fit their classes (EventBatch checks that), and every record must end as a row or a
reject.
"""

from __future__ import annotations

import io
import sys

import atheris  # type: ignore[import-untyped]

with atheris.instrument_imports(include=["vedette.sources.zeek", "vedette.events"]):
    from vedette.errors import SourceError
    from vedette.sources.zeek import Zeek

_HEADER = b"#separator \\x09\n#path\t%s\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tproto\tduration\tanswers\tconn_state\n"
_JSON = b'{"ts":1.5,"uid":"C","id.orig_h":"192.0.2.1","id.orig_p":1,"id.resp_h":"::1","id.resp_p":2,'


def records(text: bytes) -> int:
    """Count the lines that are neither blank nor, in TSV, headers."""
    lines = text.split(b"\n")
    if text.lstrip().startswith(b"{"):
        return sum(bool(line.strip()) for line in lines)
    return sum(line not in {b"", b"\r"} and not line.startswith(b"#") for line in lines)


def check(data: bytes) -> None:
    """Read the bytes as they are, behind a header, and as the end of a JSON line."""
    for text in (data, _HEADER % data[:5].replace(b"\n", b"") + data, _JSON + data):
        try:
            found = sum(batch.records for batch in Zeek().read(io.BytesIO(text)))
        except SourceError:
            continue
        assert found == records(text), text  # noqa: S101 - the fuzzer's oracle


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from vedette.detectors.new_system_call import NewSystemCall
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.testing.events import START
from vedette.testing.rows import hits_of

LAST = 200


def made(*calls: str, hour: int = LAST, program: str = "/usr/sbin/nginx") -> EventBatch:
    data = {
        "time": [START + timedelta(hours=hour, seconds=k) for k in range(len(calls))],
        "metadata.log_name": ["audit.log"] * len(calls),
        "metadata.sequence": list(range(hour * 100, hour * 100 + len(calls))),
        "device.hostname": ["web1"] * len(calls),
        "process.file.path": [program] * len(calls),
        "vedette.syscall": list(calls),
    }
    schema = SCHEMAS[EventClass.PROCESS_ACTIVITY]
    return EventBatch(EventClass.PROCESS_ACTIVITY, pl.DataFrame(data, schema={c: schema[c] for c in data}))


USUAL = [made("setuid", "kill", hour=hour) for hour in range(LAST)]

CASES = {
    "a telling call": (made("ptrace"), True),
    "usual calls": (made("setuid", "kill"), False),
    "a new call that tells little": (made("rename"), False),
    "a program that is new itself": (made("ptrace", program="/usr/bin/gdb"), False),
    "before anything is known": (made("ptrace", hour=5), False),
    "a start": (made("execve"), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    last, notable = CASES[case]
    hits = hits_of(NewSystemCall, *USUAL, last)
    assert bool(hits.height) is notable, hits.select("host", "score", "summary").to_dicts()


def test_the_words() -> None:
    hit = hits_of(NewSystemCall, *USUAL, made("ptrace", "kill")).row(0, named=True)
    assert hit["summary"] == "/usr/sbin/nginx on web1 made a system call that it never made before: ptrace."

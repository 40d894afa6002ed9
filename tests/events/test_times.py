"""Times that nothing can have happened at are none, in every source: one such record must not end a scan."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from vedette.abc import Source
from vedette.events.batch import EventBatch
from vedette.events.schema import TIME, EventClass
from vedette.events.times import FIRST, LAST, LAST_MICROSECOND, believed, written
from vedette.sources.authlog import AuthLog
from vedette.sources.netflow import NetFlow
from vedette.sources.suricata import Suricata
from vedette.sources.zeek import Zeek

SECOND = timedelta(seconds=1)
STAMPS = ["9999-12-31T23:59:59.5", "2200-01-01T00:00:00.0", "1969-12-31T23:59:59.0", "0001-01-01T00:00:00.0"]
ODD = ["+262142-12-31T23:59:59.0", "-0001-01-01T00:00:00.0", "0000-01-01T00:00:00.0"]
SSHD = "web1 sshd[1]: Failed password for a from 192.0.2.1 port 5 ssh2"
FLOWS = "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label"
LINES: dict[type[Source], str] = {
    AuthLog: f"{{0}}+00:00 {SSHD}\n",
    NetFlow: f"{FLOWS}\n{{1}},0.1,tcp,192.0.2.1,5,   ->,10.0.0.1,80,S_,0,0,1,60,60,\n",
    Suricata: '{{"timestamp":"{0}+0000","event_type":"http","flow_id":1,"src_ip":"192.0.2.1","http":{{"url":"/"}}}}\n',
    Zeek: '{{"_path":"http","ts":"{0}Z","uid":"C1","id.orig_h":"192.0.2.1","uri":"/"}}\n',
}


@pytest.mark.parametrize(
    ("time", "kept"),
    [(FIRST, True), (LAST, True), (FIRST - timedelta(microseconds=1), False), (LAST + SECOND, False), (None, False)],
)
def test_the_edges_of_what_is_believed(time: datetime | None, kept: bool) -> None:
    found = pl.select(believed(pl.lit(time, dtype=TIME))).item()
    assert found == (time if kept else None)


def test_both_ways_of_writing_the_last_are_one() -> None:
    assert datetime.fromtimestamp(0, UTC) + timedelta(microseconds=LAST_MICROSECOND) == LAST


@pytest.mark.parametrize(
    ("micros", "kept"),
    [(253_402_300_799_999_999, True), (253_402_300_800_000_000, False), (-62_135_596_800_000_001, False), (-1, True)],
)
def test_a_document_may_say_any_year_that_python_knows(micros: int, kept: bool) -> None:
    found = pl.select(written(pl.lit(micros, dtype=pl.Int64).cast(TIME))).item()
    assert (found is not None) is kept


def read(source: type[Source], stamp: str) -> list[EventBatch]:
    line = LINES[source].format(stamp, stamp.replace("-", "/").replace("T", " "))
    return list(source().read(io.BytesIO(line.encode())))


@pytest.mark.parametrize("source", LINES, ids=lambda s: s.__name__)
def test_a_time_in_between_is_read(source: type[Source]) -> None:
    (batch,) = read(source, "2026-01-02T03:04:05.0")
    assert batch.frame["time"].dt.year().to_list() == [2026]


@pytest.mark.parametrize("stamp", [*STAMPS, *ODD])
@pytest.mark.parametrize("source", LINES, ids=lambda s: s.__name__)
def test_any_other_time_is_a_reject(source: type[Source], stamp: str) -> None:
    assert [(b.kind, b.records) for b in read(source, stamp)] == [(EventClass.REJECT, 1)]

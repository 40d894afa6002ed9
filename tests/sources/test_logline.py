from __future__ import annotations

import io
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.abc import Origin, Source
from vedette.app.intake import open_inputs
from vedette.events.schema import EventClass
from vedette.plugins import discover
from vedette.sources.logline import LogLine
from vedette.testing.laws import Law, laws_of
from vedette.testing.laws.source import ShortReads, mutated, read_all, tables

ORIGIN = Origin("app.log", datetime(2026, 3, 6, tzinfo=UTC))


def read(text: str, origin: Origin = ORIGIN) -> dict[EventClass, pl.DataFrame]:
    return tables(LogLine(origin).read(io.BytesIO(text.encode())))


@pytest.mark.parametrize("law", laws_of(LogLine), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()


def test_lines_of_a_stack_trace_have_the_time_of_the_line_before() -> None:
    rows = read(LogLine.example().data.decode())[EventClass.EVENT_LOG]
    assert rows["unmapped.continued"].to_list() == [None, None, None, "1", "1", None]
    assert rows["time"][2] == rows["time"][4]
    assert rows["actor.process.name"].to_list()[2:5] == ["org.example.shop.Till"] * 3
    assert rows["severity_id"].to_list() == [1, 3, 4, None, None, 1]


def test_lines_before_the_first_time_have_that_of_the_file() -> None:
    rows = read("starting\n2026-01-05 08:00:00 up\n")[EventClass.EVENT_LOG]
    assert rows["unmapped.undated"].to_list() == ["1", None]
    assert rows["time"][0] == ORIGIN.modified


def test_without_any_time_such_lines_are_rejected_and_empty_ones_too() -> None:
    got = read("starting\n\n2026-01-05 08:00:00 up\n", Origin("app.log"))
    assert got[EventClass.REJECT]["count"].to_list() == [1, 1]
    assert got[EventClass.EVENT_LOG]["message"].to_list() == ["up"]


@pytest.mark.parametrize(
    "head",
    [
        "[Sun Dec 04 04:47:44 2005] [notice] ready\n",
        "- 1117838570 2005.06.03 R02 2005-06-03-15.42.50.675872 R02 RAS KERNEL INFO corrected\n",
        "17/06/09 20:10:40 INFO executor.Backend: Registered\n",
        "03-17 16:13:38.811  1702  2395 D WindowManager: opening\n",
        "# a comment\nI0105 08:00:00.123456    1 file.go:12] msg\n",
    ],
)
def test_sniffs_logs(head: str) -> None:
    assert LogLine.sniff(head.encode(), "")


@pytest.mark.parametrize(
    "head",
    [
        "2026-01-05 08:00:00,a,b,c\n2026-01-05 08:00:01,d,e,f\n",
        "1767600000.1\tCx\t10.0.0.1\n",
        '{"time":"2026-01-05 08:00:00","msg":"x"}\n',
        "Mar  5 08:01:12 mail sshd[801]: Accepted\n",
        "<html>2026-01-05 08:00:00 x</html>\n",
        "no time\n" * 3 + "2026-01-05 08:00:00 one\n",
    ],
)
def test_does_not_sniff_what_is_no_such_log(head: str) -> None:
    assert not LogLine.sniff(head.encode(), "")


def test_it_is_asked_last() -> None:
    assert [s.name for s in discover(Source).values() if s.fallback] == ["logline"]


def test_a_log_that_nobody_knows_is_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("logs") / "app.log"
    path.write_bytes(LogLine.example().data)
    (found,) = open_inputs([str(path)])
    assert found.source is LogLine


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_damage_is_read_alike_however_the_stream_splits(seed: int) -> None:
    data = mutated(LogLine.example().data, seed)
    whole, split = (read_all(LogLine, s) for s in (io.BytesIO(data), ShortReads(data, seed)))
    assert sum(b.records for b in whole) == sum(b.records for b in split)
    assert {k: f.height for k, f in tables(whole).items()} == {k: f.height for k, f in tables(split).items()}


def test_syslog_in_a_form_of_its_own_is_read_message_by_message() -> None:
    data = (
        "<189>29: *Mar  1 00:00:31.903: %LINK-3-UPDOWN: Interface FastEthernet0/1, changed state to up\n"
        "<166>Mar 05 2026 08:01:12: %ASA-6-302013: Built outbound TCP connection\n"
        "<11>no time at all\n"
    )
    assert LogLine.sniff(data.encode(), "")
    rows = read(data)[EventClass.EVENT_LOG]
    assert rows["severity_id"].to_list() == [1, 1, 4]
    assert rows["time"].to_list() == [ORIGIN.modified, datetime(2026, 3, 5, 8, 1, 12, tzinfo=UTC), ORIGIN.modified]
    assert rows["unmapped.undated"].to_list() == ["1", None, "1"]
    assert "unmapped.continued" not in rows.columns
    assert rows["message"][2] == "no time at all"


@pytest.mark.parametrize("head", ["<html>\n", "<13 a>\n", "<Event><System>\n", "<1234>a b c\n"])
def test_other_brackets_are_no_syslog(head: str) -> None:
    assert not LogLine.sniff(head.encode(), "")


def test_a_growing_log_is_cut_before_its_last_line_with_a_time() -> None:
    data = LogLine.example().data
    trace = data[: data.index(b"2026-01-05 08:01:00")]
    assert data[: LogLine.cut(data)] == trace
    assert trace[LogLine.cut(trace) :].startswith(b"2026-01-05 08:00:09,020 ERROR")
    undated = b"starting\n" * 200 + b"half"
    assert LogLine.cut(undated) == len(undated) - 4
    assert LogLine.cut(b"no break") == 0

"""Records become typed columns: whatever a text says, the frame stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import polars as pl
import pytest

from vedette.sources.suricata.applications import DNS, FILEINFO, HTTP, TLS
from vedette.sources.suricata.events import EVENTS
from vedette.sources.suricata.expressions import Event
from vedette.sources.suricata.flows import FLOW
from vedette.sources.suricata.frames import SEQUENCE, SETTLED_ROWS, Fields
from vedette.sources.suricata.records import Dns, Eve, Fileinfo, Http

Columns = Callable[..., dict[str, Any]]
AT = datetime(2026, 1, 2, 3, 4, 5, 250_000, UTC)
FULL = "2001:0db8:0000:0000:0000:0000:0000:0001"
DEEP = "[" * 100_000


def frame(event: Event, *rows: Eve) -> pl.DataFrame:
    fields = Fields(event)
    for number, row in enumerate(rows):
        fields.extend([row], [number])
    return fields.frame()


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())
def test_a_bare_record_and_none_at_all_have_every_field_that_is_read(event: Event) -> None:
    wanted = {name for e in event.columns.values() for name in e.meta.root_names()} | {SEQUENCE}
    bare = frame(event, Eve("2026-01-02T03:04:05.25+0000", "x"))
    assert wanted == set(bare.columns)
    assert bare.height == 1
    assert frame(event).height == 0


def test_records_keep_their_order_and_number_where_parts_are_missing() -> None:
    found = frame(HTTP, Eve("a", "http"), Eve("b", "http", http=Http(hostname="h")), Eve("c", "http"))
    assert found["http.hostname"].to_list() == [None, "h", None]
    assert found[SEQUENCE].to_list() == [0, 1, 2]


@pytest.mark.parametrize("pieces", [1, 3])
def test_more_records_than_settle_at_once_stand_in_order(pieces: int) -> None:
    fields, count = Fields(DNS), SETTLED_ROWS + 3
    answered = Dns(rdata="192.0.2.1", rrtype="A")
    for piece in range(pieces):
        rows = [Eve("x", "dns", flow_id=i, dns=answered if i % 2 and piece else None) for i in range(count)]
        fields.extend(rows, range(piece * count, piece * count + count))
    found = fields.frame()
    assert found[SEQUENCE].to_list() == list(range(count * pieces))
    assert found["flow_id"].to_list() == [str(i % count) for i in range(count * pieces)]
    wanted = [["192.0.2.1"] if i % count % 2 and i >= count else None for i in range(count * pieces)]
    assert found["dns.answers.rdata"].to_list() == wanted


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-01-02T03:04:05.250000+0000", AT),
        ("2026-01-02T04:04:05.25+0100", AT),
        ("2026-01-02T04:04:05.25+01:00", AT),
        ("2026-01-02T03:04:05.25Z", AT),
        ("2026-01-02T03:04:05.25", AT),
        ("2026-01-02 03:04:05.25", None),
        ("2026-02-30T03:04:05.25+0000", None),
        ("", None),
        ("\x00", None),
    ],
)
def test_times(text: str, time: datetime | None) -> None:
    mixed = frame(HTTP, Eve("2026-01-02T03:04:05.25+0000", "http"), Eve(text, "http"))["timestamp"]
    assert mixed.to_list() == [AT, time]  # one odd stamp costs the others nothing


@pytest.mark.parametrize(("year", "kept"), [("9999", True), ("0000", False), ("+12345", False)])
def test_a_certificate_may_last_until_the_end_of_time(year: str, kept: bool, columns: Columns) -> None:
    found = columns(TLS, tls={"notafter": f"{year}-12-31T23:59:59"})
    assert ("tls.certificate.expiration_time" in found) is kept


@pytest.mark.parametrize(
    ("text", "flags"), [("1b", 27), ("FF", 255), ("", None), ("zz", None), ("f" * 40, None), (None, None)]
)
def test_flags(text: str | None, flags: int | None, columns: Columns) -> None:
    found = columns(
        FLOW, proto="TCP", flow={"end": "2026-01-02T00:00:00.0+0000"}, tcp={"tcp_flags_ts": text, "tcp_flags_tc": "00"}
    )
    assert found.get("connection_info.tcp_flags") == flags


@pytest.mark.parametrize(
    ("written", "read"),
    [(FULL, "2001:db8::1"), ("x" * 39, "x" * 39), (":" * 39, ":" * 39), ("10.0.0.1", "10.0.0.1"), ("", "")],
)
def test_addresses(written: str, read: str, columns: Columns) -> None:
    assert columns(HTTP, src_ip=written, dest_ip=FULL)["src_endpoint.ip"] == read


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        ({}, []),
        ({"rdata": "1.1.1.1", "rrtype": "A", "ttl": 5}, [("1.1.1.1", "A", 5)]),
        ({"answers": [{"rdata": "a"}, {}], "rdata": "b"}, [("a", None, None), (None, None, None)]),
        ({"answers": [], "grouped": {"A": ["x", "y"]}}, [("x", "A", None), ("y", "A", None)]),
        ({"grouped": {"SOA": [{"m": 1}], "TXT": []}}, [('{"m":1}', "SOA", None)]),
        ({"grouped": {"A": "x"}}, []),
        ({"grouped": [1]}, []),
        ({"grouped": 7, "rdata": "a"}, []),
    ],
)
def test_three_ways_to_answer(said: dict[str, Any], answers: list[tuple[Any, ...]], columns: Columns) -> None:
    found = columns(DNS, dns=said)
    lists = [found.get(f"answers.{part}") or [] for part in ("rdata", "type", "ttl")]
    assert list(zip(*lists, strict=True)) == answers


def test_an_answer_nested_too_deep_stays_text() -> None:
    dns = Dns(grouped=msgspec.Raw(f'{{"A":["x",{DEEP}{DEEP.replace("[", "]")}]}}'.encode()))
    found = frame(DNS, Eve("x", "dns", dns=dns), Eve("y", "dns", dns=Dns(rdata="1.1.1.1")))
    assert found.height == 2
    assert found["dns.answers.rdata"].to_list()[1] == ["1.1.1.1"]


def test_parts_of_two_objects_do_not_mix() -> None:
    row = Eve("x", "fileinfo", http=Http(http_method="PUT"), fileinfo=Fileinfo(size=3))
    found = frame(FILEINFO, row)
    assert (found["http.http_method"].item(), found["fileinfo.size"].item()) == ("PUT", 3)
    assert "http.hostname" not in found.columns  # nobody reads it here

"""The CSV of Search-UnifiedAuditLog."""

from __future__ import annotations

import csv
import io
import json

import pytest

from vedette.events.schema import EventClass
from vedette.sources.m365 import M365
from vedette.sources.m365.audit_csv import audit_data, is_audit_csv, whole_rows
from vedette.testing.laws.source import ShortReads, read_all, tables

RECORDS = [json.loads(line) for line in M365.example().data.splitlines()]


def _table(cells: list[str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["CreationDate", "UserIds", "Operations", "AuditData"])
    writer.writerows(["5/3/2026 8:01:12 AM", "x", "y", cell] for cell in cells)
    return ("\ufeff" + text.getvalue()).encode()


def test_it_gives_what_the_lines_give() -> None:
    data = _table([json.dumps(r, indent=1) for r in RECORDS])
    assert M365.sniff(data[:4096], "export.csv")
    got = tables(read_all(M365, ShortReads(data, 1)))
    lines = tables(read_all(M365, io.BytesIO(M365.example().data)))
    assert {k: f.height for k, f in got.items()} == {k: f.height for k, f in lines.items()}
    assert (
        got[EventClass.API_ACTIVITY]["api.request.data"].to_list()
        == lines[EventClass.API_ACTIVITY]["api.request.data"].to_list()
    )


def test_a_row_without_a_record_is_a_reject() -> None:
    got = tables(read_all(M365, io.BytesIO(_table([json.dumps(RECORDS[0]), "", "no json"]))))
    assert got[EventClass.REJECT]["count"].sum() == 2
    assert got[EventClass.AUTHENTICATION].height == 1


@pytest.mark.parametrize(
    ("head", "yes"),
    [(b"a,b,AuditData\r\n", True), (b'"CreationDate","AuditData"\n', True), (b"AuditData\n", False), (b"a,b\n", False)],
)
def test_the_heading_tells(head: bytes, yes: bool) -> None:
    assert is_audit_csv(head) is yes


def test_an_open_quote_is_bounded() -> None:
    data = b'CreationDate,AuditData\nx,"' + b"y" * (6 << 20)
    assert all(len(b.data) < 5 << 20 for b in audit_data(io.BytesIO(data)))


def test_rows_are_whole_up_to_a_line_break_outside_of_quotes() -> None:
    rows = b'a,"x ""y""\nz",b\nc,"d\ne'
    assert whole_rows(rows) == rows.index(b"c,")
    assert whole_rows(rows[:9]) == 0
    assert M365.cut(rows) == rows.index(b"c,")
    assert M365.cut(b'{"a":"\\""}\n{"b"') == 11
    assert M365.cut(b'[{"a":1},\n') == -1

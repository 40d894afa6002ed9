"""Lists of indicators: what is taken, what is made whole, what is refused."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.abc import Origin
from vedette.events.schema import EventClass
from vedette.sources.lists import Lists
from vedette.testing.laws.source import tables

SEEN = datetime(2026, 3, 5, 8, tzinfo=UTC)


def read(text: str | bytes) -> list[tuple[int, str, int, str]]:
    """Return (sequence, value, type, time) of every row."""
    data = text.encode() if isinstance(text, str) else text
    found = tables(Lists(Origin("list", SEEN)).read(io.BytesIO(data)))
    if EventClass.OSINT_INVENTORY_INFO not in found:
        return []
    frame = found[EventClass.OSINT_INVENTORY_INFO]
    return [
        (r["metadata.sequence"], r["osint.value"][0], r["osint.type_id"][0], f"{r['time']:%Y-%m-%d %H:%M:%S}")
        for r in frame.iter_rows(named=True)
    ]


def rejected(text: str) -> dict[str, int]:
    found = tables(Lists(Origin("list", SEEN)).read(io.BytesIO(text.encode())))
    frame = found.get(EventClass.REJECT)
    return {} if frame is None else dict(zip(frame["status_detail"], frame["count"], strict=True))


@pytest.mark.parametrize(
    ("line", "value", "kind"),
    [
        ("http://a.example/b?c=d#e", "http://a.example/b?c=d#e", 5),
        ("hxxps://a[.]example/b", "https://a.example/b", 5),
        ("hXXp[://]a(dot)example[:]8080/b", "http://a.example:8080/b", 5),
        ("hxxp:\\/\\/x", None, 0),
        ("ftp://a.example/x", "ftp://a.example/x", 5),
        ("data:text/html;base64,PHA+", "data:text/html;base64,PHA+", 5),
        ("javascript:alert(1)", "javascript:alert(1)", 5),
        ("a.example/x y", "a.example/x y", 5),
        ("a.example:8080", "a.example:8080", 5),
        ("192.0.2.7/x", "192.0.2.7/x", 5),
        ("192.0.2[.]7", "192.0.2.7", 1),
        ("2001:db8::1", "2001:db8::1", 1),
        ("[2001:db8::1]", "[2001:db8::1]", 1),
        ("*.a.example", "a.example", 2),
        ("BÜCHER.example.", "BÜCHER.example.", 2),
        ("xn--bcher-kva.xn--p1ai", "xn--bcher-kva.xn--p1ai", 2),
        ("_dmarc.a.example", "_dmarc.a.example", 2),
        ("  - 'a.example',  ", "a.example", 2),
        ("12. a.example", "a.example", 2),
        ("127.0.0.1 a.example # x", "a.example", 2),
        ("||a.example^$third-party", "a.example", 2),
        ("a.example\tseen twice", "a.example", 2),
        ("<http://a.example/>", "http://a.example/", 5),
        ("192.0.2.0/24", None, 0),
        ("192.0.2.256", None, 0),
        ("bob@a.example", None, 0),
        ("word", None, 0),
        ("two words", None, 0),
        ("http://", None, 0),
        ("a" * 64 + ".example", None, 0),
        ("http://a.example/" + "b" * 70_000, None, 0),
    ],
)
def test_an_entry(line: str, value: str | None, kind: int) -> None:
    found = read(f"b.example\n{line}\n")
    assert found[0][:3] == (0, "b.example", 2)
    assert [(v, k) for n, v, k, _ in found if n == 1] == ([(value, kind)] if value else [])
    assert sum(rejected(f"b.example\n{line}\n").values()) == (value is None)


def test_comments_and_blanks_are_no_records() -> None:
    assert [r[:2] for r in read("\ufeff# one\n\na.example\r\n; two\n// three\nb.example")] == [
        (0, "a.example"),
        (1, "b.example"),
    ]


@pytest.mark.parametrize(
    "table",
    [
        'First Seen,URL,note\n2024-01-02 03:04:05,http://a.example/,x\n,hxxp://b.example/,"p,q"\n',
        "# made on Friday\n# first seen,url,note\n2024-01-02 03:04:05,http://a.example/,x\n,hxxp://b.example/,\n",
        'url;"date"\n"http://a.example/";2024/01/02 03:04:05\n"http://b.example/";\n',
        '{"url":"http://a.example/","first_seen":"2024-01-02T03:04:05Z"}\n{"ioc":"http://b.example/"}\n',
        '{"value":"http://a.example/","time":1704164645}\n{"value":"http://b.example/","time":true}\n',
        "url\tdate\nhttp://a.example/\t2024-01-02T05:04:05+02:00\nhttp://b.example/\tsoon\n",
    ],
)
def test_a_table_with_a_named_column(table: str) -> None:
    assert Lists.sniff(table.encode(), "")
    assert read(table) == [
        (0, "http://a.example/", 5, "2024-01-02 03:04:05"),
        (1, "http://b.example/", 5, "2026-03-05 08:00:00"),
    ]


def test_a_column_of_hosts_takes_one_label() -> None:
    assert [r[1:3] for r in read("host,x\nprinter7,1\na.example,2\n42,3\n")] == [("printer7", 3), ("a.example", 2)]
    assert [r[1:3] for r in read('{"host":"printer7"}\n')] == [("printer7", 3)]


def test_bad_lines_are_told_with_their_place() -> None:
    assert rejected("a.example\nno such thing\nneither this\n") == {
        "neither URL nor domain nor address (first at byte 10)": 2
    }
    assert rejected("a,url\n1,http://a.example/\n2\n") == {"a line without the value's column (first at byte 26)": 1}
    told = rejected('{"url":"http://a.example"}\n{"url":7}\n{"url":"x y"}\n{"url"\n[]\n')
    assert sum(told.values()) == 4


@pytest.mark.parametrize(
    "text",
    [
        "It was a dark and stormy night. See www.a.example for more.\n",
        "README.md\nsetup.py\nrun.sh\n",
        "notes.txt\nreport.docx\nlist.csv\n",
        "bob@a.example\neve@b.example\n",
        "time,src_ip,url,method,status\n1,10.0.0.1,http://a.example/,GET,200\n",
        '{"ts":1,"host":"a.example","uri":"/"}\n',
        '{"timestamp":"x","event_type":"http","url":"http://a.example/"}\n',
        '{"time":"x","remote_addr":"192.0.2.1","url":"http://a.example/"}\n',
        '{"EventID":7,"Channel":"System","Hostname":"pc1.a.example","Domain":"NT AUTHORITY"}\n',
        "url,label\n",
        "name,age\nbob,7\n",
        "From: a@b.example\nTo: c@d.example\nSubject: x\n\nhttp://a.example/\n",
        '192.0.2.1 - - [05/Mar/2026:08:01:12 +0100] "GET / HTTP/1.1" 200 1\n',
        "os.path\nsys.argv\n",
        "/usr/bin/true\n/bin/sh\n",
        "1.5\n2.5\n",
    ],
)
def test_what_is_no_list(text: str) -> None:
    assert not Lists.sniff(text.encode(), "urls.txt")


@pytest.mark.parametrize(
    "text", ["a.example\n", "# c\n\nhttp://x.example\n", "192.0.2.1\n192.0.2.2", "xn--a.xn--p1ai\nshop.co.uk\n"]
)
def test_what_is_a_list(text: str) -> None:
    assert Lists.sniff(text.encode(), "")


def test_a_head_that_is_cut_off_is_judged_by_its_whole_lines() -> None:
    text = "".join(f"http://a{n}.example/\n" for n in range(500))
    assert Lists.sniff(text[:4095].encode() + b" ", "")


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_rejects(data: bytes) -> None:
    for head in (b"", b"url,time\n", b"a.example\n", b'{"url":"http://a.example"}\n'):
        list(Lists(Origin("x", SEEN)).read(io.BytesIO(head + data)))
        Lists.sniff(head + data, "x")

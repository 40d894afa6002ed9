from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.errors import SourceError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.sources.weblog import WebLog
from vedette.testing.laws import Law, laws_of
from vedette.testing.laws.source import ShortReads, mutated, read_all, tables

W3C = b"""\
#Version: 1.0
#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status cs(User-Agent)
2026-03-05 07:01:12 192.0.2.7 GET /a x=1 200 Mozilla/5.0+(X11)
2026-03-05 07:01:13 192.0.2.7 GET /a - 404 "two words"
#Fields: date time c-ip cs-method cs-uri
2026-03-05 07:01:14 2001:db8::7 GET /b?c
"""
JSON = b"""\
{"time_local":"05/Mar/2026:08:01:12 +0100","remote_addr":"192.0.2.7","request":"GET / HTTP/1.1","status":200}
{"ts":1772694072.5,"logger":"http.log.access","request":{"client_ip":"192.0.2.7","method":"GET","uri":"/"},"status":200}
{"StartUTC":"2026-03-05T07:01:12Z","ClientHost":"192.0.2.7","RequestMethod":"GET","RequestPath":"/","DownstreamStatus":200}
"""
FORMS = {"lines": WebLog.example().data, "w3c": W3C, "json": JSON}
START = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("law", laws_of(WebLog), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_known_and_read(form: str) -> None:
    assert WebLog.sniff(FORMS[form], "")
    assert WebLog.sniff(b"\xef\xbb\xbf" + FORMS[form].replace(b"\n", b"\r\n"), "x.txt")
    assert {b.kind for b in WebLog().read(io.BytesIO(FORMS[form]))} == {EventClass.HTTP_ACTIVITY}


@pytest.mark.parametrize(
    ("head", "taken"),
    [
        (b'192.0.2.7 - - [05/Mar/2026:08:01:12 +0100] "GET /' + b"a" * 4000, True),
        (b'garbage\nshop.example:80 192.0.2.7 - ada [05/M\xc3\xa4r/2026:08:01:12 +0100] "-" 408 -\n', True),
        (b'Mar  5 08:01:12 mail nginx: 192.0.2.7 - - [05/Mar/2026:08:01:12 +0100] "GET / HTTP/1.1" 200 1\n', False),
        (b'2026-03-05T08:01:12+01:00 web nginx: 192.0.2.7 - - [05/Mar/2026:08:01:12 +0100] "GET /" 200 1\n', False),
        (b"[Thu Mar 05 08:01:12.345 2026] [core:error] [pid 7] [client 192.0.2.7:5] File does not exist\n", False),
        (
            b"#Version: 1.5\n#Software: Microsoft Windows Firewall\n#Fields: date time action protocol src-ip dst-ip\n",
            False,
        ),
        (b"#Software: Microsoft Internet Information Services 10.0\n", False),
        (b"Dear Sir, on [05/Mar/2026:08:01:12 +0100] we met\n", False),
    ],
)
def test_sniffs_access_logs_only(head: bytes, taken: bool) -> None:
    assert WebLog.sniff(head, "access.log") is taken


def test_no_bytes_no_rows() -> None:
    assert not list(WebLog().read(io.BytesIO(b"")))


def lines_of(data: bytes, form: str) -> int:
    """Return how many records there are: lines that are neither blank nor a directive."""
    texts = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").split("\n")
    return sum(bool(x.strip()) and not (form == "w3c" and x.startswith("#")) for x in texts)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1 << 30), st.integers(0, 100))
def test_hostile_bytes_are_rows_or_rejects_however_they_are_split(form: str, seed: int, split: int) -> None:
    start = FORMS[form][:40]
    data = start + mutated(FORMS[form] * 2, seed)
    batches = read_all(WebLog, io.BytesIO(data))
    whole, parts = tables(batches), tables(read_all(WebLog, ShortReads(data, split)))
    assert {k: sorted(f.columns) for k, f in whole.items()} == {k: sorted(f.columns) for k, f in parts.items()}
    assert all(f.equals(parts[k].select(f.columns)) for k, f in whole.items())
    if form != "json":
        assert sum(b.records for b in batches) == lines_of(data, form)


class Breaks(ShortReads):
    """A stream that ends with an error."""

    def read(self, size: int = -1) -> bytes:
        data = super().read(size)
        if not data:
            raise SourceError("the archive is cut off")
        return data


def test_what_came_before_an_error_stays() -> None:
    got: list[EventBatch] = []
    with pytest.raises(SourceError, match="cut off"):
        got.extend(WebLog().read(Breaks(b"x\n" + WebLog.example().data, 1)))  # type: ignore[arg-type]
    assert [b.kind for b in got] == [EventClass.HTTP_ACTIVITY, EventClass.REJECT]

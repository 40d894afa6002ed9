from __future__ import annotations

import io
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.app.local import scan
from vedette.config import Config
from vedette.errors import SourceError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.model import Finding, Incident, Severity
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


# ------------------------------------------------------------------------------------------------ from bytes to an incident

Request = tuple[datetime, str, str, str, int, int]
"""When, who, method, path, code, size."""


def office_day(rng: random.Random) -> Iterator[Request]:
    """Yield the requests of a web shop's ordinary day: 400 visitors look at pages and their parts; some log in, some err first."""
    for visitor in range(400):
        at, who = START + timedelta(seconds=rng.expovariate(1 / 12_000) % 36_000), f"198.51.100.{visitor % 200}"
        for page in range(rng.randint(2, 10)):
            yield at, who, "GET", f"/shop/{rng.randint(1, 300)}" if page else "/", 200, rng.randint(900, 40_000)
            for _ in range(rng.randint(1, 6)):
                yield (
                    at,
                    who,
                    "GET",
                    f"/static/{rng.randint(1, 80)}.js",
                    rng.choice((200, 200, 304)),
                    rng.randint(0, 90_000),
                )
            at += timedelta(seconds=rng.expovariate(1 / 25))
        for attempt in range(rng.choice((0, 0, 1, 1, 2, 3))):
            yield at, who, "POST", "/login", 200 if attempt else 302, 4_312 if attempt else 0
            at += timedelta(seconds=rng.randint(4, 20))
        if visitor % 90 == 0:
            yield at, SCANNER, "GET", f"/.git/config?{visitor}", 404, 153


SCANNER = "203.0.113.80"
"""Who asks a shop for ``/.git/config`` on an ordinary day: that is no flood and no guessing, and worth a word."""


def of_others(incidents: Iterable[Incident]) -> list[Finding]:
    """Return the findings but those of the scanner, each of which is the one request that it sent."""
    found = [f for i in incidents for f in i.findings]
    scans = [f for f in found if SCANNER in f.summary]
    assert scans
    for finding in scans:
        assert (finding.detector, finding.severity, finding.event_count) == ("web", Severity.LOW, 1)
        assert "looked for weak spots" in finding.summary
    return [f for f in found if f not in scans]


def guessing(rng: random.Random) -> Iterator[Request]:
    """Yield a script's 200 tries at the login form: it shows itself again, until the last one gets in."""
    at = START + timedelta(hours=3)
    for attempt in range(200):
        yield at, "203.0.113.9", "POST", "/login", *((200, 4_312) if attempt < 199 else (302, 0))
        at += timedelta(seconds=rng.uniform(0.5, 1.7))


def combined(requests: list[Request]) -> bytes:
    """Return the lines that a server writes about them."""
    lines = (
        f'{who} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "{method} {path} HTTP/1.1" {code} {size or "-"} "-" "Mozilla/5.0 (X11)"\n'
        for at, who, method, path, code, size in sorted(requests)
    )
    return "".join(lines).encode()


def test_guessed_passwords_are_an_incident(tmp_path: Path) -> None:
    rng = random.Random(7)
    (tmp_path / "access.log").write_bytes(combined([*office_day(rng), *guessing(rng)]))
    with scan([str(tmp_path)], Config()) as result:
        (finding,) = of_others(result.incidents)
        (incident,) = (i for i in result.incidents if finding in i.findings)
        assert [str(a) for a in incident.actors] == ["203.0.113.9"]
        assert "T1110.001" in incident.techniques
        assert (finding.detector, finding.event_count, len(finding.evidence)) == ("http_brute_force", 200, 10)
        assert "200 login requests for /login on " in finding.summary


def test_an_ordinary_day_is_none_but_for_a_scanner(tmp_path: Path) -> None:
    (tmp_path / "access.log").write_bytes(combined(list(office_day(random.Random(7)))))
    with scan([str(tmp_path)], Config()) as result:
        assert result.rows[EventClass.HTTP_ACTIVITY] > 5_000
        assert not of_others(result.incidents)


def test_a_flood_is_an_incident_although_the_log_does_not_name_the_server(tmp_path: Path) -> None:
    rng = random.Random(7)
    at = START + timedelta(hours=5)
    flood: list[Request] = [
        (at + timedelta(seconds=i // 200), f"203.0.113.{10 + i % 60}", "GET", "/search", 503 if i > 1_000 else 200, 197)
        for i in range(10_000)
    ]
    (tmp_path / "access.log").write_bytes(combined([*office_day(rng), *flood]))
    with scan([str(tmp_path)], Config()) as result:
        assert {f.detector for f in of_others(result.incidents)} == {"http_flood"}


def test_the_directives_that_count_are_carried_on() -> None:
    again = b"#Version: 1.0\n#Date: 2026-03-06 00:00:00\n#Fields: date time cs-method cs-uri-stem\n"
    first = WebLog.preamble(b"\xef\xbb\xbf" + W3C)
    assert first.startswith(b"#Fields: date time c-ip")
    assert WebLog.preamble(first + b"2026-03-05 07:01:12 x\n" + again) == (
        b"#Fields: date time cs-method cs-uri-stem\n#Date: 2026-03-06 00:00:00\n"
    )
    assert WebLog.preamble(WebLog.example().data) == b""

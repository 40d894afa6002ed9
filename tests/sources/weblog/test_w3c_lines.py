from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from vedette.sources.weblog.w3c_lines import MOST_HEADERS, fields_of

Read = Callable[[bytes], tuple[list[dict[str, Any]], list[dict[str, Any]]]]

FIELDS = (
    b"date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status"
)
IIS = (
    b"""\
#Software: Microsoft Internet Information Services 10.0
#Version: 1.0
#Date: 2026-03-05 07:01:10
#Fields: %s sc-substatus sc-win32-status time-taken
2026-03-05 07:01:12 10.0.0.80 POST /owa/auth.owa a=1&b=2 443 CORP\\ada 192.0.2.7 Mozilla/5.0+(X11) https://mail.example/ 302 0 0 46
2026-03-05 07:01:13 10.0.0.80 GET / - 443 - 2001:db8::7 - - 401 2 5 0
"""
    % FIELDS
)


def test_iis(read: Read) -> None:
    rows, rejects = read(IIS.replace(b"\n", b"\r\n"))
    assert not rejects
    assert rows[0] == {
        "metadata.sequence": 0,
        "metadata.log_provider": "weblog",
        "time": datetime(2026, 3, 5, 7, 1, 12, tzinfo=UTC),
        "activity_id": 6,
        "app_protocol_name": "http",
        "connection_info.protocol_num": 6,
        "connection_info.protocol_name": "tcp",
        "connection_info.protocol_ver_id": 4,
        "src_endpoint.ip": "192.0.2.7",
        "dst_endpoint.ip": "10.0.0.80",
        "dst_endpoint.port": 443,
        "actor.user.name": "CORP\\ada",
        "http_request.http_method": "POST",
        "http_request.url.path": "/owa/auth.owa",
        "http_request.url.query_string": "a=1&b=2",
        "http_request.url.url_string": "/owa/auth.owa?a=1&b=2",
        "http_request.user_agent": "Mozilla/5.0 (X11)",
        "http_request.referrer": "https://mail.example/",
        "http_response.code": 302,
        "status_id": 1,
        "duration": 46,
        "unmapped": '{"sc-substatus":"0","sc-win32-status":"0"}',
    }
    assert (rows[1]["src_endpoint.ip"], rows[1]["http_response.code"]) == ("2001:db8::7", 401)
    assert "http_request.url.query_string" not in rows[1]
    assert "http_request.user_agent" not in rows[1]


def test_the_header_may_change_and_blocks_remember_it(read: Read) -> None:
    more = b"#Fields: time c-ip cs-method cs-uri sc-status\n#Date: 2026-03-06 00:00:00\n00:00:05 192.0.2.9 GET /x?y 200\n\n"
    rows, rejects = read(IIS + more + IIS)
    assert not rejects
    assert [r["metadata.sequence"] for r in rows] == [0, 1, 2, 3, 4]
    assert rows[2]["time"] == datetime(2026, 3, 6, 0, 0, 5, tzinfo=UTC)
    assert (rows[2]["http_request.url.path"], rows[2]["http_request.url.query_string"]) == ("/x", "y")
    assert rows[3]["http_request.url.path"] == "/owa/auth.owa"


def test_tabs_and_quoted_values(read: Read) -> None:
    head = b"#Fields: date time c-ip cs-method cs(Host) cs-uri-stem sc-status cs(User-Agent) time-taken cs-protocol-version\n"
    tabs = b"2026-03-05\t07:01:12\t192.0.2.7\tGET\td1.example\t/a\t200\tMozilla/5.0%20(X11)\t0.046\tHTTP/2.0\n"
    quoted = b'2026-03-05 07:01:12 192.0.2.7 GET d1.example /a 200 "Mozilla/5.0 (X11)" 0.046 "HTTP/2.0"\n'
    (first, second), rejects = read(head + tabs + quoted)
    assert not rejects
    agents = [r.pop("http_request.user_agent") for r in (first, second)]
    assert agents == ["Mozilla/5.0%20(X11)", "Mozilla/5.0 (X11)"]
    assert {**first, "metadata.sequence": 1} == second
    assert (first["duration"], first["http_request.version"], first["http_request.url.hostname"]) == (
        46,
        "2.0",
        "d1.example",
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"2026-03-05 07:01:12 192.0.2.7 GET", "wrong number of fields"),
        (b"2026-13-05 07:01:12 10.0.0.80 GET / - 443 - 192.0.2.7 - - 200 0 0 1", "no readable date and time"),
        (b"- - 10.0.0.80 GET / - 443 - 192.0.2.7 - - 200 0 0 1", "no readable date and time"),
        (b"#Fields: nonsense\nx", "no readable #Fields line above it"),
        (b"#Fields: time time cs-method cs-uri\n07:01:12 07:01:12 GET /", "no readable #Fields line above it"),
    ],
)
def test_what_does_not_fit_is_a_reject(line: bytes, reason: str, read: Read) -> None:
    rows, (reject,) = read(IIS + line + b"\n")
    assert len(rows) == 2
    assert reject["status_detail"].startswith(reason + " (first at byte")
    assert (reject["metadata.sequence"], reject["count"]) == (2, 1)
    assert reject["raw_data"] == line.split(b"\n")[-1].decode()


def test_a_time_without_a_day(read: Read) -> None:
    rows, (reject,) = read(
        b"#Fields: time c-ip cs-method cs-uri\n07:01:12 192.0.2.7 GET /\n#Date: 2026-03-05\n07:01:12 192.0.2.7 GET /\n"
    )
    assert [r["metadata.sequence"] for r in rows] == [1]
    assert reject["metadata.sequence"] == 0


def test_headers_without_end_cost_no_more_than_their_size(read: Read) -> None:
    lines = [
        f"#Fields: date time cs-method cs-uri x{i}\n2026-03-05 07:01:12 GET / {i}\n" for i in range(MOST_HEADERS + 36)
    ]
    rows, (reject,) = read("".join(lines).encode())
    assert len(rows) == MOST_HEADERS
    assert (reject["metadata.sequence"], reject["count"]) == (MOST_HEADERS, 36)
    assert reject["status_detail"].startswith("too many different headers")


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        (" date time c-ip cs-method cs-uri-stem sc-status", True),
        ("date time cs-method cs-uri", True),
        ("date time action protocol src-ip dst-ip src-port dst-port size tcpflags", False),
        ("date time cs-method cs-uri " + " ".join(f"x{i}" for i in range(300)), False),
        ("", False),
    ],
)
def test_fields(header: str, taken: bool) -> None:
    assert (fields_of(header) is not None) is taken

"""HTTP/1: pairs, heads in any shape, smuggling, bounds."""

from __future__ import annotations

import base64

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.sources.pcap.http import PIPELINE_LIMIT, Http
from vedette.sources.pcap.http_head import UNBOUNDED
from vedette.sources.pcap.messages import Mark
from vedette.testing.payloads import FIRST_TIME

ENDS = ("10.0.0.1", 40_000, "192.0.2.80", 8_080, 6, 1)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Type: text/html\r\n\r\nabc"


def rows(*messages: tuple[bool, bytes]) -> pl.DataFrame:
    """Return the rows of messages (from the client?, bytes), each a buffer of its own; what follows a message is read on."""
    http = Http()
    for n, (orig, buffer) in enumerate(messages):
        rest = buffer
        while rest and (used := http.take(1, orig, rest, Mark(FIRST_TIME + n * 1_000, n, ENDS), True)) > 0:
            rest = rest[used:]
    http.close()
    frames = [batch.frame for batch in http.rows.batches()]
    return pl.concat(frames) if frames else pl.DataFrame()


def request(line: str, *headers: str) -> tuple[bool, bytes]:
    return True, "\r\n".join((line, *headers, "", "")).encode()


def test_request_and_response_are_one_row() -> None:
    asked = request(
        "POST /a/b?c=d HTTP/1.1",
        "Host: Shop.example:8080",
        "User-Agent: curl/8",
        "Referer: http://x/",
        "Content-Length: 2",
    )
    row = rows((True, asked[1] + b"hi"), (False, OK)).row(0, named=True)
    want = {
        "http_request.http_method": "POST",
        "http_request.version": "1.1",
        "http_request.url.hostname": "shop.example",
        "http_request.url.path": "/a/b",
        "http_request.url.query_string": "c=d",
        "http_request.url.url_string": "http://Shop.example:8080/a/b?c=d",
        "http_request.user_agent": "curl/8",
        "http_request.referrer": "http://x/",
        "http_request.body_length": 2,
        "http_response.code": 200,
        "http_response.status": "OK",
        "http_response.content_type": "text/html",
        "http_response.body_length": 3,
        "activity_id": 6,
        "status_id": 1,
        "status_code": "200",
        "duration": 1,
        "status_detail": None,
        "app_protocol_name": "http",
    }
    assert {name: row[name] for name in want} == want


@pytest.mark.parametrize(
    ("line", "method", "path", "activity"),
    [
        ("GET / HTTP/1.0", "GET", "/", 3),
        ("HEAD /x HTTP/1.1", "HEAD", "/x", 4),
        ("CONNECT a.example:443 HTTP/1.1", "CONNECT", "a.example:443", 1),
        ("PROPFIND /dav HTTP/1.1", "PROPFIND", "/dav", 99),
        ("GET http://other.example/p?q HTTP/1.1", "GET", "/p", 3),
        ("GET /old", "GET", "/old", 3),
        ("GET HTTP/1.1", "GET", "", 3),
        ("OPTIONS * HTTP/1.1", "OPTIONS", "*", 5),
        ("GET /with space HTTP/1.1", "GET", "/with space", 3),
    ],
)
def test_request_lines(line: str, method: str, path: str, activity: int) -> None:
    row = rows(request(line)).row(0, named=True)
    assert (row["http_request.http_method"], row["http_request.url.path"], row["activity_id"]) == (
        method,
        path,
        activity,
    )
    assert row["http_request.url.scheme"] == ("http" if "://" in line else None)


@pytest.mark.parametrize(
    "line",
    ["GET out", "get / HTTP/1.1", "GE T/ HTTP/1.1", "HTTP/1.1 OK", "HTTP/1.1 2000 OK", "OPTIONS rtsp://a RTSP/1.0"],
)
def test_what_is_no_message(line: str) -> None:
    assert rows(request(line)).is_empty()


@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        (("Content-Length: 4", "Transfer-Encoding: chunked"), "both content-length and transfer-encoding"),
        (("Content-Length: 4", "Content-Length: 5"), "several content-length headers"),
        (("Host: a", "Host: b"), "several host headers"),
        (("Content-Length : 4",), "space around a header name"),
        (("Content-Length: +4",), "content-length is not a number"),
        (("X: \0",), "NUL in the head"),
        (("Host: a", "Host: a"), None),
    ],
)
def test_what_may_be_read_differently(headers: tuple[str, ...], detail: str | None) -> None:
    assert rows(request("POST / HTTP/1.1", *headers))["status_detail"].to_list() == [detail]


def test_a_body_is_no_message() -> None:
    smuggled = request("GET /smuggled HTTP/1.1")[1]
    plain = request("POST /one HTTP/1.1", f"Content-Length: {len(smuggled)}")[1] + smuggled
    assert rows((True, plain + smuggled))["http_request.url.path"].to_list() == ["/one", "/smuggled"]
    chunked = request("POST /one HTTP/1.1", "Transfer-Encoding: chunked")[1] + b"5\r\nhello\r\n0\r\n\r\n"
    frame = rows((True, chunked + smuggled))
    assert frame["http_request.url.path"].to_list() == ["/one", "/smuggled"]
    assert frame["http_request.body_length"].to_list() == [5, 0]


def test_pipelined_responses_come_in_order() -> None:
    both = request("GET /one HTTP/1.1")[1] + request("GET /two HTTP/1.1")[1]
    missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    frame = rows((True, both), (False, OK + missing))
    assert frame.select("http_request.url.path", "http_response.code", "status_id").rows() == [
        ("/one", 200, 1),
        ("/two", 404, 2),
    ]


def test_responses_without_a_body() -> None:
    announced = b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"
    frame = rows(request("HEAD /one HTTP/1.1"), request("GET /two HTTP/1.1"), (False, announced + OK))
    assert frame["http_response.body_length"].to_list() == [0, 3]


def test_interim_responses_are_passed_over() -> None:
    frame = rows(request("POST / HTTP/1.1"), (False, b"HTTP/1.1 100 Continue\r\n\r\n" + OK))
    assert frame["http_response.code"].to_list() == [200]


def test_half_pairs() -> None:
    assert rows(request("GET / HTTP/1.1")).select("http_response.code", "status_id", "duration").rows() == [
        (None, 0, None)
    ]
    assert rows((False, OK)).select("http_request.http_method", "http_response.code", "activity_id").rows() == [
        (None, 200, None)
    ]


def test_a_response_without_length_ends_with_the_connection() -> None:
    head = b"HTTP/1.0 200 OK\r\n\r\n"
    assert Http().take(1, False, head, Mark(0, 0, ENDS), False) == len(head) + UNBOUNDED


def test_the_user_but_never_the_password() -> None:
    token = base64.b64encode(b"joe:secret").decode()
    frame = rows(request("GET / HTTP/1.1", f"Authorization: Basic {token}"))
    assert frame["actor.user.name"].to_list() == ["joe"]
    assert "secret" not in str(frame.to_dicts())
    assert rows(request("GET / HTTP/1.1", "Authorization: Basic ???"))["actor.user.name"].to_list() == [None]


def test_what_is_not_printable_is_escaped() -> None:
    row = rows((True, b"GET /\x00\xff\x1b[2J HTTP/1.1\r\nUser-Agent: \xe2\x80\xaeabc\r\n\r\n")).row(0, named=True)
    assert row["http_request.url.path"] == "/\\x00\\xff\\x1b[2J"
    assert row["http_request.user_agent"] == "\\u202eabc"


@pytest.mark.parametrize(
    ("host", "hostname"),
    [
        ("A.example.:80", "a.example"),
        ("[2001:db8::1]:80", "2001:db8::1"),
        ("joe@a.example", "a.example"),
        ("", None),
        (":80", None),
    ],
)
def test_hosts(host: str, hostname: str | None) -> None:
    assert rows(request("GET / HTTP/1.1", f"Host: {host}"))["http_request.url.hostname"].to_list() == [hostname]


def test_heads_cut_off() -> None:
    whole = request("GET /path HTTP/1.1", "Host: a", "User-Agent: b")[1]
    assert rows((True, whole[:30])).select("http_request.url.path", "status_detail").rows() == [
        ("/path", "head cut off")
    ]
    assert rows((True, b"GET /path HT"))["http_request.url.path"].to_list() == ["/path"]


def test_bare_newlines_end_a_head() -> None:
    frame = rows((True, b"GET / HTTP/1.1\nHost: a\n\nGET /two HTTP/1.1\n\n"))
    assert frame["http_request.url.path"].to_list() == ["/", "/two"]


def test_empty_lines_before_a_message_are_passed_over() -> None:
    again = b"\r\n\r\n" + request("GET /two HTTP/1.1")[1]
    assert rows((True, request("GET /one HTTP/1.1")[1] + again))["http_request.url.path"].to_list() == ["/one", "/two"]


def test_an_answer_ends_a_request_only_when_none_waits() -> None:
    http = Http()
    assert http.ends_other(1)
    http.take(1, True, b"GET / HTTP/1.1\r\n\r\n", Mark(0, 0, ENDS), False)
    assert not http.ends_other(1)


def test_a_pipeline_is_bounded() -> None:
    http = Http()
    for n in range(PIPELINE_LIMIT + 5):
        http.take(1, True, b"GET / HTTP/1.1\r\n\r\n", Mark(n, n, ENDS), False)
    assert [len(batch) for batch in http.rows.batches()] == [5]


@settings(deadline=5_000)
@given(
    st.sampled_from([b"GET /", b"HTTP/1.1 200 ", b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"]),
    st.binary(),
    st.booleans(),
)
def test_noise_is_no_error(start: bytes, noise: bytes, final: bool) -> None:
    http = Http()
    http.take(1, True, start + noise, Mark(0, 0, ENDS), final)
    http.close()
    assert sum(len(batch) for batch in http.rows.batches()) <= 1


@pytest.mark.parametrize("filler", [b" ", b"a", b"\0", b"\r", b"\n", b":", b"HTTP/"])
def test_a_megabyte_of_one_thing_ends_soon(filler: bytes) -> None:
    for start in (b"GET /", b"GET / HTTP/1.1\r\n", b"HTTP/1.1 200 "):
        rows((True, start + filler * (1_000_000 // len(filler))))

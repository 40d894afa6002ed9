"""The event collector answers as Splunk's does, so that its clients are content."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.abc.transport import MOST_BYTES
from vedette.transports.http.http_request import Request, Taken, Trouble
from vedette.transports.http.http_splunk import Splunk
from vedette.transports.sorting import Sorter

AUTH = "Mar  5 08:01:12 mail sshd[801]: Failed password for ada from 192.0.2.7 port 50122 ssh2"


def take(
    body: bytes | str,
    path: str = "/services/collector/event",
    channel: str = "",
    method: str = "POST",
    splunk: Splunk | None = None,
    **query: str,
) -> Taken:
    headers = {"x-splunk-request-channel": channel} if channel else {}
    data = body.encode() if isinstance(body, str) else body
    request = Request(method, path, query, headers, "c", datetime(2026, 3, 5, tzinfo=UTC), data)
    return (splunk or Splunk(Sorter("http"))).take(request)


def told(taken: Taken) -> tuple[int, dict[str, Any]]:
    return taken.answer.status, orjson.loads(taken.answer.body)


def kept(taken: Taken) -> bytes:
    return b"".join(c.data for c in taken.chunks)


def event(content: Any, **more: Any) -> str:  # noqa: ANN401 - any JSON
    return json.dumps({"event": content, **more})


@pytest.mark.parametrize("between", ["", "\n", "\r\n", "  ", "\n\n"])
@pytest.mark.parametrize("path", ["/services/collector", "/services/collector/event", "/services/collector/event/1.0"])
def test_events_one_behind_the_other(between: str, path: str) -> None:
    taken = take(between.join([event("first"), event("sec\u00f6nd }{"), event({"log": "third"})]), path)
    assert told(taken) == (200, {"text": "Success", "code": 0})
    assert kept(taken) == "first\nsec\u00f6nd }{\nthird\n".encode()


def test_events_over_many_lines() -> None:
    body = json.dumps({"event": {"log": "a"}, "host": "h"}, indent=2) + json.dumps({"event": {"x": [1]}}, indent=1)
    taken = take(body)
    assert [(c.input, json.loads(c.data) if c.data.startswith(b"{") else c.data) for c in taken.chunks] == [
        ("http c h text", b"a\n"),
        ("http c", {"x": [1]}),
    ]


def test_many_objects_on_one_line_beyond_a_window() -> None:
    body = "".join(event(f"{n} " + "x" * 1000) for n in range(3 * MOST_BYTES // 1000))
    taken = take(body)
    assert told(taken)[0] == 200
    assert [int(line.split()[0]) for line in kept(taken).splitlines()] == list(range(3 * MOST_BYTES // 1000))
    cut = take(body[:-5])
    assert told(cut)[1]["code"] == 6
    assert not cut.chunks


def test_what_the_envelope_says() -> None:
    taken = take(event(AUTH, host="web-1", source="/var/log/auth.log", sourcetype="linux_secure", time="1772697672.5"))
    assert [(c.input, c.filename) for c in taken.chunks] == [("http c web-1 /var/log/auth.log", "auth.log")]
    taken = take(event(AUTH, host="web-1", source="http:token"))
    assert [(c.input, c.filename) for c in taken.chunks] == [("http c web-1 syslog", "")]


def test_a_line_of_the_journal_gets_the_time_of_its_envelope() -> None:
    taken = take(event({"MESSAGE": "x", "_HOSTNAME": "web-1", "_COMM": "sshd"}, time=1772697672.5))
    assert kept(taken) == b"2026-03-05T08:01:12.500000+00:00 web-1 sshd: x\n"


@pytest.mark.parametrize(
    ("body", "code", "number"),
    [
        ("", 5, None),
        (" \n", 5, None),
        ("no json", 6, 0),
        (event("a") + "{", 6, 1),
        ("[1]", 6, 0),
        (json.dumps({"time": 1}), 12, 0),
        (json.dumps({"event": None}), 12, 0),
        (event("a") + event(" "), 13, 1),
        (json.dumps({"event": "a", "host": 7}), 6, 0),
        ('{"event":' + "[" * 200_000, 6, 0),
        ('{"event":' * 200_000, 6, 0),
        (json.dumps({"event": {"log": "x" * MOST_BYTES}}), 6, 0),
    ],
)
def test_what_is_wrong_is_said_with_its_number(body: str, code: int, number: int | None) -> None:
    taken = take(body)
    assert not taken.chunks, "all or nothing"
    status, words = told(taken)
    assert (status, words["code"], words.get("invalid-event-number")) == (400, code, number)


def test_raw_lines() -> None:
    taken = take(f"{AUTH}\n\n{AUTH}", "/services/collector/raw", channel="x", host="web-1", source="/var/log/auth.log")
    assert told(taken)[0] == 200
    assert kept(taken) == f"{AUTH}\n{AUTH}\n".encode()
    assert taken.chunks[0].input == "http c web-1 /var/log/auth.log"
    assert told(take("", "/services/collector/raw")) == (400, {"text": "No data", "code": 5})
    assert take("x" * MOST_BYTES, "/services/collector/raw").answer.status == 413


def test_acknowledgements() -> None:
    splunk = Splunk(Sorter("http"))
    ids = [told(take(event("a"), channel="ch", splunk=splunk))[1]["ackId"] for _ in range(3)]
    assert len(set(ids)) == 3
    asked = take(json.dumps({"acks": ids}), "/services/collector/ack", channel="ch", splunk=splunk)
    assert told(asked) == (200, {"acks": {str(n): True for n in ids}})
    assert told(take('{"acks":[1]}', "/services/collector/ack"))[1]["code"] == 10
    assert told(take('{"acks":1}', "/services/collector/ack", channel="ch"))[1]["code"] == 6
    assert "ackId" not in told(take(event("a")))[1]


def test_health_and_wrong_paths() -> None:
    splunk = Splunk(Sorter("http"))
    for path in ("/services/collector/health", "/services/collector/health/1.0"):
        taken = take("", path, method="GET")
        assert told(taken) == (200, {"text": "HEC is healthy", "code": 17})
        assert splunk.open(Request("GET", path, {}, {}, "c", datetime(2026, 3, 5, tzinfo=UTC)))
    assert take("", method="GET").answer.status == 405
    assert take("x", "/services/collector/mint").answer.status == 404


@pytest.mark.parametrize(
    ("trouble", "status", "code"),
    [
        (Trouble.NO_TOKEN, 401, 2),
        (Trouble.BAD_TOKEN, 403, 4),
        (Trouble.FULL, 429, 9),
        (Trouble.BUSY, 429, 9),
        (Trouble.BROKEN, 503, 8),
        (Trouble.TOO_LARGE, 413, 6),
    ],
)
def test_troubles_in_splunks_words(trouble: Trouble, status: int, code: int) -> None:
    answer = Splunk(Sorter("http")).refuse(trouble)
    assert (answer.status, orjson.loads(answer.body)["code"]) == (status, code)
    assert ("retry-after" in answer.headers) == (status in {429, 503})


@given(st.binary(max_size=200) | st.text(alphabet='{}[]",:evnt \n\\0', max_size=80).map(str.encode))
def test_any_bytes(body: bytes) -> None:
    for path in ("/services/collector", "/services/collector/raw", "/services/collector/ack"):
        taken = take(body, path, channel="x")
        assert taken.answer.status in {200, 400}
        orjson.loads(taken.answer.body)

"""Any body that a source reads is taken as it is; what nobody reads is not."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import orjson
import pytest

from vedette.abc import Source
from vedette.abc.transport import MOST_BYTES
from vedette.events.schema import EventClass
from vedette.plugins import discover
from vedette.testing.laws.source import read_all
from vedette.transports.http.http_ingest import Ingest
from vedette.transports.http.http_request import Request, Taken
from vedette.transports.sorting import Sorter


def take(body: bytes, path: str = "/v1/ingest", method: str = "POST", **query: str) -> Taken:
    request = Request(method, path, query, {}, "c", datetime(2026, 3, 5, tzinfo=UTC), body)
    return Ingest(Sorter("http")).take(request)


def told(taken: Taken) -> tuple[int, dict[str, object]]:
    return taken.answer.status, orjson.loads(taken.answer.body)


@pytest.mark.parametrize("name", sorted(discover(Source)))
def test_every_source_gets_its_example(name: str) -> None:
    """Sent whole, and sent for the source by name: the chunks, read as the engine reads them, give every record."""
    source = discover(Source)[name]
    example = source.example()
    for path in ("/v1/ingest", f"/v1/ingest/{name}"):
        taken = take(example.data, path)
        assert taken.answer.status == 200
        batches = [
            b
            for c in taken.chunks
            for b in read_all(discover(Source)[c.source or name], io.BytesIO(c.preamble + c.data))
        ]
        assert sum(b.records for b in batches) == example.records
        assert not [b for b in batches if b.kind is EventClass.REJECT]


def test_json_lines_with_lines_that_are_none() -> None:
    taken = take(b'{"log":"a"}\n\n{"log":\n"text"\n{"log":"b"}\n')
    assert told(taken) == (200, {"records": 2, "rejected": 2, "first_rejected": 2})
    assert b"".join(c.data for c in taken.chunks) == b"a\nb\n"


def test_an_array() -> None:
    taken = take(b' [{"log":"a"}, {"log":"b"}, 7]')
    assert told(taken) == (200, {"records": 2, "rejected": 1, "first_rejected": 3})
    assert b"".join(c.data for c in taken.chunks) == b"a\nb\n"


def test_a_last_line_is_ended() -> None:
    for path in ("/v1/ingest", "/v1/ingest/authlog"):
        (chunk,) = take(b"Mar  5 08:01:12 mail sshd[801]: x", path).chunks
        assert chunk.data.endswith(b"x\n")
    pcap = discover(Source)["pcap"].example().data
    assert take(pcap).chunks[0].data == pcap


def test_lines_that_begin_with_something_odd() -> None:
    taken = take(b"hello\nMar  5 08:01:12 mail sshd[801]: x\n", filename="a.log")
    assert taken.answer.status == 200
    assert b"".join(c.data for c in taken.chunks) == b"hello\nMar  5 08:01:12 mail sshd[801]: x\n"


@pytest.mark.parametrize(
    ("body", "path", "method", "status"),
    [
        (b"", "/v1/ingest", "POST", 400),
        (b" \n", "/v1/ingest", "POST", 400),
        (b"\0\1\2\xff", "/v1/ingest", "POST", 415),
        (b"x", "/v1/ingest/nobody", "POST", 404),
        (b"x", "/v1/ingest", "PUT", 405),
        (b"[1,2]", "/v1/ingest", "POST", 400),
        (b"[" * 100_000, "/v1/ingest", "POST", 200),
        (b"x" * (MOST_BYTES // 4), "/v1/ingest", "POST", 415),
    ],
)
def test_answers(body: bytes, path: str, method: str, status: int) -> None:
    taken = take(body, path, method)
    assert taken.answer.status == status
    assert bool(taken.chunks) == (status == 200)


def test_what_is_large_goes_in_pieces_with_its_head() -> None:
    zeek = discover(Source)["zeek"].example().data
    head = b"".join(line for line in zeek.splitlines(keepends=True) if line.startswith(b"#"))
    rows = [line for line in zeek.splitlines(keepends=True) if not line.startswith(b"#")]
    taken = take(head + b"".join(rows) * (2 * MOST_BYTES // len(b"".join(rows))))
    assert len(taken.chunks) == 3
    for chunk in taken.chunks:
        assert len(chunk.data) <= MOST_BYTES
        batches = read_all(discover(Source)["zeek"], io.BytesIO(chunk.preamble + chunk.data))
        assert not [b for b in batches if b.kind is EventClass.REJECT]


def test_a_record_that_is_too_large() -> None:
    assert take(b"a" * 2 * MOST_BYTES, "/v1/ingest/logline").answer.status == 413
    body = json.dumps({"log": "x" * MOST_BYTES}).encode() + b'\n{"log":"b"}'
    assert told(take(body)) == (200, {"records": 1, "rejected": 1, "first_rejected": 1})

"""Nothing is answered with success before it is kept; whoever may not send, or sends too much, is told so."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from vedette.abc import Chunk
from vedette.testing.transports import FakeInlet
from vedette.transports.http import http_app
from vedette.transports.http.http_app import App, Bounds
from vedette.transports.http.http_door import Door

BOUNDS = Bounds(body=10_000, memory=20_000, body_seconds=0.2, wait_seconds=0.05)
LINE = b'{"log":"a line"}\n'
PATHS = ["/v1/ingest", "/services/collector", "/_bulk"]
BODIES = {PATHS[0]: LINE, PATHS[1]: b'{"event":"a line"}', PATHS[2]: b'{"index":{}}\n' + LINE}
OPEN = Door([])
CLOSED = Door(["sha256:" + hashlib.sha256(b"word").hexdigest()])


class Reply:
    """What a client gets."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    async def send(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {k.decode(): v.decode() for k, v in message["headers"]}
        else:
            self.body += message["body"]


def app_of(inlet: FakeInlet, door: Door = OPEN, *, proxy: bool = False, bounds: Bounds = BOUNDS) -> App:
    return App(inlet, door, bounds, behind_proxy=proxy, elastic_version="9.9.0")


async def ask(app: App, path: str, body: bytes | None = None, method: str = "POST", **headers: str) -> Reply:
    reply = Reply()

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request", "body": BODIES.get(path, b"") if body is None else body, "more_body": False}

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"a=1&a=2",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
        "client": ("192.0.2.1", 5),
    }
    await app(scope, receive, reply.send)
    return reply


@pytest.mark.parametrize("path", PATHS)
def test_success_is_said_after_it_is_kept(path: str) -> None:
    class Slow(FakeInlet):
        done = False

        async def put(self, *chunks: Chunk) -> None:
            await asyncio.sleep(0.02)
            await super().put(*chunks)
            self.done = True

    async def run() -> None:
        inlet = Slow()
        reply = await ask(app_of(inlet), path)
        assert reply.status == 200
        assert inlet.done
        assert inlet.data == b"a line\n"
        assert reply.headers["content-length"] == str(len(reply.body))

    asyncio.run(run())


@pytest.mark.parametrize("path", PATHS)
def test_a_full_log_and_a_full_disk(path: str) -> None:
    async def run() -> None:
        inlet = FakeInlet()
        app = app_of(inlet)
        inlet.full = True
        replies = [await ask(app, path) for _ in range(2)]
        assert [(r.status, r.headers["retry-after"]) for r in replies] == [(429, "5")] * 2
        assert len(inlet.said) == 1, "the operator is told once"
        inlet.full, inlet.broken = False, True
        assert (await ask(app, path)).status == 503
        assert len(inlet.said) == 2
        inlet.broken = False
        assert (await ask(app, path)).status == 200
        assert inlet.data == b"a line\n"

    asyncio.run(run())


def test_what_passes_soon_no_client_notices() -> None:
    async def run() -> None:
        inlet = FakeInlet()
        app = app_of(inlet, bounds=Bounds(body=10_000, memory=20_000, body_seconds=1, wait_seconds=3))
        inlet.full = True
        asked = asyncio.create_task(ask(app, "/_bulk"))
        await asyncio.sleep(0.05)
        inlet.broken = True
        await asyncio.sleep(0.4)
        assert inlet.refused
        assert not asked.done()
        inlet.full = inlet.broken = False
        assert (await asked).status == 200
        assert inlet.data == b"a line\n"
        assert not inlet.said

    asyncio.run(run())


@pytest.mark.parametrize("path", PATHS)
def test_the_door(path: str) -> None:
    async def run() -> None:
        inlet = FakeInlet()
        app = app_of(inlet, CLOSED)
        assert (await ask(app, path)).status == 401
        assert (await ask(app, path, authorization="Bearer other")).status == 403
        assert not inlet.chunks
        assert (await ask(app, path, authorization="Splunk word")).status == 200
        assert (await ask(app, "/", method="GET")).status == 401
        assert (await ask(app, "/services/collector/health", method="GET")).status == 200

    asyncio.run(run())


@pytest.mark.parametrize("path", PATHS)
def test_bodies_that_cost_too_much(path: str) -> None:
    async def run() -> None:
        inlet = FakeInlet()
        app = app_of(inlet)
        large = BODIES[path] + b" " * BOUNDS.body
        assert (await ask(app, path, large)).status == 413
        assert (await ask(app, path, b"", content_length="99999999999999999999")).status == 413
        assert (await ask(app, path, gzip.compress(large), content_encoding="gzip")).status == 413
        assert (await ask(app, path, b"nonsense", content_encoding="gzip")).status == 400
        assert (await ask(app, path, content_encoding="br")).status == 415
        assert not inlet.chunks
        assert (await ask(app, path, gzip.compress(BODIES[path]), content_encoding="gzip")).status == 200

    asyncio.run(run())


@pytest.mark.parametrize("path", PATHS)
def test_many_tiny_records(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        inlet = FakeInlet()
        app = app_of(inlet)
        monkeypatch.setattr(http_app, "MOST_LINES", 100)
        monkeypatch.setattr(http_app, "MOST_OBJECTS", 200)
        assert (await ask(app, path, b"\n" * 101)).status == 413
        assert (await ask(app, path, b"[" + b"{}," * 201)).status == 413
        assert not inlet.chunks

    asyncio.run(run())


def test_many_bodies_at_once() -> None:
    async def run() -> None:
        inlet = FakeInlet()
        app = app_of(inlet, bounds=Bounds(body=10_000, memory=20_000, body_seconds=1, wait_seconds=5))
        inlet.full = True
        body = (b'{"log":"' + b"x" * 900 + b'"}\n') * 9
        asked = [asyncio.create_task(ask(app, "/v1/ingest", body)) for _ in range(5)]
        await asyncio.sleep(0.1)
        assert [t.result().status for t in asked if t.done()] == [429] * 3
        inlet.full = False
        assert sorted([(await t).status for t in asked]) == [200, 200, 429, 429, 429]
        assert (await ask(app, "/v1/ingest", body)).status == 200, "memory is given back"

    asyncio.run(run())


def test_who_is_the_client() -> None:
    async def run() -> None:
        inlet = FakeInlet()
        said = "203.0.113.1, 192.0.2.77"
        await ask(app_of(inlet), "/v1/ingest", x_forwarded_for=said)
        await ask(app_of(inlet, proxy=True), "/v1/ingest", x_forwarded_for=said)
        assert [c.input for c in inlet.chunks] == ["http 192.0.2.1 text", "http 192.0.2.77 text"]

    asyncio.run(run())


def test_head_has_no_body_and_unknown_paths_are_told() -> None:
    async def run() -> None:
        reply = await ask(app_of(FakeInlet()), "/", method="HEAD")
        assert (reply.status, reply.body) == (200, b"")
        assert reply.headers["x-elastic-product"] == "Elasticsearch"
        reply = await ask(app_of(FakeInlet()), "/v2", method="GET")
        assert reply.status == 404
        assert orjson.loads(reply.body)["status"] == 404

    asyncio.run(run())

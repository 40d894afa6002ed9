"""The ASGI application: who may send, what came, kept before it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from vedette.abc import Inlet
from vedette.errors import InletError
from vedette.transports.http import http_ingest, http_splunk
from vedette.transports.http.http_body import Memory, Receive, received, unpacked
from vedette.transports.http.http_door import Door
from vedette.transports.http.http_elastic import Elastic
from vedette.transports.http.http_request import Answer, Dialect, Request, Taken, Trouble
from vedette.transports.sorting import Sorter

Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Scope = Mapping[str, Any]

AGAIN_SECONDS = 1.0
"""After the log could not keep something."""
MOST_FIELDS = 50
"""Fields of a query."""
MOST_LINES = 400_000
"""Of one body: many small records cost more memory than their bytes."""
MOST_OBJECTS = 800_000
_WITH_BODY = frozenset({"POST", "PUT"})


@dataclass(frozen=True, slots=True)
class Bounds:
    """What requests may cost.

    Attributes:
        body: bytes of one body, also unpacked.
        memory: bytes of all bodies at the same time.
        body_seconds: in which a body must have come.
        wait_seconds: that a request waits for room in the log.
    """

    body: int
    memory: int
    body_seconds: float
    wait_seconds: float


class App:
    """Takes requests of all dialects.

    Args:
        inlet: where records go.
        door: who may send.
        bounds: what requests may cost.
        behind_proxy: whether a proxy says who the client is.
        elastic_version: that Elastic's clients are told.
    """

    def __init__(self, inlet: Inlet, door: Door, bounds: Bounds, *, behind_proxy: bool, elastic_version: str) -> None:
        sorter = Sorter("http")
        self._inlet, self._door, self._bounds, self._behind_proxy = inlet, door, bounds, behind_proxy
        self._ingest = http_ingest.Ingest(sorter)
        self._splunk = http_splunk.Splunk(sorter)
        self._elastic = Elastic(sorter, elastic_version)
        self._memory = Memory(bounds.memory)
        self._one = asyncio.Lock()
        self._said = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = self._request(scope)
        dialect = self._dialect(request.path)
        answer = await self._answer(dialect, request, receive)
        headers = dict(answer.headers) | {"content-length": str(len(answer.body))}
        body = b"" if request.method == "HEAD" else answer.body
        start = {"type": "http.response.start", "status": answer.status}
        await send(start | {"headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()]})
        await send({"type": "http.response.body", "body": body})

    def _request(self, scope: Scope) -> Request:
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        client = str((scope.get("client") or ("unknown", 0))[0])
        if self._behind_proxy:  # the last is whom the proxy itself saw
            client = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()[:50] or client
        query = scope["query_string"].decode("latin-1")
        try:
            pairs = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_FIELDS))
        except ValueError:
            pairs = {}
        return Request(scope["method"].upper(), scope["path"], pairs, headers, client, datetime.now(UTC))

    def _dialect(self, path: str) -> Dialect:
        if path == http_ingest.PATH or path.startswith(http_ingest.PATH + "/"):
            return self._ingest
        return self._splunk if path.startswith(http_splunk.PATH) else self._elastic

    async def _answer(self, dialect: Dialect, request: Request, receive: Receive) -> Answer:
        if not dialect.open(request) and (trouble := self._door.trouble(request.headers)):
            return dialect.refuse(trouble)
        if request.method not in _WITH_BODY:
            return dialect.take(request).answer
        bounds = self._bounds
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length[:18]) > bounds.body:
            return dialect.refuse(Trouble.TOO_LARGE)
        body = await received(receive, bounds.body, bounds.body_seconds, self._memory)
        if isinstance(body, Trouble):
            return dialect.refuse(body)
        try:
            return await self._taken(dialect, request, body)
        finally:
            self._memory.give(len(body))

    async def _taken(self, dialect: Dialect, request: Request, body: bytes) -> Answer:
        async with self._one:  # one at a time: what is unpacked is not counted otherwise, and kinds are remembered
            taken = await asyncio.to_thread(self._read, dialect, request, body)
            if isinstance(taken, Trouble):
                return dialect.refuse(taken)
        trouble = await self._kept(taken) if taken.chunks else None
        return (taken.refusal or dialect.refuse)(trouble) if trouble else taken.answer

    def _read(self, dialect: Dialect, request: Request, body: bytes) -> Taken | Trouble:
        plain = unpacked(body, request.headers.get("content-encoding", ""), self._bounds.body)
        if isinstance(plain, Trouble):
            return plain
        if plain.count(b"\n") > MOST_LINES or plain.count(b"{") > MOST_OBJECTS:
            return Trouble.TOO_LARGE
        return dialect.take(replace(request, body=plain))

    async def _kept(self, taken: Taken) -> Trouble | None:
        """Put what was taken; what passes within ``wait_seconds`` no client notices: rsyslog would lose what is refused."""
        broken = ""
        try:
            async with asyncio.timeout(self._bounds.wait_seconds):
                while True:
                    try:
                        await self._inlet.put(*taken.chunks)
                    except InletError as error:
                        broken = error.message
                        await asyncio.sleep(min(AGAIN_SECONDS, self._bounds.wait_seconds / 10))
                    else:
                        self._said = ""
                        return None
        except TimeoutError:
            return self._tell(Trouble.BROKEN, broken) if broken else self._tell(Trouble.FULL)

    def _tell(self, trouble: Trouble, more: str = "") -> Trouble:
        """Tell the operator, once until it goes again."""
        if self._said != trouble:
            self._said = trouble
            self._inlet.say("http", f"{trouble}{more and ': ' + more}; clients are told to come again")
        return trouble

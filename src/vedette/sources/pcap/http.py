"""HTTP/1 requests and responses, paired in order (RFC 9110, 9112).

A row is a request with its response, a request that nobody answered, or a response of which the request was not seen; ``time`` is the
request's, else the response's. Bodies are passed over by their announced length, so that what stands in a body is never taken for a
message. What senders and receivers may read differently (request smuggling) is said in ``status_detail``.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections import deque
from functools import lru_cache
from typing import NamedTuple

from vedette.events.schema import EventClass
from vedette.sources.pcap.http_head import ACTIVITIES, UNBOUNDED, Head, body_length, read_head
from vedette.sources.pcap.messages import Mark, MessageRows
from vedette.sources.pcap.pending import Pending
from vedette.sources.pcap.printable import printable
from vedette.sources.pcap.streams import MESSAGE_LIMIT_BYTES, MORE, NOT_MINE, Dialogue

OTHER = 99
CACHE_LIMIT = 256
"""Distinct texts of heads that are at hand; each is 64 KiB at the most."""
PIPELINE_LIMIT = 64
"""Requests of one connection that may wait for their responses."""

_BODILESS = frozenset((101, 204, 304))
_REDIRECTION = 300
_COLUMNS = (
    *("http_request.http_method", "http_request.version"),
    *("http_request.url.scheme", "http_request.url.hostname", "http_request.url.path"),
    *(
        "http_request.url.query_string",
        "http_request.url.url_string",
        "http_request.user_agent",
        "http_request.referrer",
    ),
    *("http_request.body_length", "actor.user.name", "activity_id"),
    *("http_response.code", "http_response.status", "http_response.content_type", "http_response.body_length"),
    *("status_id", "status_code", "duration", "status_detail"),
)


class Request(NamedTuple):
    """A request that waits: its values in the order of the columns, its oddities, and the size of its head."""

    mark: Mark
    method: str
    values: tuple[object, ...]
    odd: tuple[str, ...]
    size_bytes: int


_UNSEEN: tuple[object, ...] = (None,) * 12


class Http(Dialogue):
    """Pairs requests and responses by connection, in order."""

    def __init__(self) -> None:
        self.rows = MessageRows(EventClass.HTTP_ACTIVITY, "http", _COLUMNS)
        self._waiting: Pending[deque[Request]] = Pending()

    def take(self, connection: int, from_orig: bool, buffer: bytes, mark: Mark, final: bool) -> int:
        head = read_head(buffer, final=final or len(buffer) >= MESSAGE_LIMIT_BYTES)
        if head is None:
            return MORE if not final else NOT_MINE
        if not head.words[0]:
            return NOT_MINE
        if head.words[0].startswith(b"HTTP/"):
            return head.size + self._respond(connection, head, mark, buffer)
        return head.size + self._request(connection, head, mark, buffer)

    def _request(self, connection: int, head: Head, mark: Mark, buffer: bytes) -> int:
        length, body, odd = body_length(head, buffer)
        method, values = request_values(head, length)
        queue = self._waiting.pop(connection) or deque()
        queue.append(Request(mark, method, values, odd, head.size))
        if len(queue) > PIPELINE_LIMIT:
            self._emit(queue.popleft())
        for lost in self._waiting.put(connection, queue, mark.time, sum(r.size_bytes for r in queue)):
            self._lose(lost)
        return body

    def _respond(self, connection: int, head: Head, mark: Mark, buffer: bytes) -> int:
        code = int(head.words[1])
        if 100 <= code < 200 and code != 101:  # noqa: PLR2004 - interim: the final one follows (RFC 9110, 15.2)
            return 0
        queue = self._waiting.get(connection)
        request = queue.popleft() if queue else None
        if queue is not None and not queue:
            self._waiting.pop(connection)
        length, body, odd = body_length(head, buffer)
        if code in _BODILESS or (
            request and (request.method == "HEAD" or (request.method == "CONNECT" and code < _REDIRECTION))
        ):
            length = body = 0
        elif length is None and b"transfer-encoding" not in head.headers:
            body = UNBOUNDED
        response = (code, _text(head.words[2]) or None, _field(head, b"content-type"), length)
        self._emit(request or Request(mark, "", _UNSEEN, (), 0), response, mark, odd)
        return body

    def _emit(
        self,
        request: Request,
        response: tuple[object, ...] | None = None,
        mark: Mark | None = None,
        odd: tuple[str, ...] = (),
    ) -> None:
        odd = request.odd + odd
        detail = "; ".join(dict.fromkeys(odd)) if odd else None
        if response is None or mark is None:
            self.rows.add((*request.values, None, None, None, None, 0, None, None, detail, request.mark))
            return
        code = int(str(response[0]))
        duration = (mark.time - request.mark.time) // 1000 if request.method else None
        status = 2 if code >= 400 else 1  # noqa: PLR2004 - client and server errors
        self.rows.add((*request.values, *response, status, str(code), duration, detail, request.mark))

    def _lose(self, queue: deque[Request]) -> None:
        for request in queue:
            self._emit(request)

    def ends_other(self, connection: int) -> bool:
        return self._waiting.get(connection) is None  # else it may answer an earlier request

    def expire(self, now: int) -> None:
        for queue in self._waiting.expire(now):
            self._lose(queue)

    def close(self) -> None:
        for queue in self._waiting.drain():
            self._lose(queue)


def request_values(head: Head, length: int | None) -> tuple[str, tuple[object, ...]]:
    """Return the method and a request's columns."""
    method, target, version = _text(head.words[0]), printable(head.words[1]), _text(head.words[2])
    scheme, host, path, query = _split_target(target, _text(head.headers.get(b"host", b"")))
    url = target if "://" in target[:16] or method == "CONNECT" else f"http://{host}{target}" if host else target
    values = (
        *(method, version[5:] or None, scheme, _hostname(host), path, query or None, url),
        *(_field(head, b"user-agent"), _field(head, b"referer"), length),
        *(_basic_user(head.headers.get(b"authorization", b"")), ACTIVITIES.get(method, OTHER)),
    )
    return method, values


def _split_target(target: str, host: str) -> tuple[str | None, str, str, str]:
    """Return scheme (None where it says none), host, path and query of a request target (RFC 9112, 3.2); the target's host wins."""
    scheme, mark, rest = target.partition("://")
    said = scheme.lower() if mark and scheme.isalpha() else None
    if said:
        host, slash, tail = rest.partition("/")
        target = slash + tail
    path, _, query = target.partition("?")
    return said, host, path, query


@lru_cache(maxsize=CACHE_LIMIT)
def _hostname(host: str) -> str | None:
    """Return the host without user and port, in lower case."""
    name = host.rpartition("@")[2].lower()
    if name.startswith("["):
        return name[1:].partition("]")[0] or None
    return name.partition(":")[0].rstrip(".") or None


def _field(head: Head, name: bytes) -> str | None:
    value = head.headers.get(name)
    return _text(value) if value else None


@lru_cache(maxsize=CACHE_LIMIT)
def _text(raw: bytes) -> str:
    """Return what stands in a head as text: the same few names and agents come again and again."""
    return printable(raw)


def _basic_user(authorization: bytes) -> str | None:
    """Return the user of basic authentication (RFC 7617); the password is left alone."""
    if not authorization:
        return None
    scheme, _, token = authorization.partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        return printable(b64decode(token.strip()).partition(b":")[0]) or None
    except (binascii.Error, ValueError):
        return None

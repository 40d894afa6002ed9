"""Splunk's HTTP Event Collector, as clients speak it: ``/services/collector``.

Paths, answers and codes are those of Splunk's "Troubleshoot HTTP Event Collector" and "HTTP Event Collector REST API endpoints".
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import msgspec

from vedette.abc.transport import MOST_BYTES
from vedette.transports.http.http_request import STATUS, Answer, Request, Taken, Trouble, retry
from vedette.transports.sorting import Sorter
from vedette.transports.unwrap import Event, parsed, plain, unwrapped

PATH = "/services/collector"

_CODES = {
    Trouble.NO_TOKEN: (2, "Token is required"),
    Trouble.BAD_TOKEN: (4, "Invalid token"),
    Trouble.BUSY: (9, "Server is busy"),
    Trouble.FULL: (9, "Server is busy"),
    Trouble.BROKEN: (8, "Internal server error"),
    Trouble.DAMAGED: (6, "Invalid data format"),
}
_NO_DATA, _BAD_FORMAT, _NO_CHANNEL, _NO_EVENT, _BLANK_EVENT = 5, 6, 10, 12, 13
_WORDS = {
    _NO_DATA: "No data",
    _BAD_FORMAT: "Invalid data format",
    _NO_CHANNEL: "Data channel is missing",
    _NO_EVENT: "Event field is required",
    _BLANK_EVENT: "Event field cannot be blank",
}
_CHANNEL = "x-splunk-request-channel"
_MOST_IDS = 100_000
_SPACE = " \t\r\n"


class _Envelope(msgspec.Struct, gc=False):
    """What is around an event; ``event`` as it was written."""

    event: msgspec.Raw = msgspec.Raw(b"null")
    time: float | str | None = None
    host: str | None = None
    source: str | None = None


class _Odd(msgspec.Struct):
    """A part of the body that is no event: its number, and Splunk's code."""

    number: int
    code: int


class Splunk:
    """The event collector; acknowledgements are of what is on disk already, so each that was given is true."""

    def __init__(self, sorter: Sorter) -> None:
        self._sorter = sorter
        self._decode = msgspec.json.Decoder(_Envelope).decode
        self._ids = count()

    def open(self, request: Request) -> bool:
        return "/health" in request.path

    def refuse(self, trouble: Trouble) -> Answer:
        code, text = _CODES.get(trouble, (_BAD_FORMAT, str(trouble)))
        # Splunk says 503 where it is busy, and its clients try again; 429 as well
        return Answer.json(STATUS[trouble], {"text": text, "code": code}, retry(trouble))

    def take(self, request: Request) -> Taken:
        path = request.path.removeprefix(PATH).strip("/").removesuffix("/1.0")
        if path == "health":
            return Taken(_said(200, 17, "HEC is healthy"))
        if request.method not in {"POST", "PUT"}:
            return Taken(self.refuse(Trouble.METHOD))
        match path:
            case "" | "event":
                return self._events(request)
            case "raw":
                return self._raw(request)
            case "ack":
                return self._acknowledged(request)
        return Taken(self.refuse(Trouble.NOWHERE))

    def _events(self, request: Request) -> Taken:
        events: list[Event] = []
        for found in self._each(request):
            if isinstance(found, _Odd):
                more = {"invalid-event-number": found.number} if found.code != _NO_DATA else {}
                return Taken(_said(400, found.code, _WORDS[found.code], more))
            events.append(found)
        if not events:
            return Taken(_said(400, _NO_DATA, _WORDS[_NO_DATA]))
        return self._kept(request, events)

    def _raw(self, request: Request) -> Taken:
        if not _channel(request) and "host" not in request.query and not request.body.strip():
            return Taken(_said(400, _NO_DATA, _WORDS[_NO_DATA]))
        host, file = request.query.get("host", ""), _file(request.query.get("source"))
        lines = [line for line in request.body.split(b"\n") if line.strip()]
        if any(len(line) >= MOST_BYTES // 4 for line in lines):
            return Taken(self.refuse(Trouble.TOO_LARGE))
        events = [plain(line.decode("utf-8", "replace"), host, file) for line in lines]  # each line may be an object
        return self._kept(request, events) if events else Taken(_said(400, _NO_DATA, _WORDS[_NO_DATA]))

    def _kept(self, request: Request, events: list[Event]) -> Taken:
        more = {"ackId": next(self._ids)} if _channel(request) else {}
        return Taken(_said(200, 0, "Success", more), self._sorter.chunks(request.client, events))

    def _acknowledged(self, request: Request) -> Taken:
        if not _channel(request):
            return Taken(_said(400, _NO_CHANNEL, _WORDS[_NO_CHANNEL]))
        asked = (parsed(request.body) or {}).get("acks")
        if not isinstance(asked, list) or len(asked) > _MOST_IDS:
            return Taken(_said(400, _BAD_FORMAT, _WORDS[_BAD_FORMAT]))
        return Taken(Answer.json(200, {"acks": {str(n): True for n in asked if isinstance(n, int)}}))

    def _each(self, request: Request) -> Iterator[Event | _Odd]:
        for number, text in enumerate(_objects(request.body)):
            yield self._event(request, text, number) if text else _Odd(number, _BAD_FORMAT)

    def _event(self, request: Request, text: bytes, number: int) -> Event | _Odd:
        try:
            found = self._decode(text)
        except (msgspec.DecodeError, RecursionError):
            return _Odd(number, _BAD_FORMAT)
        raw = bytes(found.event)
        if raw == b"null":
            return _Odd(number, _NO_EVENT)
        host, file = found.host or request.query.get("host", ""), _file(found.source or request.query.get("source"))
        if raw.startswith(b"{"):
            document = parsed(raw) if len(raw) < MOST_BYTES else None
            if document is None:
                return _Odd(number, _BAD_FORMAT)
            return unwrapped(document, raw, _when(found.time, request.came), host, file)
        word = msgspec.json.decode(raw) if raw.startswith(b'"') else raw.decode("utf-8", "replace")
        if not word.strip():
            return _Odd(number, _BLANK_EVENT)
        line = plain(word, host, file)
        return line if len(line.line) < MOST_BYTES else _Odd(number, _BAD_FORMAT)


def _objects(body: bytes) -> Iterator[bytes]:
    """Yield the objects of a body, one a line or one behind the other; nothing stands for the first thing that is none."""
    lines = [line for line in body.split(b"\n") if line.strip()]
    if all(len(line) < MOST_BYTES and parsed(line) is not None for line in lines):
        yield from lines
        return
    text = body.decode("utf-8", "replace").strip(_SPACE)
    start = 0
    while start < len(text):
        end = 0
        for piece, end in _run(text[start : start + MOST_BYTES]):  # noqa: B007 - the last end counts
            yield piece.encode("utf-8", "replace")
        if not end:
            yield b""
            return
        start += end


def _run(window: str) -> Iterator[tuple[str, int]]:
    """Yield objects one behind the other, each with where it ends, up to the first thing that is none."""
    decode = json.JSONDecoder().raw_decode  # knows where an object ends
    at = 0
    while at < len(window):
        if window[at] in _SPACE:
            at += 1
            continue
        try:
            _, end = decode(window, at)
        except (ValueError, RecursionError):
            return
        yield window[at:end], end
        at = end


def _channel(request: Request) -> str:
    return request.headers.get(_CHANNEL, "") or request.query.get("channel", "")


def _file(source: str | None) -> str:
    """Return the source where it is a path; clients say other things there too (``http:token``)."""
    return source if source and ("/" in source or "\\" in source) else ""


def _when(time: float | str | None, came: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(float(time or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return came


def _said(status: int, code: int, text: str, more: dict[str, int] | None = None) -> Answer:
    return Answer.json(status, {"text": text, "code": code, **(more or {})})

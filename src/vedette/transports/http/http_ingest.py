"""``POST /v1/ingest`` and ``/v1/ingest/{source}``: any body that a source reads."""

from __future__ import annotations

import msgspec

from vedette.abc import Chunk, Source
from vedette.abc.transport import MOST_BYTES
from vedette.plugins import discover
from vedette.transports.http.http_request import STATUS, Answer, Request, Taken, Trouble, retry
from vedette.transports.sorting import HEAD_BYTES, Sorter, reader
from vedette.transports.unwrap import Event, parsed, plain, unwrapped

PATH = "/v1/ingest"

_array = msgspec.json.Decoder(list[msgspec.Raw])


class Ingest:
    """Vedette's own dialect: the body as it is, JSON told apart by record."""

    def __init__(self, sorter: Sorter) -> None:
        self._sorter = sorter

    def open(self, request: Request) -> bool:
        return False

    def refuse(self, trouble: Trouble) -> Answer:
        return _said(STATUS[trouble], trouble, retry(trouble))

    def take(self, request: Request) -> Taken:
        wanted = request.path.removeprefix(PATH).strip("/")
        source = discover(Source).get(wanted)
        if wanted and source is None:
            return Taken(_said(404, f"no such source; there are {', '.join(discover(Source))}"))
        if request.method != "POST":
            return Taken(self.refuse(Trouble.METHOD))
        if not request.body.strip():
            return Taken(_said(400, "the body is empty"))
        lines = None if source else _objects(request.body)
        return self._document(request, source) if lines is None else self._records(request, lines)

    def _records(self, request: Request, lines: list[bytes]) -> Taken:
        events = []
        odd: list[int] = []
        for number, line in enumerate(lines, 1):  # each record is wrapped by itself
            document = parsed(line) if len(line) < MOST_BYTES else None
            if document is None:
                odd.append(number)
            else:
                events.append(unwrapped(document, line, request.came))
        if not events:
            return Taken(_said(400, "no record is a JSON object"))
        told = {"records": len(events), "rejected": len(odd)} | ({"first_rejected": odd[0]} if odd else {})
        return Taken(Answer.json(200, told), self._sorter.chunks(request.client, events))

    def _document(self, request: Request, source: type[Source] | None) -> Taken:
        filename = request.query.get("filename", "")[:200]
        source = source or reader(request.body, filename)
        if source is None:
            return self._lines(request, filename)
        body = request.body
        if not body.endswith(b"\n") and b"\0" not in body[:HEAD_BYTES] and source.cut(body[-HEAD_BYTES:]) >= 0:
            body += b"\n"  # so that the next one begins a line of its own
        pieces = _pieces(source, body)
        if pieces is None:
            return Taken(
                _said(413, "one record is too large, or the format cannot be cut: let `directory` read a file")
            )
        name = self._sorter.name(request.client, filename, source.name) or f"http other {source.name}"
        chunks = [Chunk(name, data, source.name, filename, preamble) for preamble, data in pieces]
        return Taken(Answer.json(200, {"bytes": len(request.body)}), chunks)

    def _lines(self, request: Request, filename: str) -> Taken:
        """Take lines of text that begin with something that no source knows."""
        try:
            text = request.body.decode("utf-8")
        except UnicodeDecodeError:
            text = "\0"
        lines = text.splitlines()
        if "\0" in text or max(map(len, lines)) >= MOST_BYTES // 4:
            return Taken(_said(415, "no source reads this"))
        events: list[Event] = [plain(line, "", filename) for line in lines if line.strip()]
        return Taken(Answer.json(200, {"records": len(events)}), self._sorter.chunks(request.client, events))


def _objects(body: bytes) -> list[bytes] | None:
    """Return the records of JSON lines, or of an array; None where it is neither."""
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if text.startswith(b"["):
        try:
            return [bytes(raw) for raw in _array.decode(text)]
        except (msgspec.DecodeError, RecursionError):
            return None
    lines = [line for line in text.split(b"\n") if line.strip()]
    return lines if text.startswith(b"{") and parsed(lines[0]) is not None else None


def _pieces(source: type[Source], body: bytes) -> list[tuple[bytes, bytes]] | None:
    """Return (preamble, data) of pieces of at most ``MOST_BYTES``; None where it cannot be cut so."""
    if len(body) <= MOST_BYTES:
        return [(b"", body)]
    pieces: list[tuple[bytes, bytes]] = []
    before, at = b"", 0
    while at < len(body):
        piece = body[at : at + MOST_BYTES - len(before)]
        size = source.cut(piece) if at + len(piece) < len(body) else len(piece)
        if size <= 0:
            return None
        piece = piece[:size]
        pieces.append((before, piece))
        before = source.preamble(before + piece)
        at += size
    return pieces


def _said(status: int, text: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer.json(status, {"error": text}, headers)

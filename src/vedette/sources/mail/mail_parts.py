"""The parts of a message (RFC 2046), found by one search per level; every limit holds while it is read.

Our own, and not a library's: see ``docs/decisions/2026-11-23-our-own-reader-of-mail-parts.md``.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field

from vedette.sources.mail.mail_headers import fields, parameters, split_head, value_of
from vedette.sources.mail.mail_text import base64_bytes, decoded, unworded

PARTS_LIMIT, DEPTH_LIMIT = 200, 20
PART_HEAD_LIMIT = 1 << 14
BOUNDARY_LIMIT = 200
TRIES_LIMIT = 10_000
"""Places of a message that look like the line between two parts."""
UU_LINES_LIMIT = 100_000
NAME_LIMIT = 255
"""Characters of an attachment's name."""


_REST = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
"""What may stand behind a boundary in its line."""


@dataclass(slots=True)
class Part:
    """One leaf of a message.

    Attributes:
        kind: the declared type (``text/plain``), in lower case.
        charset: as declared, or nothing.
        name: of the file, or nothing.
        attached: it is a file, and no text to read.
        start, end: where its body stands in the message; ``encoding``: how it is written there, in lower case.
        alternative: number of the ``multipart/alternative`` that it is a choice of; -1 for none.
    """

    kind: str
    charset: str
    name: str
    attached: bool
    start: int
    end: int
    encoding: str
    alternative: int = -1

    def body(self, data: bytes, limit: int | None = None) -> bytes:
        """Return its bytes, decoded; with ``limit``, at least the first so many."""
        end = self.end if limit is None else min(self.end, self.start + 3 * limit)
        raw = data[self.start : end]
        match self.encoding:
            case "base64":
                return base64_bytes(raw)
            case "quoted-printable":
                return binascii.a2b_qp(raw)
            case "x-uuencode" | "uuencode" | "x-uue":
                return _uudecoded(raw)
        return raw


@dataclass(slots=True)
class Parts:
    """All leaves of a message, in order, and what was wrong with how it is made."""

    leaves: list[Part] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    alternatives: int = 0
    tries: int = 0

    def defect(self, words: str) -> None:
        """Note what is wrong, once."""
        if words not in self.defects:
            self.defects.append(words)


def parts(data: bytes, start: int, head: dict[str, list[str]]) -> Parts:
    """Return the leaves of a message whose body starts at ``start``."""
    found = Parts()
    _walk(data, (start, len(data)), head, found, depth=0, alternative=-1)
    return found


def _walk(
    data: bytes, span: tuple[int, int], head: dict[str, list[str]], found: Parts, depth: int, alternative: int
) -> None:
    kind, told = parameters(value_of(head, "content-type"))
    start, end = span
    boundary = told.get("boundary", "").rstrip()
    if kind.startswith("multipart/") and boundary and depth < DEPTH_LIMIT:
        spans = _split(data, start, end, boundary, found)
        if spans:
            if kind == "multipart/alternative":
                alternative = found.alternatives
                found.alternatives += 1
            for first, last in spans:
                if len(found.leaves) >= PARTS_LIMIT:
                    found.defect("too many parts")
                    return
                inner, body = split_head(data, first, last)
                _walk(
                    data,
                    (min(body, last), last),
                    fields(decoded(inner[:PART_HEAD_LIMIT])),
                    found,
                    depth + 1,
                    alternative,
                )
            return
        found.defect("no parts where there should be")
    elif kind.startswith("multipart/"):
        found.defect("parts nested too deep" if boundary else "parts without a boundary")
    found.leaves.append(_leaf(kind, told, head, span, alternative))


def _leaf(kind: str, told: dict[str, str], head: dict[str, list[str]], span: tuple[int, int], alternative: int) -> Part:
    where, said = parameters(value_of(head, "content-disposition"))
    name = unworded(said.get("filename") or told.get("name") or "")[:NAME_LIMIT].strip()
    if not kind or "/" not in kind or kind.startswith("multipart/"):
        kind = "text/plain"
    readable = kind in ("text/plain", "text/html")
    attached = not readable or where == "attachment" or (bool(name) and where != "inline")
    encoding = value_of(head, "content-transfer-encoding").partition(";")[0].strip().lower()
    return Part(kind[:NAME_LIMIT], told.get("charset", ""), name, attached, *span, encoding, alternative)


def _split(data: bytes, start: int, end: int, boundary: str, found: Parts) -> list[tuple[int, int]]:
    """Return where the parts stand between the lines of a boundary; one that has no last line ends where the data do."""
    mark = b"\n--" + boundary[:BOUNDARY_LIMIT].encode("utf-8", "replace")
    spans: list[tuple[int, int]] = []
    opened, at = -1, data.find(mark, max(0, start - 1), end)
    while at >= 0 and found.tries < TRIES_LIMIT:
        found.tries += 1
        line = _REST.match(data, at + len(mark), end)
        if line is None:
            at = data.find(mark, at + len(mark), end)
            continue
        if opened >= 0:
            spans.append((opened, max(opened, at - (data[at - 1 : at] == b"\r"))))
        if line[1] or len(spans) >= PARTS_LIMIT:
            return spans
        opened = line.end()
        at = data.find(mark, opened - 1, end)
    if opened >= 0:
        found.defect("no end of the parts")
        spans.append((opened, end))
    return spans


def _uudecoded(raw: bytes) -> bytes:
    out = []
    for line in raw.split(b"\n", UU_LINES_LIMIT)[:UU_LINES_LIMIT]:
        if line.startswith(b"begin "):
            continue
        if line.startswith((b"end", b"`")):
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(out)

"""One message -> what is known about it. Pure: the same bytes give the same values, whatever else was read."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address

from vedette.sources.mail.mail_auth import authentication
from vedette.sources.mail.mail_headers import Head, Mailbox, fields, mailboxes, split_head, value_of
from vedette.sources.mail.mail_links import TEXT_LIMIT, in_text
from vedette.sources.mail.mail_page import HTML_LIMIT, LINKS_LIMIT, TEXT_KEPT, Page, page
from vedette.sources.mail.mail_parts import Part, Parts, parts
from vedette.sources.mail.mail_text import decoded, unworded
from vedette.sources.mail.mail_times import first_time

RAW_HEADER_KEPT = 1 << 14
FILES_LIMIT = 200
RECEIVED_LIMIT = 50
SUBJECT_LIMIT = 1000

_KINDS = (
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"PK\x03\x04", "zip"),
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"{\\rtf", "rtf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"MSCF", "cab"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"L\0\0\0\x01\x14\x02", "shortcut"),
    (b"ITSF", "help"),
)
_MARKUP = re.compile(rb"\s{0,200}(?:<!doctype html|<html|<head|<body|<script|<svg)", re.IGNORECASE)
_ISO = b"CD001"
_ISO_AT = 0x8001


@dataclass(frozen=True, slots=True)
class File:
    """One attachment: ``kind`` is what its first bytes say, or nothing."""

    name: str
    mime_type: str
    size_bytes: int
    kind: str
    sha256: str


@dataclass(slots=True)
class Message:
    """What is known about one message; texts are bounded.

    Attributes:
        shown: what its HTML holds (nothing of it in a message of plain text).
        text: what its reader sees; ``plain``: the plain text that HTML stands in for.
        links: address -> text, in order.
        time: when it came, None where no field says so.
        base64_texts: texts to read that are written in base64, as hardly anybody needs.
    """

    size_bytes: int
    head: Head
    raw_head: str
    sender: Mailbox | None
    subject: str
    time: datetime | None
    auth: dict[str, str]
    text: str = ""
    plain: str = ""
    shown: Page = field(default_factory=Page)
    html_size: int = 0
    links: dict[tuple[str, str], None] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    base64_texts: int = 0

    def addresses(self, name: str) -> list[str]:
        """Return the addresses of a field, in lower case."""
        value = value_of(self.head, name)
        return [m.address for m in mailboxes(value) if m.address] if value else []


def message(data: bytes, size_bytes: int | None = None) -> Message:
    """Return what is known about a message; ``size_bytes`` where ``data`` are only its beginning."""
    raw, start = split_head(data, 0, len(data))
    text = decoded(raw)
    head = fields(text)
    made = parts(data, start, head)
    out = Message(
        size_bytes if size_bytes is not None else len(data),
        head,
        text[:RAW_HEADER_KEPT],
        _sender(value_of(head, "from")),
        unworded(value_of(head, "subject"))[:SUBJECT_LIMIT].strip(),
        first_time(head.get("received", ())[:RECEIVED_LIMIT], value_of(head, "date")),
        authentication(head, text),
        defects=made.defects,
    )
    _read(out, data, made)
    if not head:
        out.defects.append("no header")
    return out


def _sender(field: str) -> Mailbox | None:
    """Return whom a message is from: the first mailbox that has an address; a name before it with a comma behind is its name."""
    found = mailboxes(field)
    at = next((i for i, m in enumerate(found) if m.address), None)
    if at is None:
        return found[0] if found else None
    return Mailbox(found[at].name or ", ".join(m.name for m in found[:at]), found[at].address)


def _read(out: Message, data: bytes, made: Parts) -> None:
    """Read the parts: texts as a reader sees them, files by what they are."""
    html_in = {p.alternative for p in made.leaves if p.kind == "text/html" and not p.attached and p.alternative >= 0}
    texts: list[str] = []
    plain_links: list[str] = []
    for part in made.leaves:
        if part.attached:
            if len(out.files) < FILES_LIMIT:
                out.files.append(_file(part, data))
            continue
        out.base64_texts += part.encoding == "base64"
        if part.kind == "text/html":
            texts.append(_page(part, data, out))
            continue
        text = decoded(part.body(data, TEXT_KEPT * 2), part.charset)[:TEXT_KEPT].replace("\r\n", "\n").strip()
        plain_links += in_text(text, LINKS_LIMIT)
        if part.alternative in html_in:
            out.plain = text
        else:
            texts.append(text)
    out.text = "\n".join(t for t in texts if t)[:TEXT_KEPT]
    known = {url for url, _ in out.links}
    for url in plain_links:
        if url not in known and len(out.links) < LINKS_LIMIT:
            out.links[(url, url[:TEXT_LIMIT])] = None


def _page(part: Part, data: bytes, out: Message) -> str:
    """Read a part of HTML into the message; return its text."""
    body = part.body(data, HTML_LIMIT)
    left = HTML_LIMIT - out.html_size
    out.html_size += min(len(body), max(0, left))
    if left <= 0:
        return ""
    found = page(decoded(body[:left], part.charset))
    before, shown = out.shown, found
    out.shown = Page(
        hidden="\n".join(t for t in (before.hidden, shown.hidden) if t)[:TEXT_KEPT],
        **{name: getattr(before, name) + getattr(shown, name) for name in COUNTS},
    )
    for link in found.links:
        if len(out.links) < LINKS_LIMIT:
            out.links[link] = None
    return found.text


COUNTS = ("forms", "password_fields", "remote_images", "pixel_images", "linked_images", "scripts", "frames")
"""The counts of a page."""


def _file(part: Part, data: bytes) -> File:
    body = part.body(data)
    return File(part.name, part.kind, len(body), _kind(body), hashlib.sha256(body).hexdigest())


def _kind(body: bytes) -> str:
    """Return what kind of file starts with these bytes, or nothing."""
    for magic, kind in _KINDS:
        if body.startswith(magic):
            return kind
    if _MARKUP.match(body[:1024]):
        return "html"
    return "iso" if body[_ISO_AT : _ISO_AT + 5] == _ISO else ""


def originating(head: Head) -> list[str]:
    """Return the addresses that X-Originating-IP names."""
    found = []
    for value in head.get("x-originating-ip", ())[:10]:
        try:
            found.append(str(ip_address(value.strip().strip("[]")[:50])))
        except ValueError:
            continue
    return found

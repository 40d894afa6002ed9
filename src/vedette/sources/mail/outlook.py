"""Outlook's message files (``.msg``, MS-OXMSG) -> the same message as it would stand in a mail, so that one reader does for both.

The container (OLE compound file) is read by olefile; of the properties (MS-OXPROPS) only those that a mail has are taken. Where a message
has its text only as RTF, the plain text beside it is what is read.
"""

from __future__ import annotations

import base64
import hashlib
import io
import struct
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import olefile

from vedette.sources.mail.mail_headers import fields
from vedette.sources.mail.mail_text import decoded

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STREAM_LIMIT_BYTES, TOTAL_LIMIT_BYTES, STORAGES_LIMIT = 1 << 25, 1 << 26, 200
"""Bytes of one property and of all; attachments and recipients, each."""
PROPERTIES = "__properties_version1.0"

_PROPERTY = "__substg1.0_"
_NAMES = tuple(name.encode("utf-16-le") for name in ("__substg1.0_", "__properties_version1.0", "__nameid_version1.0"))
_ENTRY_BYTES = 16
_ROOT_HEADER_BYTES, _PART_HEADER_BYTES = 32, 8
_CODE_PAGE, _HTML_CODE_PAGE, _SENT, _CAME, _KIND = 0x3FFD0003, 0x3FDE0003, 0x00390040, 0x0E060040, 0x0C150003
_CC = 2
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_UTF_8_PAGE, _UTF_16_PAGE = 65_001, 1200
_DAMAGE = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    struct.error,
    RecursionError,
    OverflowError,
)
"""What olefile raises on files that are broken."""
_OF_BODY = ("content-type", "content-transfer-encoding", "content-disposition", "mime-version")


class NoMessageError(ValueError):
    """The bytes are no message of Outlook's; never leaves this package."""


def is_outlook(head: bytes, filename: str) -> bool:
    """Say whether a file that starts with ``head`` looks like a message of Outlook's."""
    return head.startswith(MAGIC) and (filename.lower().endswith(".msg") or any(name in head for name in _NAMES))


def as_mail(data: bytes) -> bytes:
    """Return a message of Outlook's as a mail.

    Raises:
        NoMessageError: it is none, or damaged beyond reading.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            store = _Store(container)
            if PROPERTIES not in store.names:
                raise NoMessageError("no properties of a message")
            return _mail(store, hashlib.sha256(data).hexdigest()[:40])
    except _DAMAGE as error:
        raise NoMessageError(str(error)) from error


class _Store:
    """The properties of a message, of its recipients and of its attachments."""

    def __init__(self, container: olefile.OleFileIO[str]) -> None:
        self._container = container
        self._left = TOTAL_LIMIT_BYTES
        self.names: dict[str, str] = {}
        for path in container.listdir():
            name = "/".join(path)
            self.names.setdefault(name.lower(), name)
        self.fixed = self._fixed("", _ROOT_HEADER_BYTES)
        self.charset = _charset(self.fixed.get(_CODE_PAGE, 0))

    def parts(self, kind: str) -> list[str]:
        """Return the storages of a kind (``recip``, ``attach``), in order."""
        mark = f"__{kind}_version1.0_#"
        found = sorted({name.partition("/")[0] for name in self.names if name.startswith(mark)})
        return [name + "/" for name in found[:STORAGES_LIMIT]]

    def read(self, name: str) -> bytes:
        """Return a stream, or nothing."""
        known = self.names.get(name.lower())
        if known is None:
            return b""
        size = self._container.get_size(known)
        if not 0 <= size <= min(STREAM_LIMIT_BYTES, self._left):
            return b""
        self._left -= size
        return bytes(self._container.openstream(known).read())

    def text(self, number: str, place: str = "") -> str:
        """Return a property that is a text."""
        if wide := self.read(f"{place}{_PROPERTY}{number}001f"):
            return decoded(wide, "utf-16-le")
        return decoded(self.read(f"{place}{_PROPERTY}{number}001e"), self.charset)

    def line(self, number: str, place: str = "") -> str:
        """Return a property that is a text of one line."""
        return " ".join(self.text(number, place).split())

    def of(self, place: str) -> dict[int, int]:
        """Return the numbers among the properties of a recipient or an attachment."""
        return self._fixed(place, _PART_HEADER_BYTES)

    def _fixed(self, place: str, header: int) -> dict[int, int]:
        data = self.read(place + PROPERTIES)
        entries = range(header, min(len(data), 1 << 16) - _ENTRY_BYTES + 1, _ENTRY_BYTES)
        return dict(struct.unpack_from("<I4xQ", data, at) for at in entries)


def _mail(store: _Store, mark: str) -> bytes:
    html = store.read(f"{_PROPERTY}10130102")
    plain = store.text("1000")
    texts = [("text/plain; charset=utf-8", plain.encode("utf-8", "replace"))] if plain.strip() or not html else []
    if html:
        texts.append((f"text/html; charset={_charset(store.fixed.get(_HTML_CODE_PAGE, 0)) or 'utf-8'}", html))
    lines = [_head(store), f'Content-Type: multipart/mixed; boundary="{mark}"', "", f"--{mark}"]
    lines.append(f'Content-Type: multipart/alternative; boundary="{mark}-texts"\n')
    out = ["\n".join(lines).encode("utf-8", "replace")]
    out += [f"\n--{mark}-texts\nContent-Type: {kind}\n\n".encode() + text for kind, text in texts]
    out.append(f"\n--{mark}-texts--\n".encode())
    out += [f"\n--{mark}\n".encode() + _attachment(store, place) for place in store.parts("attach")]
    return b"".join(out) + f"\n--{mark}--\n".encode()


def _head(store: _Store) -> str:
    """Return the fields of the message: those that it came with, and those that Outlook knows where it has none."""
    came = "\n".join(line.rstrip() for line in store.text("007D").replace("\r\n", "\n").split("\n") if line.strip())
    known = fields(came)
    lines = [f"{name}: {value}" for name, values in known.items() if name not in _OF_BODY for value in values]
    people = [(store.of(place).get(_KIND, 1), _mailbox(store, place)) for place in store.parts("recip")]
    made = {
        "From": _who(store.line("0C1A"), store.line("5D01") or store.line("0C1F")),
        "To": ", ".join(who for kind, who in people if kind != _CC and who) or store.line("0E04"),
        "Cc": ", ".join(who for kind, who in people if kind == _CC and who),
        "Subject": store.line("0037"),
        "Message-ID": store.line("1035"),
        "Date": _date(store.fixed.get(_CAME) or store.fixed.get(_SENT) or 0),
    }
    lines += [f"{name}: {value}" for name, value in made.items() if value and name.lower() not in known]
    return "\n".join(lines)


def _mailbox(store: _Store, place: str) -> str:
    return _who(store.line("3001", place), store.line("39FE", place) or store.line("3003", place))


def _who(name: str, address: str) -> str:
    name = name.replace("\\", "").replace('"', "")
    return f'"{name}" <{address}>' if "@" in address else name


def _attachment(store: _Store, place: str) -> bytes:
    name = store.line("3707", place) or store.line("3704", place) or store.line("3001", place)
    kind = store.line("370E", place)
    kind = kind if "/" in kind and len(kind) < 100 and kind.isascii() else "application/octet-stream"  # noqa: PLR2004
    name = name.replace("\\", "").replace('"', "").replace("=?", "")
    head = f'Content-Type: {kind}\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="{name}"\n\n'
    return head.encode("utf-8", "replace") + base64.encodebytes(store.read(f"{place}{_PROPERTY}37010102"))


def _charset(page: int) -> str:
    page &= 0xFFFF_FFFF
    if page in (_UTF_8_PAGE, _UTF_16_PAGE, 0):
        return {_UTF_8_PAGE: "utf-8", _UTF_16_PAGE: "utf-16-le"}.get(page, "")
    return {20127: "us-ascii", 28591: "iso-8859-1", 20866: "koi8-r", 50220: "iso-2022-jp", 51932: "euc-jp"}.get(
        page, f"cp{page}"
    )


def _date(ticks: int) -> str:
    """Return a time counted in 100 ns since 1601 as mail writes it."""
    try:
        return format_datetime(_EPOCH + timedelta(microseconds=ticks // 10)) if ticks else ""
    except (OverflowError, ValueError):
        return ""

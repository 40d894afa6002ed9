"""The head of a message or of a part: fields, parameters (RFC 2045, 2231) and mailboxes (RFC 5322), read as they come."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from vedette.sources.mail.mail_text import decoded, unworded

HEAD_LIMIT_BYTES = 1 << 18
"""Bytes of a head that are looked at."""
FIELDS_LIMIT, FIELD_LIMIT = 1000, 1 << 14
"""Fields of a head; characters of one."""
MAILBOXES_LIMIT = 100

_FIELD = re.compile(r"^([!-9;-~]{1,80})[ \t]*:[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
_ENVELOPE = re.compile(rb">?From [^\n]{0,1000}\n")
_EMPTY_LINE = re.compile(rb"\r?\n")
_BLANK = re.compile(rb"\n\r?\n")
_NO_FIELD = re.compile(rb"(?:\A|\n)(?![!-9;-~]+[ \t]*:|[ \t\r\n]|\Z)[^\n]")
_NEWLINE = 10
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))', re.DOTALL)
_CONTINUED = re.compile(r"([^*]+)\*(?:(\d{1,3})(\*)?)?")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)|<[^<>]*>|[,;]|[^",;<(]+|.', re.DOTALL)
_ADDRESS = re.compile(r"[^\s<>\"(),;:]{1,128}@[^\s<>\"(),;:@]{1,255}")

Head = dict[str, list[str]]
"""Name in lower case -> values from the top, unfolded, not decoded."""


class Mailbox(NamedTuple):
    """One of an address list: the name that is shown, and the address in lower case (empty where there is none)."""

    name: str
    address: str


def split_head(data: bytes, start: int, end: int) -> tuple[bytes, int]:
    r"""Return the head of what stands in ``data[start:end]``, with plain newlines, and where the body starts.

    An empty line ends a head, and so does a line that is no field, as it does in mail programs.

    Example:
        >>> split_head(b"A: b\r\n c\r\n\r\nbody", 0, 16), split_head(b"A: b\nDear", 0, 9), split_head(b"\nbody", 0, 5)
        ((b'A: b\n c\n', 12), (b'A: b\n', 5), (b'', 1))
    """
    envelope = _ENVELOPE.match(data, start, end)
    start = envelope.end() if envelope else start
    limit = min(end, start + HEAD_LIMIT_BYTES)
    if empty := _EMPTY_LINE.match(data, start, limit):
        return b"", empty.end()
    if data.find(b"\n", start, limit) < 0 and data.find(b"\r", start, limit) >= 0:
        return _bare(data, start, limit)
    blank = _BLANK.search(data, start, limit)
    stop, body = (blank.start() + 1, blank.end()) if blank else (limit, limit)
    if odd := _NO_FIELD.search(data, start, stop):
        stop = body = odd.start() + (data[odd.start()] == _NEWLINE)
    head = data[start:stop]
    return head.replace(b"\r\n", b"\n").replace(b"\r", b" ") if b"\r" in head else head, body


def _bare(data: bytes, start: int, limit: int) -> tuple[bytes, int]:
    """Return head and body where lines end with a carriage return alone."""
    blank = data.find(b"\r\r", start, limit)
    stop, body = (blank + 1, blank + 2) if blank >= 0 else (limit, limit)
    return data[start:stop].replace(b"\r", b"\n"), body


def fields(text: str) -> Head:
    """Return the fields of a head."""
    found: Head = {}
    for name, value in islice(_FIELD.findall(text), FIELDS_LIMIT):
        found.setdefault(name.lower(), []).append(value[:FIELD_LIMIT].replace("\n", ""))
    return found


def value_of(head: Head, name: str) -> str:
    """Return the first value of a field, or nothing."""
    values = head.get(name)
    return values[0] if values else ""


def parameters(value: str) -> tuple[str, dict[str, str]]:
    r"""Return the word in front, in lower case, and the parameters of a field such as Content-Type.

    Example:
        >>> parameters('text/HTML; charset="utf-8"; name*0*=utf-8\'\'a%C3; name*1*=%A9.txt')
        ('text/html', {'charset': 'utf-8', 'name': 'aé.txt'})
    """
    word, _, rest = value.partition(";")
    if not rest:
        return word.strip().lower(), {}
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for written, quoted, plain in _PARAMETER.findall(";" + rest):
        name = written.lower()
        text = re.sub(r"\\(.)", r"\1", quoted) if "\\" in quoted else quoted or plain.strip()
        if "*" in name and (part := _CONTINUED.fullmatch(name)):
            pieces.setdefault(part[1], {})[int(part[2] or 0)] = (text, bool(part[3]) or part[2] is None)
        else:
            found.setdefault(name, text)
    for name, parts in pieces.items():
        found[name] = _continued([parts[i] for i in sorted(parts)])
    return word.strip().lower(), found


def _continued(parts: list[tuple[str, bool]]) -> str:
    charset, data = "", b""
    for at, (written, escaped) in enumerate(parts):
        text = written
        if at == 0 and escaped and written.count("'") >= 2:  # noqa: PLR2004 - charset'language'text
            charset, _, text = written.split("'", 2)
        data += unquote_to_bytes(text) if escaped else text.encode("utf-8", "replace")
    return decoded(data, charset)


def mailboxes(value: str) -> list[Mailbox]:
    """Return the mailboxes of an address field.

    Example:
        >>> mailboxes('"Bank, Inc" <a@B.example>, =?utf-8?q?Zo=C3=AB?= <z@c.example> (x)')
        [Mailbox(name='Bank, Inc', address='a@b.example'), Mailbox(name='Zoë', address='z@c.example')]
    """
    found: list[Mailbox] = []
    words: list[str] = []
    angle = ""
    for token in _TOKEN.findall(value):
        first = token[0]
        if first in ",;":
            _close(words, angle, found)
            words, angle = [], ""
            if len(found) >= MAILBOXES_LIMIT:
                return found
        elif first == "<":
            angle = token
        elif first == "(" and len(token) > 1:
            continue
        else:
            words.append(token)
    _close(words, angle, found)
    return found


def _close(words: list[str], angle: str, found: list[Mailbox]) -> None:
    """Add the mailbox that the words and the address in angle brackets make."""
    name = unworded("".join(w[1:-1].replace("\\", "") if w[0] == '"' and len(w) > 1 else w for w in words)).strip()
    address = angle[1:-1].strip().lower()
    if "@" not in address:
        bare = _ADDRESS.search(name.rpartition(":")[2] if not angle else name)
        if bare:
            group = not angle and ":" in name
            address, name = bare[0].lower(), "" if group else name.replace(bare[0], "").strip(" <>\t")
    if name or address:
        found.append(Mailbox(" ".join(name.split()), address))

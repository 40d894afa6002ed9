"""What an input that no source reads looks like, in words for the operator."""

from __future__ import annotations

import json
import re

_MAGICS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"ElfFile\0", "Windows event log, not supported yet"),
    (0, b"LfLe", "old Windows event log, not supported"),
    (4, b"LfLe", "old Windows event log, not supported"),
    (0, b"MZ", "Windows program"),
    (0, b"\x7fELF", "Linux program"),
    (0, b"\xcf\xfa\xed\xfe", "macOS program"),
    (0, b"\xca\xfe\xba\xbe", "macOS program or Java class"),
    (0, b"%PDF-", "PDF document"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office document or mail"),
    (0, b"{\\rtf", "RTF document"),
    (0, b"\x89PNG", "image"),
    (0, b"\xff\xd8\xff", "image"),
    (0, b"GIF8", "image"),
    (0, b"SQLite format 3\0", "SQLite database"),
    (0, b"PAR1", "Parquet file"),
    (0, b"ARROW1", "Arrow file"),
    (0, b"7z\xbc\xaf\x27\x1c", "7-Zip archive, not supported: unpack it first"),
    (0, b"Rar!\x1a\x07", "RAR archive, not supported: unpack it first"),
    (0, b"\x1f\x9d", "old Unix compress (.Z), not supported: unpack it first"),
    (0, b"\x04\x22\x4d\x18", "LZ4 file, not supported: unpack it first"),
    (0, b"MSCF", "Windows cabinet, not supported"),
    (0, b"regf", "Windows registry hive"),
    (0, b"LPKSHHRH", "systemd journal: export it with `journalctl --file FILE -o json`"),
    (0, b"snoop\0", "snoop capture: convert it with `editcap -F pcap`"),
    (0, b"From ", "mailbox"),
)
_TEXTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\s*<(!doctype html|html)", re.IGNORECASE), "web page"),
    (re.compile(r"\s*<\?xml|\s*<\w+[\s>]"), "XML"),
    (re.compile(r"(?:hxx|htt)ps?://", re.IGNORECASE), "list of URLs, but too many of its lines are something else"),
    (re.compile(r"(?:[\w-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*){3}"), "mail or headers"),
    (re.compile(r"#!"), "script"),
    (re.compile(r"[^\n,]+(,[^\n,]*){3,}\r?\n"), "CSV of unknown columns"),
    (re.compile(r"[^\n\t]+(\t[^\n\t]*){3,}\r?\n"), "tab-separated text of unknown columns"),
)
_PRINTABLE_SHARE = 0.9


def looks_like(head: bytes) -> str:
    r"""Return in a few words what data that start with ``head`` seem to be.

    Example:
        >>> looks_like(b"hello, world, how, are you\n")
        'CSV of unknown columns'
    """
    for offset, magic, words in _MAGICS:
        if head.startswith(magic, offset):
            return words
    text = head.decode("utf-8", "replace").removeprefix("\ufeff")
    odd = sum(c == "\ufffd" or (not c.isprintable() and c not in "\r\n\t\x1b") for c in text)
    if odd > (1 - _PRINTABLE_SHARE) * len(text):
        return "unknown binary data"
    return _json(text) or next((words for shape, words in _TEXTS if shape.match(text)), "text of unknown format")


def _json(text: str) -> str:
    """Name the first keys of a JSON line, so that the operator sees which log it is."""
    line = text.lstrip().partition("\n")[0]
    if not line.startswith(("{", "[")):
        return ""
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        return "JSON" if line.startswith('{"') else ""
    return f"JSON lines of unknown keys ({', '.join(list(first)[:4])})" if isinstance(first, dict) else "JSON"

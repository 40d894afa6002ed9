r"""The ``#`` lines of a TSV log: they say how the lines after them are to be read, and may change in mid-file."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from vedette.sources.zeek.escapes import unescaped

MOST_FIELDS = 512
"""A header with more fields than this is not Zeek's (the widest logs have about fifty)."""


@dataclass(frozen=True, slots=True)
class Header:
    """How to read a line.

    Attributes:
        separator: between fields, one ASCII byte; empty when the header names another: then nothing below it can be read.
        set_separator: between the elements of a set or vector.
        empty: what an empty string or set is written as; ``unset``: what no value is written as.
        path: the log's name; empty when there is no header.
        fields: the names of the columns, without repetition; empty when there is no header.
    """

    separator: str = "\t"
    set_separator: str = ","
    empty: str = "(empty)"
    unset: str = "-"
    path: str = ""
    fields: tuple[str, ...] = ()

    def after(self, line: bytes) -> Header:
        r"""Return the header after one more ``#`` line.

        Example:
            >>> Header().after(b"#separator \\x09").after(b"#fields\tts\tuid").fields
            ('ts', 'uid')
        """
        text = line.rstrip(b"\r").decode("utf-8", "replace")
        if text.startswith("#separator "):
            separator = unescaped(text.removeprefix("#separator ")).replace(r"\t", "\t")
            return Header(separator=separator if _is_usable(separator) else "")
        word, *values = text[1:].split(self.separator or "\t")
        if word == "fields":
            return replace(self, fields=_distinct(values) if len(values) <= MOST_FIELDS else ())
        value = unescaped(values[0]) if values else ""
        return self._with(word, value) if value else self

    def _with(self, word: str, value: str) -> Header:
        match word:
            case "set_separator":
                return replace(self, set_separator=value)
            case "empty_field":
                return replace(self, empty=value)
            case "unset_field":
                return replace(self, unset=value)
            case "path":
                return replace(self, path=value)
        return self


_WORDS = (b"separator", b"set_separator", b"empty_field", b"unset_field", b"path", b"fields", b"types")
_LINE = re.compile(rb"^#(\w+)[^\n]*\n", re.MULTILINE)


def header_of(data: bytes) -> bytes:
    r"""Return the ``#`` lines that count for what comes behind ``data``.

    Example:
        >>> header_of(b"#separator |\n#path|a\n1\n#close|b\n#path|c\n")
        b'#separator |\n#path|c\n'
    """
    found: dict[bytes, bytes] = {}
    for line in _LINE.finditer(data):
        if line[1] == b"separator":
            found = {}
        if line[1] in _WORDS:
            found[line[1]] = line[0]
    return b"".join(found.values())


def _is_usable(separator: str) -> bool:
    return len(separator) == 1 and (separator == "\t" or " " <= separator <= "~") and separator not in '#"'


def _distinct(names: list[str]) -> tuple[str, ...]:
    """Return the names; a repeated one gets its place behind it, so that no column is lost."""
    found: dict[str, None] = {}
    for i, name in enumerate(names):
        distinct = name
        while distinct in found:  # "x#2" may be a name in its own right
            distinct += f"#{i}"
        found[distinct] = None
    return tuple(found)

"""Sorts the records of a request into inputs of one format each: a chunk for each host, file and kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath, PureWindowsPath

from vedette.abc import Chunk, Source
from vedette.abc.transport import MOST_BYTES
from vedette.plugins import readers
from vedette.transports.unwrap import Event

HEAD_BYTES = 4096
MOST_INPUTS = 1024
"""Inputs of one transport that are told apart; the records of further ones are of the input ``other``."""
MOST_REMEMBERED = 4096
LONGEST_NAME = 200
SOME = 20
"""Lines that are looked at to tell a kind."""

_TEXTS = (
    ("auditd", re.compile(rb"(?:node=\S+ )?type=[A-Z0-9_\[\]]+ msg=audit\(")),
    (
        "syslog",
        re.compile(
            rb"(?:<\d{1,3}>1? ?)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{8,35}) \S+ [^\s:\[\]]+(?:\[\d+\])?:"
            rb"|<\d{1,3}>1 "
        ),
    ),
    ("web", re.compile(rb"\S+ \S+ \S.{0,99} \[\d\d/[A-Z][a-z]{2}/\d{4}:")),
)
"""Lines of text that are told apart where no file is named; all others are ``text``."""
_HARMLESS = re.compile(r"[^!-~]+")


@dataclass(slots=True)
class _Group:
    host: str
    file: str
    kind: str
    source: str
    lines: list[bytes] = field(default_factory=list)


class Sorter:
    """Remembers what is of which kind; one for each transport.

    Args:
        transport: its name, with which the names of inputs begin.
    """

    def __init__(self, transport: str) -> None:
        self._transport = transport
        self._inputs: set[str] = set()
        self._kinds: dict[tuple[str, frozenset[str]], str] = {}

    def chunks(self, client: str, events: Iterable[Event]) -> list[Chunk]:
        """Return the records in their order, those of one input together, each line ended by a line break.

        Args:
            client: who sent them, an address or a partition.
            events: none longer than ``MOST_BYTES`` - 1.
        """
        groups: dict[tuple[str, str, str], _Group] = {}
        for event in events:  # each record is wrapped by itself
            kind = "" if event.file else self._kind(client, event)
            group = groups.get(key := (event.host, event.file, kind))
            if group is None:
                source = kind if event.keys is not None else ""
                group = groups[key] = _Group(event.host, event.file, kind, source)
            group.lines.append(event.line)
        return [chunk for group in groups.values() for chunk in self._chunks(client, group)]

    def name(self, client: str, *parts: str) -> str:
        """Return the name of an input: ``http 10.0.0.5 web-1 /var/log/auth.log``; nothing for one too many."""
        words = [self._transport, client, *(p for p in parts if p and p != client)]
        name = " ".join(_HARMLESS.sub("_", word)[:LONGEST_NAME] for word in words)
        if name not in self._inputs:
            if len(self._inputs) >= MOST_INPUTS:
                return ""
            self._inputs.add(name)
        return name

    def _chunks(self, client: str, group: _Group) -> Iterator[Chunk]:
        name = self.name(client, group.host, group.file or group.kind)
        if not name:
            kind = group.kind or _asked(b"\n".join(group.lines[:SOME]))
            name = f"{self._transport} other {kind}".strip()
        windows = "\\" in group.file
        filename = (PureWindowsPath if windows else PurePath)(group.file).name if group.file else ""
        for data in cut(group.lines):
            yield Chunk(name, data, source=group.source, filename=filename)

    def _kind(self, client: str, event: Event) -> str:
        """Return the source of an object, or what a line of text looks like."""
        if event.keys is None:
            return next((name for name, shape in _TEXTS if shape.match(event.line)), "text")
        key = client, event.keys
        if key not in self._kinds:
            if len(self._kinds) >= MOST_REMEMBERED:
                self._kinds.clear()
            self._kinds[key] = _asked(event.line)
        return self._kinds[key]


def cut(lines: Sequence[bytes], most: int = MOST_BYTES) -> Iterator[bytes]:
    """Yield lines, each with its line break, in pieces of at most ``most`` bytes."""
    held: list[bytes] = []
    size = 0
    for line in lines:  # a piece ends between lines
        if held and size + len(line) + 1 > most:
            yield b"\n".join([*held, b""])
            held, size = [], 0
        held.append(line)
        size += len(line) + 1
    if held:
        yield b"\n".join([*held, b""])


def reader(head: bytes, filename: str = "") -> type[Source] | None:
    """Return the source that reads what starts with ``head``, or None."""
    return next(iter(readers(head[:HEAD_BYTES], filename)), None)


def _asked(line: bytes) -> str:
    found = reader(line + b"\n")
    return found.name if found else ""

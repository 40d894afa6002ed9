"""The CSV of ``Search-UnifiedAuditLog``: the record stands as JSON in the column AuditData."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from vedette.events.lines import LINE_LIMIT_BYTES, Block, blocks

COLUMN = "auditdata"
BLOCK_BYTES = 1 << 20
_BOM = b"\xef\xbb\xbf"
_NOTHING = b"null"
"""In place of a row without a record: no object, so it is counted as a reject."""


def is_audit_csv(head: bytes) -> bool:
    """Say whether the first line names the columns of such a table."""
    names = [
        n.strip(' "\t\r').lower()
        for n in head.removeprefix(_BOM).partition(b"\n")[0].decode("utf-8", "replace").split(",")
    ]
    return COLUMN in names and len(names) > 1


def whole_rows(data: bytes) -> int:
    """Return how many of the first bytes are whole rows: up to the last line break that stands in no quotes."""
    end = data.rfind(b"\n") + 1
    while end and data.count(b'"', 0, end) % 2:
        end = data.rfind(b"\n", 0, data.rfind(b'"', 0, end)) + 1
    return end


def audit_data(stream: BinaryIO) -> Iterator[Block]:
    """Yield the records, one a line, in blocks; a row without one is a line that holds none.

    It goes row by row, as the csv module does: a cell may hold commas, quotes and line ends. Offsets count the records alone, without the
    table around them.
    """
    csv.field_size_limit(LINE_LIMIT_BYTES)
    rows = csv.reader(_lines(stream))
    place = _place(rows)
    held: list[bytes] = []
    count = size = done = 0
    for cell in _cells(rows, place):
        held.append(cell)
        size += len(cell) + 1
        count += 1
        if size >= BLOCK_BYTES:
            yield Block(count - len(held), done, b"\n".join(held) + b"\n")
            done, held, size = done + size, [], 0
    if held:
        yield Block(count - len(held), done, b"\n".join(held) + b"\n")


def _lines(stream: BinaryIO) -> Iterator[str]:
    for block in blocks(stream):
        text = block.data.removeprefix(_BOM).decode("utf-8", "replace").replace("\0", "")
        yield from text.splitlines(keepends=True) if "\r" not in text else text.replace("\r\n", "\n").split("\n")


def _place(rows: Iterator[list[str]]) -> int:
    names = [n.strip().lower() for n in next(rows, [])]
    return names.index(COLUMN) if COLUMN in names else 0


def _cells(rows: Iterator[list[str]], place: int) -> Iterator[bytes]:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:  # a cell beyond the limit
            yield _NOTHING
            continue
        if row:
            cell = row[place].strip() if len(row) > place else ""
            yield " ".join(cell.splitlines()).encode() or _NOTHING

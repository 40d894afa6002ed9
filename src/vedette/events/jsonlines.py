"""JSON lines into typed structs: a piece at once where every line fits, line by line where one does not.

A piece of 256 KiB, whose structs fit the processor's cache, is one call into msgspec. Only a piece with a bad line is decoded line by
line, and then just the bad lines become rejects: a hostile line costs its neighbours time, never their rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from vedette.events.batch import Rejects
from vedette.events.lines import LINE_LIMIT_BYTES, Block

T = TypeVar("T")

Int64 = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
"""A whole number that a column can hold: JSON's own have no bound."""
Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]

PIECE_BYTES = 1 << 18

TOO_LONG = f"line longer than {LINE_LIMIT_BYTES:,} bytes"
_NOT_JSON = "not a JSON object"
_WRONG_TYPE = "a field is not of its type or out of range"
_NOT_UTF8 = "not UTF-8"
_TOO_DEEP = "nested too deep"


def whole(data: bytes, decoder: msgspec.json.Decoder[T]) -> list[T] | None:
    """Return one value per line, or None when a line is blank, does not fit, or does not hold exactly one object."""
    try:
        rows = decoder.decode_lines(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    letters = np.frombuffer(data, np.uint8)
    starts = np.flatnonzero(letters[:-1] == ord("\n")) + 1
    fits = len(rows) == len(starts) + 1 and letters[0] == ord("{") and bool((letters[starts] == ord("{")).all())
    return rows if fits and _ended(letters, starts) else None


def _ended(letters: NDArray[np.uint8], starts: NDArray[np.intp]) -> bool:
    """Say whether every line but the last ends with a brace: two objects on one line may hide that another goes over two."""
    ends = letters[starts - 2]
    ends = np.where(ends == ord("\r"), letters[starts - 3], ends)
    return bool((ends == ord("}")).all())


def one(line: bytes, decoder: msgspec.json.Decoder[T]) -> T | str:
    """Return the value of a line, or the reason why it has none."""
    try:
        return decoder.decode(line)
    except msgspec.ValidationError:
        return _WRONG_TYPE if line.lstrip().startswith(b"{") else _NOT_JSON
    except UnicodeDecodeError:
        return _NOT_UTF8
    except RecursionError:
        return _TOO_DEEP
    except msgspec.MsgspecError:
        return _NOT_JSON


def pieces(block: Block, size: int = PIECE_BYTES) -> Iterator[Block]:
    """Yield the block in parts of whole lines, of about ``size`` bytes."""
    data, start = block.data, 0
    while start < len(data):
        end = data.rfind(b"\n", start, start + size) + 1 or data.find(b"\n", start + size) + 1 or len(data)
        yield Block(block.sequence, block.offset + start, data[start:end], block.overlong)
        start = end


class JsonLines:
    """Reads blocks, numbers the records (blank lines are none) and keeps the rejects.

    Attributes:
        records: how many records have been read so far: the number of the next one.
        rejects: the lines that could not be read.
    """

    def __init__(self, source: str) -> None:
        self.records = 0
        self.rejects = Rejects(source)
        self._first = 0

    def read(self, block: Block, decoder: msgspec.json.Decoder[T]) -> Iterator[tuple[list[T], Sequence[int]]]:
        """Yield the block's values and their record numbers, piece by piece."""
        self._first = self.records
        for piece in pieces(block):
            rows = None if block.overlong else whole(piece.data, decoder)
            if rows is None:
                yield self._line_by_line(piece, decoder)
            else:
                first, self.records = self.records, self.records + len(rows)
                yield rows, range(first, self.records)

    def lines(self, block: Block) -> Iterator[tuple[int, int, bytes]]:
        """Yield record number, byte offset and text of every line that is not blank; an overlong one is a reject."""
        offset = block.offset
        for line in block.data.split(b"\n"):
            if line.strip():
                self.records += 1
                if block.overlong:
                    self.rejects.add(sequence=self.records - 1, offset=offset, reason=TOO_LONG, raw=line)
                else:
                    yield self.records - 1, offset, line
            offset += len(line) + 1

    def texts(self, block: Block, numbers: Collection[int]) -> Iterator[tuple[int, int, bytes]]:
        """Yield record number, byte offset and text of some records of the block that was read last, in order."""
        number, offset = self._first, block.offset
        for line in block.data.split(b"\n"):
            if line.strip():
                if number in numbers:
                    yield number, offset, line
                number += 1
            offset += len(line) + 1

    def reject(self, block: Block, numbers: Collection[int], reason: str) -> None:
        """Count some records of the block that was read last as bad."""
        for number, offset, line in self.texts(block, numbers):
            self.rejects.add(sequence=number, offset=offset, reason=reason, raw=line)

    def _line_by_line(self, block: Block, decoder: msgspec.json.Decoder[T]) -> tuple[list[T], Sequence[int]]:
        rows: list[T] = []
        numbers: list[int] = []
        for number, offset, line in self.lines(block):
            row = one(line, decoder)
            if isinstance(row, str):
                self.rejects.add(sequence=number, offset=offset, reason=row, raw=line)
            else:
                rows.append(row)
                numbers.append(number)
        return rows, numbers

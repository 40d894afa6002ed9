"""What was decided and done, for good: a file that only grows, each line bound to all lines before it.

A line is written, and is on the disk, before anything is done, and again after it. So a crash in the middle leaves a line that says what
was begun. Each line holds a hash of itself and of the line before: what is changed, put in or taken out in the middle is found by
``verify``. Lines cut off at the end cannot be told from lines that were never written; who must exclude that sends the last hash elsewhere
(``vedette respond verify`` prints it).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson

from vedette.errors import JournalError
from vedette.store.lock import alone

FILE = "journal.jsonl"
FIRST = "0" * 32
"""What the first line follows."""
LONGEST_LINE = 1 << 20
_SORTED = orjson.OPT_SORT_KEYS


@dataclass(frozen=True, slots=True)
class Entry:
    """One line.

    Attributes:
        number: from 0 on.
        time: when it was written.
        kind: what happened: proposed, approved, applying, applied ...
        data: what is to be known of it.
        hash: of this line and all before it, 32 hex digits.
    """

    number: int
    time: datetime
    kind: str
    data: dict[str, Any]
    hash: str


class Journal:
    """The journal of a folder, made when it is first written to; readable by its owner alone."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def read(self) -> Iterator[Entry]:
        """Yield every line, checked.

        A last line without an end was being written when the machine stopped: it is passed over, nothing was done on its word yet.

        Raises:
            JournalError: a line is damaged, or does not follow the one before.
        """
        if not self.path.exists():
            return
        before, number = FIRST, 0
        with self.path.open("rb") as file:
            while line := file.readline(LONGEST_LINE + 1):
                if not line.endswith(b"\n"):
                    if len(line) > LONGEST_LINE or file.read(1):
                        raise self._damaged(number, "it is longer than any line may be")
                    return
                entry = self._checked(line, number, before)
                yield entry
                before, number = entry.hash, number + 1

    def alone(self) -> AbstractContextManager[None]:
        """Let one process at a time decide on the word of the journal and write to it."""
        return alone(self.path.parent, JournalError, "the journal of responses", mode=0o700)

    def write(self, kind: str, data: dict[str, Any], now: datetime) -> Entry:
        """Add a line and wait until it is on the disk; call it under ``alone``.

        Raises:
            JournalError: the journal is damaged, or cannot be written.
        """
        last = None
        for last in self.read():  # noqa: B007 - responses are few: hundreds of lines a day
            pass
        number, before = (last.number + 1, last.hash) if last else (0, FIRST)
        body = {"n": number, "time": now.astimezone(UTC).isoformat(), "kind": kind, "data": data, "before": before}
        line = orjson.dumps({**body, "hash": _hash(body)}, option=_SORTED) + b"\n"
        if len(line) > LONGEST_LINE:
            raise JournalError(f"{len(line):,} bytes are too many for one line", where=str(self.path))
        try:
            self._append(line)
        except OSError as error:
            hint = "nothing was done; make room, or give it back its rights"
            raise JournalError(f"cannot write: {error.strerror}", where=str(self.path), hint=hint) from error
        return Entry(number, now, kind, data, _hash(body))

    def _append(self, line: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            end = self._whole(file)
            os.ftruncate(file, end)  # half a line, of which nothing was done
            os.lseek(file, end, os.SEEK_SET)
            written = os.write(file, line)
            if written != len(line):
                os.ftruncate(file, end)
                raise OSError(28, "No space left on device")
            os.fsync(file)
        finally:
            os.close(file)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @staticmethod
    def _whole(file: int) -> int:
        """Return where the last whole line ends."""
        size = os.fstat(file).st_size
        at = max(0, size - LONGEST_LINE)
        tail = os.pread(file, size - at, at)
        return at + tail.rfind(b"\n") + 1

    def _checked(self, line: bytes, number: int, before: str) -> Entry:
        try:
            found = orjson.loads(line)
            body = {key: found[key] for key in ("n", "time", "kind", "data", "before")}
            entry = Entry(
                found["n"], datetime.fromisoformat(found["time"]), found["kind"], found["data"], found["hash"]
            )
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise self._damaged(number, "it is not a line of a journal") from error
        if entry.hash != _hash(body):
            raise self._damaged(number, "it was changed: its hash differs")
        if found["before"] != before or entry.number != number:
            raise self._damaged(number, "it does not follow the line before it: one was put in or taken out")
        return entry

    def _damaged(self, number: int, why: str) -> JournalError:
        return JournalError(
            f"line {number + 1}: {why}",
            where=f"{self.path}:{number + 1}",
            hint="nothing is done on the word of a damaged journal: move it away, keep it, and find out who changed it",
        )


def _hash(body: dict[str, Any]) -> str:
    return blake2b(orjson.dumps(body, option=_SORTED), digest_size=16).hexdigest()

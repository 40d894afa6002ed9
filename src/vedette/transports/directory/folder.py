"""The files of a folder: which are there, which are complete, which were given."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import islice, takewhile
from pathlib import Path

import msgspec

MOST_FILES = 100_000
MOST_OPEN = 10_000
"""Files in a position that are older than the newest that was given, and were not given."""
_UNFINISHED = (".tmp", ".part", ".partial", ".swp", ".filepart", ".crdownload")
_SECOND = 1_000_000_000

Key = tuple[int, str]
"""When a file was last written, in nanoseconds, and its name below the folder: the order of files."""


class Mark(msgspec.Struct, frozen=True):
    """What a position says.

    Attributes:
        newest: of the files that were given.
        seen: the latest change of any file that was there, in nanoseconds of the file system's clock.
        waiting: names of files that were there, are not newer than ``newest``, and were not given.
    """

    newest: Key
    seen: int
    waiting: list[str] = []


_marks = msgspec.json.Decoder(Mark)


@dataclass(slots=True)
class _File:
    """A file that is there.

    Attributes:
        key: its place in the order; ``size``: its bytes; ``changed``: when its inode last changed, in nanoseconds.
        still_since: since when, in seconds of our clock, neither size nor time of writing changed.
        given: it was given on, or counts as given.
    """

    key: Key
    size: int
    changed: int
    still_since: float
    given: bool = False


Complete = Callable[[_File], bool]


class Folder:
    """Looks at a folder again and again.

    Args:
        path: the folder; ``pattern``: of names; ``recursive``: folders inside too.
        position: of an earlier run.
        begin_at_end: without a position, what is there at first counts as given.
    """

    def __init__(self, path: str, pattern: str, *, recursive: bool, position: str, begin_at_end: bool) -> None:
        self._path, self._pattern, self._recursive = path, pattern, recursive
        try:
            self._mark = _marks.decode(position) if position else None
        except msgspec.DecodeError:
            self._mark = None
        self._all_given = begin_at_end and self._mark is None
        self._began = False
        self._files: dict[str, _File] = {}
        self._newest: Key = self._mark.newest if self._mark else (0, "")
        self._seen = self._mark.seen if self._mark else 0
        self._last: Key = (0, "")
        self._now = 0.0
        self._said: set[str] = set()
        self._new: list[str] = []

    # ------------------------------------------------------------------------------------------------ when it is complete

    def is_quiet(self, file: _File, quiet_seconds: float) -> bool:
        """Say whether a file did not change for so long, by its own time or as long as it was watched."""
        written = file.key[0] / _SECOND
        watched = self._now - file.still_since
        return watched >= quiet_seconds or (watched > 0 and quiet_seconds <= self._now - written)

    def is_rotated(self, file: _File, quiet_seconds: float) -> bool:
        """Say whether there is a newer file."""
        return file.key < self._last

    def is_there(self, file: _File, quiet_seconds: float) -> bool:
        """Say yes."""
        return True

    # ---------------------------------------------------------------------------------------------------------------- looks

    def look(self, now: float) -> None:
        """See what is there; ``now`` is the time in seconds since 1970."""
        found: dict[str, _File] = {}
        self._now = now
        for entry, name in self._entries():
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue  # it went meanwhile
            file = _File((status.st_mtime_ns, name), status.st_size, status.st_ctime_ns, now)
            found[name] = self._known(file, self._files.get(name))
        self._files, self._began = found, True
        self._seen = max([self._seen, *(f.changed for f in found.values())])
        self._last = max((f.key for f in found.values()), default=(0, ""))

    def ready(self, is_complete: Complete) -> Iterator[tuple[Path, str]]:
        """Yield the files that are complete and were not given, oldest first, each with the position behind it; so they are given."""
        order = sorted((f for f in self._files.values() if not f.given), key=lambda f: f.key)
        waiting: list[str] = []
        for place, file in enumerate(order):
            if is_complete(file) and self._is_readable(file):
                file.given = True
                self._newest = max(self._newest, file.key)
                late = [f.key[1] for f in takewhile(lambda f: f.key <= self._newest, islice(order, place + 1, None))]
                yield Path(self._path) / file.key[1], self._position([*waiting, *late])
            elif not file.given:
                waiting.append(file.key[1])

    def _is_readable(self, file: _File) -> bool:
        """Say whether there is something to read; what is empty counts as given."""
        path = Path(self._path) / file.key[1]
        file.given = not file.size
        if file.size and not os.access(path, os.R_OK):
            self._say(f"{path} may not be read; tries again")
            return False
        return bool(file.size)

    def _position(self, waiting: list[str]) -> str:
        if len(waiting) > MOST_OPEN:
            self._say(f"more than {MOST_OPEN:,} files are older than those that were read, and not complete")
        return msgspec.json.encode(Mark(self._newest, self._seen, waiting[:MOST_OPEN])).decode()

    def passed(self) -> str:
        """Return, once, the position behind what was there at first and counts as given; nothing where nothing does."""
        passed, self._all_given = self._all_given, False
        return self._position([]) if passed else ""

    def words(self) -> list[str]:
        """Return what the operator should be told since the last time."""
        new, self._new = self._new, []
        return new

    def _known(self, file: _File, before: _File | None) -> _File:
        """Return the file with what is known of it from the last look, or from an earlier run."""
        if before is None:
            file.given = self._was_given(file)
        elif before.given:
            file.given = True
            if before.key != file.key or before.size != file.size:
                self._say(f"{Path(self._path) / file.key[1]} changed after it was read; what is new in it is not read")
        elif before.key == file.key and before.size == file.size:
            file.still_since = before.still_since
        return file

    def _was_given(self, file: _File) -> bool:
        """Say whether a file that is seen for the first time was given by an earlier run: it was there, and not among those that waited."""
        if self._began or self._mark is None:
            passed = not self._began and self._all_given
            self._newest = max(self._newest, file.key) if passed else self._newest
            return passed
        return (
            file.key <= self._mark.newest and file.changed <= self._mark.seen and file.key[1] not in self._mark.waiting
        )

    def _entries(self) -> Iterator[tuple[os.DirEntry[str], str]]:
        """Yield the files that fit, with their names below the folder."""
        folders, count = [""], 0
        while folders:
            below = folders.pop()
            try:
                entries = list(os.scandir(Path(self._path) / below))
            except OSError as error:
                self._say(f"{Path(self._path) / below} cannot be read: {error.strerror}; tries again")
                continue
            for entry in entries:
                if self._recursive and entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                    folders.append(below + entry.name + "/")
                elif self._fits(entry):
                    count += 1
                    if count > MOST_FILES:
                        self._say(f"more than {MOST_FILES:,} files: the others are not looked at")
                        return
                    yield entry, below + entry.name

    def _fits(self, entry: os.DirEntry[str]) -> bool:
        name = entry.name
        return (
            not name.startswith(".")
            and not name.endswith(_UNFINISHED)
            and fnmatch(name, self._pattern)
            and entry.is_file(follow_symlinks=False)  # a link could lead to what its maker may not read
        )

    def _say(self, text: str) -> None:
        if text not in self._said and len(self._said) < 1000:  # noqa: PLR2004 - of different texts
            self._said.add(text)
            self._new.append(text)

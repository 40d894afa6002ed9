"""One input: a path, the file that lies there now, and those that lay there before and may still be written to."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Collection, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from msgspec.structs import replace

from vedette.abc import Chunk
from vedette.transports.tail.place import Place, is_of, written
from vedette.transports.tail.reading import Reading, Replaced, Taken, Whole, open_file

LINGER_SECONDS = 60.0
"""A file that was rotated away is read on until nothing came for so long: programs write to it until they are told."""
MOST_READINGS = 8
"""Beyond so many files of one path those rotated away are not waited for."""
DONE = 8
"""Files that were read to their end and are remembered, in case they show up under another name."""
MOST_KIN = 1000
"""Files beside a path that are looked at for one that was rotated away."""

_NUMBER, _OLD = r"[-._0-9TZ]*", "old|bak|prev"
"""What rotation puts into a name."""
_ADDED = re.compile(f"[-._0-9TZ]|(?:{_OLD})$")

Say = Callable[[str], None]


def bare(name: str) -> str:
    """Return a name without anything that rotation may have put into it.

    Example:
        >>> bare("app-20261123.log.1"), bare("app.log.old")
        ('applog', 'applog')
    """
    return _ADDED.sub("", name)


class Followed:
    """Follows a path; its chunks carry a position that tells of all its files.

    Args:
        path: as the operator wrote it, or as its pattern found it.
        places: where an earlier run stopped, oldest first.
        chosen: the source that the settings name.
        say: tells the operator, once for each text.
        at_end: a file that lies there already and of which nothing was read is passed over up to its end.
    """

    def __init__(self, path: Path, places: Collection[Place], chosen: str, say: Say, *, at_end: bool) -> None:
        self.path = path
        self.readings: list[Reading] = []
        self.done: list[Place] = [p for p in places if p.done]
        self._owed = [p for p in places if not p.done]
        self._chosen = chosen
        self._say = say
        self._passed = False  # what lay there was passed over, and no position says so yet
        self._at_end = at_end and not places
        stem, dot, rest = map(re.escape, path.name.partition("."))
        self._rotated = re.compile(f"{stem}{_NUMBER}{dot}{rest}{_NUMBER}(?:{_OLD})?")

    def holds(self, status: os.stat_result) -> bool:
        """Say whether a file is one of this path's."""
        return any((r.place.inode, r.place.device) == (status.st_ino, status.st_dev) for r in self.readings)

    @property
    def is_over(self) -> bool:
        """Whether nothing lies there, and nothing is left of what did."""
        return not self.readings and not self._owed

    def close(self) -> None:
        """Let go of all files."""
        for reading in self.readings:
            reading.close()

    def look(self, now: float) -> None:
        """Find which file lies at the path now; ``now`` is of a clock that only goes on, in seconds."""
        try:
            status = self.path.stat()
        except OSError as error:
            if isinstance(error, FileNotFoundError):
                self._at_end = False
            else:
                self._say(f"{self.path} cannot be read: {error.strerror}; tries again")
            self._leave(now, None)
            return
        self._leave(now, status.st_ino)
        if not self.readings or self.readings[-1].left_at:
            self._open(status, now)
        else:
            self.readings[-1].seen = status.st_size, status.st_mtime_ns

    def take(self, now: float) -> Iterator[tuple[Chunk, Taken]]:
        """Yield the next part of each file, oldest first; before all, where a file begins that is not read from its start."""
        if self._passed:
            self._passed = False
            nothing = Taken(b"", b"")
            yield self._chunk(self.readings[-1], nothing), nothing
        for reading in list(self.readings):
            linger = LINGER_SECONDS if len(self.readings) <= MOST_READINGS else 0
            last = bool(reading.left_at) and now - max(reading.left_at, reading.grown_at) > linger
            taken = self._next(reading, now, last=last)
            if taken is not None:
                yield self._chunk(reading, taken), taken
            elif last and reading in self.readings:
                self._end(reading)

    def _chunk(self, reading: Reading, taken: Taken) -> Chunk:
        read = (replace(r.place, left=r.left_at > 0) for r in self.readings)
        places = [*self.done, *self._owed, *read]
        source = self._chosen or reading.place.source
        return Chunk(str(self.path), taken.data, source, self.path.name, taken.preamble, position=written(places))

    # --------------------------------------------------------------------------------------------------- one file's life

    def _open(self, status: os.stat_result, now: float) -> None:
        if not stat.S_ISREG(status.st_mode):
            self._say(f"{self.path} is no file that could be followed")
            return
        try:
            fd = open_file(self.path)
        except OSError as error:
            self._say(f"{self.path} cannot be opened: {error.strerror}; tries again")
            return
        status = os.fstat(fd)
        known = self._known(fd, status)
        self._reclaim(now)
        source = self.readings[-1].place.source if self.readings else ""
        place = known or Place(status.st_ino, status.st_dev, source=source)
        place = replace(place, inode=status.st_ino, device=status.st_dev, done=False)
        reading = Reading(self.path, place, self._chosen, fd, now)
        if self._at_end and known is None:
            reading.begin_at_end()
            self._passed = True
        self._at_end = False
        self.readings.append(reading)

    def _known(self, fd: int, status: os.stat_result) -> Place | None:
        """Return the place that tells of this file, and take it from those that are kept."""
        place = next((p for p in reversed([*self.done, *self._owed]) if is_of(p, fd, status)), None)
        self._owed = [p for p in self._owed if p is not place]
        self.done = [p for p in self.done if p is not place]
        return place

    def _reclaim(self, now: float) -> None:
        """Find the files that an earlier run had not read to their end, and that were rotated away since."""
        for place in self._owed:
            found = self._kin(partial(is_of, place))
            if found is None and not place.left:
                self._say(
                    f"{self.path}: what lay there before is gone; what came behind byte {place.offset:,}, if anything, is not read"
                )
            elif found is not None:
                self._retire(place, *found, now)
        self._owed = []

    def _retire(self, place: Place, path: Path, fd: int, now: float) -> None:
        """Read a file on that no longer lies at the path; it may be a copy, with an inode of its own."""
        status = os.fstat(fd)
        place = replace(place, inode=status.st_ino, device=status.st_dev)
        reading = Reading(path, place, self._chosen, fd, now)
        reading.left_at = now
        self.readings.insert(sum(r.left_at > 0 for r in self.readings), reading)

    def is_rotated_name(self, name: str) -> bool:
        """Say whether rotation may have given a file of this path such a name: `app.log.1`, `app.log-20261123`, `app-1.log`."""
        return self._rotated.fullmatch(name) is not None

    def is_copy(self, fd: int, size: int) -> bool | None:
        """Say whether an open file is a copy of what was read here, as copytruncate makes; None where it may become one."""
        found = {reading.is_copied(fd, size) for reading in self.readings}
        return True if True in found else None if None in found else False

    def _kin(self, fits: Callable[[int, os.stat_result], bool]) -> tuple[Path, int] | None:
        """Return the file beside the path that fits, open: what rotation made of it."""
        stem = self.path.name.partition(".")[0]
        try:
            with os.scandir(self.path.parent) as entries:
                near = [Path(e.path) for e in islice(entries, MOST_KIN) if e.name.startswith(stem)]
        except OSError:
            return None
        for path in near:
            try:
                fd = open_file(path)
            except OSError:
                continue
            status = os.fstat(fd)
            if stat.S_ISREG(status.st_mode) and not self.holds(status) and fits(fd, status):
                return path, fd
            os.close(fd)
        return None

    def _leave(self, now: float, inode: int | None) -> None:
        """Mark every file that no longer lies at the path, and take back the mark of the one that does again."""
        for reading in self.readings:
            if reading.place.inode == inode and reading is self.readings[-1]:
                reading.left_at = 0.0
            elif not reading.left_at:
                reading.left_at = now

    def _next(self, reading: Reading, now: float, *, last: bool) -> Taken | None:
        try:
            return reading.take(now, last=last)
        except Replaced:
            self._emptied(reading, now)
            return None
        except Whole:
            self._say(f'{self.path} is of a kind that is read when it is complete: use transport = "directory"')
        except OSError as error:
            self._say(f"{self.path} cannot be read: {error.strerror}; tries again")
            return None
        reading.close()
        self.readings.remove(reading)
        self.done = [*self.done, replace(reading.place, done=True)][-DONE:]
        return None

    def _emptied(self, reading: Reading, now: float) -> None:
        """Read a file that was cut short from its start; what was not read of it may lie in a copy beside it."""
        old = reading.place
        reading.close()
        self.readings.remove(reading)
        if not old.head_bytes:
            return
        found = self._kin(lambda fd, status: reading.is_copied(fd, status.st_size) is True or is_of(old, fd, status))
        if found is not None:
            self._retire(old, *found, now)

    def _end(self, reading: Reading) -> None:
        """Let a file go that was rotated away and read."""
        reading.close()
        self.readings.remove(reading)
        self.done = [*self.done, replace(reading.place, done=True, preamble=b"")][-DONE:]

"""Files that grow."""

from __future__ import annotations

import asyncio
import glob
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Literal, cast

from pydantic import Field, field_validator

from vedette.abc import Chunk, Inlet, Rehearsal, Settings, Transport
from vedette.errors import TransportError
from vedette.transports.keeping import Aside, keep
from vedette.transports.source_name import SourceName
from vedette.transports.tail.followed import Followed, bare
from vedette.transports.tail.place import Place, is_of, told
from vedette.transports.tail.reading import open_file

SCAN_SECONDS = 1.0
"""How often patterns are looked up."""
MOST_FILES = 10_000
MOST_OPEN = 256
"""Files held open; those that were silent longest are closed, and opened again where they grow."""
QUIET_SECONDS, QUIET_ROUNDS = 10.0, 4
"""A file that was silent for so long is looked at in every fourth round."""
ROUND_BYTES = 8 << 20
"""What is read before it is put."""
MOST_SAID = 1000
_PACKED = (".gz", ".zst", ".xz", ".bz2", ".lz4", ".zip", ".Z")


class TailSettings(Settings):
    """Which files, and how."""

    path: str | tuple[str, ...]
    """A file, a pattern such as `/var/log/zeek/current/*.log` (`**` for folders at any depth), or a list of them."""

    begin: Literal["end", "start"] = "end"
    """Where a file begins that is there at the start and of which nothing was read yet; one that appears later begins at its start."""

    source: SourceName = ""
    """The source that reads them; by default each file tells it by its first bytes."""

    poll_seconds: float = Field(default=0.2, ge=0.01, le=60)
    """How often files are looked at."""

    @field_validator("path")
    @classmethod
    def _absolute(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        paths = (value,) if isinstance(value, str) else value
        if bad := [p for p in paths if not p.startswith("/")] or ([] if paths else ["nothing"]):
            raise ValueError(f"must be a whole path, from / on: {bad[0]!r}")
        return value


class Tail(Transport):
    """Follows files that grow, as logs do: whole records, as soon as they are written.

    New files that fit the pattern are picked up. Rotation by renaming: the old file is read on until it was silent for a minute, the new
    one at once beside it. Rotation by copying and emptying (`copytruncate`): what was not read yet is read from the copy, where that lies
    beside the file; what was written between the two steps is lost with the file itself. What rotation makes of a file is not read as a
    file of its own. A file that is emptied, deleted, made anew or put in the place of another is read from its start. A position holds
    device, inode, offset and a hash of the first bytes, so after a stop it goes on where it stopped, also in a file that was rotated
    meanwhile. Compressed files (`.gz` and the like) are left alone.

    Only whole records are given on, so that each part can be read alone; a header (Zeek, IIS, CSV) goes with every part. A last line
    without a line break waits for it; when its file was rotated away and is silent it is taken as it is. A line over 1 MB is cut there,
    and counted. Files are looked at five times a second, by size and time: that works on network file systems too, and 1,000 files cost
    little. What is only read when it is complete (captures, `.evtx`) is for `directory`. A link is followed where root, the user of the
    service, or the owner of the file that it leads to made it: who may write a folder cannot have a secret file read.
    """

    name = "tail"
    options: ClassVar[type[Settings]] = TailSettings
    lossless: ClassVar[bool] = True

    @classmethod
    def rehearsal(cls, folder: Path) -> Rehearsal:
        path = folder / "grows.log"

        async def send(records: Sequence[bytes]) -> None:
            with path.open("ab") as file:
                file.writelines(r + b"\n" for r in records)

        return Rehearsal(TailSettings(path=str(path), begin="start", poll_seconds=0.02), send)

    async def run(self, inlet: Inlet) -> None:
        settings = cast("TailSettings", self.settings)
        files = Files(settings, inlet.positions)
        async with Aside(self.name, files.close) as aside:
            while True:
                chunks = await aside(files.round)
                for text in files.words():
                    inlet.say(self.name, text)
                if files.cut:
                    inlet.dropped(self.name, files.cut)
                    files.cut = 0
                if chunks:
                    await keep(inlet, self.name, chunks)
                if not files.more:
                    await asyncio.sleep(settings.poll_seconds)


class Files:
    """All files that the settings name; works without an event loop.

    Args:
        settings: of the transport.
        positions: of an earlier run.
        clock: seconds that only go on.

    Attributes:
        more: there is more to read at once.
        cut: lines that were cut since this was last set to 0.
    """

    def __init__(
        self, settings: TailSettings, positions: Mapping[str, str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.more = False
        self.cut = 0
        self._settings = settings
        self._positions = dict(positions)
        self._clock = clock
        self._patterns = (settings.path,) if isinstance(settings.path, str) else settings.path
        self._followed: dict[str, Followed] = {}
        self._scanned_at: float | None = None
        self._round = 0
        self._new: list[str] = []
        self._said: set[str] = set()
        self._others: set[tuple[int, int]] = set()
        self._held: set[tuple[int, int]] = set()
        self._beside: dict[tuple[Path, str], list[Followed]] = {}
        self._done: dict[int, list[Place]] = {}
        if folder := next((p for p in self._patterns if Path(p).is_dir()), ""):
            raise TransportError(f"{folder} is a folder", hint=f'path = "{folder.rstrip("/")}/*"')

    def round(self) -> list[Chunk]:
        """Look at the files once; return what came, whole records."""
        now, self._round = self._clock(), self._round + 1
        if self._scanned_at is None or now - self._scanned_at >= SCAN_SECONDS:
            self._scan(now)
        chunks: list[Chunk] = []
        size, self.more = 0, False
        for place, followed in enumerate(self._followed.values()):
            if size > ROUND_BYTES:
                self.more = True
                break
            if not self._is_due(followed, place, now):
                continue
            followed.look(now)
            for chunk, taken in followed.take(now):
                chunks.append(chunk)
                size += len(chunk.data)
                self.cut += taken.cut
                self.more |= taken.full
        if self.more:  # begin the next round behind those that had their turn
            self._turn(chunks)
        return chunks

    def words(self) -> list[str]:
        """Return what the operator should be told since the last time."""
        new, self._new = self._new, []
        return new

    def close(self) -> None:
        """Let go of all files."""
        for followed in self._followed.values():
            followed.close()

    def _say(self, text: str) -> None:
        if text not in self._said and len(self._said) < MOST_SAID:
            self._said.add(text)
            self._new.append(text)

    def _is_due(self, followed: Followed, place: int, now: float) -> bool:
        quiet = followed.readings and all(now - r.grown_at > QUIET_SECONDS for r in followed.readings)
        return not quiet or (self._round + place) % QUIET_ROUNDS == 0

    def _turn(self, chunks: Sequence[Chunk]) -> None:
        for name in dict.fromkeys(c.input for c in chunks):
            self._followed[name] = self._followed.pop(name)

    # ------------------------------------------------------------------------------------------------------- which files

    def _scan(self, now: float) -> None:
        """Begin to follow what is new, and end what is over."""
        first, self._scanned_at = self._scanned_at is None, now
        at_end = first and self._settings.begin == "end"
        names = sorted(self._found(), key=lambda name: (name not in self._positions, name))
        self._held, self._beside, self._done = set(), {}, {}
        self._index(self._followed.values())
        for name in names:
            if name in self._followed or self._is_another(name):
                continue
            if len(self._followed) >= MOST_FILES:
                self._say(f"more than {MOST_FILES:,} files: the others are not followed")
                break
            places = told(self._positions.pop(name, ""))
            followed = Followed(Path(name), places, self._settings.source, self._say, at_end=at_end)
            followed.look(now)
            self._followed[name] = followed
            self._index([followed])
        self._others = (
            {(s.st_dev, s.st_ino) for s in map(_status, names) if s} & self._others if self._others else set()
        )
        there = set(names)
        for name in [n for n, f in self._followed.items() if f.is_over and n not in there]:
            del self._followed[name]
        self._spare()

    def _found(self) -> Iterator[str]:
        for pattern in self._patterns:
            if not glob.has_magic(pattern):
                yield pattern
                continue
            for name in glob.iglob(pattern, recursive=True):  # noqa: PTH207 - a whole path is no pattern of a Path
                if not name.endswith(_PACKED) and Path(name).is_file():
                    yield name

    def _is_another(self, name: str) -> bool:
        """Say whether this is a file that is followed under the name which it had before, or a copy that rotation made of one."""
        try:
            status = Path(name).stat()
            inode = status.st_dev, status.st_ino
            if inode in self._others:
                return True
            with _opened(Path(name)) as fd:
                found = self._is_known(Path(name), fd, status)
        except OSError:
            return False
        if found:
            self._others.add(inode)
        return found is not False

    def _is_known(self, path: Path, fd: int, status: os.stat_result) -> bool | None:
        """Say whether an open file is known under another name; None where it may be a copy that is still being made."""
        if (status.st_dev, status.st_ino) in self._held:
            return True
        if any(is_of(p, fd, status) for p in self._done.get(status.st_ino, ())):
            return True
        beside = self._beside.get((path.parent, bare(path.name)), ())
        copies = {f.is_copy(fd, status.st_size) for f in beside if f.is_rotated_name(path.name)}
        return True if True in copies else None if None in copies else False

    def _index(self, followed: Iterable[Followed]) -> None:
        """Note what tells a file under another name: each scan looks at every file that is not followed."""
        for one in followed:
            self._held.update((r.place.device, r.place.inode) for r in one.readings)
            self._beside.setdefault((one.path.parent, bare(one.path.name)), []).append(one)
            for place in one.done:
                self._done.setdefault(place.inode, []).append(place)

    def _spare(self) -> None:
        opened = [r for f in self._followed.values() for r in f.readings if r.is_open and not r.left_at]
        opened.sort(key=lambda r: r.grown_at)
        for reading in opened[: max(0, len(opened) - MOST_OPEN)]:
            reading.close()


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    fd = open_file(path)
    try:
        yield fd
    finally:
        os.close(fd)


def _status(name: str) -> os.stat_result | None:
    try:
        return Path(name).stat()
    except OSError:
        return None

"""Files that are complete, as they come into a folder."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, Literal, cast

from pydantic import Field, field_validator

from vedette.abc import Chunk, Inlet, Rehearsal, Settings, Transport
from vedette.errors import TransportError
from vedette.transports.directory.folder import Folder
from vedette.transports.keeping import Aside, keep
from vedette.transports.source_name import SourceName


class DirectorySettings(Settings):
    """Which files, and when they are complete."""

    path: str
    """The folder."""

    pattern: str = "*"
    """Names of files that count: `*.pcap*`. Those that begin with a dot, or end with `.tmp`, `.part` or `.swp`, never do."""

    recursive: bool = False
    """Look into folders inside it too."""

    complete: Literal["quiet", "rotated", "renamed"] = "quiet"
    """When a file is complete: `quiet` once it did not change for `quiet_seconds`; `rotated` once there is a newer one (`tcpdump
    -G`, `-C`); `renamed` as soon as it is there, because it is written elsewhere and moved here."""

    quiet_seconds: float = Field(default=10, ge=0.1, le=86_400)
    """How long a file must not have changed, for `quiet`."""

    begin: Literal["start", "end"] = "start"
    """Whether files count that are there at the very first start."""

    source: SourceName = ""
    """The source that reads them; by default each file tells it by its first bytes."""

    poll_seconds: float = Field(default=1, ge=0.01, le=3600)
    """How often the folder is looked at."""

    @field_validator("path")
    @classmethod
    def _absolute(cls, value: str) -> str:
        if not value.startswith("/"):
            raise ValueError(f"must be a whole path, from / on: {value!r}")
        return value

    @field_validator("pattern")
    @classmethod
    def _name(cls, value: str) -> str:
        if not value or "/" in value:
            raise ValueError(f"must be a pattern of names, without a folder: {value!r}")
        return value


class Directory(Transport):
    """Gives every file of a folder to be read once it is complete: captures that are rotated, mail that is dropped, exports.

    The file is read where it lies and stays there; whoever makes the files removes them, when they were read. It must not be removed
    or written to before. A file that changes after it was complete is told of, and not read again. Files come in the order in which they
    were last written. A position holds the newest of those that were given, those before it that were not, and what was there:
    so a file that is moved in with an old date, also while the service stands still, is found. The folder is looked at once a
    second, which works on network file systems too. Links in the folder are not followed.
    """

    name = "directory"
    options: ClassVar[type[Settings]] = DirectorySettings
    lossless: ClassVar[bool] = True

    @classmethod
    def rehearsal(cls, folder: Path) -> Rehearsal:
        path, count = folder / "drop", iter(range(1_000_000))
        path.mkdir()

        async def send(records: Sequence[bytes]) -> None:
            made = folder / "made"
            made.write_bytes(b"".join(r + b"\n" for r in records))
            made.rename(path / f"{next(count):07d}")

        return Rehearsal(DirectorySettings(path=str(path), complete="renamed", poll_seconds=0.02), send)

    async def run(self, inlet: Inlet) -> None:
        settings = cast("DirectorySettings", self.settings)
        if not Path(settings.path).is_dir():
            raise TransportError(f"{settings.path} is no folder", hint="make it, or put the path right")
        folder = Folder(
            settings.path,
            settings.pattern,
            recursive=settings.recursive,
            position=inlet.positions.get(settings.path, ""),
            begin_at_end=settings.begin == "end",
        )
        is_complete = partial(
            {"quiet": folder.is_quiet, "rotated": folder.is_rotated, "renamed": folder.is_there}[settings.complete],
            quiet_seconds=settings.quiet_seconds,
        )
        async with Aside(self.name, lambda: None) as aside:
            while True:
                await aside(lambda: folder.look(time.time()))
                if position := folder.passed():
                    await keep(inlet, self.name, [Chunk(settings.path, position=position)])
                for file, position in folder.ready(is_complete):
                    chunk = Chunk(settings.path, b"", settings.source, file.name, b"", file, position)
                    await keep(inlet, self.name, [chunk])
                for text in folder.words():
                    inlet.say(self.name, text)
                await asyncio.sleep(settings.poll_seconds)

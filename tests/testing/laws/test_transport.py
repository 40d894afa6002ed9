"""Every law of transports can fail: a good one passes, and one broken in a single point breaks that law."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, cast

import pytest

from vedette.abc import Chunk, Inlet, Rehearsal, Settings, Transport
from vedette.errors import InletError
from vedette.testing.laws import broken
from vedette.testing.laws import transport as laws
from vedette.transports.keeping import keep


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laws, "COME_SECONDS", 2.0)
    monkeypatch.setattr(laws, "LEAVE_SECONDS", 0.5)
    monkeypatch.setattr("vedette.transports.keeping.AGAIN_SECONDS", 0.02)


class BookSettings(Settings):
    """Which file."""

    path: str = ""
    """The file."""


class Book(Transport):
    """Reads a file on, from where its position says."""

    name = "book"
    options: ClassVar[type[Settings]] = BookSettings
    lossless: ClassVar[bool] = True

    @classmethod
    def rehearsal(cls, folder: Path) -> Rehearsal:
        path = folder / "book"
        path.touch()

        async def send(records: Sequence[bytes]) -> None:
            with path.open("ab") as file:
                file.writelines(r + b"\n" for r in records)

        return Rehearsal(BookSettings(path=str(path)), send)

    async def run(self, inlet: Inlet) -> None:
        path = Path(cast("BookSettings", self.settings).path)
        at = int(inlet.positions.get("book", "0"))
        while True:
            for line in path.read_bytes()[at:].splitlines(keepends=True)[:500]:
                at += len(line)
                await self.give(inlet, Chunk("book", line, position=str(at)))
            await asyncio.sleep(0.005)

    async def give(self, inlet: Inlet, chunk: Chunk) -> None:
        """Put one line."""
        await keep(inlet, "book", [chunk])


class Remote(Book):
    """Cannot be rehearsed: allowed."""

    @classmethod
    def rehearsal(cls, folder: Path) -> None:  # type: ignore[override]
        return None


class MuteSettings(BookSettings):
    """Has a setting without a word."""

    silent: int = 0


class Mute(Book):
    """Does not tell its settings."""

    options: ClassVar[type[Settings]] = MuteSettings


class Forgetful(Book):
    """Has no positions."""

    async def give(self, inlet: Inlet, chunk: Chunk) -> None:
        await keep(inlet, "book", [Chunk("book", chunk.data)])


class Careless(Book):
    """Takes what could not be kept for kept."""

    async def give(self, inlet: Inlet, chunk: Chunk) -> None:
        try:
            await inlet.put(chunk)
        except InletError:
            inlet.dropped("book", 1)


class Leaky(Book):
    """Leaves a descriptor open at its end."""

    opened: ClassVar[list[int]] = []

    async def run(self, inlet: Inlet) -> None:
        self.opened.append(os.open("/dev/null", os.O_RDONLY))
        await super().run(inlet)


class Hoarder(Book):
    """Gives all that is there in one chunk."""

    async def run(self, inlet: Inlet) -> None:
        path, at = Path(cast("BookSettings", self.settings).path), int(inlet.positions.get("book", "0"))
        while True:
            if data := path.read_bytes()[at:]:
                at += len(data)
                await self.give(inlet, Chunk("book", data, position=str(at)))
            await asyncio.sleep(0.005)


class Stubborn(Book):
    """Does not end."""

    async def run(self, inlet: Inlet) -> None:
        try:
            await super().run(inlet)
        except asyncio.CancelledError:
            await asyncio.sleep(2)


@pytest.mark.parametrize(
    ("transport", "breaks"),
    [
        (Book, set()),
        (Remote, set()),
        (Mute, {"tells_its_settings"}),
        (Forgetful, {"goes_on_where_it_stopped"}),
        (Careless, {"loses_nothing_when_the_disk_is_full"}),
        (Leaky, {"leaves_nothing_open"}),
        (Hoarder, {"keeps_its_chunks_small"}),
    ],
)
def test_each_law_can_fail(transport: type[Transport], breaks: set[str]) -> None:
    assert broken(transport) == breaks
    for descriptor in Leaky.opened:
        os.close(descriptor)
    Leaky.opened.clear()


def test_one_that_does_not_end_breaks_every_law_that_runs_it() -> None:
    found = broken(Stubborn)
    assert {"receives_what_is_sent", "leaves_nothing_open", "goes_on_where_it_stopped"} <= found

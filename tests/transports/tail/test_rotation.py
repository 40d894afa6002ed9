"""Whatever happens to a file, in whatever order: every line once."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.testing.transports import FakeInlet
from vedette.transports.tail import Files, TailSettings
from vedette.transports.tail.place import HEAD_BYTES

STEPS = ("write", "write", "half", "look", "look", "late", "move", "copy", "restart")


class World:
    """A log, what rotation makes of it, and whoever follows it; a clock of its own."""

    def __init__(self, folder: Path, pattern: str) -> None:
        self.folder, self.pattern = folder, f"{folder}/{pattern}"
        self.log = folder / "app.log"
        self.now, self.number, self.rotated = 0.0, 0, 0
        self.written: list[bytes] = []
        self.half = b""
        self.inlet = FakeInlet()
        self.files = self.followed()
        self.write()

    def followed(self) -> Files:
        return Files(TailSettings(path=self.pattern, begin="start"), self.inlet.positions, lambda: self.now)

    def line(self) -> bytes:
        self.number += 1
        fresh = not self.log.exists() or not self.log.stat().st_size
        return b"%d %s" % (self.number, b"x" * (HEAD_BYTES if fresh else self.number % 50))

    def write(self) -> None:
        line = self.line() if not self.half else self.half + b" and its rest"
        with self.log.open("ab") as file:
            file.write((b" and its rest" if self.half else line) + b"\n")
        self.written.append(line)
        self.half = b""

    def look(self) -> None:
        for _ in range(5):  # a silent file has its turn in every fourth round
            self.now += 0.7
            while chunks := self.files.round():
                for chunk in chunks:
                    assert self.inlet.offer(chunk)

    def step(self, name: str) -> None:
        match name:
            case "write":
                self.write()
            case "half" if not self.half:
                self.half = self.line()
                with self.log.open("ab") as file:
                    file.write(self.half)
            case "look":
                self.look()
            case "late":  # long enough for a file that was rotated away to be let go
                self.look()
                self.now += 70
                self.look()
            case "restart":
                self.files.close()
                self.files = self.followed()
            case "move" | "copy" if not self.half:
                self.look()  # a file that nobody saw while it lay there is nobody's
                self.write()
                self.rotated += 1
                if name == "move":
                    old = self.log.rename(self.folder / f"app.log.{self.rotated}")
                    with old.open("ab") as file:  # the writer was not told yet
                        file.write(b"late %d\n" % self.number)
                    self.written.append(b"late %d" % self.number)
                else:
                    shutil.copy(self.log, self.folder / f"app.log.{self.rotated}")
                    os.truncate(self.log, 0)
                self.write()
            case _:
                pass


@given(st.lists(st.sampled_from(STEPS), max_size=25), st.sampled_from(["app.log", "*.log", "app*"]))
@settings(max_examples=150)
def test_every_line_comes_once(steps: list[str], pattern: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        world = World(Path(name), pattern)
        for step in steps:
            world.step(step)
        if world.half:
            world.write()
        world.look()
        world.files.close()
        assert sorted(world.inlet.lines) == sorted(world.written)

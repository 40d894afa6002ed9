from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pydantic import ValidationError

from vedette.errors import TransportError
from vedette.testing.transports import FakeInlet
from vedette.transports.directory import Directory, DirectorySettings


@pytest.mark.parametrize("complete", ["quiet", "rotated", "renamed"])
def test_files_are_given_with_their_path_and_go_on_after_a_stop(tmp_path: Path, complete: str) -> None:
    inlet = FakeInlet()
    settings = DirectorySettings.model_validate(
        {"path": str(tmp_path), "complete": complete, "quiet_seconds": 0.1, "poll_seconds": 0.02}
    )

    async def play(names: str, due: int) -> None:
        task = asyncio.create_task(Directory(settings).run(inlet))
        for name in names:
            (tmp_path / name).write_bytes(b"x")
            await asyncio.sleep(0.01)
        await inlet.until(due)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(play("abc", 2 if complete == "rotated" else 3))
    asyncio.run(play("d", 3 if complete == "rotated" else 4))
    given = [c.path.name for c in inlet.chunks if c.path]
    assert given == list("abc" if complete == "rotated" else "abcd")
    assert {c.input for c in inlet.chunks} == {str(tmp_path)}
    assert [c.filename for c in inlet.chunks] == given


def test_begun_at_the_end_it_knows_after_a_stop_what_came_meanwhile(tmp_path: Path) -> None:
    settings = DirectorySettings(path=str(tmp_path), complete="renamed", begin="end", poll_seconds=0.02)
    inlet = FakeInlet()

    async def play(due: int) -> None:
        task = asyncio.create_task(Directory(settings).run(inlet))
        await asyncio.sleep(0.1)
        await inlet.until(due)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    (tmp_path / "old").write_bytes(b"x")
    asyncio.run(play(0))
    (tmp_path / "new").write_bytes(b"x")
    asyncio.run(play(1))
    assert [c.path.name for c in inlet.chunks if c.path] == ["new"]


def test_what_is_no_folder_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    for path in (tmp_path / "a", tmp_path / "nowhere"):
        with pytest.raises(TransportError, match="is no folder"):
            asyncio.run(Directory(DirectorySettings(path=str(path))).run(FakeInlet()))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"path": "drop"}, "from / on"),
        ({"path": "/drop", "pattern": "in/*"}, "without a folder"),
        ({"path": "/drop", "pattern": ""}, "without a folder"),
        ({"path": "/drop", "complete": "soon"}, "'quiet', 'rotated' or 'renamed'"),
        ({"path": "/drop", "source": "nothing"}, "no such source"),
    ],
)
def test_bad_settings_are_told(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        DirectorySettings.model_validate(settings)

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vedette.testing.small_disk import fill, small_disk


def test_a_small_disk_is_full_when_it_is_filled_and_gone_afterwards(tmp_path: Path) -> None:
    try:
        with small_disk(tmp_path / "disk", 1) as disk:
            filler = fill(disk)
            with pytest.raises(OSError, match="No space left"):
                (disk / "more").write_bytes(b"x" * 8192)
            filler.unlink()
            (disk / "enough").write_bytes(b"x" * 8192)
            assert os.path.ismount(disk)
    except PermissionError as error:
        pytest.skip(str(error))
    assert not list((tmp_path / "disk").iterdir())


def test_who_is_not_root_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(PermissionError, match="only root"), small_disk(tmp_path / "disk"):
        pass

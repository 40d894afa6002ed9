from __future__ import annotations

import os
from pathlib import Path

import pytest

from vedette.transports.links import READ, open_below, open_owned

SOMEBODY = 4242


def _read(fd: int) -> bytes:
    with os.fdopen(fd, "rb") as file:
        return file.read()


def _plant(link: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a link that is somebody else's: as root by its owner, as a user by being another one afterwards."""
    link.symlink_to(target)
    if os.geteuid() == 0:
        os.lchown(link, SOMEBODY, -1)
    else:
        monkeypatch.setattr("os.geteuid", lambda: SOMEBODY)


def _owners(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, SOMEBODY, -1)


def test_a_link_that_somebody_planted_leads_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _plant(tmp_path / "app.log", Path("/etc/passwd"), monkeypatch)
    with pytest.raises(PermissionError, match="neither its owner nor we made"):
        open_owned(tmp_path / "app.log", READ)


def test_nor_one_to_a_folder_on_the_way_nor_one_behind_a_link_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ours").symlink_to("sub/passwd")
    _plant(tmp_path / "sub", Path("/etc"), monkeypatch)
    for name in ("sub/passwd", "ours"):
        with pytest.raises(PermissionError):
            open_owned(tmp_path / name, READ)


def test_links_of_ours_and_of_the_files_owner_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.log").write_bytes(b"a")
    (tmp_path / "now").symlink_to("real")
    (tmp_path / "up.log").symlink_to("now/../real/a.log")
    assert _read(open_owned(tmp_path / "up.log", READ)) == b"a"
    _owners(tmp_path / "real" / "a.log")
    _plant(tmp_path / "theirs.log", tmp_path / "real" / "a.log", monkeypatch)
    assert _read(open_owned(tmp_path / "theirs.log", READ)) == b"a"


def test_links_in_a_circle_end_and_what_is_gone_is_gone(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(OSError, match="symbolic links"):
        open_owned(tmp_path / "a", READ)
    with pytest.raises(FileNotFoundError):
        open_owned(tmp_path / "gone", READ)
    assert len(list(Path("/proc/self/fd").iterdir())) == before  # nothing stays open


def test_below_a_folder_no_link_is_followed(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    (drop / "sub").mkdir(parents=True)
    (drop / "sub" / "a.pcap").write_bytes(b"a")
    assert _read(open_below(drop, drop / "sub" / "a.pcap")) == b"a"
    (drop / "b.pcap").symlink_to(drop / "sub" / "a.pcap")
    (drop / "other").symlink_to(drop / "sub")
    os.mkfifo(drop / "c.pcap")
    for name in ("b.pcap", "other/a.pcap", "c.pcap", "gone", "sub"):
        with pytest.raises(OSError, match=r".+"):
            open_below(drop, drop / name)
    (tmp_path / "way").symlink_to(drop)  # the folder itself is the operator's to name
    assert _read(open_below(tmp_path / "way", tmp_path / "way" / "sub" / "a.pcap")) == b"a"

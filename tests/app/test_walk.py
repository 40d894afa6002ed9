from __future__ import annotations

import socket
from pathlib import Path

from vedette.app.walk import DEPTH_LIMIT, printable, walk


def test_standard_input_is_a_forward_file() -> None:
    (found,) = walk(["-"])
    assert (found.name, found.forward, found.skipped) == ("-", True, "")


def test_a_folder_of_folders_ends() -> None:
    deep = "/x" * (DEPTH_LIMIT + 1)
    (found,) = walk([deep])
    assert found.skipped == f"more than {DEPTH_LIMIT} folders deep"


def test_an_empty_folder_gets_a_word(tmp_path: Path) -> None:
    assert [f.skipped for f in walk([str(tmp_path)])] == ["empty folder"]


def test_a_name_with_marks_of_a_glob_is_a_name_first(tmp_path: Path) -> None:
    (tmp_path / "[a]").write_bytes(b"x")
    (found,) = walk([f"{tmp_path}/[a]"])
    assert (found.size_bytes, found.skipped) == (1, "")


def test_a_hidden_file_that_was_named_is_read(tmp_path: Path) -> None:
    (tmp_path / ".x").write_bytes(b"x")
    assert [f.skipped for f in walk([f"{tmp_path}/.x"])] == [""]


def test_a_socket_is_skipped(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        assert [f.skipped for f in walk([str(tmp_path)])] == ["socket"]


def test_names_are_safe_to_print() -> None:
    assert printable("a\x1b[31m\udcff\u202eb") == "a\\x1b[31m\\xff\\u202eb"
    assert printable("naïve 完") == "naïve 完"

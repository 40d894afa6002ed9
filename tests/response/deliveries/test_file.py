from __future__ import annotations

from pathlib import Path

import pytest

from vedette.errors import ConfigError, DeliveryError
from vedette.plugins import checked
from vedette.response.deliveries.file import File
from vedette.testing.messages import message


def test_a_line_a_message(tmp_path: Path) -> None:
    mine = File(checked(File, {"path": str(tmp_path / "out.jsonl")}, "sinks[0]"))
    mine.send([message("a", b'{"a":1}\n'), message("b", b"no line end")])
    mine.send([message("c")])
    mine.close()
    assert (tmp_path / "out.jsonl").read_bytes() == b'{"a":1}\nno line end\n{"uid":"c"}\n'


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is a folder"):
        File(checked(File, {"path": str(tmp_path)}, "sinks[0]"))


def test_what_cannot_be_written_comes_again(tmp_path: Path) -> None:
    (tmp_path / "no").write_bytes(b"")
    mine = File(checked(File, {"path": str(tmp_path / "no" / "out")}, "sinks[0]"))
    with pytest.raises(DeliveryError, match="cannot write") as caught:
        mine.send([message("a")])
    assert caught.value.again

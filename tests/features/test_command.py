from __future__ import annotations

import pytest

from vedette.features.command import Command
from vedette.testing.commands import commands
from vedette.testing.rows import rows_of


def test_keeps_only_what_matters() -> None:
    rows = rows_of(Command, commands(["/usr/bin/apt update", "history -c", "/bin/bash", "ls /var/log"]))
    assert rows.select("command", "tampering", "shell").rows() == [
        ("history -c", "clears the shell's history", False),
        ("/bin/bash", None, True),
    ]


def test_a_shell_as_oneself_is_none() -> None:
    assert rows_of(Command, commands(["/bin/bash"], by="root", becomes="root")).is_empty()
    assert rows_of(Command, commands(["/bin/bash"], by=None)).is_empty()


@pytest.mark.parametrize("line", ["x" * 100_000, "rm " * 20_000, "find " + "-exec " * 9_000, "> " * 30_000])
def test_hostile_lines_are_read_to_a_bound(line: str) -> None:
    assert rows_of(Command, commands([line])).height <= 1

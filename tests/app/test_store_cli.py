from __future__ import annotations

import pytest

from vedette.app.cli import main


@pytest.mark.parametrize(("command", "flags"), [("backup", {"--json", "--config"}), ("restore", {"--force", "--json"})])
def test_the_commands_are_there_with_their_flags(
    command: str, flags: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code in (0, None)
    told = capsys.readouterr().out
    assert all(flag in told for flag in flags)


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_file_is_needed(command: str) -> None:
    with pytest.raises(SystemExit) as end:
        main([command])
    assert end.value.code == 2

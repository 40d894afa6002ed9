from __future__ import annotations

from pathlib import Path

import pytest

from vedette.app.cli import main
from vedette.testing.sigma import rule_text


def test_the_command_line_checks_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yml").write_text(rule_text("sel:\n    Image: x\ncondition: sel"))
    with pytest.raises(SystemExit) as end:
        main(["sigma", "check", str(tmp_path)])
    assert end.value.code in (0, None)
    assert "1 rules" in capsys.readouterr().out


def test_a_scan_takes_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["scan", str(tmp_path), "--sigma", str(tmp_path / "absent")])
    assert end.value.code == 2
    assert "Sigma rules" in capsys.readouterr().err

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vedette.app import drill_command
from vedette.app.drill.live import Round
from vedette.errors import ContentError

SEEN = Round("203.0.113.20", 0.1, 0.5, ("uid", "It happened"), ("brute_force",))
MISSED = Round("203.0.113.21", None, None)


def test_files_are_written_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert drill_command.write("mail-to-theft", tmp_path / "d", as_json=True) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert files
    assert all(Path(f).is_file() for f in files)
    with pytest.raises(ContentError, match="no drill is called 'nothing'"):
        drill_command.write("nothing", tmp_path, as_json=False)


@pytest.mark.parametrize(("rounds", "code"), [([SEEN, SEEN], 0), ([SEEN, MISSED], 1)])
def test_what_was_seen_and_when_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], rounds: list[Round], code: int
) -> None:
    monkeypatch.setattr(drill_command, "play", lambda *_, **__: rounds)
    assert drill_command.live("a/", "b/", "", rounds=2, seconds=0, as_json=False) == code
    told = capsys.readouterr()
    assert "0.50 s after its last event: It happened" in told.out
    assert ("203.0.113.21: not seen whole in time" in told.err.replace("\n", " ")) == bool(code)
    drill_command.live("a", "b", "", rounds=2, seconds=0, as_json=True)
    assert json.loads(capsys.readouterr().out)["missed"] == code


def test_quantiles_are_values_that_were_measured() -> None:
    values = [float(n) for n in range(1, 101)]
    assert [drill_command.quantile(values, q) for q in (0.0, 0.5, 0.99, 1.0)] == [1.0, 50.0, 99.0, 100.0]
    assert drill_command.quantile([3.0], 0.99) == 3.0

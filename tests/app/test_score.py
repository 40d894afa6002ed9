"""``vedette score``: a row per item."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from vedette.abc import BENIGN, MALICIOUS, UNKNOWN, Detector
from vedette.app import score as module
from vedette.app.cli import main
from vedette.app.score import Summary, _for_verdict, scored
from vedette.errors import ConfigError
from vedette.learning import registry
from vedette.testing.learned import Toy, listed, toy_model, words

BAD, GOOD = words(40, malicious=True, seed=5), words(400, malicious=False, seed=5)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(registry.VARIABLE, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def known(kind: type) -> dict[str, type]:
        return {"toy": Toy} if kind is Detector else {}

    monkeypatch.setattr(module, "discover", known)
    registry.use("toy", registry.add(toy_model()).version)
    (tmp_path / "list.txt").write_text("\n".join([*GOOD, *BAD, "shop.example/" + "y" * 400]) + "\n")
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert isinstance(left.value.code, int)
    return left.value.code


def test_json_has_a_line_per_item(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("score", "toy", "list.txt", "--json") == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [r["item"] for r in rows[:440]] == [*GOOD, *BAD]
    assert [r["sequence"] for r in rows] == list(range(441))
    assert {r["log_name"] for r in rows} == {"list.txt"}
    assert {r["verdict"] for r in rows} == {MALICIOUS, BENIGN, UNKNOWN}
    assert rows[-1]["why"] == "too long"
    assert sum(r["verdict"] == MALICIOUS for r in rows[400:440]) > 35
    bad = rows[400]
    assert 0 < bad["p_value"] < 0.05
    assert 0.5 < bad["confidence"] < 1
    assert sum(x["weight"] for x in bad["reasons"]) == pytest.approx(bad["score"], abs=1e-4)
    assert bad["time"].endswith("Z")


def test_no_reasons_when_none_are_asked_for(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("score", "toy", "list.txt", "--json", "--reasons", "0") == 1
    assert "reasons" not in json.loads(capsys.readouterr().out.splitlines()[0])


def test_parquet_is_one_file_with_the_same_rows(here: Path) -> None:
    assert run("score", "toy", "list.txt", "--parquet", "out/scores.parquet", "-q") == 1
    frame = pl.read_parquet("out/scores.parquet")
    assert frame["item"].to_list()[:440] == [*GOOD, *BAD]
    assert frame.schema["reasons"] == pl.List(
        pl.Struct({"text": pl.String, "weight": pl.Float64, "attribute": pl.String})
    )
    assert [p.name for p in Path("out").iterdir()] == ["scores.parquet"]


def test_the_terminal_shows_the_worst(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("score", "toy", "list.txt") == 1
    out = capsys.readouterr().out
    assert out.count("malicious") == 21
    assert "its letters" in out
    assert "... and 421 more" in out
    assert "list.txt" in out


def test_exit_codes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("good.txt").write_text("\n".join(sorted(set(GOOD))[:20]))
    assert run("score", "toy", "good.txt", "--json") == 0
    Path("other.log").write_text("nothing\n")
    assert run("score", "toy", "other.log", "--json") == 3
    assert run("score", "nobody", "good.txt") == 2
    assert run("score", "toy", "good.txt", "--reasons", "-1") == 2
    assert "those with a model: toy" in capsys.readouterr().err


def test_inputs_without_such_items_are_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("auth.log").write_text(
        "2026-01-05T10:00:00.000000+00:00 b sshd[1]: Failed password for root from 198.51.100.7 port 4 ssh2\n"
    )
    assert run("score", "toy", "auth.log", "--parquet", "empty.parquet") == 3
    assert "reads OSINT Inventory Info" in capsys.readouterr().err
    assert pl.read_parquet("empty.parquet").height == 0


def test_a_damaged_model_scores_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = registry.version_named("toy", registry.in_use("toy").version).folder
    (folder / "parameters.npz").write_bytes(b"x")
    assert run("score", "toy", "list.txt", "--json") == 3
    got = capsys.readouterr()
    assert "damaged" in got.err
    assert not got.out


def test_only_learned_detectors_score() -> None:
    with pytest.raises(ConfigError, match="has no model"):
        module.learned("brute_force")


def test_the_worst_do_not_depend_on_how_items_come() -> None:
    toy = Toy(toy_model())
    values = [*GOOD, *BAD]
    shown = []
    for parts in ([values], [values[i : i + 37] for i in range(0, 440, 37)]):
        summary = Summary(toy, 1)
        for rows, judged in scored(toy, (listed(p) for p in parts)):
            summary.add(rows, judged)
        shown.append(sorted(i for _, j in summary._worst for i in j["p_value"]))
        assert summary.count == 440
    assert shown[0] == shown[1]
    assert len(shown[0]) == 20


def test_the_terminal_shows_what_speaks_for_the_verdict() -> None:
    told = [("everything else", 0.5), ("a mark", 0.2), ("a known site", -0.4)]
    why = [{"text": t, "weight": w, "attribute": ""} for t, w in told] + [
        {"text": "where every item starts", "weight": 0.3, "attribute": "bias"}
    ]
    assert [r["text"] for r in _for_verdict("malicious", why)] == ["a mark", "everything else"]
    assert [r["text"] for r in _for_verdict("benign", why)] == ["a known site"]

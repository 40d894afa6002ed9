"""Learn, scan and look at what was learned, from the command line's side."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.store.profiles.made import START, Sent

from vedette.abc import Detector, FeatureSet, LogOdds, Role, Term
from vedette.app import baselines, engine, local
from vedette.app.cli import main
from vedette.config import Config
from vedette.model import Analytic, EntityKind, Severity


class Loud(LogOdds):
    """Loud host: sends far more than is normal for it.

    Known false positives:

    * backups.

    Blind spots:

    * whoever is patient.
    """

    name = "loud"
    title = "Loud host"
    needs = Sent
    analytic = Analytic.STATISTICAL
    techniques = ("T1048",)
    severity = Severity.MEDIUM
    actor = Role(EntityKind.ADDRESS, "src_endpoint.ip")

    def terms(self) -> list[Term]:
        far = pl.col("normal.bytes.deviation").clip(0, 20) * pl.when(pl.col("age") >= 48).then(3.0).otherwise(0.0)
        return [Term(far, pl.format("{} bytes", pl.col("bytes")), "bytes")]

    def sentence(self) -> pl.Expr:
        return pl.format("{} sent much.", "src_endpoint.ip")


@pytest.fixture(autouse=True)
def _made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the made-up detector and feature set are there, in an empty home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VEDETTE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def only(_config: object) -> list[type[Detector]]:
        return [Loud]

    def found(_kind: object) -> dict[str, type[FeatureSet]]:
        return {"sent": Sent}

    monkeypatch.setattr(engine, "enabled", only)
    monkeypatch.setattr(baselines, "enabled", only)
    monkeypatch.setattr(baselines, "discover", found)


def _log(path: Path, first_day: int, days: int, loud: float = 0.0) -> str:
    """Write a Zeek log of five hosts; with ``loud``, one of them sends that much in the last hour."""
    random = np.random.default_rng(first_day)
    names = "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto orig_ip_bytes resp_ip_bytes"
    types = "time string addr port addr port enum count count"
    lines = [
        "#separator \\x09",
        "#path\tconn",
        "#fields\t" + names.replace(" ", "\t"),
        "#types\t" + types.replace(" ", "\t"),
    ]
    for hour in range(24 * first_day, 24 * (first_day + days)):
        for host in range(5):
            size = loud if loud and host == 3 and hour == 24 * (first_day + days) - 1 else random.lognormal(11, 0.4)
            at = (START + timedelta(hours=hour, minutes=5 + host)).timestamp()
            lines.append(
                f"{at:.6f}\tC{hour}x{host}\t10.0.0.{host}\t40000\t192.0.2.{hour % 3}\t443\ttcp\t{size:.0f}\t5000"
            )
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    return int(ended.value.code or 0)


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:  # noqa: ANN401 - as JSON is
    capsys.readouterr()
    assert _run(*arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_what_was_learned_makes_the_next_scan_see(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history, today = _log(tmp_path / "a.log", 0, 6), _log(tmp_path / "b.log", 6, 1, loud=5e9)
    assert _run("learn", history, "-q") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "5 entities in 1 baseline, 144 windows of 6 days, 2026-03-02 00:00 to 2026-03-07 23:00 UTC" in said
    assert _run("scan", today, "-q", "--profiles", "none") == 0
    capsys.readouterr()
    assert _run("scan", today, "-q") == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "Judged against what is normal here, learned up to 2026-03-07 23:00 UTC" in said
    assert "10.0.0.3" in said


def test_a_scan_does_not_teach_unless_it_is_told_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history, today = _log(tmp_path / "a.log", 0, 3), _log(tmp_path / "b.log", 3, 1)
    assert _run("learn", history, "-q") == 0
    before = _json(capsys, "baseline", "list", "--json")
    assert _run("scan", today, "-q") == 0
    assert _json(capsys, "baseline", "list", "--json") == before
    assert _run("scan", today, "-q", "--learn") == 0
    (after,) = _json(capsys, "baseline", "list", "--json")
    assert (after["days"], after["windows"]) == (4, 96)


def test_the_same_history_is_not_learned_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = _log(tmp_path / "a.log", 0, 2)
    first = _json(capsys, "learn", history, "--json", "-q")["learned"]
    again = _json(capsys, "learn", history, "--json", "-q")["learned"]
    assert (first["windows"], first["again"]) == (48, 0)
    assert (again["windows"], again["again"]) == (48, 240)
    assert _run("scan", history, "-q") == 0
    assert "240 rows are of windows that were learned before" in " ".join(capsys.readouterr().out.split())
    assert _json(capsys, "learn", history, "--fresh", "--json", "-q")["learned"]["again"] == 0


def test_history_in_two_parts_is_history_in_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = [_log(tmp_path / f"{n}.log", n, 1) for n in range(4)]
    assert _run("learn", *parts, "-q", "--profiles", "one") == 0
    for part in parts:
        assert _run("learn", part, "-q", "--profiles", "two") == 0
    show = ("baseline", "show", "10.0.0.2", "--json", "--profiles")
    assert _json(capsys, *show, "one") == _json(capsys, *show, "two")


def test_what_is_normal_is_shown_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("learn", _log(tmp_path / "a.log", 0, 3), "-q") == 0
    capsys.readouterr()
    assert _run("baseline", "show", "10.0.0.2") == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "10.0.0.2 in sent, per hour seen in 72 windows, 2026-03-02 00:00 to 2026-03-04 23:00 UTC" in said
    assert "kB per hour, usually" in said
    assert "servers: 3 values so far, last 192.0.2" in said
    assert "cannot see yet: " in said
    assert "no weekend seen yet" in said
    assert _run("baseline", "list") == 0
    assert "sent" in capsys.readouterr().out


def test_who_is_forgotten_begins_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("learn", _log(tmp_path / "a.log", 0, 2), "-q") == 0
    assert _run("baseline", "forget", "10.0.0.2") == 0
    assert "1 entry" in capsys.readouterr().out
    assert _run("baseline", "show", "10.0.0.2") == 3
    assert _run("baseline", "forget", "10.0.0.2") == 3
    assert _run("baseline", "show", "10.0.0.1") == 0
    assert _run("learn", _log(tmp_path / "b.log", 2, 1), "-q") == 0
    (told,) = _json(capsys, "baseline", "show", "10.0.0.2", "--json")
    assert (told["baseline"], told["entries"]) == ("sent", 1)
    assert told["shown"][0]["windows"] == 24


@pytest.mark.parametrize("command", [("show", "x"), ("forget", "x")])
def test_where_nothing_was_learned_the_way_out_is_said(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("baseline", *command) == 3
    assert "nothing was learned yet" in (said := capsys.readouterr().err)
    assert "vedette learn PATH" in said
    assert _run("baseline", "list") == 0
    assert "Nothing was learned yet" in capsys.readouterr().out


def test_what_is_damaged_is_told_and_the_scan_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = _log(tmp_path / "a.log", 0, 2)
    assert _run("learn", history, "-q") == 0
    path = next((tmp_path / "home/profiles").glob("*.parquet"))
    path.write_bytes(b"PAR1")
    capsys.readouterr()
    assert _run("scan", history, "-q") == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "judged without what was learned: a baseline's file is damaged or was changed" in said
    for command in (("learn", history, "-q"), ("scan", history, "-q", "--learn"), ("baseline", "show", "10.0.0.1")):
        assert _run(*command) == 3
    assert "damaged" in capsys.readouterr().err
    assert _run("learn", history, "-q", "--fresh") == 0
    assert _run("baseline", "show", "10.0.0.1") == 0


def test_nothing_readable_teaches_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.log").write_text("")
    assert _run("learn", str(tmp_path / "empty.log"), "-q") == 3
    assert not (tmp_path / "home/profiles/baselines.json").exists()


def test_learning_keeps_no_events_and_finds_nothing(tmp_path: Path) -> None:
    made = engine.Engine(Config(), [Loud], judging=False)
    for item, batch in local.read([_log(tmp_path / "a.log", 0, 4, loud=5e9)], Config()):
        if batch is not None:
            made.feed(batch, item.name)
    outcome = made.close()
    assert outcome.findings == ()
    assert outcome.baselines is not None
    assert outcome.baselines.windows == 96
    assert made.spool.kinds() == []


class Broken(Sent):
    """Breaks."""

    name = "sent"

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        def broken(_rows: pl.DataFrame) -> pl.DataFrame:
            raise ZeroDivisionError("a bug")

        return events.map_batches(broken)


def test_what_breaks_while_learning_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Loud, "needs", Broken)
    assert _run("learn", _log(tmp_path / "a.log", 0, 2), "-q") == 0
    assert "nothing was learned of 'sent', it broke" in " ".join(capsys.readouterr().err.split())

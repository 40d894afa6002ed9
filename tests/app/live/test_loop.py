from __future__ import annotations

import io
import json
import random
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.app.live.conftest import NOON, Run, chunks

from vedette.abc import Chunk
from vedette.app import checkpoint
from vedette.app.live import loop as module
from vedette.errors import StoreError
from vedette.model import EntityKind
from vedette.store.state.stored import FindingFilter, IncidentFilter
from vedette.store.state.work import Work


def _give(run: Run, part: list[tuple[datetime, Chunk]], looks: random.Random | None = None) -> None:
    for at, chunk in part:
        run.now = at
        run.log.append([chunk], run.now)
        if looks is not None and looks.random() < 0.3:
            run.turns()


def _undisturbed(folder: Path, lives: list[Run]) -> Run:
    run = Run(folder)
    lives.append(run)
    _give(run, chunks())
    run.turns()
    return run


def test_an_attack_is_told_while_its_windows_are_open(tmp_path: Path, lives: list[Run]) -> None:
    run = Run(tmp_path)
    lives.append(run)
    part = [c for c in chunks() if c[0] <= NOON + timedelta(minutes=12)]
    _give(run, part)
    run.turns()
    (found,) = run.incidents().values()
    assert found == ("203.0.113.66 guessed passwords on bastion", 1)
    assert {told[-1] for told in run.told().values()} == {"provisional"}


@pytest.mark.parametrize("seed", range(5))
def test_whatever_stops_it_the_end_is_that_of_an_undisturbed_run(tmp_path: Path, lives: list[Run], seed: int) -> None:
    """Killed between any two turns, with checkpoints and without, looking often or never: the same findings, none twice."""
    whole = _undisturbed(tmp_path / "whole", lives)
    rng = random.Random(seed)
    run, left = Run(tmp_path / "cut"), chunks()
    while left:
        part, left = left[: (n := rng.randrange(1, 25))], left[n:]
        _give(run, part, rng)
        if rng.random() < 0.4:
            run.turns()
            run.loop.save()
        elif rng.random() < 0.6:
            run.loop.turn()
        run.die()
        run = Run(tmp_path / "cut")
        run.now = part[-1][0]
    lives.append(run)
    run.now = whole.now
    run.turns()
    assert run.told() == whole.told()
    assert len(run.told()) == 3
    assert run.incidents() == whole.incidents()


def test_segments_that_two_checkpoints_have_behind_them_are_let_go(tmp_path: Path, lives: list[Run]) -> None:
    run = _undisturbed(tmp_path, lives)
    run.loop.save()
    assert run.log.begin == 0  # the checkpoint before this may still be needed
    _give(run, [(run.now, Chunk("a", b"x" * 5000)), (run.now, Chunk("a", b"y"))])
    run.turns()
    run.loop.save()
    assert 0 < run.log.begin <= run.log.end


def test_a_store_that_is_away_is_waited_for(tmp_path: Path, lives: list[Run], monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(tmp_path)
    lives.append(run)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.001)
    commit, tries = run.state.commit, []

    def away(work: Work) -> int:
        tries.append(dict(run.loop.standing.problems))
        if len(tries) < 4:
            raise StoreError("the disk is full")
        return commit(work)

    monkeypatch.setattr(run.state, "commit", away)
    _give(run, chunks()[:60])
    run.turns()
    assert tries[3] == {"store": "the disk is full"}
    assert run.loop.standing.problems == {}
    assert run.told()


def test_a_checkpoint_that_cannot_be_written_lets_go_of_nothing(
    tmp_path: Path, lives: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _undisturbed(tmp_path, lives)

    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(checkpoint, "write", full)
    run.loop.save()
    run.loop.save()
    assert (run.log.begin, run.loop.standing.problems) == (0, {"checkpoint": "the disk is full"})


def test_a_log_that_lost_what_the_checkpoint_needs_stops_the_start(tmp_path: Path, lives: list[Run]) -> None:
    run = _undisturbed(tmp_path, lives)
    run.loop.save()
    run.die()
    lives.clear()
    for path in (tmp_path / "log").iterdir():
        path.unlink()
    with pytest.raises(StoreError, match="the checkpoint stands at record"):
        Run(tmp_path)


def test_time_goes_on_where_nothing_comes(tmp_path: Path, lives: list[Run]) -> None:
    """Windows close though no event comes any more."""
    run = Run(tmp_path)
    lives.append(run)
    _give(run, [c for c in chunks() if c[0] <= NOON + timedelta(minutes=12)])
    run.turns()
    run.now += timedelta(seconds=15)
    run.loop.turn()
    assert run.log.read(run.log.end - 1)[0].chunk == module.TICK
    for _ in range(40):
        run.now += timedelta(seconds=15)
        run.log.append([module.TICK], run.now)
    run.turns()
    assert run.engine.until == run.loop.clock.until
    assert timedelta(minutes=5) < run.now - (run.engine.until or NOON) < timedelta(minutes=7)
    assert len(run.incidents()) == 1


def test_under_load_looks_wait_first_then_what_only_corroborates(tmp_path: Path, lives: list[Run]) -> None:
    run = Run(tmp_path)
    lives.append(run)
    _give(run, chunks()[:30])
    run.turns()
    run.log.append([Chunk("auth.log", b"x\n"), Chunk("auth.log", b"y\n")], run.now)
    came = run.now
    for behind, level in ((1, 0), (70, 1), (400, 2)):
        run.now = came + timedelta(seconds=behind)
        run.loop._shed()
        assert run.loop.standing.shedding == run.engine.shedding == level
    assert run.loop._pause(waiting=True) >= module.RARELY_SECONDS


def _has(folder: Path, name: str) -> list[str]:
    """Return the files below a folder in which a name stands, as it is or in frames."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        texts = [data]
        if path.parent.parent.name == "checkpoints" and path.suffix not in {".json", ".sha256"}:
            about = {p["name"]: p for p in json.loads((path.parent / "manifest.json").read_text())["parts"]}
            for begin, size in about[path.name]["sections"].values() if path.name in about else ():
                part = data[begin : begin + size]
                if part.startswith(b"ARROW1"):
                    texts.append(repr(pl.read_ipc(io.BytesIO(part)).to_dicts()).encode())
        if any(name.encode() in t for t in texts):
            found.append(path.name)
    return found


def _stored(run: Run) -> str:
    """Return all that the store tells of incidents and findings, in one text."""
    incidents = run.state.incidents(IncidentFilter(), limit=500).items
    uids = [f.finding.uid for f in run.state.findings(FindingFilter(), limit=500).items if f.state != "withdrawn"]
    return repr(
        [run.state.incident(i.incident.uid) for i in incidents if not i.gone] + [run.state.finding(u) for u in uids]
    )


def test_who_is_erased_is_in_no_checkpoint_and_the_story_goes_on_under_a_token(
    tmp_path: Path, lives: list[Run]
) -> None:
    run = Run(tmp_path)
    lives.append(run)
    left = [c for c in chunks() if c[0] > NOON + timedelta(minutes=51)]
    _give(run, [c for c in chunks() if c[0] <= NOON + timedelta(minutes=51)])
    run.turns()
    run.loop.save()
    folder, name = tmp_path / "checkpoints", "203.0.113.66"
    assert len(list(folder.iterdir())) == 1
    assert _has(folder, name)
    assert name in _stored(run)
    kind = EntityKind.ADDRESS
    token = run.state.begin_erasure(kind, name).token
    run.loop.erase()
    run.loop.turn()
    assert run.loop.clean == {token}
    run.state.erase(kind, name)
    assert _has(folder, name) == []
    assert len(list(folder.iterdir())) == 1, "the checkpoints before are gone"
    run.loop._look()
    run.loop.save()
    assert _has(folder, name) == []
    assert all(name not in repr(f) for f in run.loop.parts.desk.held.values())
    assert name not in _stored(run)
    assert token in _stored(run)
    before = run.told()
    _give(run, [c for c in left if b"203.0.113.66" not in c[1].data])
    run.turns()
    assert run.told().keys() - before.keys(), "it goes on"
    assert "203.0.113.77" in _stored(run)
    assert name not in _stored(run)


def test_an_erasure_that_was_interrupted_is_taken_up_at_the_next_start(tmp_path: Path, lives: list[Run]) -> None:
    run = _undisturbed(tmp_path, lives)
    run.loop.save()
    token = run.state.begin_erasure(EntityKind.ADDRESS, "203.0.113.66").token
    assert _has(tmp_path / "checkpoints", "203.0.113.66")
    again = Run(tmp_path)
    lives.append(again)
    again.now = run.now
    again.turns()
    again.loop.turn()
    assert again.loop.clean == {token}
    assert _has(tmp_path / "checkpoints", "203.0.113.66") == []


def test_an_erasure_that_cannot_be_written_is_told_and_tried_again(
    tmp_path: Path, lives: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _undisturbed(tmp_path, lives)
    run.loop.save()
    run.state.begin_erasure(EntityKind.ADDRESS, "203.0.113.66")

    def full(*_: object) -> Path:
        raise StoreError("no room")

    monkeypatch.setattr(checkpoint, "write", full)
    run.loop.erase()
    run.loop.turn()
    assert run.loop.standing.problems["erasure"] == "no room"
    assert run.loop.clean == set()
    monkeypatch.undo()
    run.loop.turn()
    assert "erasure" not in run.loop.standing.problems
    assert _has(tmp_path / "checkpoints", "203.0.113.66") == []

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from vedette.app.live import upkeep
from vedette.app.live.upkeep import Upkeep
from vedette.config.service import Retention
from vedette.errors import StoreError
from vedette.store.lake import Lake
from vedette.store.state.connect import file_url
from vedette.store.state.state import State
from vedette.store.state.stored import FindingFilter
from vedette.store.state.work import Work
from vedette.testing.flows import flows
from vedette.testing.made import NOON, finding

WEEK = Retention(events_days=7, findings_days=7)
DAY = timedelta(days=1)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    opened = State.open(file_url(tmp_path / "state.db"), clock=lambda: NOON + 8 * DAY)
    made = [
        finding("10.0.0.1", "10.0.0.2", "T1", uid="old"),
        finding("10.0.0.1", "10.0.0.2", "T1", uid="young", at=3_000),
    ]
    opened.commit(Work(1, made))
    yield opened
    opened.close()


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    """Return a lake of two days, each in three small files."""
    at = [NOON.timestamp()]
    made = Lake(tmp_path / "lake", WEEK, clock=lambda: at[0])
    for number in range(6):
        at[0] = (NOON + (number // 3) * 4 * DAY).timestamp()
        made.add(flows(3), number)
        made.flush()
    yield made
    made.close()


def held(state: State) -> list[str]:
    return [f.finding.uid for f in state.findings(FindingFilter()).items]


def files(lake: Lake) -> int:
    return len(list(lake.folder.rglob("*.parquet")))


def test_what_was_kept_for_long_enough_goes(state: State, lake: Lake) -> None:
    done = Upkeep(state, lake, lambda: 0, WEEK)
    done.tidy(NOON + 7.5 * DAY)
    assert held(state) == ["young"]
    assert files(lake) == 3
    assert done.trouble == ""


def test_small_files_become_one_only_where_no_checkpoint_needs_them(
    state: State, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def compact(upto: int) -> int:
        asked.append(upto)
        return 0

    monkeypatch.setattr(lake, "compact", compact)
    Upkeep(state, lake, lambda: 5, WEEK).tidy(NOON)
    assert asked == [5]


def test_a_service_without_a_lake_prunes_findings(state: State) -> None:
    Upkeep(state, None, lambda: 0, WEEK).tidy(NOON + 8 * DAY)
    assert held(state) == ["young"]


def test_a_step_that_fails_is_told_and_stops_no_other(
    state: State, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_before: object) -> int:
        raise StoreError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(state, "prune", broken)
        done = Upkeep(state, lake, lambda: 0, WEEK)
        done.tidy(NOON + 8 * DAY)
    assert done.trouble == "the disk is gone"
    assert files(lake) == 3
    done.tidy(NOON + 8 * DAY)
    assert done.trouble == "", "it is forgotten once it works"


def test_it_begins_by_itself_and_ends_when_it_is_told(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "FIRST_SECONDS", 0.01)
    done = Upkeep(state, None, lambda: 0, WEEK, lambda: NOON + 20 * DAY)
    done.start()
    until = time.monotonic() + 30
    while held(state) and time.monotonic() < until:
        time.sleep(0.01)
    began = time.monotonic()
    done.stop()
    assert time.monotonic() - began < 10
    assert held(state) == []


def test_it_may_be_stopped_before_it_began(state: State) -> None:
    Upkeep(state, None, lambda: 0, WEEK).stop()

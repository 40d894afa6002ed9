"""Events in the lake are there once, whatever happened; other tools read them."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vedette.config.service import Retention
from vedette.errors import StoreError
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, TIME, EventClass
from vedette.store import lake as module
from vedette.store.lake import Lake
from vedette.store.lake_file import write_whole
from vedette.testing.events import random_events
from vedette.testing.small_disk import fill, small_disk

WHEN = datetime(2026, 11, 23, 10, tzinfo=UTC)
KIND = EventClass.DNS_ACTIVITY
DAY = 86_400.0


def batch(*numbers: int, kind: EventClass = KIND, days: float = 0, of: Mapping[str, str] | None = None) -> EventBatch:
    """Return events that are a second apart; what they are ``of`` is the same for all."""
    times = [WHEN + timedelta(days=days, seconds=n) for n in numbers]
    frame = pl.DataFrame(
        {"time": times, "metadata.sequence": numbers, **{c: [v] * len(numbers) for c, v in (of or {}).items()}},
        schema_overrides={"time": TIME, "metadata.sequence": pl.Int64()},
    )
    return EventBatch(kind, frame)


def numbers(
    lake: Lake, kind: EventClass = KIND, since: datetime | None = None, until: datetime | None = None
) -> list[int]:
    return [n for b in lake.read(kind, since, until) for n in b.frame["metadata.sequence"].to_list()]


@pytest.fixture
def lakes(tmp_path: Path) -> Iterator[Callable[..., Lake]]:
    """Return a maker of lakes of one folder, each as another process has it."""
    made: list[Lake] = []

    def make(recent_bytes: int = 0, now: float = WHEN.timestamp(), **days: float) -> Lake:
        retention = Retention(events_days=days.pop("events_days", 30), classes=days)
        made.append(Lake(tmp_path / "lake", retention, recent_bytes, clock=lambda: now))
        return made[-1]

    yield make
    for lake in made:
        lake.close()


Lakes = Callable[..., Lake]


@pytest.mark.parametrize("recent_bytes", [0, 1 << 20])
def test_what_comes_out_is_what_went_in_in_its_order(lakes: Lakes, recent_bytes: int) -> None:
    lake = lakes(recent_bytes)
    for position in range(6):
        lake.add(batch(*range(position * 10, position * 10 + 10)), position)
        if position % 2:
            lake.flush()
        lake.add(batch(7, kind=EventClass.HTTP_ACTIVITY), position)
    assert numbers(lake) == list(range(60))
    assert lake.kinds() == [EventClass.HTTP_ACTIVITY, KIND]
    assert [b.frame["metadata.sequence"][0] for b in lake.read(KIND, newest_first=True)] == [40, 20, 0]
    lake.flush()
    again = lakes()
    assert numbers(again) == list(range(60))
    assert again.bytes == sum(p.stat().st_size for p in again.folder.rglob("*.parquet")) == lake.bytes


def test_only_what_may_lie_in_a_stretch_of_time_is_read(lakes: Lakes, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = lakes()
    for position in range(5):
        lake.add(batch(*range(position * 10, position * 10 + 10)), position)
        lake.flush()
    lake.add(batch(50, 51), 9)
    lake.add(batch(99), 9)
    read: list[str] = []
    monkeypatch.setattr(pl, "scan_parquet", _noting(read, pl.scan_parquet))
    since, until = WHEN + timedelta(seconds=25), WHEN + timedelta(seconds=51)
    assert numbers(lake, since=since, until=until) == [*range(25, 50), 50, 51]
    assert len(read) == 3


def _noting(read: list[str], scan: Callable[..., pl.LazyFrame]) -> Callable[..., pl.LazyFrame]:
    def noted(path: Path, **how: bool) -> pl.LazyFrame:
        read.append(path.name)
        return scan(path, **how)

    return noted


def test_the_position_is_that_which_was_set(lakes: Lakes) -> None:
    lake = lakes()
    lake.position = 12
    lake.add(batch(1))
    lake.position = 13
    lake.add(batch(2))
    lake.flush()
    assert next(lake.folder.rglob("*.parquet")).name.startswith("0000000000000012-0000000000000013_")


# ------------------------------------------------------------------------------------------------------------- crashes


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rng=st.randoms(use_true_random=False))
def test_after_any_crash_everything_is_there_once(tmp_path_factory: pytest.TempPathFactory, rng: random.Random) -> None:
    """What is in the log behind the checkpoint comes again; whatever was written of it before is gone."""
    folder = tmp_path_factory.mktemp("lake")
    lake, position, checkpoints = Lake(folder, recent_bytes=0), 0, [0, 0]  # two are kept
    while position < 40:
        what = rng.random()
        if what < 0.6:
            lake.add(batch(position, days=rng.choice([-1, 0])), position)
            position += 1
        elif what < 0.75:
            lake.flush()
            checkpoints = [checkpoints[-1], position]
        elif what < 0.8:
            lake.flush()
        elif what < 0.9:
            lake.compact(checkpoints[0])
        else:  # killed: nothing is closed; the last checkpoint may be damaged
            lake, position = Lake(folder, recent_bytes=0), rng.choice(checkpoints)
            lake.truncate_after(position)
            checkpoints = [c for c in checkpoints if c <= position]
    assert sorted(numbers(lake)) == list(range(40))
    lake.close()
    assert sorted(numbers(Lake(folder))) == list(range(40))


def test_an_interrupted_writing_leaves_no_litter(lakes: Lakes, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = lakes()
    lake.add(batch(1), 1)
    lake.flush()
    replaced = Path.replace

    def killed(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    lake.add(batch(2), 2)
    with pytest.raises(KeyboardInterrupt):
        lake.flush()
    monkeypatch.setattr(Path, "replace", replaced)
    assert list(lake.folder.rglob(".new-*"))
    again = lakes()
    assert not list(lake.folder.rglob(".new-*"))
    assert numbers(again) == [1]


def test_an_interrupted_merging_leaves_everything_once(lakes: Lakes) -> None:
    lake = lakes(now=WHEN.timestamp() + 2 * DAY)
    for position in range(4):
        lake.add(batch(position), position)
        lake.flush()
    assert lake.compact(4) == 3
    assert len(list(lake.folder.rglob("*.parquet"))) == 5, "somebody may be reading the old ones"
    assert numbers(lake) == [0, 1, 2, 3]
    again = lakes()  # killed before the old ones were removed
    assert numbers(again) == [0, 1, 2, 3]
    assert len(list(lake.folder.rglob("*.parquet"))) == 1


def test_a_reader_in_the_middle_is_not_disturbed_by_merging(lakes: Lakes) -> None:
    lake = lakes(now=WHEN.timestamp() + 2 * DAY)
    for position in range(4):
        lake.add(batch(position), position)
        lake.flush()
    reading = lake.read(KIND)
    first = next(reading).frame["metadata.sequence"].to_list()
    assert lake.compact(4) == 3
    assert first + [n for b in reading for n in b.frame["metadata.sequence"].to_list()] == [0, 1, 2, 3]


def test_records_behind_a_checkpoint_are_not_merged(lakes: Lakes) -> None:
    lake = lakes(now=WHEN.timestamp() + 2 * DAY)
    for position in range(4):
        lake.add(batch(position), position)
        lake.flush()
    assert lake.compact(2) == 1
    lake.truncate_after(2)
    assert numbers(lake) == [0, 1]


def test_a_file_that_lies_across_a_checkpoint_stays(lakes: Lakes, caplog: pytest.LogCaptureFixture) -> None:
    lake = lakes()
    lake.add(batch(1), 1)
    lake.add(batch(5), 5)
    lake.flush()
    lake.truncate_after(3)
    assert numbers(lake) == [1, 5]
    assert "it stays" in caplog.text


# ---------------------------------------------------------------------------------------------------------- a full disk


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Return what fills the disk, or makes room."""
    state = {"full": False}

    def maybe(frame: pl.DataFrame, target: Path) -> int:
        if state["full"]:
            raise StoreError("events cannot be written to the lake: No space left on device", where=str(target))
        return write_whole(frame, target)

    monkeypatch.setattr(module, "write_whole", maybe)
    return lambda is_full: state.update(full=is_full)


def test_what_cannot_be_written_is_kept_and_written_later(lakes: Lakes, full: Callable[[bool], None]) -> None:
    lake = lakes()
    lake.add(batch(1), 1)
    lake.add(batch(2, days=1), 1)
    full(True)
    with pytest.raises(StoreError, match="No space left"):
        lake.flush()
    lake.add(batch(3), 2)
    assert sorted(numbers(lake)) == [1, 2, 3]
    full(False)
    lake.flush()
    assert sorted(numbers(lakes())) == [1, 2, 3]
    assert lake.lost == 0


def test_memory_is_bounded_while_the_disk_is_full(
    lakes: Lakes, full: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FLUSH_BYTES", 10_000)
    lake = lakes(20_000)
    full(True)
    for position in range(60):
        lake.add(batch(*range(100)), position)
    held = sum(len(b) for b in lake.read(KIND))
    assert held + lake.lost == 6_000
    assert lake.lost > 2_000


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    try:
        with small_disk(tmp_path / "disk", 1) as disk:
            lake = Lake(disk / "lake", recent_bytes=0)
            lake.add(batch(*range(100)), 1)
            lake.flush()
            filler = fill(disk, 4096)
            lake.add(batch(*range(100, 30_000)), 2)
            with pytest.raises(StoreError, match="No space left"):
                lake.flush()
            assert len(list((disk / "lake").rglob("*.parquet"))) == 1
            assert not list((disk / "lake").rglob(".new-*"))
            assert numbers(Lake(disk / "lake")) == list(range(100)), "killed now"
            filler.unlink()
            lake.flush()
            assert numbers(Lake(disk / "lake")) == list(range(30_000))
    except PermissionError as error:
        pytest.skip(str(error))


def test_much_is_written_without_being_asked(lakes: Lakes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FLUSH_BYTES", 10_000)
    lake = lakes(1_000)
    for position in range(40):
        lake.add(batch(*range(100)), position)
    assert len(list(lake.folder.rglob("*.parquet"))) > 2
    assert len(numbers(lake)) == 4_000


# -------------------------------------------------------------------------------------------------- retention, erasure


def test_files_go_when_their_time_is_over_by_class(lakes: Lakes) -> None:
    lake = lakes(dns_activity=7, events_days=30)
    lake.add(batch(1), 1)
    lake.add(batch(2, days=-4000), 1)
    lake.add(batch(3, kind=EventClass.HTTP_ACTIVITY), 1)
    lake.flush()
    assert lake.prune(WHEN + timedelta(days=6)) == 0
    assert lake.prune(WHEN + timedelta(days=8)) == 2
    assert numbers(lake) == []
    assert numbers(lake, EventClass.HTTP_ACTIVITY) == [3]
    assert lake.prune(WHEN + timedelta(days=31)) == 1
    assert not list(lake.folder.rglob("*.parquet"))
    assert lake.bytes == 0


@pytest.mark.parametrize("recent_bytes", [0, 1 << 20])
def test_a_person_is_erased_wherever_the_events_are(
    lakes: Lakes, recent_bytes: int, full: Callable[[bool], None]
) -> None:
    lake = lakes(recent_bytes, now=WHEN.timestamp() + 2 * DAY)
    for position in range(3):
        lake.add(batch(position, of={"actor.user.name": "zelda"}), position)
        lake.add(batch(10 + position, of={"actor.user.name": "bob"}), position)
        lake.flush()
    lake.compact(2)
    full(True)
    lake.add(batch(20, of={"actor.user.name": "zelda"}), 3)
    lake.add(batch(21, of={"query.hostname": "zelda"}, days=1), 3)
    with pytest.raises(StoreError):
        lake.flush()
    full(False)
    lake.add(batch(30, of={"query.hostname": "say zelda twice"}), 4)
    assert lake.erase("zelda") == 5
    assert sorted(numbers(lake)) == [10, 11, 12, 30]
    assert lake.erase("zelda", anywhere=True) == 1
    assert lake.erase("zelda", anywhere=True) == 0
    lake.flush()
    assert sorted(numbers(lakes())) == [10, 11, 12]
    assert b"zelda" not in b"".join(p.read_bytes() for p in lake.folder.rglob("*.parquet"))


# ------------------------------------------------------------------------------------------------- hostile, other tools


def test_hostile_names_and_columns_that_differ(lakes: Lakes) -> None:
    lake = lakes()
    names = ["unmapped.a\nb", 'unmapped."; drop', "unmapped.", "unmapped.\x00", "unmapped.ü", "unmapped." + "x" * 5000]
    lake.add(batch(1, of=dict.fromkeys(names, "v")), 1)
    lake.add(batch(2), 1)
    lake.flush()
    lake.add(batch(3, of={"unmapped.other": "w"}), 2)
    lake.flush()
    again = lakes()
    assert numbers(again) == [1, 2, 3]
    first = next(again.read(KIND)).frame
    assert set(names) <= set(first.columns)
    assert first[names[0]].to_list() == ["v", None]


@pytest.mark.parametrize("kind", list(EventClass), ids=lambda k: k.name)
def test_every_class_comes_back_as_it_was(lakes: Lakes, kind: EventClass) -> None:
    given_events = random_events(kind, n=50, seed=3) if kind is not EventClass.REJECT else _rejects()
    lake = lakes()
    lake.add(given_events, 1)
    lake.flush()
    read = pl.concat([b.frame for b in lakes().read(kind)])
    columns = given_events.frame.columns
    assert read.select(columns).sort("metadata.sequence").equals(given_events.frame.sort("metadata.sequence"))


def _rejects() -> EventBatch:
    schema = {c: SCHEMAS[EventClass.REJECT][c] for c in ("time", "metadata.sequence")}
    return EventBatch(
        EventClass.REJECT, pl.DataFrame({"time": [None, WHEN], "metadata.sequence": [1, 2]}, schema=schema)
    )


def test_a_damaged_file_does_not_stop_the_others(lakes: Lakes, caplog: pytest.LogCaptureFixture) -> None:
    lake = lakes()
    for position in range(3):
        lake.add(batch(position), position)
        lake.flush()
    path = sorted(lake.folder.rglob("*.parquet"))[1]
    path.write_bytes(path.read_bytes()[:40])
    assert numbers(lakes()) == [0, 2]
    assert "cannot be read" in caplog.text


def test_another_tool_reads_it_as_a_table(lakes: Lakes) -> None:
    duckdb = pytest.importorskip("duckdb")
    lake = lakes()
    lake.add(batch(1, 2, of={"src_endpoint.ip": "10.0.0.5"}), 1)
    lake.add(batch(3, days=1, of={"unmapped.other": "w"}), 1)
    lake.add(_rejects(), 1)
    lake.flush()
    found = duckdb.execute(
        """select "class", "eventDay", count(*), max("src_endpoint.ip"), max(time)
        from read_parquet($files, hive_partitioning=true, union_by_name=true)
        where time is null or "class" = 4003 group by 1, 2 order by 2""",
        {"files": f"{lake.folder}/*/*/*.parquet"},
    ).fetchall()
    assert [row[:4] for row in found] == [
        (EventClass.REJECT.value, 19700101, 1, None),
        (4003, 20261123, 2, "10.0.0.5"),
        (4003, 20261124, 1, None),
    ]


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("x")
    with pytest.raises(StoreError, match="cannot be opened"):
        Lake(tmp_path / "lake")


def test_threads_may_add_read_and_merge_at_once(lakes: Lakes) -> None:
    lake, errors = lakes(now=WHEN.timestamp() + 2 * DAY), []

    def upkeep() -> None:
        try:
            for _ in range(10):
                lake.compact(lake.position)
                seen = numbers(lake)
                assert len(seen) == len(set(seen))
        except Exception as error:  # noqa: BLE001 - told below
            errors.append(error)

    thread = threading.Thread(target=upkeep)
    thread.start()
    for position in range(60):
        lake.position = position
        lake.add(batch(position))
        lake.flush()
    thread.join()
    assert not errors
    assert sorted(numbers(lake)) == list(range(60))

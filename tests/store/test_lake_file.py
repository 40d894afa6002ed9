from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from vedette.errors import StoreError
from vedette.events.schema import TIME, EventClass
from vedette.store.lake_file import ODD_DAY, LakeFile, joined, microseconds, named, span, write_whole

WHEN = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize("since", [microseconds(WHEN), 0, -(2**62)])
@pytest.mark.parametrize(("day", "merged"), [("20261123", True), (ODD_DAY, False)])
def test_a_name_says_all_of_a_file(tmp_path: Path, since: int, day: str, merged: bool) -> None:
    file = LakeFile(EventClass.DNS_ACTIVITY, day, 12, 10**17, since, since + 5, 1_795_305_600, 3, merged)
    path = tmp_path / file.name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PAR1")
    read = named(path, tmp_path)
    assert read is not None
    assert (read.name, read.kind, read.day, read.first, read.last) == (file.name, file.kind, day, 12, 10**17)
    assert (read.since, read.until, read.part, read.merged, read.size) == (since, since + 5, 3, merged, 4)


@pytest.mark.parametrize(
    "name",
    [
        "class=4003/eventDay=20261123/other.parquet",
        "class=4003/0000000000000001-0000000000000002_0-1_2_0.parquet",
        "class=77/eventDay=20261123/0000000000000001-0000000000000002_0-1_2_0.parquet",
        "class=4003/eventDay=20261123/0000000000000001-0000000000000002_0-1_2_0.parquet.bak",
    ],
)
def test_what_is_none_of_ours_is_passed_over(tmp_path: Path, name: str) -> None:
    assert named(tmp_path / name, tmp_path) is None
    assert named(Path("/elsewhere") / name, tmp_path) is None


def test_times_that_meet() -> None:
    at = microseconds(WHEN)
    file = LakeFile(EventClass.DNS_ACTIVITY, "20261123", 1, 1, at, at + 1_000_000, 0)
    second = timedelta(seconds=1)
    assert file.meets(None, None)
    assert file.meets(WHEN + second, None)
    assert not file.meets(WHEN + 2 * second, None)
    assert not file.meets(None, WHEN)
    assert file.meets(None, WHEN + second / 2)


def test_a_merged_file_replaces_what_lies_within_it() -> None:
    def file(first: int, last: int, *, merged: bool = False, day: str = "1") -> LakeFile:
        return LakeFile(EventClass.DNS_ACTIVITY, day, first, last, 0, 0, 0, 0, merged)

    whole = file(1, 9, merged=True)
    assert whole.replaces(file(1, 3))
    assert whole.replaces(file(2, 5, merged=True))
    assert not whole.replaces(whole)
    assert not whole.replaces(file(1, 10))
    assert not whole.replaces(file(1, 3, day="2"))
    assert not file(1, 9).replaces(file(1, 3))


def test_columns_have_one_order_and_what_is_lacking_is_null() -> None:
    one = pl.DataFrame({"unmapped.b": ["x"], "time": [WHEN]}, schema_overrides={"time": TIME})
    two = pl.DataFrame({"time": [WHEN], "metadata.sequence": [1]}, schema_overrides={"time": TIME})
    whole = joined([one, two], EventClass.DNS_ACTIVITY)
    assert whole.columns.index("unmapped.b") == 2
    assert whole["unmapped.b"].to_list() == ["x", None]
    assert span(whole) == (microseconds(WHEN),) * 2
    assert span(whole.clear()) == (0, 0)


def test_who_cannot_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame, target = pl.DataFrame({"a": [1]}), tmp_path / "day" / "one.parquet"
    assert write_whole(frame, target) == target.stat().st_size

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        write_whole(pl.DataFrame({"a": [2]}), target)
    assert [p.name for p in target.parent.iterdir()] == ["one.parquet"]
    assert pl.read_parquet(target)["a"].to_list() == [1]

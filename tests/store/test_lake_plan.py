from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import TIME, EventClass
from vedette.store.lake_file import ODD_DAY, LakeFile, span
from vedette.store.lake_plan import (
    MANY_FILES,
    MERGED_BYTES,
    MOST_COLUMNS,
    MOST_DAYS,
    Waiting,
    plan,
    runs,
    united,
    without,
)

WHEN = datetime(2026, 11, 23, 10, tzinfo=UTC)


def _waiting(position: int, *days: int, columns: int = 0, kind: EventClass = EventClass.DNS_ACTIVITY) -> Waiting:
    names = {f"unmapped.{position}.{n}": ["x"] * len(days) for n in range(columns)}
    frame = pl.DataFrame({"time": [WHEN + timedelta(days=d) for d in days], **names}, schema_overrides={"time": TIME})
    return Waiting(EventBatch(kind, frame), position, *span(frame))


def _file(first: int, last: int = 0, size: int = 1, day: str = "20261123") -> LakeFile:
    return LakeFile(EventClass.DNS_ACTIVITY, day, first, last or first, 0, 0, first, size=size)


def test_a_file_is_of_one_class_and_day() -> None:
    files = plan([_waiting(1, 0, 1), _waiting(2, 1), _waiting(3, 0, kind=EventClass.HTTP_ACTIVITY)], 9)
    told = [(f.kind, f.day, f.first, f.last, f.rows.height) for f in files]
    assert sorted(told) == [
        (EventClass.HTTP_ACTIVITY, "20261123", 3, 3, 1),
        (EventClass.DNS_ACTIVITY, "20261123", 1, 2, 1),
        (EventClass.DNS_ACTIVITY, "20261124", 1, 2, 2),
    ]
    assert len({f.name for f in files}) == 3


def test_ever_new_names_do_not_share_a_file() -> None:
    files = plan([_waiting(n, 0, columns=MOST_COLUMNS // 3) for n in range(5)], 9)
    assert [f.rows.height for f in files] == [3, 2]
    assert max(f.rows.width for f in files) <= MOST_COLUMNS


def test_ever_new_days_do_not_make_a_file_each() -> None:
    files = plan([_waiting(1, *range(100), 3, 3, 7)], 9)
    assert len(files) == MOST_DAYS + 1
    odd = [f for f in files if f.day == ODD_DAY]
    assert odd[0].rows.height == 100 - MOST_DAYS
    assert {"20261126", "20261130"} <= {f.day for f in files}
    assert sum(f.rows.height for f in files) == 103


def test_neighbours_are_made_one_when_their_day_is_over() -> None:
    files = [_file(n) for n in range(1, 6)]
    assert list(runs(files, "20261123")) == []
    assert list(runs(files, "20261124")) == [files]
    many = [_file(n) for n in range(MANY_FILES)]
    assert list(runs(many, "20261123")) == [many]
    assert list(runs([_file(1), _file(2, day="20261122")], "20261124")) == []


def test_a_run_is_bounded_and_files_with_records_in_common_stay_together() -> None:
    half = MERGED_BYTES // 2
    one, two, three, four = _file(1, 4, half), _file(4, 6, 1), _file(7, 7, half), _file(8, 9, 1)
    assert list(runs([one, two, three, four], "20261124")) == [[one, two], [three, four]]
    large, small, last = _file(1, size=MERGED_BYTES + 1), _file(2), _file(3)
    assert list(runs([large, small, last], "20261124")) == [[small, last]]


def test_what_takes_the_place_of_several_says_what_they_said() -> None:
    one = united([_file(3, 5), _file(6, 9)])
    assert (one.first, one.last, one.written, one.merged) == (3, 9, 6, True)
    assert one.replaces(_file(3, 5))


def test_rows_that_name_a_person() -> None:
    frame = pl.DataFrame(
        {
            "user": ["ada", "bob", None, "ada.l"],
            "message": ["x", "mail of ada@example.com", "adana", None],
            "who": [["ada"], ["eve"], None, ["bob"]],
            "n": [1, 2, 3, 4],
        }
    )
    assert without(frame, "ada", anywhere=False)["n"].to_list() == [2, 3, 4]
    assert without(frame, "ada", anywhere=True)["n"].to_list() == [3]
    assert without(frame, "bob", anywhere=False)["n"].to_list() == [1, 3]
    assert without(frame, ".*", anywhere=True).height == 4
    assert without(frame.select("n"), "ada", anywhere=True).height == 4

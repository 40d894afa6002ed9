from __future__ import annotations

import polars as pl
from polars.testing import assert_frame_equal

from vedette.app import gather
from vedette.app.gather import ENOUGH_ROWS, Gather
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.testing.events import random_events

KIND = EventClass.DNS_ACTIVITY


def test_small_batches_become_one_with_the_same_rows() -> None:
    joiner, whole = Gather(), random_events(KIND, n=100)
    parts = [EventBatch(KIND, whole.frame[i : i + 10], records=7) for i in range(0, 100, 10)]
    assert not [b for p in parts for b in joiner.add(p)]
    (joined,) = joiner.flush()
    assert_frame_equal(joined.frame, whole.frame)
    assert joined.records == 70
    assert not list(joiner.flush())


def test_large_batches_go_on_and_keep_their_place() -> None:
    joiner, small, large = Gather(), random_events(KIND, n=10), random_events(KIND, n=ENOUGH_ROWS)
    given = [*joiner.add(small), *joiner.add(large), *joiner.flush()]
    assert [len(b) for b in given] == [10, ENOUGH_ROWS]
    assert given[1] is large


def test_other_columns_and_other_classes_do_not_mix() -> None:
    joiner, one = Gather(), random_events(KIND, n=10)
    fewer = EventBatch(KIND, one.frame.select("time", "metadata.sequence"))
    given = [
        *joiner.add(one),
        *joiner.add(fewer),
        *joiner.add(random_events(EventClass.HTTP_ACTIVITY, n=3)),
        *joiner.flush(),
    ]
    assert [len(b) for b in given] == [10, 10, 3]


def test_what_waits_is_bounded() -> None:
    joiner, long = Gather(), "x" * 1_000_000
    frame = pl.DataFrame(
        {"time": [None], "message": [long]}, schema={"time": pl.Datetime("us", "UTC"), "message": pl.String}
    )
    given = [b for _ in range(70) for b in joiner.add(EventBatch(EventClass.REJECT, frame))]
    assert [len(b) for b in given] == [gather.MOST_BYTES // 1_000_000 + 1] * 2

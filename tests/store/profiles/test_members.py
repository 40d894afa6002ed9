from __future__ import annotations

import time
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.store.profiles.made import START

from vedette.store.profiles.members import Members


def _look(members: Members, rows: pl.DataFrame, *, learn: bool = True) -> pl.DataFrame:
    time = rows["time"].dt.timestamp("us").to_numpy()
    return pl.DataFrame(members.look(rows["names"], rows["entity"].to_numpy(), time, learn=learn))


Line = tuple[int, int, list[str | None] | None]


def _rows(lines: list[Line]) -> pl.DataFrame:
    """Return rows of (entity, minute, members)."""
    frame = pl.DataFrame(
        lines, schema={"entity": pl.Int64, "minute": pl.Int64, "names": pl.List(pl.String)}, orient="row"
    )
    return frame.with_columns(
        time=(pl.lit(START) + pl.col("minute") * timedelta(minutes=1)).cast(pl.Datetime("us", "UTC"))
    )


def _plainly(lines: list[Line]) -> tuple[list[list[bool]], list[list[int]]]:
    """Return what should come out, by the definition: over all pairs, one by one."""
    first: dict[tuple[int, str], int] = {}
    for entity, minute, names in lines:
        for name in names or ():
            if name is not None:
                first[entity, name] = min(minute, first.get((entity, name), minute))
    had = [[first[e, n] < t for n in names or () if n is not None] for e, t, names in lines]
    others = [
        [sum(f <= t for (other, m), f in first.items() if m == n and other != e) for n in names or () if n is not None]
        for e, t, names in lines
    ]
    return had, others


def _random(seed: int, size: int = 200) -> list[Line]:
    random = np.random.default_rng(seed)
    return [
        (int(random.integers(6)), minute // 4, [f"n{i}" for i in random.integers(0, 12, random.integers(0, 4))])
        for minute in range(size)
    ]


@pytest.mark.parametrize("at_a_time", [4, 40, 200])
def test_it_is_what_the_definition_says_in_any_batches(at_a_time: int) -> None:
    lines, members = _random(1), Members("names")
    told = pl.concat([_look(members, _rows(lines[i : i + at_a_time])) for i in range(0, 200, at_a_time)])
    had, others = _plainly(lines)
    assert told["had.names"].to_list() == had
    assert told["others.names"].to_list() == others
    assert len(members) == len({(e, n) for e, _, names in lines for n in names or ()})


def test_nothing_and_null_are_no_members() -> None:
    told = _look(Members("names"), _rows([(0, 0, None), (0, 0, []), (1, 0, [None, "x"])]))
    assert told["had.names"].to_list() == [[], [], [False]]
    assert told["others.names"].to_list() == [[], [], [0]]


def test_what_is_only_judged_is_judged_as_of_its_time_and_not_learned() -> None:
    lines, members = _random(2), Members("names")
    _look(members, _rows(lines))
    before = members.seen.sort("entity", "member")
    told = _look(members, _rows(lines), learn=False)
    had, others = _plainly(lines)
    assert told["had.names"].to_list() == had
    assert told["others.names"].to_list() == others
    stranger = _look(members, _rows([(-1, 60, ["n1", "new"])]), learn=False)
    assert stranger["had.names"].to_list() == [[False, False]]
    assert stranger["others.names"].to_list()[0][1] == 0
    assert_frame_equal(members.seen.sort("entity", "member"), before)


def test_who_left_counts_among_others_and_comes_back() -> None:
    lines = _random(3)
    whole, some = Members("names"), Members("names")
    _look(whole, _rows(lines[:120]))
    _look(some, _rows(lines[:120]))
    away = some.leave(pl.Series([0, 3], dtype=pl.Int64))
    assert set(away["entity"]) == {0, 3}
    later = [(e, t, n) for e, t, n in lines[120:160] if e not in (0, 3)]
    assert_frame_equal(_look(whole, _rows(later)), _look(some, _rows(later)))
    some.back(away)
    assert_frame_equal(_look(whole, _rows(lines[160:])), _look(some, _rows(lines[160:])))


def test_what_is_kept_in_a_file_comes_back() -> None:
    lines, members, other = _random(4), Members("names"), Members("names")
    _look(members, _rows(lines[:100]))
    other.restore(members.seen)
    assert_frame_equal(_look(members, _rows(lines[100:])), _look(other, _rows(lines[100:])))


def test_what_is_old_or_too_much_is_forgotten() -> None:
    members = Members("names")
    _look(members, _rows([(0, minute, [f"n{minute}"]) for minute in range(6)]))
    _look(members, _rows([(1, 6, ["n5", "n0"])]))
    assert members.forget(int((START + timedelta(minutes=2)).timestamp() * 1e6), most=3) == 3
    told = _look(members, _rows([(0, 9, ["n0", "n2", "n3", "n5"]), (2, 9, ["n0", "n2", "n5"])]))
    assert told["had.names"].to_list() == [[False, False, True, True], [False, False, False]]
    assert told["others.names"].to_list() == [[2, 1, 0, 2], [2, 1, 2]]
    assert members.forget(0, most=100) == 0


def test_a_small_batch_does_not_cost_the_table() -> None:
    """Twenty times the table, and a look is not twenty times as dear."""

    def cost(size: int) -> float:
        members = Members("names")
        _look(members, _rows([(n % 50, 0, [f"n{n}"]) for n in range(size)]))
        best = 1e9
        for round_ in range(5):
            batch = _rows([(n, 1 + round_, [f"n{n}"]) for n in range(50)])
            began = time.perf_counter()
            _look(members, batch)
            best = min(best, time.perf_counter() - began)
        return best

    assert cost(40_000) < 8 * cost(2_000)

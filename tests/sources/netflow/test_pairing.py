from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.sources.netflow.flow_names import FLOWS
from vedette.sources.netflow.pairing import pair, paired

START = datetime(2026, 3, 5, tzinfo=UTC)
A, B = "192.0.2.1", "192.0.2.2"
S, SA, RA, ANY = 2, 18, 20, 27


def flow(  # noqa: PLR0913 - a record's fields
    number: int, src: str, sport: int, dst: str, dport: int, *, at: float = 0, flags: int = ANY, protocol: int = 6
) -> dict[str, object]:
    when = START + timedelta(seconds=at)
    return {
        "sequence": number,
        "start": when,
        "end": when + timedelta(seconds=1),
        "protocol": protocol,
        "src": src,
        "src_port": sport,
        "dst": dst,
        "dst_port": dport,
        "flags_out": flags,
        "packets_out": number + 1,
        "bytes_out": 100 * (number + 1),
        "packets_in": 0,
        "bytes_in": 0,
        "both_ways": False,
    }


def frame(*flows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(flows), schema=FLOWS)


@pytest.mark.parametrize(
    ("first", "second", "originator"),
    [
        (flow(0, A, 5000, B, 80), flow(1, B, 80, A, 5000), A),  # higher port
        (flow(0, B, 80, A, 5000), flow(1, A, 5000, B, 80), A),
        (flow(0, B, 80, A, 5000, at=0), flow(1, A, 5000, B, 80, at=0.1), B),  # earlier
        (flow(0, B, 80, A, 5000, at=0, flags=RA), flow(1, A, 5000, B, 80, at=0.1, flags=S), A),  # SYN sense
        (flow(0, A, 80, B, 5000, flags=SA), flow(1, B, 5000, A, 80, flags=S), B),
        (flow(0, A, 8, B, 0, protocol=1), flow(1, B, 0, A, 0, protocol=1), A),  # echo
        (flow(0, B, 0, A, 0, protocol=1), flow(1, A, 8, B, 0, protocol=1), A),
        (flow(0, A, 53, B, 53, protocol=17), flow(1, B, 53, A, 53, protocol=17), A),  # first record
    ],
)
def test_the_originator_comes_first_with_both_directions(
    first: dict[str, object], second: dict[str, object], originator: str
) -> None:
    pairs, left = pair(frame(first, second))
    (row,) = pairs.to_dicts()
    asked, answered = (first, second) if first["src"] == originator else (second, first)
    assert left.is_empty()
    assert (row["src"], row["records"], row["sequence"], row["both_ways"]) == (originator, 2, 0, True)
    assert (row["bytes_out"], row["bytes_in"]) == (asked["bytes_out"], answered["bytes_out"])
    assert (row["flags_out"], row["flags_in"]) == (asked["flags_out"], answered["flags_out"])


@pytest.mark.parametrize(
    "second",
    [
        flow(1, A, 5000, B, 80),  # the same way
        flow(1, B, 80, A, 5001),  # another port
        flow(1, B, 80, A, 5000, protocol=17),
        flow(1, B, 80, A, 5000, at=11),  # too late
        flow(1, B, 80, "192.0.2.3", 5000),
    ],
)
def test_what_does_not_mirror_stays_apart(second: dict[str, object]) -> None:
    pairs, left = pair(frame(flow(0, A, 5000, B, 80), second))
    assert pairs.is_empty()
    assert left["sequence"].to_list() == [0, 1]


def test_each_record_pairs_once_with_the_nearest() -> None:
    flows = [flow(n, A, 5000, B, 80, at=n) for n in range(3)] + [
        flow(3 + n, B, 80, A, 5000, at=n + 0.1) for n in range(2)
    ]
    pairs, left = pair(frame(*flows))
    assert pairs["bytes_in"].to_list() == [400, 500]
    assert left["sequence"].to_list() == [2]


def test_one_that_loses_its_nearest_takes_another() -> None:
    flows = [
        flow(0, A, 5000, B, 80, at=0),
        flow(1, A, 5000, B, 80, at=1),
        flow(2, B, 80, A, 5000, at=1),
        flow(3, B, 80, A, 5000, at=5),
    ]
    pairs, left = pair(frame(*flows))
    assert (len(pairs), len(left)) == (2, 0)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 20)), max_size=30), st.integers(2, 9))
def test_nothing_is_lost_whatever_the_window(ends: list[tuple[int, int, int]], size: int) -> None:
    flows = frame(*(flow(n, f"192.0.2.{a}", a, f"192.0.2.{b}", b, at=at) for n, (a, b, at) in enumerate(ends)))
    got = list(paired([flows.slice(n, 4) for n in range(0, len(flows), 4)], size))
    split = list(paired([flows], size))
    assert [g.rows() for g in got] == [s.rows() for s in split]
    assert sum(int(g["records"].sum()) for g in got) == len(flows)
    assert sum(int(g["bytes_out"].sum()) + int(g["bytes_in"].sum()) for g in got) == flows["bytes_out"].sum()
    assert len({s for g in got for s in g["sequence"]}) == sum(map(len, got))


def test_a_partner_in_the_next_window_is_found() -> None:
    flows = frame(flow(0, A, 5000, B, 80), flow(1, A, 1, B, 2), flow(2, B, 80, A, 5000), flow(3, A, 3, B, 4))
    (second, third) = (g for g in paired([flows], 2) if len(g))
    assert second.select("sequence", "records").rows() == [(0, 2), (1, 1)]
    assert third["sequence"].to_list() == [3]

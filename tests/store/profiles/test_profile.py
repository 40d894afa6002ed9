"""The baseline judges before it learns, and the same however its windows come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import ClassVar

import numpy as np
import polars as pl
from polars.testing import assert_frame_equal

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.store.profiles import Profile

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Sent(WindowFeatures):
    """Bytes sent and servers used, per host and hour."""

    name = "sent"
    needs = EventClass.NETWORK_ACTIVITY
    requires = ("src_endpoint.ip", "dst_endpoint.ip")
    uses = ("traffic.bytes_out",)
    keys: ClassVar[tuple[str, ...]] = ("src_endpoint.ip",)
    windows = (HOUR,)
    normal = Normal(HOUR, numbers=("bytes",), hourly=("bytes",), sets=("servers",), prior={"bytes": (10_000.0, 2.0)})

    def partial(self) -> list[pl.Expr]:
        return [pl.col("traffic.bytes_out").sum().alias("bytes"), pl.col("dst_endpoint.ip").unique().alias("servers")]

    def merge(self) -> list[pl.Expr]:
        return [pl.col("bytes").sum(), pl.col("servers").list.explode(empty_as_null=False).unique()]

    def finish(self) -> list[pl.Expr]:
        return [pl.col("bytes").cast(pl.Float64), pl.col("servers").list.sort()]


def _rows(sent: list[tuple[int, str, float, list[str]]]) -> pl.DataFrame:
    """Return rows of (hour, host, bytes, servers)."""
    frame = pl.DataFrame(sent, schema=["hour", "src_endpoint.ip", "bytes", "servers"], orient="row")
    return frame.select(
        "src_endpoint.ip",
        (pl.lit(START) + pl.col("hour") * HOUR).cast(pl.Datetime("us", "UTC")).alias("time"),
        pl.lit(HOUR).cast(pl.Duration("us")).alias("window"),
        pl.col("bytes").cast(pl.Float64),
        pl.col("servers").cast(pl.List(pl.String)),
    )


def _week(seed: int) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    return _rows(
        [
            (hour, f"10.0.0.{host}", float(random.lognormal(9, 1)), [f"s{n}" for n in set(random.integers(0, 9, 2))])
            for hour in range(80)
            for host in range(12)
            if random.random() < 0.8
        ]
    )


def test_the_columns_are_those_the_contract_promises() -> None:
    judged = Profile(Sent()).judge(_week(1))
    assert dict(judged.schema) == dict(Sent().schema())


def test_windows_in_one_go_one_by_one_and_shuffled_are_judged_alike() -> None:
    rows, many = _week(2), Profile(Sent())
    whole = Profile(Sent()).judge(rows.sample(fraction=1.0, shuffle=True, seed=3))
    hours = rows.partition_by("time", maintain_order=True)
    pieces = pl.concat([many.judge(h.sample(fraction=1.0, shuffle=True, seed=4)) for h in hours])
    assert_frame_equal(whole, pieces, check_exact=True)


def test_a_window_is_judged_before_it_is_learned() -> None:
    first = Profile(Sent()).judge(_rows([(0, "a", 5_000.0, ["x"]), (1, "a", 5_000.0, ["x", "y"])]))
    assert first["age"].to_list() == [0, 1]
    assert first["own.bytes.count"].to_list()[0] == 0
    assert first["own.bytes.mean"].to_list()[0] is None
    assert first["had.servers"].to_list() == [[False], [True, False]]


def test_what_others_have_counts_this_window_but_not_oneself() -> None:
    judged = Profile(Sent()).judge(_rows([(0, "a", 1.0, ["x"]), (0, "b", 1.0, ["x"]), (1, "c", 1.0, ["x", "z"])]))
    assert judged["others.servers"].to_list() == [[1], [1], [2, 0]]


def test_a_young_entity_is_judged_by_everyone_an_old_one_by_itself() -> None:
    quiet = [(hour, f"q{n}", 1_000.0, []) for hour in range(40) for n in range(20)]
    loud = [(hour, "loud", 1_000_000.0, []) for hour in range(40)]
    judged = Profile(Sent()).judge(_rows([*quiet, *loud, (40, "loud", 1_000_000.0, []), (40, "new", 1_000_000.0, [])]))
    last = {
        r["src_endpoint.ip"]: r["normal.bytes.deviation"]
        for r in judged.filter(pl.col("time") == judged["time"].max()).iter_rows(named=True)
    }
    assert abs(last["loud"]) < 1
    assert last["new"] > 3


def test_a_loud_window_teaches_little() -> None:
    calm = [(hour, "a", 1_000.0, []) for hour in range(48)]
    told = (
        Profile(Sent())
        .judge(_rows([*calm, (48, "a", 1e9, []), (49, "a", 1e9, [])]))["normal.bytes.deviation"]
        .to_list()
    )
    assert told[48] > 10
    assert told[49] > 10


class Edges(Sent):
    """The same per host and server."""

    name = "edges"
    keys = ("src_endpoint.ip", "dst_endpoint.ip")
    normal = Normal(HOUR, sets=("servers",))


def test_actors_are_counted_apart_from_entities_and_without_numbers() -> None:
    edges = [(0, "a", "x"), (0, "a", "y"), (0, "b", "x"), (1, "a", "z"), (1, "c", "x"), (2, "b", "x")]
    rows = _rows([(hour, src, 1.0, [dst]) for hour, src, dst in edges]).with_columns(
        pl.Series("dst_endpoint.ip", [dst for *_, dst in edges])
    )
    told = Profile(Edges()).judge(rows)
    assert told["actors"].to_list() == [2, 2, 2, 3, 3, 3]
    assert told["entities"].to_list() == [3, 3, 3, 5, 5, 5]
    assert told["others.servers"].to_list() == [[1], [0], [1], [0], [2], [2]]

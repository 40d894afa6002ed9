from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from vedette.features import flow_shape as shape
from vedette.testing.flows import flows

COLUMNS = (*shape.REQUIRES, *shape.USES, "time")


def _is(expr: pl.Expr, **columns: object) -> bool:
    given: dict[str, Any] = columns
    return bool(flows(**given).select(COLUMNS).select(expr).collect().item())


def _side(**columns: object) -> dict[str, Any]:
    given: dict[str, Any] = columns
    return shape.towards_target(flows(**given).select(COLUMNS)).collect().row(0, named=True)


@pytest.mark.parametrize(
    ("columns", "want"),
    [
        ({"state": "S0"}, True),
        ({"state": "REJ"}, True),
        ({"state": "S1", "history": "Sh"}, True),
        ({"state": "RSTO", "history": "ShR"}, True),
        ({"state": "S0", "history": None}, True),
        ({"state": None, "flags": 0x02}, True),
        ({"state": None, "flags": 0xC2}, True),
        ({"state": None, "flags": 0x1B}, False),
        ({"state": "SF"}, False),
        ({"state": "OTH", "history": "^h"}, False),
    ],
)
def test_half_open(columns: dict[str, Any], want: bool) -> None:
    assert _is(shape.half_open(), **columns) is want


@pytest.mark.parametrize(
    ("columns", "want"),
    [
        ({"state": "OTH", "history": "^h"}, True),
        ({"state": "OTH", "history": "^hR"}, True),
        ({"state": "OTH", "history": "^hadf"}, False),
        ({"state": None, "flags": 0x12, "packets_in": 0}, True),
        ({"state": None, "flags": 0x12, "packets_in": 3}, False),
        ({"state": "SF"}, False),
    ],
)
def test_unsolicited_syn_ack(columns: dict[str, Any], want: bool) -> None:
    assert _is(shape.unsolicited_syn_ack(), **columns) is want


@pytest.mark.parametrize(("state", "want"), [("SF", True), ("S1", True), ("S0", False), ("REJ", False), ("OTH", False)])
def test_completed(state: str, want: bool) -> None:
    assert _is(shape.completed(), state=state) is want
    assert _is(shape.completed(), state=state, history=None) is want


def test_stray_needs_one_way_and_no_beginning() -> None:
    assert _is(shape.stray(), state="OTH", history="A", packets_in=0)
    assert _is(shape.stray(), state="RSTRH", history="^r", packets_out=0, packets_in=1)
    assert not _is(shape.stray(), state="OTH", history="DdA", packets_in=4)
    assert not _is(shape.stray(), state="S0")


def test_one_way_records_say_nothing_about_answers() -> None:
    assert not _is(shape.unanswered(), proto="udp", state=None, packets_out=9)


def test_the_target_is_who_got_the_packets() -> None:
    plain = _side(src="10.0.0.1", dst="10.0.0.2", sport=5000, port=53, state="S0")
    assert (plain["target"], plain["target_port"], plain["sent"]) == ("10.0.0.2", 53, 1)
    turned = _side(src="10.0.0.1", dst="10.0.0.2", sport=5000, port=53, state="SHR", packets_out=0, packets_in=7)
    assert (turned["target"], turned["peer_port"], turned["sent"]) == ("10.0.0.1", 53, 7)


def test_who_sends_says_which_way_it_goes() -> None:
    assert _side(state="S0", direction=2)["outbound"]
    assert not _side(state="S0", direction=1)["outbound"]
    turned = {"state": "SHR", "packets_out": 0, "packets_in": 7}
    assert not _side(direction=2, **turned)["outbound"]
    assert _side(direction=1, **turned)["outbound"]


def test_of_a_long_flow_one_minute_counts() -> None:
    hour = _side(seconds=3600.0, state="S0", proto="udp", packets_out=360_000)
    assert (hour["sent"], hour["sent_in_all"]) == (6_000, 360_000)


@pytest.mark.parametrize("nobody", ["239.1.1.1", "224.0.0.251", "255.255.255.255", "10.0.0.255", "ff02::fb"])
def test_multicast_and_broadcast_are_nobody(nobody: str) -> None:
    assert shape.towards_target(flows(dst=nobody).select(COLUMNS)).collect().is_empty()


def test_no_rate_is_taken_over_less_than_a_second() -> None:
    row = pl.DataFrame({"n": [50], "a": [1_000], "b": [51_000]}).with_columns(
        pl.col("a", "b").cast(pl.Datetime("us", "UTC")), window=pl.duration(minutes=1)
    )
    assert row.select(shape.per_second("n", "a", "b")).item() == 50


def test_the_largest_number_a_record_may_hold_breaks_nothing() -> None:
    side = _side(state="SF", packets_out=2**63 - 1, bytes_out=2**63 - 1, packets_in=1)
    assert side["sent"] > 2**52
    assert side["sent_bytes"] > 2**52

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.model import Entity, EntityKind, Finding, Incident, Reason
from vedette.store.state.texts import MOST_BYTES, digest, encoded, finite, micros, moment, sound
from vedette.testing.incidents import some_incident
from vedette.testing.made import NOON, finding

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=80)


def test_times_are_microseconds() -> None:
    assert micros(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC)) == 1_000_005
    assert moment(micros(NOON)) == NOON
    assert micros(datetime(1960, 1, 1, tzinfo=UTC)) < 0
    east = NOON.astimezone(timezone(timedelta(hours=9)))
    assert micros(east) == micros(NOON)


@given(ANY_TEXT, st.integers(32, 60))
def test_a_sound_text_is_bounded_and_can_be_written(text: str, most: int) -> None:
    made = sound(text, most)
    assert len(made) <= most
    assert "\x00" not in made
    made.encode()
    assert sound(made, most) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [("plain", "plain"), ("a\x00b", "a␀b"), ("\ud83d\ude00", "😀"), ("x\ud800y", "x\ufffdy"), ("", "")],
)
def test_what_no_database_keeps_is_replaced(text: str, made: str) -> None:
    assert sound(text) == made


def test_long_texts_that_differ_at_the_end_stay_different() -> None:
    assert sound("x" * 5_000 + "a") != sound("x" * 5_000 + "b")


def test_digests_differ_with_the_texts() -> None:
    assert digest("a") != digest("b")
    assert len(digest("a")) == 32


def test_what_is_no_number_counts_as_nothing() -> None:
    assert [finite(v) for v in (0.5, float("nan"), float("inf"))] == [0.5, 0.0, 0.0]


def test_an_honest_finding_is_kept_as_it_is() -> None:
    one = finding("10.0.0.1", "10.0.0.2", "T1110")
    assert msgspec.json.decode(encoded(one), type=Finding) == one


@given(ANY_TEXT, ANY_TEXT, st.floats(), st.floats())
def test_hostile_values_are_read_back_as_a_finding(title: str, name: str, score: float, weight: float) -> None:
    one = replace(
        finding("10.0.0.1", "10.0.0.2", "T1110"),
        title=title,
        actors=(Entity(EntityKind.USER, name),),
        score=score,
        p_value=score,
        reasons=(Reason(name, weight),),
    )
    back = msgspec.json.decode(encoded(one), type=Finding)
    assert (back.uid, back.detector, back.first_seen) == (one.uid, one.detector, one.first_seen)
    assert back.title == msgspec.json.decode(encoded(back), type=Finding).title


@pytest.mark.parametrize("size", [1_000_000, 20_000_000])
def test_a_huge_text_is_cut(size: int) -> None:
    one = replace(finding("10.0.0.1", "10.0.0.2", "T1110"), title="t" * size, summary="s" * size)
    text = encoded(one)
    assert len(text) <= MOST_BYTES
    assert msgspec.json.decode(text, type=Finding).uid == one.uid


def test_a_list_without_end_is_cut() -> None:
    many = tuple(Entity(EntityKind.ADDRESS, f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}") for n in range(200_000))
    incident = replace(some_incident(), actors=many, targets=many)
    text = encoded(incident)
    assert len(text) <= MOST_BYTES
    back = msgspec.json.decode(text, type=Incident)
    assert back.actors == many[: len(back.actors)]
    assert len(back.actors) >= 1_000


class Odd:
    def __repr__(self) -> str:
        return "odd"


def nested(deep: int) -> object:
    value: object = "bottom"
    for _ in range(deep):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        "\ud800",
        {"\ud800\x00": "\ud800"},
        float("nan"),
        2**80,
        b"\xff" * 10,
        timedelta(seconds=1),
        NOON,
        Odd(),
        {3, "three"},
        nested(50_000),
        "x" * (2 * MOST_BYTES),
        {str(n): "x" * 100 for n in range(50_000)},
    ],
    ids=lambda v: type(v).__name__,
)
def test_rows_of_evidence_may_hold_anything(value: object) -> None:
    text = encoded([{"time": NOON, "field": value}])
    assert len(text) <= MOST_BYTES
    (row,) = msgspec.json.decode(text, type=list[dict[str, Any]])
    assert set(row) == {"time", "field"}

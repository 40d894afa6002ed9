"""Times of a drill: how they are written, and when things happen."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from pydantic import TypeAdapter, ValidationError

from vedette.app.drill.clock import Clock, Span, When

CLOCK, SPAN = TypeAdapter(Clock), TypeAdapter(Span)


@pytest.mark.parametrize(
    ("text", "seconds"), [("00:00", 0), ("08:30", 30_600), ("16:45:10", 60_310), ("24:00", 86_400)]
)
def test_times_of_day(text: str, seconds: float) -> None:
    assert CLOCK.validate_python(text) == seconds


@pytest.mark.parametrize(("text", "seconds"), [("500ms", 0.5), ("20s", 20), ("1.5m", 90), ("2h", 7200)])
def test_spans(text: str, seconds: float) -> None:
    assert SPAN.validate_python(text) == seconds


@pytest.mark.parametrize("text", ["24:01", "8:30", "08:60", "0830", "", "08:30:99"])
def test_no_times_of_day(text: str) -> None:
    with pytest.raises(ValidationError, match="not a time of day"):
        CLOCK.validate_python(text)


@pytest.mark.parametrize("text", ["5", "-5s", "5 s", "5d", "0s"])
def test_no_spans(text: str) -> None:
    with pytest.raises(ValidationError):
        SPAN.validate_python(text)


@pytest.mark.parametrize("fields", [{}, {"count": 1, "every": "1s"}, {"count": 1, "until": "07:00"}, {"count": 0}])
def test_when_is_said_once_and_forward(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        When.model_validate({"start": "08:00", "until": "18:00", **fields})


@pytest.mark.parametrize("shape", ["flat", "office"])
def test_count_gives_so_many_within_the_span(shape: str) -> None:
    when = When.model_validate({"start": "08:00", "until": "18:00", "count": 500, "shape": shape})
    times = when.times(Random(1))
    assert len(times) == 500
    assert times == sorted(times)
    assert 8 * 3600 <= times[0] < times[-1] < 18 * 3600
    lunch = sum(12.16 * 3600 <= t < 13 * 3600 for t in times)
    morning = sum(10.5 * 3600 <= t < 11.33 * 3600 for t in times)
    assert (morning > 1.5 * lunch) is (shape == "office")


def test_every_keeps_its_pace() -> None:
    when = When.model_validate({"start": "00:00", "until": "24:00", "every": "10m", "jitter": "0.1"})
    times = when.times(Random(1))
    gaps = [b - a for a, b in pairwise(times)]
    assert all(540 <= gap <= 660 for gap in gaps)
    assert 135 < len(times) < 155

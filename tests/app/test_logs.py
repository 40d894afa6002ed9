from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.app import logs
from vedette.app.logs import LONGEST, JsonLines, Sparing

LOG = logging.getLogger("vedette.live.test")


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    written = io.StringIO()
    handler = logs.setup(stream=written)
    yield written
    logs.teardown(handler)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_record_is_a_line(stream: io.StringIO) -> None:
    LOG.info("an input began: %s", "tail", extra={"input": "tail", "port": 514})
    LOG.debug("not by default")
    (line,) = lines(stream)
    assert line["time"].endswith("+00:00")
    assert {k: v for k, v in line.items() if k != "time"} == {
        "level": "info",
        "logger": "vedette.live.test",
        "message": "an input began: tail",
        "input": "tail",
        "port": 514,
    }


def test_an_error_stands_in_its_line(stream: io.StringIO) -> None:
    try:
        raise ValueError("bad\nvalue")  # noqa: TRY301
    except ValueError:
        LOG.exception("it broke")
    (line,) = lines(stream)
    assert line["level"] == "error"
    assert line["error"] == "ValueError"
    assert line["trace"].endswith("bad\nvalue")


@given(st.text(), st.text())
def test_no_value_breaks_a_line_or_hides_in_it(message: str, value: str) -> None:
    record = logging.makeLogRecord({"msg": message, "name": value, "given": value})
    line = JsonLines().format(record)
    assert line.isascii()
    assert line.splitlines() == [line]
    assert not any(ord(c) < 32 for c in line)
    assert json.loads(line)["given"] == value


def test_a_given_value_cannot_take_the_place_of_ours() -> None:
    record = logging.makeLogRecord({"msg": "x", "levelname": "INFO"})
    record.__dict__.update({"level": "critical", "time": "never"})
    line = json.loads(JsonLines().format(record))
    assert line["level"] == "info"
    assert line["time"] != "never"


def test_lone_surrogates_and_odd_values_are_written() -> None:
    class Odd:
        def __str__(self) -> str:
            return "odd"

    record = logging.makeLogRecord({"msg": "\udcff", "a": Odd(), "b": None, "c": True, "d": {"x": {"y": 1}}})
    line = json.loads(JsonLines().format(record))
    assert (line["message"], line["a"], line["b"], line["c"], line["d"]) == (
        "\udcff",
        "odd",
        None,
        True,
        "{'x': {'y': 1}}",
    )


def test_values_are_bounded() -> None:
    record = logging.makeLogRecord({"msg": "m" * 10**6, "given": "g" * 10**6})
    assert len(JsonLines().format(record)) < 2 * LONGEST + 300


def test_what_repeats_is_counted() -> None:
    now = [0.0]
    sparing = Sparing(per_minute=3, clock=lambda: now[0])

    def tried(line: int = 1) -> logging.LogRecord | None:
        record = logging.makeLogRecord({"msg": "again", "pathname": "x.py", "lineno": line})
        return record if sparing.filter(record) else None

    assert [tried() is not None for _ in range(10)] == [True] * 3 + [False] * 7
    assert tried(line=2) is not None, "another place has its own count"
    now[0] = 61.0
    after = tried()
    assert after is not None
    assert json.loads(JsonLines().format(after))["repeated"] == 7
    assert tried() is not None


def test_the_table_of_places_is_bounded() -> None:
    sparing = Sparing()
    for number in range(5_000):
        sparing.filter(logging.makeLogRecord({"msg": "", "pathname": "x.py", "lineno": number}))
    assert len(sparing._counts) <= 1_000


def test_warnings_and_the_servers_words_go_the_same_way(stream: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", stacklevel=1)
    logging.getLogger("uvicorn.error").warning("refused")
    assert [line["logger"] for line in lines(stream)] == ["py.warnings", "uvicorn.error"]


def test_teardown_leaves_nothing() -> None:
    before = list(logging.getLogger().handlers)
    handler = logs.setup(stream=io.StringIO())
    assert handler in logging.getLogger().handlers
    logs.teardown(handler)
    assert logging.getLogger().handlers == before

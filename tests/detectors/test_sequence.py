from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.detectors.made_log import USUAL, days, logged

from vedette.detectors.sequence import Sequence
from vedette.events.batch import EventBatch
from vedette.testing.rows import hits_of

LAST = 199
NEW = "fatal: bad string length 262144 in packet"

CASES: dict[str, tuple[Callable[[], list[EventBatch]], bool]] = {
    "a new line of trouble": (lambda: [logged([NEW], LAST)], True),
    "usual lines with other numbers": (lambda: [logged(["served /a/b/c in 99 ms"], LAST)], False),
    "a new line that says nothing": (lambda: [logged(["woke up"], LAST)], False),
    "a new line of trouble with a thousand failures": (lambda: [logged([NEW, *["read failed"] * 1000], LAST)], True),
    "a new version": (lambda: [logged([f"{c}xx failed to {c}yy" for c in "abcdefghijklmnop"], LAST)], False),
    "a line that another host had before": (lambda: [logged([NEW], 20, "web2"), logged([NEW], LAST)], False),
    "a program that is new itself": (lambda: [logged([NEW], LAST, program="other")], False),
    "before anything is known": (lambda: [logged([NEW], 10)], False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    made, notable = CASES[case]
    hits = hits_of(Sequence, *days(), *made())
    assert bool(hits.height) is notable, hits.select("host", "score", "summary").to_dicts()


def test_the_words() -> None:
    hit = hits_of(Sequence, *days(), logged([*USUAL, NEW], LAST)).row(0, named=True)
    assert hit["summary"] == (
        "shopd of web1 logged 19 lines in an hour; neither it nor any other program here ever logged "
        "“fatal: bad string length <*> in packet”."
    )


def test_text_of_people_is_left_alone() -> None:
    chat = [
        [f"{a}{b}{c} {c}{b} wrote" for a in "abcd" for b in "efg" for c in chr(97 + hour % 26) * 1]
        for hour in range(200)
    ]
    talks = [logged(lines, hour) for hour, lines in enumerate(chat)]
    assert hits_of(Sequence, *talks, logged(["an error of mine and a failure"], LAST)).height == 0

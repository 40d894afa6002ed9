from __future__ import annotations

import re
from email import message_from_bytes

import pytest

from vedette.learning.compose import mails
from vedette.sources.mail import parsed


@pytest.mark.parametrize("table", ["train", "held-out"])
def test_mails_are_whole_and_nothing_is_left_open(table: str) -> None:
    made = list(mails(table, 0, 300, 3))
    assert [m.label for m in made[:2]] == ["ham", "phishing"]
    rows = parsed([m.raw for m in made])
    texts = rows["vedette.body_text"].to_list()
    assert all(t.strip() for t in texts)
    assert not [t for t in texts if re.search(r"\[\[|\]\]|\{\w+\}", t)]
    assert not [m for m in made if message_from_bytes(m.raw).defects]


def test_the_same_seed_gives_the_same_bytes() -> None:
    once, again = ([m.raw for m in mails("train", 0, 20, 3)] for _ in range(2))
    assert once == again
    assert once != [m.raw for m in mails("train", 0, 20, 4)]


def test_no_sentence_of_a_test_stands_in_training() -> None:
    trained, held = ({m.group for m in mails(t, 0, 400, 1)} for t in ("train", "held-out"))
    assert not {g.partition(":")[2] for g in trained} & {g.partition(":")[2] for g in held}

from __future__ import annotations

import re
from random import Random

from vedette.learning.datasets.web_attack_words import random_columns, random_command, random_host, random_word


def test_what_is_drawn_is_what_it_says() -> None:
    rng = Random(1)
    for _ in range(300):
        assert re.fullmatch("[a-z]{3,8}", random_word(rng))
        assert 1 <= len(random_columns(rng).split(",")) <= 12
        command = random_command(rng)
        assert command
        assert "{" not in command


def test_no_host_is_anybodys() -> None:
    rng = Random(1)
    reserved = r"[a-z]{3,8}\.(?:example|test|invalid)|(?:203\.0\.113|198\.51\.100)\.\d{1,3}(?::\d+)?"
    assert all(re.fullmatch(reserved, random_host(rng)) for _ in range(300))


def test_the_same_seed_draws_the_same() -> None:
    assert [random_command(Random(3)) for _ in range(5)] == [random_command(Random(3))] * 5

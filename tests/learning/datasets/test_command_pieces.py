from __future__ import annotations

import base64
import re
from random import Random

from vedette.learning.datasets.command_pieces import PIECES, any_of, encoded, fill


def test_every_piece_is_filled_to_the_end() -> None:
    for seed in range(30):
        for name in PIECES:
            made = fill(Random(seed), f"{{{name}}}")
            assert made or name == "sys"
            assert not re.search(r"\{(?:" + "|".join(PIECES) + r")\}|<<|>>", made), (name, made)


def test_choices_and_pieces() -> None:
    assert {fill(Random(i), "<<a|b|>>x") for i in range(40)} == {"ax", "bx", "x"}
    assert fill(Random(1), "{ unknown } {0}") == "{ unknown } {0}"
    assert any_of(("one",))(Random(1)) == "one"


def test_addresses_are_those_kept_for_documents() -> None:
    made = [fill(Random(i), "{ip}") for i in range(50)]
    assert all(m.startswith(("203.0.113.", "198.51.100.", "192.0.2.")) for m in made)


def test_scripts_are_encoded_as_powershell_takes_them() -> None:
    assert base64.b64decode(encoded("dir")).decode("utf-16-le") == "dir"

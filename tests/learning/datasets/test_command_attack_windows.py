from __future__ import annotations

from random import Random

import polars as pl
import pytest

from vedette.features.command_decode import decode
from vedette.features.command_signs import SIGNS, STRENGTH
from vedette.features.sign import signs_of
from vedette.learning.datasets import command_attack_windows as grammars

NAMES = ("cradle", "encoder", "block", "proxy", "fetcher", "dumper", "keeper", "blinder", "destroyer", "scout", "mover")


@pytest.mark.parametrize("name", NAMES)
def test_most_lines_hold_a_plain_sign(name: str) -> None:
    lines = [getattr(grammars, name)(Random(i)) for i in range(150)]
    held = signs_of(decode(pl.Series(lines)), SIGNS).to_list()
    strengths = [float(STRENGTH[h].sum()) if h else 0.0 for h in held]
    assert sum(s >= 2 for s in strengths) >= 0.9 * len(strengths)

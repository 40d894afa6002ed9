from __future__ import annotations

import io

import pytest
from rich.console import Console

from vedette.app.accounts import LISTED, accounts
from vedette.app.intake import Input
from vedette.sources.authlog import AuthLog


def _input(name: str, *, skipped: str = "", records: int = 0, error: str = "") -> Input:
    made = Input(name, None if skipped else AuthLog, io.BytesIO(), 1, None, skipped=skipped)
    made.account.records, made.account.error = records, error
    return made


def _shown(*inputs: Input) -> str:
    console = Console(file=io.StringIO(), width=120)
    console.print(accounts(inputs))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_every_input_is_told_with_its_source_or_the_reason() -> None:
    shown = _shown(
        _input("a.log", records=1_234), _input("b.png", skipped="an image"), _input("c.log", error="cut off")
    )
    for word in ("a.log", "authlog", "1,234", "b.png", "skipped", "an image", "cut off"):
        assert word in shown


@pytest.mark.parametrize("extra", [0, 1])
def test_many_inputs_are_counted_by_kind(extra: int) -> None:
    shown = _shown(*(_input(f"{n}.log", records=2) for n in range(LISTED + extra)))
    assert ("7.log" in shown) == (extra == 0)
    assert (f"{LISTED + extra} inputs" in shown) == (extra == 1)


def test_a_hostile_name_is_made_visible() -> None:
    assert "\x1b" not in _shown(_input("a\x1b[2Jb.log"))

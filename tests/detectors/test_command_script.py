from __future__ import annotations

import polars as pl
from tests.features.test_command_script import CRADLE, FILLER, batch, parts

from vedette.detectors.command import Command
from vedette.detectors.command_script import CommandScript
from vedette.testing.rows import hits_of

LONG = FILLER * 300


def test_a_cradle_cut_in_two() -> None:
    hits = hits_of(CommandScript, batch(parts(LONG + CRADLE[:22], CRADLE[22:] + "\n" + LONG)))
    assert hits.select("host", "script", "title").rows() == [("ws1", "s1", "Program fetched from elsewhere")]
    assert "parts" not in hits["summary"][0]
    assert hits_of(Command, batch(parts(CRADLE[:22], CRADLE[22:]))).is_empty(), "found once"


def test_missing_parts_are_told() -> None:
    hits = hits_of(CommandScript, batch(parts(CRADLE, total=3, first=2)))
    assert hits["summary"][0].endswith("(1 of 3 parts)")


def test_long_ordinary_scripts() -> None:
    assert hits_of(CommandScript, batch(parts(*[LONG] * 9), parts(LONG, LONG, script="s2", total=7))).is_empty()


def test_the_model_is_that_of_command() -> None:
    assert CommandScript.encoder_version() == Command.encoder_version()
    assert CommandScript.model_of() == Command.model_of() == "command"
    assert pl.DataFrame(schema=CommandScript.needs().schema()).select("text", "facts", "kind").is_empty()

from __future__ import annotations

import polars as pl
import pytest
from tests.detectors.made_identity import signin

from vedette.detectors.brute_force import BruteForce
from vedette.features.logon_failure import no_guess
from vedette.testing.logons import logons, tries
from vedette.testing.rows import hits_of

CASES: dict[tuple[str | None, str | None], bool] = {
    ("50074", None): True,
    ("50126", None): False,
    ("0xC0000224", None): True,
    ("0xC000006A", None): False,
    ("Failed", "UserStrongAuthClientAuthNRequiredInterrupt"): True,
    ("Failed", "InvalidUserNameOrPassword"): False,
    ("Failed", "IdsLocked"): False,
    (None, None): False,
}


@pytest.mark.parametrize("case", CASES)
def test_which_failures_tell_of_a_password(case: tuple[str | None, str | None]) -> None:
    frame = pl.DataFrame({"c": [case[0]], "d": [case[1]]}, schema={"c": pl.String, "d": pl.String})
    assert frame.select(no_guess(pl.col("c"), pl.col("d"))).item() is CASES[case]


def test_interrupted_sign_ins_are_no_guessing() -> None:
    asked = tries(60, every=1.0, users=("ada",), source="203.0.113.9", status_code="50074")
    guessed = tries(60, every=1.0, users=("ada",), source="203.0.113.9", status_code="50126")
    assert not hits_of(BruteForce, logons([*asked, signin("ada", 0)])).height
    assert hits_of(BruteForce, logons(guessed)).height

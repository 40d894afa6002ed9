from __future__ import annotations

import pytest

from vedette.incidents.stages import ATTEMPT, ENTERED, PROGRESS, TRIED, furthest, progress, stages
from vedette.intel.attack import TACTICS
from vedette.testing.made import finding


def test_every_tactic_has_its_place_and_every_set_holds_tactics() -> None:
    assert set(PROGRESS) == set(TACTICS)
    assert set(TACTICS) >= ENTERED | TRIED | ATTEMPT
    assert not ENTERED & (TRIED | ATTEMPT)


@pytest.mark.parametrize(
    ("techniques", "want", "last"),
    [
        ("T1046", {"discovery"}, "discovery"),
        ("T1110.001 T1078", {"credential-access", "initial-access"}, "initial-access"),
        ("", set(), ""),
        ("T9999", set(), ""),
    ],
)
def test_stages_of_a_finding(techniques: str, want: set[str], last: str) -> None:
    made = finding("203.0.113.7", "10.0.0.5", techniques)
    assert stages(made) == want
    assert furthest(made) == last


def test_an_unknown_tactic_is_no_progress() -> None:
    assert progress("") == -1

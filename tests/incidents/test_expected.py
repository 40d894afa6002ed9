from __future__ import annotations

from ipaddress import ip_network

import pytest

from vedette.incidents.expected import expect
from vedette.model import Severity
from vedette.testing.made import finding

OURS = (ip_network("10.0.9.0/28"), ip_network("fd00::/64"))


@pytest.mark.parametrize(
    ("actors", "techniques", "informational"),
    [
        ("10.0.9.3", "T1046", True),
        ("10.0.9.3 fd00::5", "T1595.001 T1018", True),
        ("::ffff:10.0.9.3", "T1046", True),
        ("10.0.9.3", "T1110", False),
        ("10.0.9.3", "T1046 T1078", False),
        ("10.0.9.3", "", False),
        ("10.0.9.99", "T1046", False),
        ("10.0.9.3 198.51.100.7", "T1046", False),
        ("host:scanner", "T1046", False),
        ("not-an-address", "T1046", False),
    ],
)
def test_only_scanning_by_our_own_scanners_is_expected(actors: str, techniques: str, informational: bool) -> None:
    (got,) = expect([finding(actors, "10.0.0.5", techniques)], OURS)
    assert (got.severity is Severity.INFORMATIONAL) == informational


def test_without_scanners_nothing_changes() -> None:
    one = finding("10.0.9.3", "10.0.0.5", "T1046")
    assert expect([one], ()) == (one,)

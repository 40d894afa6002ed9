"""What is found of young hosts and of the others is told apart."""

from __future__ import annotations

import pytest
from bench.soak.company import Company
from bench.soak.run import run
from tools.young_hosts import Score, lines, score

pytestmark = pytest.mark.slow


def test_a_line_sums_over_the_seeds() -> None:
    one = Score(planted=(2, 3), found=(1, 3), weak=(2, 3), false=(0, 4), alerts=(0, 5), signs=(6, 7))
    assert lines("peers", [one, one]) == "| peers | 2 of 4 | 4 of 4 | 0 | 0 | 12 | 6 of 6 | 6 of 6 | 8 | 10 | 14 |"


def test_attacks_and_false_findings_are_split_by_who_did_them() -> None:
    company = Company(1, 40, 0.4)
    young = frozenset(company.addresses[i] for i in company.workstations[company.young])
    result = run(4, 40, 1, joining=0.4, step=24)
    split, none = score(result, young), score(result, frozenset())
    doers = {t.attack.hosts[0] for t in result.told}
    assert 0 < split.planted[0] < len(result.told)
    assert split.planted[0] == sum(t.attack.hosts[0] in young for t in result.told)
    assert doers & young
    for name in ("planted", "found", "weak", "false", "alerts", "signs"):
        assert getattr(none, name) == (0, sum(getattr(split, name)))

from __future__ import annotations

import pytest
from tests.detectors.made_software import asked, shook

from vedette.features.first_seen_software import KEPT, LONGEST, FirstSeenSoftware
from vedette.testing.rows import rows_of


def test_agents_without_versions_and_fingerprints() -> None:
    rows = rows_of(
        FirstSeenSoftware,
        asked(["Tool/1.2.3 (build 77)", "Tool/1.2.4 (build 78)", ""]),
        shook(["t13d1516h2_8daaf6152771_02713d6af862"]),
        shook(["5cf6fc6b7af0d6dece63dfa889b8785a"], ja4=False),
    )
    assert rows["programs"].to_list() == [
        ["TLS 5cf6fc6b7af0d6dece63dfa889b8785a", "TLS t13d1516h2_8daaf6152771_02713d6af862", "Tool/0 (build 0)"]
    ]
    assert rows["program_count"].to_list() == [4]


def test_it_is_bounded() -> None:
    many = rows_of(FirstSeenSoftware, asked([f"{'x' * (k % 7)}{chr(97 + k % 26) * 500}{k}" for k in range(400)]))
    row = many.row(0, named=True)
    assert len(row["programs"]) <= KEPT
    assert max(map(len, row["programs"])) <= LONGEST


@pytest.mark.parametrize(
    ("direction", "port", "kept"), [(2, 80, True), (3, 3128, True), (3, 80, False), (1, 80, False)]
)
def test_what_leaves_also_through_a_proxy(direction: int, port: int, *, kept: bool) -> None:
    rows = rows_of(FirstSeenSoftware, asked(["Tool/1"], direction=direction, port=port))
    assert bool(rows.height) is kept

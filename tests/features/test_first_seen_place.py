from __future__ import annotations

import pytest

from vedette.features.first_seen_place import KEPT, FirstSeenPlace
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_a_row_tells_places_and_ports() -> None:
    batch = flows(4, direction=2, dst=["203.0.113.9", "203.0.113.8"] * 2, port=[443, 8081, 443, 443], proto="tcp")
    row = rows_of(FirstSeenPlace, batch).row(0, named=True)
    assert sorted(row["addresses"]) == ["203.0.113.8", "203.0.113.9"]
    assert row["places"] == ["203.0.113.0/24"] * 2
    assert sorted(row["ports"]) == ["443/tcp", "8081/tcp"]
    assert (row["place_count"], row["port_count"]) == (2, 2)


def test_ports_given_by_chance_are_none() -> None:
    batch = flows(3, direction=2, dst="203.0.113.9", port=[443, 50_000, 65_000], proto=["udp", "udp", "tcp"])
    assert rows_of(FirstSeenPlace, batch)["ports"].to_list() == [["443/udp"]]


def test_it_is_bounded() -> None:
    n = 2_000
    to = [f"203.{k // 250}.{k % 250}.9" for k in range(n)]
    row = rows_of(FirstSeenPlace, flows(n, direction=2, dst=to, port=list(range(1, n + 1)))).row(0, named=True)
    assert len(row["addresses"]) == len(row["places"]) == len(row["ports"]) == KEPT
    assert row["place_count"] == pytest.approx(n, rel=0.6)


@pytest.mark.parametrize(
    "columns",
    [{"direction": 1}, {"direction": 3}, {"proto": "icmp"}, {"state": "S0"}],
    ids=["in", "inside", "icmp", "S0"],
)
def test_what_is_left_out(columns: dict[str, object]) -> None:
    given: dict[str, object] = {"direction": 2, "dst": "203.0.113.9", **columns}
    assert rows_of(FirstSeenPlace, flows(5, **given)).height == 0  # type: ignore[arg-type]

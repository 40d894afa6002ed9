from __future__ import annotations

from vedette.features.exfiltration_pair import SHOWN, ExfiltrationPair
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def test_a_row_is_a_network_and_a_day() -> None:
    to = [f"203.0.113.{k}" for k in range(20)] + ["198.51.100.1"] * 20
    batch = flows(
        40, every=1.0, dst=to, direction=2, bytes_out=10_000, bytes_in=500, packets_out=9, packets_in=[5] * 40
    )
    rows = rows_of(ExfiltrationPair, batch).sort("network")
    assert rows["network"].to_list() == ["198.51.100.0/24", "203.0.113.0/24"]
    assert rows["uploaded"].to_list() == [20 * 9_500] * 2
    assert rows["uploads"].to_list() == [20, 20]
    assert [len(a) for a in rows["addresses"]] == [1, SHOWN]
    assert rows["place"].to_list() == [["198.51.100.0/24"], ["203.0.113.0/24"]]
    assert rows["others.place"].to_list() == [[0], [0]]


def test_others_are_other_hosts() -> None:
    batch = flows(
        3,
        src=["10.0.0.5", "10.0.0.6", "10.0.0.6"],
        dst=["203.0.113.9", "203.0.113.8", "198.51.100.1"],
        direction=2,
        bytes_out=10_000,
        bytes_in=500,
        packets_out=9,
        packets_in=5,
    )
    rows = rows_of(ExfiltrationPair, batch).sort("src_endpoint.ip", "network")
    assert rows["others.place"].to_list() == [[1], [0], [1]]
    assert rows["actors"].to_list() == [2, 2, 2]

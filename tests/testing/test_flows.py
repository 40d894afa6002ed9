from __future__ import annotations

from datetime import timedelta

from vedette.events.schema import EventClass
from vedette.testing.flows import START, flows


def test_one_value_for_all_or_one_for_each() -> None:
    batch = flows(3, every=2.0, at=10.0, seconds=1.0, src="192.0.2.1", port=[1, 2, 3], state="S0")
    assert batch.kind is EventClass.NETWORK_ACTIVITY
    assert batch.frame["src_endpoint.ip"].to_list() == ["192.0.2.1"] * 3
    assert batch.frame["dst_endpoint.port"].to_list() == [1, 2, 3]
    assert batch.frame["time"].to_list() == [START + timedelta(seconds=s) for s in (11, 13, 15)]
    assert batch.frame["start_time"][0] == START + timedelta(seconds=10)
    assert batch.frame["duration"].to_list() == [1000] * 3


def test_a_state_brings_what_goes_with_it_and_what_is_given_wins() -> None:
    frame = flows(2, state=["S0", "SF"], packets_in=7).frame
    assert frame["connection_info.flag_history"].to_list() == ["S", "ShADadFf"]
    assert frame["traffic.packets_in"].to_list() == [7, 7]
    assert flows(state=None).frame["traffic.packets_out"].to_list() == [None]

from __future__ import annotations

from typing import Any

import pytest

from vedette.events.batch import EventBatch
from vedette.features.icmp_tunnel import IcmpTunnel
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of


def pings(n: int = 1, **columns: object) -> EventBatch:
    """Return flows of echo requests, ten packets each way with 56 bytes of data."""
    plain: dict[str, Any] = {
        "packets_out": 10,
        "packets_in": 10,
        "bytes_out": 840,
        "bytes_in": 840,
        "state": None,
        "sport": 8,
        "port": 0,
    }
    return flows(n, **{"src": "10.0.0.5", "dst": "203.0.113.9", "proto": "icmp", **plain, **columns})


def row(*batches: EventBatch) -> dict[str, Any]:
    """Return the only row."""
    made = rows_of(IcmpTunnel, *batches)
    assert made.height == 1
    return made.row(0, named=True)


def test_headers_are_taken_off_where_the_payload_is_not_told() -> None:
    told = row(pings())
    assert {k: told[k] for k in ("up", "down", "asked", "replied", "unlike", "uneven")} == {
        "up": 560,
        "down": 560,
        "asked": 10,
        "replied": 10,
        "unlike": 0,
        "uneven": 0,
    }
    assert row(pings(proto="icmp6", sport=128, bytes_out=1040, bytes_in=1040))["up"] == 560
    assert row(pings(payload_out=99, payload_in=7))["up"] == 99


@pytest.mark.parametrize(
    ("columns", "unlike", "uneven"),
    [
        ({"packets_in": 0, "bytes_in": 0}, 0, 0),  # no reply is no other reply
        ({"packets_in": 5, "bytes_in": 420}, 0, 0),  # half were lost
        ({"bytes_in": 2840}, 2000, 0),
        ({"packets_in": 20, "bytes_in": 1680}, 560, 0),  # replies that nobody asked for
        ({"bytes_out": 905, "bytes_in": 905}, 0, 1),
    ],
)
def test_replies_that_are_no_echoes_are_counted(columns: dict[str, int], unlike: int, uneven: int) -> None:
    told = row(pings(**columns))
    assert (told["unlike"], told["uneven"]) == (unlike, uneven)


def test_flows_of_a_pair_add_up_and_sizes_are_counted() -> None:
    told = row(pings(), pings(bytes_out=2840, bytes_in=2840), pings())
    assert (told["flows"], told["up"], told["sizes"]) == (3, 560 + 2560 + 560, 2.0)


@pytest.mark.parametrize(
    "columns",
    [
        {"proto": "udp"},
        {"sport": 3},
        {"proto": "icmp6", "sport": 135},
        {"sport": 0, "port": 3 * 256 + 1},  # NetFlow: unreachable
        {"dst": "224.0.0.1"},
        {"packets_out": 0},
        {"bytes_out": None},
    ],
)
def test_what_is_no_echo_between_two_hosts_is_left_out(columns: dict[str, Any]) -> None:
    assert rows_of(IcmpTunnel, pings(**columns)).height == 0


def test_flows_without_a_type_are_taken_for_echoes() -> None:
    assert row(pings(sport=None, port=None))["flows"] == 1
    assert row(pings(sport=0, port=8 * 256))["flows"] == 1


def test_hostile_counts_do_not_overflow() -> None:
    told = row(pings(9, packets_out=2**62, bytes_out=2**62, packets_in=2**62, bytes_in=2**62, payload_out=2**62))
    assert 0 <= told["up"] < 2**45

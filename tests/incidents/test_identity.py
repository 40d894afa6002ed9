from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.incidents.identity import CLAIMS, Acquaintance, addresses, identify
from vedette.model import Entity, EntityKind
from vedette.testing.made import finding

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def _batch(kind: EventClass, rows: list[dict[str, object]]) -> EventBatch:
    schema = {c: SCHEMAS[kind][c] for c in rows[0]}
    return EventBatch(kind, pl.DataFrame(rows, schema=schema))


def _logon(host: str, port: int, minutes: float = 0) -> dict[str, object]:
    time = NOON + timedelta(minutes=minutes)
    return {"time": time, "device.hostname": host, "src_endpoint.ip": "192.0.2.7", "src_endpoint.port": port}


def _flow(to: str, port: int, minutes: float = 0) -> dict[str, object]:
    time = NOON + timedelta(minutes=minutes)
    return {"time": time, "src_endpoint.ip": "192.0.2.7", "src_endpoint.port": port, "dst_endpoint.ip": to}


def _known(logons: list[dict[str, object]], flows: list[dict[str, object]]) -> dict[str, str]:
    return addresses([_batch(EventClass.AUTHENTICATION, logons)], [_batch(EventClass.NETWORK_ACTIVITY, flows)])


def test_a_host_has_the_address_that_its_connections_went_to() -> None:
    logons = [_logon("bastion", p) for p in range(5)] + [_logon("mail", 90)]
    flows = [_flow("10.0.0.5", p, 1) for p in range(5)] + [_flow("10.0.0.9", 90)]
    assert _known(logons, flows) == {"bastion": "10.0.0.5"}  # one agreement is not enough for mail


def test_what_does_not_agree_is_not_known() -> None:
    logons = [_logon("bastion", p) for p in range(6)]
    assert _known(logons, [_flow(f"10.0.0.{p % 2}", p) for p in range(6)]) == {}
    assert _known(logons, [_flow("10.0.0.5", p, 600) for p in range(6)]) == {}
    assert addresses([], []) == {}


def test_findings_name_the_address_beside_the_host() -> None:
    got = identify([finding("192.0.2.7", "host:bastion user:bob", "T1110")], {"bastion": "10.0.0.5"})
    assert Entity(EntityKind.ADDRESS, "10.0.0.5") in got[0].targets
    assert len(got[0].targets) == 3
    assert got[0].actors == (Entity(EntityKind.ADDRESS, "192.0.2.7"),)


@pytest.mark.parametrize("turn", [1, -1])
def test_a_client_port_that_is_used_again_tells_the_same_in_any_order(turn: int) -> None:
    logons = [_logon("bastion", p, minutes) for p in range(5) for minutes in (-6000, 0)]
    assert _known(logons[::turn], [_flow("10.0.0.5", p, 1) for p in range(5)]) == {"bastion": "10.0.0.5"}


def test_a_connection_that_many_hosts_claim_tells_nothing() -> None:
    logons = [_logon(f"host{h}", p) for h in range(CLAIMS + 1) for p in range(5)]
    assert _known(logons, [_flow("10.0.0.5", p) for p in range(5)]) == {}


def _from(name: str, address: str, host: str = "fs1") -> dict[str, object]:
    return {"time": NOON, "device.hostname": host, "src_endpoint.hostname": name, "src_endpoint.ip": address}


def test_logons_name_the_machine_that_they_come_from() -> None:
    logons = [_from("WS7", "10.0.0.7")] * 9 + [_from("WS7", "192.0.2.9"), _from("WS8", "10.0.0.8")]
    logons += [_from("ws9", "127.0.0.1")] * 5
    assert addresses([_batch(EventClass.AUTHENTICATION, logons)], []) == {"ws7": "10.0.0.7"}  # WS8 is named too seldom
    forged = [_from("WS7", "10.0.0.7")] * 5 + [_from("WS7", "192.0.2.9")] * 5
    assert addresses([_batch(EventClass.AUTHENTICATION, forged)], []) == {}


def test_a_host_tells_its_own_connections() -> None:
    rows = [
        {"time": NOON, "device.hostname": "WS7", "src_endpoint.ip": "10.0.0.7", "connection_info.direction_id": 2},
        {"time": NOON, "device.hostname": "WS7", "src_endpoint.ip": "10.0.0.1", "connection_info.direction_id": 1},
    ] * 4
    assert addresses([], [], [_batch(EventClass.HOST_CONNECTION, rows)]) == {"ws7": "10.0.0.7"}


def test_a_short_name_is_the_host_that_alone_is_called_so() -> None:
    (found,) = identify(
        [finding("host:ws7.corp.example", "host:FS1", "T1059")],
        {"WS7".lower(): "10.0.0.7", "fs1.corp.example": "10.0.0.2"},
    )
    assert found.actors[-1] == Entity(EntityKind.ADDRESS, "10.0.0.7")
    assert found.targets[-1] == Entity(EntityKind.ADDRESS, "10.0.0.2")
    (unsure,) = identify(
        [finding("host:fs1", "user:bob", "T1059")], {"fs1.a.example": "10.0.0.2", "fs1.b.example": "10.0.0.3"}
    )
    assert len(unsure.actors) == 1


@pytest.mark.parametrize("seed", range(4))
def test_a_run_without_end_learns_the_same(seed: int) -> None:
    """Whatever the order and the cuts: what two sides say meets."""
    rng = random.Random(seed)
    logons = [_logon("bastion", p) for p in range(8)] + [_logon("mail", 90)]
    flows = [_flow("10.0.0.5", p, 1) for p in range(8)] + [_flow("10.0.0.9", 90)]
    named = [{"time": NOON, "src_endpoint.hostname": "WS7", "src_endpoint.ip": "10.0.0.7"} for _ in range(4)]
    parts = [_batch(EventClass.AUTHENTICATION, [r]) for r in (*logons, *named)]
    parts += [_batch(EventClass.NETWORK_ACTIVITY, [r]) for r in flows]
    rng.shuffle(parts)
    live = Acquaintance()
    for number, part in enumerate(parts):
        live.add(part)
        if number == 7:
            again = Acquaintance()
            again.load(live.dump())
            live = again
    assert live.known() == {"bastion": "10.0.0.5", "ws7": "10.0.0.7"}

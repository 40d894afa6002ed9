from __future__ import annotations

import io
from typing import Any

import orjson

from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.sources.suricata import Suricata
from vedette.sources.suricata.netflow import MOST_OPEN, Pairs
from vedette.sources.suricata.records import Eve, Netflow

START, END = "2026-01-02T03:04:05.000000+0000", "2026-01-02T03:04:07.000000+0000"


def half(flow_id: int, *, back: bool = False, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    ends = {"src_ip": "10.0.0.2", "src_port": 80, "dest_ip": "10.0.0.1", "dest_port": 1111}
    if not back:
        ends = {"src_ip": "10.0.0.1", "src_port": 1111, "dest_ip": "10.0.0.2", "dest_port": 80}
    counts = {"pkts": 2 if back else 3, "bytes": 20 if back else 30, "start": START, "end": END}
    flags = {"tcp_flags": "12" if back else "1a"}
    return {
        "timestamp": END,
        "event_type": "netflow",
        "flow_id": flow_id,
        "proto": "TCP",
        **ends,
        "netflow": counts,
        "tcp": flags,
    } | more


def read(*records: dict[str, Any]) -> list[EventBatch]:
    return list(Suricata().read(io.BytesIO(b"".join(orjson.dumps(r) + b"\n" for r in records))))


def test_two_halves_are_one_flow_that_accounts_for_both_records() -> None:
    (batch,) = read(half(1), half(1, back=True))
    got = batch.frame.row(0, named=True)
    assert (len(batch), batch.records, got["metadata.sequence"]) == (1, 2, 0)
    assert (got["traffic.packets_out"], got["traffic.packets_in"], got["traffic.bytes_in"]) == (3, 2, 20)
    assert (got["src_endpoint.ip"], got["dst_endpoint.port"], got["status_code"], got["duration"]) == (
        "10.0.0.1",
        80,
        "S1",
        2000,
    )


def test_a_half_that_stays_alone_is_a_flow_without_answer() -> None:
    (batch,) = read(half(1, tcp={"tcp_flags": "02"}))
    got = batch.frame.row(0, named=True)
    assert (batch.records, got["traffic.packets_in"], got["status_code"]) == (1, 0, "S0")


def test_halves_that_are_not_each_others_stay_apart() -> None:
    (batch,) = read(half(1), half(1))[:1]
    assert batch.records == 1


def test_once_there_are_flow_events_netflow_is_not_counted_again() -> None:
    flow = half(9, event_type="flow", flow={"pkts_toserver": 1, "start": START, "end": END})
    found = read(half(1), half(1, back=True), flow, half(9), half(9, back=True))
    assert {(b.kind, len(b), b.records) for b in found} == {
        (EventClass.NETWORK_ACTIVITY, 1, 2),
        (EventClass.NETWORK_ACTIVITY, 1, 1),
        (EventClass.EVENT_LOG, 2, 2),
    }


def test_a_half_without_times_is_a_reject() -> None:
    (batch,) = read(half(1, netflow={"pkts": 1}))
    assert (batch.kind, batch.records) == (EventClass.REJECT, 1)


def test_the_pairs_are_bounded() -> None:
    pairs = Pairs()
    row = Eve(START, "netflow", netflow=Netflow(pkts=1))
    early = [
        w for i in range(MOST_OPEN + 5) for w in pairs.feed(Eve(START, "netflow", flow_id=i, netflow=row.netflow), i)
    ]
    assert [number for _, number, _ in early] == [0, 1, 2, 3, 4]
    assert len(list(pairs.close())) == MOST_OPEN

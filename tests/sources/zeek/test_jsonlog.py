from __future__ import annotations

import io
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.events.batch import EventBatch
from vedette.events.lines import Block, blocks
from vedette.events.schema import EventClass
from vedette.sources.zeek.jsonlog import JsonLog

Record = bytes | dict[str, Any]
CONN: dict[str, Any] = {
    "ts": 1.5,
    "uid": "C1",
    "id.orig_h": "10.0.0.1",
    "id.orig_p": 5,
    "id.resp_h": "10.0.0.2",
    "id.resp_p": 80,
    "proto": "tcp",
}
CONN |= {"duration": 0.5, "conn_state": "SF", "local_orig": True, "local_resp": False, "orig_ip_bytes": 7}
DNS = {
    "ts": 2.0,
    "uid": "C2",
    "trans_id": 7,
    "query": "x.org",
    "qclass": 1,
    "answers": ["a", "b,c"],
    "TTLs": [1.0, 2.0],
    "rcode": 0,
}


def read(*records: Record, size: int = 1 << 20) -> tuple[list[EventBatch], JsonLog]:
    data = b"".join((r if isinstance(r, bytes) else orjson.dumps(r)) + b"\n" for r in records)
    log = JsonLog()
    return [b for block in blocks(io.BytesIO(data), size) for b in log.read(block)], log


def test_a_conn_record_is_the_flow_that_the_tsv_line_would_be() -> None:
    (batch,), _ = read(CONN)
    got = batch.frame.row(0, named=True)
    assert batch.kind is EventClass.NETWORK_ACTIVITY
    assert (got["status_code"], got["connection_info.direction_id"], got["traffic.bytes_out"], got["duration"]) == (
        "SF",
        2,
        7,
        500,
    )


def test_kinds_are_known_by_their_fields_or_path_and_may_be_mixed() -> None:
    notice = {"ts": 1, "note": "Scan::Port_Scan", "msg": "m", "src": "1.1.1.1", "actions": []}
    found, _ = read(CONN, DNS, notice, {"_path": "mine", "ts": 3, "x": [1]}, CONN)
    assert {b.kind: b.frame["metadata.sequence"].to_list() for b in found} == {
        EventClass.NETWORK_ACTIVITY: [0, 4],
        EventClass.DNS_ACTIVITY: [1],
        EventClass.DETECTION_FINDING: [2],
        EventClass.EVENT_LOG: [3],
    }
    log = found[-1].frame.row(0, named=True)
    assert (log["log_name"], log["unmapped"]) == ("mine", '{"x":[1]}')


def test_lists_keep_their_commas_and_unknown_fields_are_kept() -> None:
    (batch,), _ = read({**DNS, "rejected": False})
    assert batch.frame["answers.rdata"].to_list() == [["a", "b,c"]]
    assert orjson.loads(batch.frame["unmapped"][0]) == {"qclass": 1, "rejected": False}


@pytest.mark.parametrize("ts", [1517336042.5, "2018-01-30T18:14:02.500000Z", 1517336042500, "2018-01-30T18:14:02.5Z"])
def test_times_in_seconds_milliseconds_and_iso_8601(ts: float | str) -> None:
    (batch,), _ = read({**CONN, "ts": ts, "duration": None})
    assert batch.frame["time"].dt.epoch("ms").to_list() == [1517336042500]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({**CONN, "ts": "yesterday"}, "no readable time"),
        ({**CONN, "ts": -1}, "no readable time"),
        ({"name": "script.zeek"}, "no readable time"),
        ({**CONN, "id.orig_p": 70_000}, "a field is not of its type"),
        ({**CONN, "orig_pkts": "many"}, "a field is not of its type"),
        (b'{"ts":1,', "not a JSON object"),
    ],
)
def test_bad_records_are_rejects_and_cost_no_other(record: Record, reason: str) -> None:
    found, log = read(CONN, record, CONN)
    assert [n for b in found for n in b.frame["metadata.sequence"]] == [0, 2]
    bad = log.rejects.batch().frame.row(0, named=True)
    assert bad["status_detail"].startswith(reason)
    assert (bad["metadata.sequence"], bad["count"]) == (1, 1)


@given(st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=12), st.integers(1, 400))
@settings(deadline=None, max_examples=40)
def test_the_rows_do_not_depend_on_the_blocks(kinds: list[int], size: int) -> None:
    records = [(CONN, DNS, {**CONN, "new": 1})[k] for k in kinds]

    def rows(batches: list[EventBatch]) -> list[tuple[int, str, str | None]]:
        frames = [(b.kind.name, b.frame) for b in batches]
        return sorted(
            (n, kind, u)
            for kind, f in frames
            for n, u in zip(
                f["metadata.sequence"], f["unmapped"] if "unmapped" in f.columns else [None] * len(f), strict=True
            )
        )

    assert rows(read(*records, size=size)[0]) == rows(read(*records)[0])


def test_a_path_that_is_no_name_is_an_unknown_field_of_no_effect() -> None:
    (batch,), _ = read({"_path": 5, **CONN})
    assert batch.kind is EventClass.NETWORK_ACTIVITY


def test_fields_learned_from_one_block_do_not_change_the_next() -> None:
    plain, more = {**CONN}, {**CONN, "z": 1, "a": {"b": [2]}}
    log = JsonLog()
    data = b"".join(orjson.dumps(r) + b"\n" for r in (more, more, plain))
    found = [b for n in range(3) for b in log.read(Block(n * 3, 0, data))]
    unmapped = [u for b in found for u in b.frame["unmapped"]]
    assert unmapped == ['{"a":{"b":[2]},"z":1}', '{"a":{"b":[2]},"z":1}', None] * 3


@pytest.mark.parametrize("name", ["a\0b", 'a"b', "a\\b", "é", ""])
def test_fields_with_any_name_are_kept(name: str) -> None:
    log = JsonLog()
    data = orjson.dumps({**CONN, name: 1}) + b"\n"
    found = [b for n in range(2) for b in log.read(Block(n, 0, data))]
    assert [orjson.loads(b.frame["unmapped"][0]) for b in found] == [{name: 1}] * 2

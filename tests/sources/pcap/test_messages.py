"""Rows into batches."""

from __future__ import annotations

from datetime import UTC, datetime

from vedette.events.schema import EventClass
from vedette.sources.pcap.messages import BATCH_ROWS, Mark, MessageRows

V4 = ("10.0.0.1", 1, "10.0.0.2", 53, 17, 0xAB)
V6 = ("2001:db8::1", 2, "2001:db8::2", 443, 6, 2**64 - 1)


def test_columns() -> None:
    rows = MessageRows(EventClass.DNS_ACTIVITY, "dns", ("query.hostname", "answers.ttl", "response_time"))
    rows.add(("a.example", "1\x1f2", 2_000_000, Mark(1_000_000, 7, V4)))
    rows.add((None, None, None, (3_000_000, 8, V6)))
    (batch,) = rows.batches()
    frame = batch.frame
    assert batch.records == 0
    assert frame["time"].to_list() == [
        datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC),
        datetime(1970, 1, 1, 0, 0, 3, tzinfo=UTC),
    ]
    assert frame["answers.ttl"].to_list() == [[1, 2], None]
    assert frame["response_time"].null_count() == 1
    assert frame["connection_info.uid"].to_list() == ["00000000000000ab", "f" * 16]
    assert frame["connection_info.protocol_name"].to_list() == ["udp", "tcp"]
    assert frame["connection_info.protocol_ver_id"].to_list() == [4, 6]
    assert frame["app_protocol_name"].to_list() == ["dns", "dns"]
    assert list(rows.batches()) == []


def test_batches_are_bounded() -> None:
    rows = MessageRows(EventClass.SSH_ACTIVITY, "ssh", ("protocol_ver",))
    for n in range(BATCH_ROWS + 1):
        rows.add(("2.0", (n, n, V4)))
    assert [len(batch) for batch in rows.batches()] == [BATCH_ROWS, 1]

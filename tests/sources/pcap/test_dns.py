"""DNS: pairs, lone messages, other questions, time, TCP."""

from __future__ import annotations

import struct

import polars as pl
import pytest

from vedette.sources.pcap.dns import PATIENCE_US, Dns
from vedette.sources.pcap.messages import Mark
from vedette.testing.payloads import FIRST_TIME, dns_message, dns_name

ENDS = ("10.0.0.1", 40_000, "192.0.2.53", 53, 17, 1)
ANSWER = 0x8180


def rows(*messages: bytes, gap_us: int = 1_000, connection: int = 1, strict: bool = False) -> pl.DataFrame:
    """Return the rows of messages of one connection, in order of packets."""
    dns = Dns()
    for n, raw in enumerate(messages):
        dns.message(connection, raw, Mark(FIRST_TIME + n * gap_us, n, ENDS), strict=strict)
    dns.close()
    frames = [batch.frame for batch in dns.rows.batches()]
    return pl.concat(frames).sort("metadata.sequence") if frames else pl.DataFrame()


def test_query_and_response_are_one_row() -> None:
    answers = [(5, 300, dns_name("cdn.example")), (1, 60, bytes((192, 0, 2, 7)))]
    row = rows(dns_message("WWW.Example"), dns_message("WWW.Example", flags=ANSWER, answers=answers)).row(0, named=True)
    assert (row["query.hostname"], row["query.type"], row["query.class"], row["query.packet_uid"]) == (
        "www.example",
        "A",
        "IN",
        1,
    )
    assert row["answers.rdata"] == ["cdn.example", "192.0.2.7"]
    assert (row["answers.type"], row["answers.ttl"]) == (["CNAME", "A"], [300, 60])
    assert (row["activity_id"], row["status_id"], row["rcode"], row["rcode_id"], row["duration"]) == (
        6,
        1,
        "NoError",
        0,
        1,
    )
    assert row["time"] == row["query_time"] < row["response_time"]


@pytest.mark.parametrize(("rcode", "word", "code"), [(3, "NXDomain", 3), (2, "ServError", 2), (13, "Unassigned", 24)])
def test_response_codes(rcode: int, word: str, code: int) -> None:
    row = rows(dns_message("a.example"), dns_message("a.example", flags=ANSWER | rcode)).row(0, named=True)
    assert (row["rcode"], row["rcode_id"], row["status_id"], row["answers.rdata"]) == (word, code, 2, None)


def test_nobody_answers() -> None:
    row = rows(dns_message("a.example")).row(0, named=True)
    assert (row["activity_id"], row["status_id"], row["rcode_id"], row["response_time"], row["duration"]) == (
        1,
        0,
        None,
        None,
        None,
    )


def test_nobody_asked() -> None:
    row = rows(dns_message("a.example", flags=ANSWER)).row(0, named=True)
    assert (row["activity_id"], row["query_time"], row["time"]) == (2, None, row["response_time"])


def test_another_question_is_no_answer() -> None:
    assert rows(dns_message("a.example"), dns_message("b.example", flags=ANSWER))["activity_id"].to_list() == [1, 2]


def test_another_id_is_no_answer() -> None:
    assert rows(dns_message("a.example"), dns_message("a.example", flags=ANSWER, ident=2))["activity_id"].to_list() == [
        1,
        2,
    ]


def test_a_repeated_query_is_a_row_of_its_own() -> None:
    frame = rows(dns_message("a.example"), dns_message("a.example"), dns_message("a.example", flags=ANSWER))
    assert frame["activity_id"].to_list() == [1, 6]


def test_too_late_is_no_answer() -> None:
    late = rows(dns_message("a.example"), dns_message("a.example", flags=ANSWER), gap_us=PATIENCE_US + 1)
    assert late["activity_id"].to_list() == [1, 2]
    in_time = rows(dns_message("a.example"), dns_message("a.example", flags=ANSWER), gap_us=PATIENCE_US)
    assert in_time["activity_id"].to_list() == [6]


def test_a_response_without_question_matches_by_id() -> None:
    head = struct.pack("!HHHHHH", 1, ANSWER | 1, 0, 0, 0, 0)
    assert rows(dns_message("a.example"), head)["rcode"].to_list() == ["FormError"]


def test_multicast_announcement_is_named_by_its_first_record() -> None:
    record = dns_name("printer.local") + struct.pack("!HHIH", 1, 0x8001, 120, 4) + bytes((10, 0, 0, 9))
    row = rows(struct.pack("!HHHHHH", 0, 0x8400, 0, 1, 0, 0) + record).row(0, named=True)
    assert (row["query.hostname"], row["query.type"], row["query.class"], row["answers.rdata"]) == (
        "printer.local",
        "A",
        "IN",
        ["10.0.0.9"],
    )


def test_answers_behind_several_questions() -> None:
    query = dns_name("b.example") + struct.pack("!HH", 1, 1)
    one = dns_message("a.example", flags=ANSWER, answers=[(1, 5, bytes((10, 0, 0, 1)))])
    cut = 12 + len(dns_name("a.example")) + 4
    two = one[:4] + b"\0\2" + one[6:cut] + query + one[cut:]
    assert rows(two)["answers.rdata"].to_list() == [["10.0.0.1"]]


def test_huge_counts_and_loops_end() -> None:
    whole = dns_message("a.example", flags=ANSWER, answers=[(1, 5, bytes(4))])
    row = rows(whole[:6] + b"\xff\xff\xff\xff\xff\xff" + whole[12:]).row(0, named=True)
    assert (row["answers.rdata"], row["status_detail"]) == (["0.0.0.0"], "answers cut off or malformed")
    assert rows(whole[:12] + b"\xc0\x0c" + whole[14:]).is_empty()


def test_strict_wants_a_usual_question() -> None:
    assert rows(dns_message("a.example"), strict=True).height == 1
    assert rows(dns_message("a.example", 9_999), strict=True).is_empty()
    assert rows(dns_message("a\x01.example"), strict=True).is_empty()


def test_over_tcp_the_length_comes_first() -> None:
    dns, raw = Dns(), dns_message("a.example")
    framed = len(raw).to_bytes(2, "big") + raw
    mark = Mark(FIRST_TIME, 0, ENDS)
    assert dns.take(1, True, framed[:-1], mark, False) == 0
    assert dns.take(1, True, framed + b"next", mark, False) == len(framed)
    assert dns.take(1, True, b"\0\x0cnot a header", mark, True) == -1


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vedette.sources.pcap.dns.PENDING_LIMIT", 3)
    dns = Dns()
    for n in range(10):
        dns.message(n, dns_message("a.example"), Mark(FIRST_TIME, n, ENDS))
    assert [len(batch) for batch in dns.rows.batches()] == [7]

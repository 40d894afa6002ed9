from __future__ import annotations

import pytest

from vedette.events.batch import EventBatch
from vedette.events.lines import Block
from vedette.events.schema import EventClass
from vedette.sources.zeek.tsv import MOST_HEADERS, TsvLog

WEIRD = b"#path\tweird\n#fields\tts\tname\tpeer\n"


def read(*parts: bytes) -> tuple[list[EventBatch], TsvLog]:
    log, found, offset = TsvLog(), [], 0
    for data in parts:
        found += list(log.read(Block(0, offset, data)))
        offset += len(data)
    return found, log


def rejects(log: TsvLog) -> list[tuple[str, int, int]]:
    frame = log.rejects.batch().frame
    return list(frame.select("status_detail", "metadata.sequence", "count").iter_rows())


def test_each_header_counts_from_where_it_stands() -> None:
    conn = b"#path\tconn\n#fields\tts\tconn_state\n"
    found, log = read(WEIRD + b"1\ta\tz\n" + conn + b"2\tSF\n" + WEIRD + b"3\tb\tz\n", b"4\tc\tz\n")
    assert [(b.kind, b.frame["metadata.sequence"].to_list()) for b in found] == [
        (EventClass.EVENT_LOG, [0, 2]),
        (EventClass.NETWORK_ACTIVITY, [1]),
        (EventClass.EVENT_LOG, [3]),
    ]
    assert log.records == 4


def test_a_separator_an_empty_and_an_unset_word_of_ones_own() -> None:
    head = b"#separator ,\n#set_separator,|\n#empty_field,EMPTY\n#unset_field,NIL\n#path,smtp\n#fields,ts,rcptto,mailfrom,subject\n"
    (batch,), _ = read(head + b"1,a|b,NIL,EMPTY\n")
    assert batch.frame["email.to"].to_list() == [["a", "b"]]
    assert batch.frame["email.from"].to_list() == batch.frame["email.subject"].to_list() == [None]


@pytest.mark.parametrize("gap", ["   ", "\t"])
def test_labels_behind_spaces_or_tabs_are_kept(gap: str) -> None:
    head = f"#path\tconn\n#fields\tts\tconn_state\ttunnel_parents{gap}label{gap}detailed-label\n"
    (batch,), _ = read(f"{head}1\tSF\t-{gap}Malicious{gap}C&C\n2\tSF\tCx{gap}benign{gap}-\n".encode())
    assert batch.frame["unmapped"].to_list() == [
        '{"label":"Malicious","detailed-label":"C&C"}',
        '{"tunnel_parents":"Cx","label":"benign"}',
    ]


def test_bad_lines_are_rejects_with_their_place() -> None:
    found, log = read(WEIRD + b"1\ta\tz\n1\ta\nnan\ta\tz\n-5\ta\tz\n1\ta\tz\tmore\n\n2\tb\tz\n")
    assert [b.frame["metadata.sequence"].to_list() for b in found] == [[0, 5]]
    start = len(WEIRD)
    assert rejects(log) == [
        (f"wrong number of fields (first at byte {start + 6})", 1, 2),
        (f"no readable time (ts) (first at byte {start + 10})", 2, 2),
    ]


def test_a_separator_too_many_at_the_end_is_passed_over() -> None:
    found, log = read(WEIRD + b"1\ta\tz\t\n2\tb\tz\r\n3\tc\tz\t\r\n")
    assert sorted(n for b in found for n in b.frame["metadata.sequence"]) == [0, 1, 2]
    assert not log.rejects


def test_numbers_that_are_none_are_null_and_quotes_are_text() -> None:
    (batch,), _ = read(b'#path\tconn\n#fields\tts\tconn_state\torig_pkts\tuid\n1\tSF\tx\t"a\n')
    assert batch.frame.select("traffic.packets_out", "metadata.uid").row(0) == (None, '"a')


def test_bytes_that_are_no_utf8_do_not_stop_the_block() -> None:
    (batch,), _ = read(WEIRD + b"1\t\xff\\xff\\x41\tz\n")
    assert batch.frame["message"].to_list() == ["\ufffd\\xffA"]


def test_a_log_without_times_and_one_without_fields_are_rejects() -> None:
    found, log = read(b"#path\tloaded_scripts\n#fields\tname\na\nb\n", b"#separator \\x09\nfree text\n")
    assert not found
    assert [(reason.split(" (f")[0], n) for reason, _, n in rejects(log)] == [
        ("no readable time (ts)", 2),
        ("no readable #fields line above it", 1),
    ]


def test_repeated_field_names_are_both_kept() -> None:
    (batch,), _ = read(b"#path\tnew\n#fields\tts\ta\ta\n1\tx\ty\n")
    assert batch.frame["unmapped"].to_list() == ['{"a":"x","a#2":"y"}']


def test_a_header_with_a_field_of_no_name_makes_rejects() -> None:
    found, log = read(b"#path\tconn\n#fields\tts\t\ta\n1\tx\ty\n1\tx\ty\t\n")
    assert not found
    assert rejects(log)[0][2] == 2


def test_headers_without_end_do_not_cost_without_end() -> None:
    data = b"".join(b"#path\tp%d\n#fields\tts\ta\n1\tx\n" % i for i in range(MOST_HEADERS))
    found, log = read(data)
    assert sum(len(b) for b in found) + sum(n for _, _, n in rejects(log)) == MOST_HEADERS
    assert len(found) < MOST_HEADERS


def test_an_overlong_line_and_a_header_too_wide_are_rejects() -> None:
    log = TsvLog()
    assert not list(log.read(Block(0, 0, b"x" * 9, overlong=True)))
    assert not list(log.read(Block(1, 9, b"#fields\tts" + b"\ta" * 600 + b"\n1\n")))
    assert sum(n for _, _, n in rejects(log)) == 2


def test_a_conn_log_that_lost_its_head_is_known_by_its_lines() -> None:
    line = "1517336042.090842\tCi\t10.0.0.1\t14291\t10.0.0.2\t80\ttcp\t-\t3.0\t0\t0\tS0\tT\tT\t0\tS\t2\t104\t0\t0\t(empty)\n"
    (batch,), _ = read(line.encode() * 2)
    assert (batch.kind, len(batch), batch.frame["status_code"][0]) == (EventClass.NETWORK_ACTIVITY, 2, "S0")

"""Whatever version wrote the record, question and answers stand in the same columns, row by row."""

from __future__ import annotations

import msgspec
import pytest

from vedette.sources.suricata.answers import answer_columns
from vedette.sources.suricata.records import Answer, Dns, Question

V1 = Dns(rrname="a.example", rrtype="A", rdata="192.0.2.1", ttl=5)
V2 = Dns(rrname="b.example", rrtype="AAAA", answers=[Answer("A", 1, "192.0.2.2"), Answer("A", 2, "192.0.2.3")])
V3 = Dns(queries=[Question("c.example", "MX"), Question("d.example", "A")])
GROUPED = Dns(rrname="e.example", grouped=msgspec.Raw(b'{"A":["192.0.2.4"],"SOA":[{"mname":"x"}],"TXT":[]}'))
EMPTY = Dns()
RDATA = ["192.0.2.1"], ["192.0.2.2", "192.0.2.3"], None, ["192.0.2.4", '{"mname":"x"}'], None


def test_each_version_in_its_row() -> None:
    found = {name: series.to_list() for name, series in answer_columns([V1, V2, V3, GROUPED, EMPTY]).items()}
    assert found == {
        "dns.rrname": ["a.example", "b.example", "c.example", "e.example", None],
        "dns.rrtype": ["A", "AAAA", "MX", None, None],
        "dns.answers.rdata": list(RDATA),
        "dns.answers.rrtype": [["A"], ["A", "A"], None, ["A", "SOA"], None],
        "dns.answers.ttl": [[5], [1, 2], None, [None, None], None],
    }


@pytest.mark.parametrize("raw", [b"7", b'{"A":"x"}', b'{"A":', b"[" * 100_000])
def test_a_group_that_is_none_costs_its_own_row(raw: bytes) -> None:
    found = answer_columns([Dns(grouped=msgspec.Raw(raw)), V1])["dns.answers.rdata"]
    assert found.to_list() == [None, RDATA[0]]


def test_no_answers_at_all() -> None:
    assert {s.len() for s in answer_columns([EMPTY, EMPTY]).values()} == {2}

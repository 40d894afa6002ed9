from __future__ import annotations

import pytest

from vedette.sources.netflow.flow_names import FLOWS, TURNS, header


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ("StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,TotPkts,TotBytes,SrcBytes", True),
        ("starttime\tdur\tproto\tsrcaddr\tsport\tdstaddr\tdport\tsrcbytes", True),
        (" ts , te , sa , da , sp , dp , pr , ibyt ", True),
        ("StartTime,Proto,SrcAddr,Sport,DstAddr,Dport,SrcBytes", False),  # neither duration nor end
        ("StartTime,Dur,Proto,SrcAddr,DstAddr,SrcBytes", False),  # no ports
        ("ts,uid,proto,duration", False),
        ("", False),
    ],
)
def test_a_header_names_what_a_flow_needs(line: str, known: bool) -> None:
    assert (header(line) is not None) is known


def test_columns_are_found_by_role() -> None:
    found = header("te,ts,pr,da,sa,dp,sp,ibyt")
    assert found
    assert found[1]["start"] == 1
    assert found[1]["src"] == 4


def test_turning_twice_changes_nothing() -> None:
    assert all(TURNS[TURNS[c]] == c and c in FLOWS for c in TURNS)

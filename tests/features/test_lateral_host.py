"""Who administers whom."""

from __future__ import annotations

from typing import Any

import pytest

from vedette.features.lateral_host import MOST, LateralHost
from vedette.testing.flows import flows
from vedette.testing.rows import rows_of

A, B, C = "10.0.0.1", "10.0.0.2", "10.0.0.3"


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({"port": 445}, ["SMB 10.0.0.2"]),
        ({"port": 3389}, ["RDP 10.0.0.2"]),
        ({"port": 5985, "app": "http"}, ["WinRM 10.0.0.2"]),
        ({"port": 2222, "app": "ssh"}, ["SSH 10.0.0.2"]),
        ({"port": 49_667, "app": "gssapi,dce_rpc"}, ["RPC 10.0.0.2"]),
        ({"port": 445, "app": "gssapi,smb,ntlm"}, ["SMB 10.0.0.2"]),
        ({"port": 445, "app": "http"}, ["SMB 10.0.0.2"]),
        ({"port": 22, "app": "dns"}, []),
        ({"port": 80, "app": "http"}, []),
        ({"port": 445, "direction": 2}, []),
        ({"port": 445, "state": "S0"}, []),
        ({"port": 445, "state": "REJ"}, []),
        ({"port": 445, "proto": "udp"}, []),
        ({"port": 445, "state": None, "bytes_in": 5_000}, ["SMB 10.0.0.2"]),
        ({"port": 445, "state": None, "bytes_in": 60}, []),
        ({"port": 445, "dst": A}, []),
    ],
)
def test_what_is_an_administrative_connection(columns: dict[str, Any], wanted: list[str]) -> None:
    rows = rows_of(LateralHost, flows(**{"src": A, "dst": B, **columns})).filter(host=A)
    assert (rows["edges"].to_list()[0] if rows.height else []) == wanted


def test_both_ends_have_a_row_with_times() -> None:
    talk = flows(4, every=60, src=[A, A, B, A], dst=[B, B, C, C], port=[445, 445, 3389, 22])
    rows = {r["host"]: r for r in rows_of(LateralHost, talk).iter_rows(named=True)}
    assert rows[A]["edges"] == ["SMB 10.0.0.2", "SSH 10.0.0.3"]
    assert rows[A]["reach"] == 2
    assert rows[B]["callers"] == ["SMB 10.0.0.1"]
    assert rows[B]["caller_times"][0] < rows[B]["edge_times"][0]
    assert rows[C]["callers"] == ["RDP 10.0.0.2", "SSH 10.0.0.1"]
    assert (rows[C]["edges"], rows[A]["callers"]) == ([], [])


def test_the_first_of_very_many_are_kept_however_they_come() -> None:
    names = [f"10.1.{n // 200}.{n % 200}" for n in range(2 * MOST)]
    whole = flows(2 * MOST, every=1, src=A, dst=names, port=445)
    parts = [type(whole)(whole.kind, whole.frame[n::3]) for n in (2, 0, 1)]
    one, other = (rows_of(LateralHost, *batches).filter(host=A) for batches in ([whole], parts))
    assert one["edges"].to_list()[0] == [f"SMB {n}" for n in names[:MOST]]
    assert one.equals(other)


def test_what_is_prepared_can_be_collected_alone() -> None:
    made = LateralHost()
    prepared = made.prepare(made.take(flows(src=A, dst=B, port=445))).collect()
    assert prepared.sort("host").select("host", "edge", "caller").rows() == [
        (A, "SMB 10.0.0.2", None),
        (B, None, "SMB 10.0.0.1"),
    ]

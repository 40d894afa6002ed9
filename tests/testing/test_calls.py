"""Made calls are what they say."""

from __future__ import annotations

from vedette.events.schema import EventClass
from vedette.testing.calls import ATTACKER, VICTIM, calls, files


def test_calls_and_files() -> None:
    batch = calls("samr::SamrOpenUser", {"call": "svcctl::StartServiceW", "src": "10.0.0.9", "status": 2, "at": 90})
    assert batch.kind is EventClass.RPC_ACTIVITY
    assert batch.frame.select("src_endpoint.ip", "dst_endpoint.ip", "vedette.operation", "status_id").rows() == [
        (ATTACKER, VICTIM, "SamrOpenUser", None),
        ("10.0.0.9", VICTIM, "StartServiceW", 2),
    ]
    assert files({"share": "\\\\h\\C$"}).frame["share"].to_list() == ["\\\\h\\C$"]

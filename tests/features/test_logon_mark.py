from __future__ import annotations

from vedette.features.logon_mark import LogonMark
from vedette.testing.logons import logons
from vedette.testing.rows import rows_of


def test_marks() -> None:
    base: dict[str, object] = {"at": 0, "ok": True, "host": "srv1", "service": None, "source": None}
    rows = [
        base
        | {
            "user": "bob",
            "logon_type_id": 9,
            "logon_process.name": "seclogo",
            "unmapped.TargetOutboundUserName": "carol",
        },
        base
        | {
            "user": "Administrator",
            "logon_type_id": 3,
            "auth_protocol": "NTLM V2",
            "unmapped.KeyLength": "0",
            "source_name": "PC7",
        },
        base
        | {"user": "dave", "logon_type_id": 9, "logon_process.name": "Advapi", "unmapped.TargetOutboundUserName": "-"},
    ]
    made = rows_of(LogonMark, logons(rows))
    assert made.select("user", "other", "keyless", "outbound", "source").rows() == [
        ("bob", True, False, "carol", None),
        ("Administrator", False, True, None, "PC7"),
    ]

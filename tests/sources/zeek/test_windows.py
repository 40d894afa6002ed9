"""The edges of the logs of Windows networks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vedette.sources.zeek.fields import Log
from vedette.sources.zeek.windows import DCE_RPC, KERBEROS, NTLM, RDP, SMB_FILES, SMB_MAPPING

WHAT, DOES = "vedette.interface", "vedette.operation"
EFS = "c681d488-d850-11d0-8c52-00c04fd90f7e"
CASES: list[tuple[Log, dict[str, Any], dict[str, Any]]] = [
    (DCE_RPC, {"endpoint": "svcctl", "operation": "CreateServiceW"}, {WHAT: "svcctl", DOES: "CreateServiceW"}),
    (DCE_RPC, {"endpoint": f"unknown-{EFS}", "operation": "unknown-0"}, {WHAT: "efsrpc", DOES: "EfsRpcOpenFileRaw"}),
    (DCE_RPC, {"endpoint": "unknown-x", "operation": "unknown-0"}, {WHAT: None, DOES: None, "dce_rpc.opnum": 0}),
    (DCE_RPC, {"endpoint": "samr", "operation": "unknown-9999999999"}, {WHAT: "samr", "dce_rpc.opnum": None}),
    (DCE_RPC, {"named_pipe": "\\PIPE\\lsass"}, {"file.name": "lsass"}),
    (DCE_RPC, {"named_pipe": "49668", "rtt": 0.25}, {"file.name": None, "duration": 250}),
    (SMB_MAPPING, {"path": "\\\\a\\IPC$", "share_type": "PIPE"}, {"share": "\\\\a\\IPC$", "share_type": "pipe"}),
    (SMB_FILES, {"action": "SMB::FILE_OPEN", "name": "a"}, {"command": "SMB2_COMMAND_CREATE", "activity_id": 2}),
    (SMB_FILES, {"action": "SMB::FILE_WRITE", "size": 5}, {"command": "SMB2_COMMAND_WRITE", "file.size": 5}),
    (SMB_FILES, {"action": "SMB::PIPE_OPEN"}, {"command": "SMB2_COMMAND_OPEN", "activity_id": 99}),
    (KERBEROS, {"client": "a/b/R", "success": True}, {"user.name": "a/b", "user.domain": "R", "status_id": 1}),
    (KERBEROS, {"client": "a", "success": False}, {"user.name": "a", "user.domain": None, "status_id": 2}),
    (KERBEROS, {"error_msg": "KDC_ERR_PREAUTH_REQUIRED", "success": False}, {"status_id": 0, "activity_id": 6}),
    (KERBEROS, {"request_type": "TGS", "cipher": "RC4-HMAC"}, {"activity_id": 4, "vedette.etype": 23}),
    (KERBEROS, {"request_type": "?", "cipher": "new"}, {"activity_id": 3, "vedette.etype": None}),
    (NTLM, {"username": "u", "success": False, "hostname": "h"}, {"status_id": 2, "src_endpoint.hostname": "h"}),
    (NTLM, {"username": "u"}, {"status_id": None, "activity_id": 1, "auth_protocol": "NTLM"}),
    (RDP, {"cookie": "c", "security_protocol": "HYBRID"}, {"identifier_cookie": "c", "vedette.security": "HYBRID"}),
]


@pytest.mark.parametrize(("log", "fields", "wanted"), CASES)
def test_edges(
    log: Log, fields: dict[str, Any], wanted: dict[str, Any], columns: Callable[..., dict[str, Any]]
) -> None:
    found = columns(log, **fields)
    assert {name: found.get(name) for name in wanted} == wanted

"""The edges of the events of Windows networks."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from vedette.events.schema import EventClass
from vedette.sources.suricata import Suricata
from vedette.sources.suricata.expressions import Event
from vedette.sources.suricata.records import Eve
from vedette.sources.suricata.windows import CALL, DCERPC, KRB5, LOGON, RDP, SMB, kind_of

SVCCTL = {"interfaces": [{"uuid": "367ABB81-9844-35f1-ad32-98f038001003"}], "request": "REQUEST"}
WHAT, DOES = "vedette.interface", "vedette.operation"
CASES: list[tuple[Event, dict[str, Any], dict[str, Any]]] = [
    (SMB, {"smb": {"share": "a", "share_type": "FILE"}}, {"share": "a", "share_type": "disk", "activity_id": 99}),
    (SMB, {"smb": {"named_pipe": "p"}}, {"share": "p", "share_type": "pipe"}),
    (
        SMB,
        {"smb": {"disposition": "FILE_OVERWRITE_IF", "status": "STATUS_SUCCESS"}},
        {"activity_id": 6, "status_id": 1},
    ),
    (SMB, {"smb": {"status": "STATUS_ACCESS_DENIED"}}, {"status_id": 2, "status_code": "STATUS_ACCESS_DENIED"}),
    (CALL, {"smb": {"dcerpc": SVCCTL | {"opnum": 12}}}, {WHAT: "svcctl", DOES: "CreateServiceW", "dce_rpc.opnum": 12}),
    (CALL, {"smb": {"dcerpc": {"opnum": 2**40, "interfaces": []}}}, {WHAT: None, DOES: None, "dce_rpc.opnum": None}),
    (CALL, {"smb": {"dcerpc": {"response": "UNREPLIED"}}}, {"dce_rpc.command_response": None, "status_id": 0}),
    (DCERPC, {"dcerpc": SVCCTL | {"req": {"opnum": 19}, "response": "FAULT"}}, {DOES: "StartServiceW", "status_id": 2}),
    (DCERPC, {"dcerpc": {}}, {DOES: None, "status_id": 0}),
    (LOGON, {"smb": {"status": "STATUS_SUCCESS", "ntlmssp": {"user": "u"}}}, {"user.name": "u", "status_id": 1}),
    (LOGON, {"smb": {"status": "STATUS_LOGON_FAILURE"}}, {"status_id": 2, "logon_type_id": 3}),
    (KRB5, {"krb5": {"msg_type": "KRB_AS_REP", "cname": "<empty>"}}, {"status_id": 1, "user.name": None}),
    (KRB5, {"krb5": {"msg_type": "KRB_ERROR", "failed_request": "KRB_TGS_REQ"}}, {"status_id": 2, "activity_id": 4}),
    (KRB5, {"krb5": {"error_code": "KDC_ERR_PREAUTH_REQUIRED"}}, {"status_id": 0, "activity_id": 6}),
    (KRB5, {"krb5": {"encryption": "RC4_HMAC", "sname": "cifs/a"}}, {"vedette.etype": 23, "service.name": "cifs/a"}),
    (RDP, {"rdp": {"event_type": "initial_request", "cookie": "c"}}, {"activity_id": 1, "identifier_cookie": "c"}),
    (RDP, {"rdp": {"event_type": "new"}}, {"activity_id": 99}),
]
KINDS = [
    (None, ""),
    ({}, "smb"),
    ({"dcerpc": {"request": "BIND"}}, "smb"),
    ({"dcerpc": {"request": "REQUEST"}}, "smb.dcerpc"),
    ({"ntlmssp": {"user": "u"}, "status": "STATUS_MORE_PROCESSING_REQUIRED"}, "smb"),
    ({"ntlmssp": {"user": ""}, "status": "STATUS_SUCCESS"}, "smb"),
    ({"ntlmssp": {"user": "u"}, "status": "STATUS_SUCCESS"}, "smb.ntlmssp"),
    ({"ntlmssp": {"user": "u"}, "status": "STATUS_LOGON_FAILURE"}, "smb.ntlmssp"),
]
HEAD = {"timestamp": "2026-01-02T00:00:00.0+0000", "event_type": "smb", "flow_id": 1}


@pytest.mark.parametrize(("event", "rest", "wanted"), CASES)
def test_edges(
    event: Event, rest: dict[str, Any], wanted: dict[str, Any], columns: Callable[..., dict[str, Any]]
) -> None:
    found = columns(event, **rest)
    assert {name: found.get(name) for name in wanted} == wanted


@pytest.mark.parametrize(("smb", "kind"), KINDS)
def test_kinds(smb: dict[str, Any] | None, kind: str) -> None:
    record = HEAD | ({"smb": smb} if smb is not None else {})
    assert kind_of(msgspec.json.decode(msgspec.json.encode(record), type=Eve)) == kind


def test_each_record_is_one_row_of_what_it_is() -> None:
    records = [HEAD | {"smb": smb} for smb, _ in KINDS if smb is not None]
    records += [HEAD | {"event_type": "smb.dcerpc"}, HEAD | {"event_type": "smb", "smb": None}]
    batches = list(Suricata().read(io.BytesIO(b"\n".join(map(msgspec.json.encode, records)))))
    rows = {b.kind: b.frame.height for b in batches}
    wanted = {EventClass.SMB_ACTIVITY: 4, EventClass.RPC_ACTIVITY: 1, EventClass.AUTHENTICATION: 2}
    assert rows == wanted | {EventClass.EVENT_LOG: 2}
    assert sum(b.records for b in batches) == len(records)

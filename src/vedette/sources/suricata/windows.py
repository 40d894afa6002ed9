"""EVE's smb, dcerpc, krb5 and rdp events as tables: OCSF column -> expression over the fields of the record.

An smb record that holds a remote procedure call is such a call, one that holds an NTLM logon with its result is a logon.
"""

from __future__ import annotations

import polars as pl
from polars import col

from vedette.events.rpc import interface_of, operation_of
from vedette.events.schema import EventClass
from vedette.sources.suricata.expressions import BASE, Event, fitting, integer, named, outcome
from vedette.sources.suricata.records import Eve

SMB_CALL, SMB_LOGON = "smb.dcerpc", "smb.ntlmssp"
"""What we call the two special kinds of smb records."""
_SUCCESS = "STATUS_SUCCESS"
_REFUSED = (
    *("STATUS_LOGON_FAILURE", "STATUS_WRONG_PASSWORD", "STATUS_NO_SUCH_USER", "STATUS_ACCOUNT_RESTRICTION"),
    *("STATUS_ACCOUNT_DISABLED", "STATUS_ACCOUNT_LOCKED_OUT", "STATUS_PASSWORD_EXPIRED"),
)
_DISPOSITIONS = {
    "FILE_SUPERSEDE": 1,
    "FILE_OPEN": 2,
    "FILE_CREATE": 3,
    "FILE_OPEN_IF": 4,
    "FILE_OVERWRITE": 5,
    "FILE_OVERWRITE_IF": 6,
}

SMB = Event(
    EventClass.SMB_ACTIVITY,
    ("smb", "smb.ntlmssp"),
    {
        **BASE,
        "activity_id": named(col("smb.disposition"), _DISPOSITIONS, 99),
        "app_protocol_name": pl.lit("smb"),
        "command": col("smb.command"),
        "dialect": col("smb.dialect"),
        "share": pl.coalesce("smb.share", "smb.named_pipe"),
        "share_type": pl.when(col("smb.named_pipe").is_not_null())
        .then(pl.lit("pipe"))
        .otherwise(col("smb.share_type").replace({"FILE": "disk", "PIPE": "pipe", "PRINT": "print"})),
        "file.name": col("smb.filename"),
        "file.size": col("smb.size"),
        "actor.user.name": col("smb.ntlmssp.user"),
        "status_id": outcome(col("smb.status") == _SUCCESS),
        "status_code": col("smb.status"),
    },
)


def _call(name: str, number: str) -> dict[str, pl.Expr]:
    """Return the columns of a remote procedure call."""
    uuid = col(f"{name}.uuid")
    answer = col(f"{name}.response")
    return {
        **BASE,
        "activity_id": integer(1),
        "app_protocol_name": pl.lit("dce_rpc"),
        "dce_rpc.command": col(f"{name}.request"),
        "dce_rpc.command_response": pl.when(answer != "UNREPLIED").then(answer),
        "dce_rpc.opnum": col(number).cast(pl.Int32, strict=False),
        "dce_rpc.rpc_interface.uuid": uuid,
        "vedette.interface": interface_of(uuid),
        "vedette.operation": operation_of(uuid, col(number)),
        "status_id": pl.when(answer == "FAULT").then(integer(2)).otherwise(integer(0)),
    }


CALL = Event(EventClass.RPC_ACTIVITY, ("smb.dcerpc",), _call("smb.dcerpc", "smb.dcerpc.opnum"))
DCERPC = Event(EventClass.RPC_ACTIVITY, ("dcerpc.req",), _call("dcerpc", "dcerpc.req.opnum"))

LOGON = Event(
    EventClass.AUTHENTICATION,
    ("smb", "smb.ntlmssp"),
    {
        **fitting(EventClass.AUTHENTICATION, BASE),
        "activity_id": integer(1),
        "auth_protocol": pl.lit("NTLM"),
        "is_remote": pl.lit(value=True),
        "logon_type_id": integer(3),
        "service.name": pl.lit("smb"),
        "src_endpoint.hostname": col("smb.ntlmssp.host"),
        "user.name": col("smb.ntlmssp.user"),
        "user.domain": col("smb.ntlmssp.domain"),
        "status_id": outcome(col("smb.status") == _SUCCESS),
        "status_code": col("smb.status"),
    },
)

_STEPS = ("KDC_ERR_PREAUTH_REQUIRED", "KRB_ERR_RESPONSE_TOO_BIG")
_ETYPES = {
    "DES_CBC_MD5": 3,
    "AES128_CTS_HMAC_SHA1_96": 17,
    "AES256_CTS_HMAC_SHA1_96": 18,
    "RC4_HMAC": 23,
    "ARCFOUR_HMAC_MD5": 23,
    "ARCFOUR_HMAC_MD5_56": 24,
}
_STEP = col("krb5.error_code").is_in(_STEPS).fill_null(value=False)
_ASKED = pl.coalesce("krb5.failed_request", "krb5.msg_type")


def _known(name: str) -> pl.Expr:
    return pl.when(col(name) != "<empty>").then(col(name))


KRB5 = Event(
    EventClass.AUTHENTICATION,
    ("krb5",),
    {
        **fitting(EventClass.AUTHENTICATION, BASE),
        "activity_id": pl.when(_STEP)
        .then(integer(6))
        .when(_ASKED.str.contains("TGS"))
        .then(integer(4))
        .otherwise(integer(3)),
        "auth_protocol": pl.lit("Kerberos"),
        "user.name": _known("krb5.cname"),
        "user.domain": _known("krb5.realm"),
        "service.name": _known("krb5.sname"),
        "status_id": pl.when(_STEP).then(integer(0)).otherwise(outcome(col("krb5.msg_type") != "KRB_ERROR")),
        "status_code": col("krb5.error_code"),
        "vedette.etype": named(col("krb5.encryption"), _ETYPES),
    },
)

_EVENTS = {"initial_request": 1, "initial_response": 2, "connect_request": 3, "connect_response": 4, "tls_handshake": 5}
RDP = Event(
    EventClass.RDP_ACTIVITY,
    ("rdp",),
    {
        **BASE,
        "activity_id": named(col("rdp.event_type"), _EVENTS, 99),
        "app_protocol_name": pl.lit("rdp"),
        "identifier_cookie": col("rdp.cookie"),
        "vedette.security": col("rdp.protocol"),
    },
)


def kind_of(row: Eve) -> str:
    """Return what an smb record is: ``smb``, or one of the two special kinds."""
    smb = row.smb
    if smb is None:
        return ""
    if smb.dcerpc is not None and smb.dcerpc.request == "REQUEST":
        return SMB_CALL
    finished = smb.status == _SUCCESS or smb.status in _REFUSED
    return SMB_LOGON if smb.ntlmssp is not None and smb.ntlmssp.user and finished else "smb"

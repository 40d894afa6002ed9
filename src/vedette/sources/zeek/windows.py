"""Zeek's dce_rpc, smb_mapping, smb_files, kerberos, ntlm and rdp logs as tables: field -> type, OCSF column -> expression.

A procedure that Zeek has no name for stands in its log as ``unknown-<uuid>`` and ``unknown-<opnum>``: it is looked up in ours. Kerberos:
a client is ``name/REALM``; that a client must prove itself first is no failure.
"""

from __future__ import annotations

import polars as pl
from polars import col

from vedette.events.rpc import interface_of, operation_of
from vedette.events.schema import EventClass
from vedette.sources.zeek.expressions import ID, TCP, WHO, fitting, integer, named, outcome, sane
from vedette.sources.zeek.fields import Log

_UNKNOWN = "unknown-"
_UUID = col("endpoint").str.strip_prefix(_UNKNOWN)
_NUMBER = col("operation").str.strip_prefix(_UNKNOWN).cast(pl.Int32, strict=False)
_NAMELESS = col("endpoint").str.starts_with(_UNKNOWN)
_PIPE = col("named_pipe").str.replace(r"(?i)^\\+pipe\\+", "").str.replace(r"^\\+", "").str.to_lowercase()

DCE_RPC = Log(
    EventClass.RPC_ACTIVITY,
    fields={**ID, "rtt": "interval", "named_pipe": "text", "endpoint": "text", "operation": "text"},
    columns={
        **WHO,
        **TCP,
        "app_protocol_name": pl.lit("dce_rpc"),
        "duration": (sane(col("rtt")) * 1000).round().cast(pl.Int64),
        "dce_rpc.command": pl.lit("REQUEST"),
        "dce_rpc.opnum": _NUMBER,
        "dce_rpc.rpc_interface.uuid": pl.when(_NAMELESS).then(_UUID),
        "file.name": pl.when(_PIPE.str.contains("[^0-9]")).then(_PIPE),
        "vedette.interface": pl.when(_NAMELESS).then(interface_of(_UUID)).otherwise(col("endpoint")),
        "vedette.operation": pl.when(_NAMELESS).then(operation_of(_UUID, _NUMBER)).otherwise(col("operation")),
        "status_id": integer(0),
    },
    marks=frozenset({"endpoint", "operation"}),
)

_KINDS = {"DISK": "disk", "PIPE": "pipe", "PRINT": "print"}

SMB_MAPPING = Log(
    EventClass.SMB_ACTIVITY,
    fields={**ID, "path": "text", "share_type": "text"},
    columns={
        **WHO,
        **TCP,
        "activity_id": integer(99),
        "app_protocol_name": pl.lit("smb"),
        "command": pl.lit("SMB2_COMMAND_TREE_CONNECT"),
        "share": col("path"),
        "share_type": col("share_type").replace(_KINDS),
    },
    marks=frozenset({"native_file_system", "share_type"}),
)

_ACTIONS = {
    "SMB::FILE_OPEN": "CREATE",
    "SMB::FILE_READ": "READ",
    "SMB::FILE_WRITE": "WRITE",
    "SMB::FILE_CLOSE": "CLOSE",
}

SMB_FILES = Log(
    EventClass.SMB_ACTIVITY,
    fields={**ID, "action": "text", "path": "text", "name": "text", "size": "count"},
    columns={
        **WHO,
        **TCP,
        "activity_id": named(col("action"), {"SMB::FILE_OPEN": 2}, 99),
        "app_protocol_name": pl.lit("smb"),
        "command": pl.format(
            "SMB2_COMMAND_{}", col("action").replace(_ACTIONS).str.replace("^SMB::(FILE_|PIPE_|PRINT_)?", "")
        ),
        "share": col("path"),
        "file.name": col("name"),
        "file.size": col("size"),
    },
    marks=frozenset({"action", "times.modified"}),
)

_TICKETS = {"AS": 3, "TGS": 4}
_STEPS = ("KDC_ERR_PREAUTH_REQUIRED", "KRB_ERR_RESPONSE_TOO_BIG")
_ETYPES = {
    "rc4-hmac": 23,
    "rc4-hmac-exp": 24,
    "des-cbc-md5": 3,
    "aes128-cts-hmac-sha1-96": 17,
    "aes256-cts-hmac-sha1-96": 18,
}
_STEP = col("error_msg").is_in(_STEPS).fill_null(value=False)

KERBEROS = Log(
    EventClass.AUTHENTICATION,
    fields={
        **ID,
        "request_type": "text",
        "client": "text",
        "service": "text",
        "success": "flag",
        "error_msg": "text",
        "cipher": "text",
    },
    columns={
        **fitting(EventClass.AUTHENTICATION, WHO),
        "activity_id": pl.when(_STEP).then(integer(6)).otherwise(named(col("request_type"), _TICKETS, 3)),
        "auth_protocol": pl.lit("Kerberos"),
        "user.name": col("client").str.replace(r"/[^/]*$", ""),
        "user.domain": col("client").str.extract(r"/([^/]*)$"),
        "service.name": col("service"),
        "status_id": pl.when(_STEP).then(integer(0)).otherwise(outcome(col("success"))),
        "status_code": col("error_msg"),
        "vedette.etype": named(col("cipher").str.to_lowercase(), _ETYPES),
    },
    marks=frozenset({"request_type", "error_msg"}),
)

NTLM = Log(
    EventClass.AUTHENTICATION,
    fields={**ID, "username": "text", "hostname": "text", "domainname": "text", "success": "flag"},
    columns={
        **fitting(EventClass.AUTHENTICATION, WHO),
        "activity_id": integer(1),
        "auth_protocol": pl.lit("NTLM"),
        "is_remote": pl.lit(value=True),
        "logon_type_id": integer(3),
        "src_endpoint.hostname": col("hostname"),
        "user.name": col("username"),
        "user.domain": col("domainname"),
        "status_id": outcome(col("success")),
    },
    marks=frozenset({"username", "domainname"}),
)

RDP = Log(
    EventClass.RDP_ACTIVITY,
    fields={**ID, "cookie": "text", "result": "text", "security_protocol": "text", "client_name": "text"},
    columns={
        **WHO,
        **TCP,
        "app_protocol_name": pl.lit("rdp"),
        "src_endpoint.hostname": col("client_name"),
        "identifier_cookie": col("cookie"),
        "vedette.security": col("security_protocol"),
        "status_code": col("result"),
    },
    marks=frozenset({"cookie", "security_protocol"}),
)

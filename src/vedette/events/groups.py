"""Groups of attribute paths that several classes share: who, where, on which machine, by which program."""

from __future__ import annotations

import polars as pl

DType = pl.DataType | type[pl.DataType]

TIME = pl.Datetime("us", "UTC")
STRINGS = pl.List(pl.String)
ID, COUNT, TEXT, FLAG = pl.Int32, pl.Int64, pl.String, pl.Boolean


BASE: dict[str, DType] = {
    "time": TIME,  # when it happened (a flow: its last packet)
    "start_time": TIME,
    "end_time": TIME,
    "duration": COUNT,  # milliseconds
    "activity_id": ID,
    "severity_id": ID,
    "status_id": ID,  # 1 success, 2 failure
    "status_code": TEXT,  # the source's own word (Zeek: conn_state)
    "status_detail": TEXT,
    "count": COUNT,
    "message": TEXT,
    "raw_data": TEXT,
    "metadata.log_name": TEXT,  # the input, as the operator named it
    "metadata.sequence": COUNT,  # record number in the input: with log_name, the row's id
    "metadata.uid": TEXT,  # the source's own id (Zeek: uid)
    "metadata.log_provider": TEXT,
    "metadata.event_code": TEXT,  # the source's own number or name of the kind of event (Windows: the event id)
    "metadata.product.name": TEXT,
    "unmapped": TEXT,  # JSON object of what the class has no place for
}
DEVICE: dict[str, DType] = {"device.hostname": TEXT, "device.ip": TEXT}
ENDPOINTS: dict[str, DType] = {
    f"{side}_endpoint.{name}": dtype
    for side in ("src", "dst")
    for name, dtype in (("ip", TEXT), ("port", ID), ("mac", TEXT), ("hostname", TEXT))
}
CONNECTION: dict[str, DType] = {
    "connection_info.uid": TEXT,
    "connection_info.protocol_num": ID,  # IANA; null for ARP
    "connection_info.protocol_name": TEXT,  # tcp udp icmp icmp6 arp ...
    "connection_info.protocol_ver_id": ID,  # 4 or 6
    "connection_info.direction_id": ID,  # 1 inbound 2 outbound 3 lateral 4 local 0 unknown
}
NETWORK: dict[str, DType] = {
    **ENDPOINTS,
    **CONNECTION,
    "app_protocol_name": TEXT,  # dns http tls ssh ..., by payload, never by port
}
USER: dict[str, DType] = {"user.name": TEXT, "user.domain": TEXT, "user.uid": TEXT}
ACTOR: dict[str, DType] = {
    "actor.user.name": TEXT,
    "actor.user.domain": TEXT,
    "actor.user.uid": TEXT,
    "actor.session.uid": TEXT,  # Windows: the logon id
    "actor.process.name": TEXT,
    "actor.process.pid": ID,
    "actor.process.uid": TEXT,  # Sysmon: the process GUID
    "actor.process.cmd_line": TEXT,
    "actor.process.file.path": TEXT,
}
OBSERVABLES: dict[str, DType] = {
    "observables.name": STRINGS,  # actor or target
    "observables.type_id": pl.List(pl.Int32),
    "observables.value": STRINGS,
}


def file_paths(prefix: str) -> dict[str, DType]:
    """Return what is known of a file as a program: ``prefix`` is the path of the OCSF file object."""
    texts = ("path", "name", "desc", "company_name", "product.name", "internal_name", "version")
    return {
        **{f"{prefix}.{name}": TEXT for name in texts},
        f"{prefix}.hashes.value": STRINGS,
        f"{prefix}.size": COUNT,
    }

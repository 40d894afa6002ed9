"""Made-up events and rows, of any class: enough variety that features move and detectors fire."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass

START = datetime(2026, 1, 5, 8, tzinfo=UTC)

_POOLS: dict[str, tuple[Any, ...]] = {
    "src_endpoint.ip": ("10.0.0.5", "10.0.0.6", "192.0.2.9", "2001:db8::9", "198.51.100.7"),
    "dst_endpoint.ip": tuple(f"10.0.1.{n}" for n in range(1, 60)),
    "src_endpoint.port": (53, 123, 11211, 40_000, 50_001, 50_002, 61_000),
    "dst_endpoint.port": (21, 22, 23, 25, 53, 80, 443, 445, 3389, 8080, *range(1, 40)),
    "duration": (0, 12, 900, 60_000, 5_400_000, 90_000_000, None),
    "connection_info.protocol_num": (6, 17, 1),
    "connection_info.protocol_name": ("tcp", "tcp", "udp", "icmp", "arp"),
    "connection_info.direction_id": (0, 1, 2, 3),
    "connection_info.flag_history": ("S", "Sr", "ShADadFf", "ShAa", "D", "Dd", "h", None),
    "connection_info.tcp_flags": (2, 18, 20, 27, 1, 41, 0),
    "status_code": ("S0", "REJ", "SF", "S1", "OTH", "SHR", "RSTO", None),
    "status_id": (1, 2, 2, None),
    "activity_id": (1, 2, 3, 5, 6),
    "severity_id": (1, 2, 3, 4),
    "app_protocol_name": ("http", "tls", "ssh", "dns", None),
    "user.name": ("root", "alice", "bob", "svc-backup", "ådmin", None),
    "actor.user.name": ("alice", "bob", "root", None),
    "process.user.name": ("root", "bob", None),
    "process.cmd_line": (
        "/usr/bin/apt update",
        "rm -rf /var/log/auth.log",
        "/bin/bash",
        "history -c",
        "whoami /all & net view",
        None,
    ),
    "service.name": ("sshd", "sudo", "su", None),
    "device.hostname": ("bastion", "web1", None),
    "message": ("session opened", "new user: name=eve, UID=0", "truncated /var/log/wtmp", None),
    "http_request.http_method": ("GET", "POST", None),
    "http_request.url.path": ("/", "/login", "/a/b", None),
    "http_response.code": (200, 401, 403, 404, None),
    "tls.sni": ("www.shop.com", "api.news.org", "printer.local", "", None),
    "query.hostname": ("www.shop.com", "news.org", "qzxkjvwp.net", "a.b.corp.co.uk", "printer.local", "single", None),
    "answers.ttl": ([60], [300, 1], None),
    "metadata.log_name": ("one.log", "two.log"),
    "unmapped": ('{"a":1}', None),
    "metadata.event_code": (
        "StopLogging",
        "GetSecretValue",
        "New-InboxRule",
        "create pods/exec",
        "SendCommand",
        "4624",
        "1102",
        None,
    ),
    "metadata.log_provider": ("cloudtrail", "m365", "kubernetes", "Microsoft-Windows-Eventlog"),
    "metadata.uid": ("7", "8", "9", "12", "40", "C4x", None),
    "auth_protocol": ("Kerberos", "NTLM", None),
    "vedette.interface": ("svcctl", "svcctl", "drsuapi", None),
    "vedette.operation": ("CreateServiceW", "StartServiceW", "DRSGetNCChanges", "OpenServiceW", None),
    "share": ("\\\\files\\ADMIN$", "\\\\files\\public", None),
    "command": ("SMB2_COMMAND_CREATE", "SMB2_COMMAND_WRITE"),
    "actor.user.uid": ("S-1-5-7", "S-1-5-21-1-2-3-1104", None),
    "group.name": ("Domain Admins", "sudo", "Sales", None),
    "logon_type_id": (2, 3, 3, 5, 9, 10, None),
    "logon_process.name": ("seclogo", "NtLmSsp", "Kerberos", None),
    "vedette.etype": (18, 17, 23, None),
    "src_endpoint.location.country": ("DE", "DE", "US", "JP", None),
    "file.name": ("tool.exe", "notes.txt", None),
    "file.path": (
        "\\\\files\\plans\\budget.xlsx",
        "C:\\Users\\bob\\notes.txt",
        "E:\\copy\\tool.exe",
        "/usr/bin/vi",
        None,
    ),
    "process.file.path": ("C:\\Windows\\System32\\lsass.exe", "C:\\Users\\Public\\cmd.exe", "/usr/bin/vi", None),
    "process.parent_process.file.path": ("C:\\Office\\winword.exe", "/bin/sh", None),
    "reg_value.path": ("HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run", "HKCU\\Software\\Example", None),
    "reg_value.data": ("C:\\Users\\Public\\a.exe", "1", None),
    "requested_permissions": (0x1010, 0x1FFFFF, 0x1000, None),
    "finding_info.title": ("ET SCAN Nmap", "SSL::Invalid_Server_Cert", None),
    "vedette.entity": ("10.0.0.5", "10.0.0.6"),
    "vedette.entity_kind": ("address", "address", "domain"),
    "vedette.role": ("actor", "actor", "target"),
}

_LARGEST = {pl.Int8: 120, pl.UInt8: 120, pl.Int16: 30_000, pl.UInt16: 30_000}
"""What a narrow number holds."""


def random_events(kind: EventClass, n: int = 400, seed: int = 0, columns: tuple[str, ...] = ()) -> EventBatch:
    """Return ``n`` events of ``kind`` over two hours, in order of time, with values and nulls in every column (or in ``columns``)."""
    rng = random.Random(seed)
    schema = {c: d for c, d in SCHEMAS[kind].items() if not columns or c in columns}
    times = sorted(START + timedelta(microseconds=rng.randrange(2 * 3_600_000_000)) for _ in range(n))
    draws = {
        c: random.Random(f"{seed} {c}") for c in schema
    }  # a column's own, so that a new one leaves the others as they are
    data = {c: [_value(draws[c], c, dtype) for _ in range(n)] for c, dtype in schema.items()}
    data["time"] = list(times)
    for name in ("start_time", "query_time"):
        if name in data:
            data[name] = [t - timedelta(microseconds=rng.randrange(90_000_000)) for t in times]
    if "metadata.sequence" in data:
        data["metadata.sequence"] = list(range(n))
    return EventBatch(kind, pl.DataFrame(data, schema=schema))


def random_rows(schema: pl.Schema, n: int = 300, seed: int = 0) -> pl.DataFrame:
    """Return ``n`` rows of a feature set: small, large, zero and null values."""
    rng = random.Random(seed)
    return pl.DataFrame({c: [_value(rng, c, d, wide=True) for _ in range(n)] for c, d in schema.items()}, schema=schema)


def _value(rng: random.Random, column: str, dtype: Any, *, wide: bool = False) -> Any:
    if column in _POOLS and not (dtype.is_numeric() and wide):
        return rng.choice(_POOLS[column])
    if isinstance(dtype, pl.List):
        return [_scalar(rng, dtype.inner, wide=wide) for _ in range(rng.randrange(6))]
    if isinstance(dtype, pl.Struct):
        return None
    return _scalar(rng, dtype, wide=wide)


def _scalar(rng: random.Random, dtype: Any, *, wide: bool) -> Any:
    if rng.random() < 0.05:
        return None
    if dtype == pl.String:
        return rng.choice(("10.0.1.7", "alpha", "beta", "ssh", "", "x y"))
    if dtype == pl.Boolean:
        return rng.random() < 1 / 2
    if dtype == pl.Datetime:
        return START + timedelta(microseconds=rng.randrange(3_600_000_000))
    if dtype == pl.Duration:
        return timedelta(minutes=rng.choice((1, 10, 60, 1440)))
    number = 0.0 if rng.random() < 1 / 5 else 10 ** rng.uniform(0, 6 if wide else 4)
    return number if dtype.is_float() else min(int(number), _LARGEST.get(dtype, 1 << 30))

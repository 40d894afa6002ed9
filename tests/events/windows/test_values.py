"""Text to value, as a table."""

from __future__ import annotations

import polars as pl
import pytest

from vedette.events.schema import EventClass
from vedette.events.windows.values import read

P, A = EventClass.PROCESS_ACTIVITY, EventClass.AUTHENTICATION
DNS, JOB = EventClass.DNS_ACTIVITY, EventClass.SCHEDULED_JOB_ACTIVITY
XML = (
    "<Task><RegistrationInfo><Description>nightly</Description></RegistrationInfo><Principals><UserId>S-1-5-18</UserId></Principals>"
    "<Actions><Exec><Command>cmd.exe</Command><Arguments>/c &quot;a&amp;b&quot;</Arguments></Exec></Actions></Task>"
)


@pytest.mark.parametrize(
    ("how", "text", "to", "kind", "want"),
    [
        ("number", "0x1f4", "process.pid", P, {"process.pid": 500}),
        ("number", "500", "process.pid", P, {"process.pid": 500}),
        ("number", "-", "process.pid", P, {"process.pid": None}),
        ("number", "0x", "process.pid", P, {"process.pid": None}),
        ("number", "99999999999999999999", "process.pid", P, {"process.pid": None}),
        ("account", "CORP\\ada", "process.user", P, {"process.user.domain": "CORP", "process.user.name": "ada"}),
        ("account", "ada", "process.user", P, {"process.user.domain": None, "process.user.name": "ada"}),
        ("account", "-", "process.user", P, {"process.user.domain": None, "process.user.name": None}),
        ("account_name", "CORP\\ada", "process.user.name", P, {"process.user.name": "ada"}),
        ("principal", "ada@CORP.EXAMPLE", "user", A, {"user.name": "ada", "user.domain": "CORP.EXAMPLE"}),
        ("principal", "ada", "user", A, {"user.name": "ada", "user.domain": None}),
        ("address", "::ffff:192.0.2.1", "src_endpoint.ip", A, {"src_endpoint.ip": "192.0.2.1"}),
        ("address", "::1", "src_endpoint.ip", A, {"src_endpoint.ip": "::1"}),
        ("from_address", "::1", "src_endpoint.ip", A, {"src_endpoint.ip": None}),
        ("from_address", "-", "src_endpoint.ip", A, {"src_endpoint.ip": None}),
        ("hashes", "MD5=A,SHA1=B", "process.file.hashes.value", P, {"process.file.hashes.value": ["MD5=A", "SHA1=B"]}),
        ("hashes", "", "process.file.hashes.value", P, {"process.file.hashes.value": None}),
        (
            "dns_answers",
            "type:  5 a.example;::ffff:192.0.2.1;",
            "answers.rdata",
            DNS,
            {"answers.rdata": ["a.example", "192.0.2.1"]},
        ),
        ("dns_status", "9003", "rcode_id", DNS, {"rcode_id": 3}),
        ("dns_status", "1460", "rcode_id", DNS, {"rcode_id": None}),
        ("status", "0x0", "status_code", A, {"status_code": "0x0", "status_id": 1}),
        ("status", "0xC000006A", "status_code", A, {"status_code": "0xC000006A", "status_id": 2}),
        ("status", "-", "status_code", A, {"status_code": None, "status_id": None}),
        ("failure", "0x0", "status_code", A, {"status_code": None}),
        ("failure", "0xC0000064", "status_code", A, {"status_code": "0xC0000064"}),
        ("integrity", "S-1-16-12288", "process.integrity", P, {"process.integrity": "High"}),
        (
            "direction",
            "%%14593",
            "connection_info.direction_id",
            EventClass.HOST_CONNECTION,
            {"connection_info.direction_id": 2},
        ),
        (
            "words",
            "SeDebug\r\n\t\tSeTcb",
            "privileges",
            EventClass.GROUP_MANAGEMENT,
            {"privileges": ["SeDebug", "SeTcb"]},
        ),
        ("one", "Trojan", "finding_info.types", EventClass.DETECTION_FINDING, {"finding_info.types": ["Trojan"]}),
        (
            "registry_value",
            "HKLM\\Software\\Run\\x",
            "reg_value",
            EventClass.REGISTRY_VALUE_ACTIVITY,
            {"reg_value.path": "HKLM\\Software\\Run", "reg_value.name": "x"},
        ),
        (
            "task",
            XML,
            "job",
            JOB,
            {
                "job.cmd_line": 'cmd.exe /c "a&b"',
                "job.file.path": "cmd.exe",
                "job.user.name": "S-1-5-18",
                "job.desc": "nightly",
            },
        ),
        (
            "task",
            "<Task/>",
            "job",
            JOB,
            {"job.cmd_line": None, "job.file.path": None, "job.user.name": None, "job.desc": None},
        ),
    ],
)
def test_read(how: str, text: str, to: str, kind: EventClass, want: dict[str, object]) -> None:
    frame = pl.DataFrame({"text": [text, None]})
    got = frame.select(**read(how, pl.col("text"), to, kind))
    assert got.row(0, named=True) == want
    assert set(got.row(1)) == {None}, "nothing stays nothing"

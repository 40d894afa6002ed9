"""The unified audit log of Microsoft 365: Exchange, SharePoint, OneDrive, Teams, the directory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, ClassVar

from vedette.abc import Example, Source
from vedette.events.batch import EventBatch
from vedette.events.json_log import JsonLog
from vedette.events.json_records import HEAD_BYTES, first_record, peek, records, whole_records
from vedette.events.schema import EventClass
from vedette.sources.m365.audit_csv import audit_data, is_audit_csv, whole_rows
from vedette.sources.m365.audit_rows import PATHS, split, unfolded

MARKS = (
    *(
        b'"RecordType"',
        b'"Workload"',
        b'"OfficeWorkload"',
        b'"UserType"',
        b'"UserKey"',
        b'"OrganizationId"',
        b'"CreationTime"',
    ),
    *(b'"Operation"', b'"ResultStatus"', b'"UserId"', b'"ObjectId"'),
)
_MARKS_NEEDED = 5

_EXAMPLE = b"""\
{"CreationTime":"2026-03-05T08:01:12","Id":"A1","Operation":"UserLoggedIn","OrganizationId":"T1","RecordType":15,\
"ResultStatus":"Success","UserKey":"K1","UserType":0,"Version":1,"Workload":"AzureActiveDirectory","ClientIP":"192.0.2.7",\
"ObjectId":"00000002-0000-0ff1-ce00-000000000000","UserId":"Ada@shop.example","ExtendedProperties":[{"Name":"UserAgent",\
"Value":"Mozilla/5.0"},{"Name":"RequestType","Value":"Login:login"}],"ActorIpAddress":"192.0.2.7","ApplicationId":"P1",\
"DeviceProperties":[{"Name":"OS","Value":"Windows 10"}]}
{"CreationTime":"2026-03-05T08:05:00","Id":"A2","Operation":"New-InboxRule","OrganizationId":"T1","RecordType":1,\
"ResultStatus":"True","UserKey":"K1","UserType":2,"Version":1,"Workload":"Exchange","ClientIP":"192.0.2.7:50123",\
"ObjectId":"ada\\\\rule","UserId":"ada@shop.example","Parameters":[{"Name":"Name","Value":"rule"},\
{"Name":"ForwardTo","Value":"else@other.example"}]}
{"CreationTime":"2026-03-05T08:06:00","Id":"A3","Operation":"Add member to role.","OrganizationId":"T1","RecordType":8,\
"ResultStatus":"Success","UserKey":"K1","UserType":0,"Version":1,"Workload":"AzureActiveDirectory","ObjectId":"bob@shop.example",\
"UserId":"ada@shop.example","ModifiedProperties":[{"Name":"Role.DisplayName","NewValue":"Global Administrator","OldValue":""}]}
{"CreationTime":"2026-03-05T08:07:00","Id":"A4","Operation":"FileDownloaded","OrganizationId":"T1","RecordType":6,"UserKey":"K1",\
"UserType":0,"Version":1,"Workload":"OneDrive","ClientIP":"192.0.2.7","ObjectId":"https://shop.example/personal/ada/plan.docx",\
"UserId":"ada@shop.example","SourceFileName":"plan.docx","SiteUrl":"https://shop.example/personal/ada/","FileSizeBytes":11206}
"""


class M365(Source):
    """Reads the unified audit log: JSON lines and arrays (Management Activity API, Sentinel), and the CSV of ``Search-UnifiedAuditLog``.

    Sign-ins are authentications, files of SharePoint and OneDrive are file hosting, what changes accounts, groups and rights has its class,
    everything else is API activity. Names of users are lower case, as the service does not care. Who holds a mailbox rule, a changed
    property or a parameter is told in ``api.request.data`` (in other classes ``unmapped``), and whole under its own name.
    """

    name = "m365"
    emits: ClassVar[tuple[EventClass, ...]] = (
        EventClass.API_ACTIVITY,
        EventClass.AUTHENTICATION,
        EventClass.FILE_HOSTING,
        EventClass.ACCOUNT_CHANGE,
        EventClass.GROUP_MANAGEMENT,
        EventClass.USER_ACCESS,
    )

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "audit.jsonl", records=4)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        record = first_record(head)
        if not record.startswith(b"{"):
            return is_audit_csv(head)
        return sum(mark in record for mark in MARKS) >= _MARKS_NEEDED

    @classmethod
    def preamble(cls, data: bytes) -> bytes:
        return data.partition(b"\n")[0] + b"\n" if is_audit_csv(data[:HEAD_BYTES]) else b""

    @classmethod
    def cut(cls, data: bytes) -> int:
        return whole_records(data) if data.lstrip(b"\xef\xbb\xbf \r\n")[:1] in (b"{", b"[") else whole_rows(data)

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        log = JsonLog(self.name, PATHS, ("operation", "user"), unfolded)
        head, again = peek(stream)
        yield from log.batches(audit_data(again) if is_audit_csv(head) else records(again), split)

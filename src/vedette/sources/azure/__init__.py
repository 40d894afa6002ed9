"""Microsoft Entra ID (Azure AD) sign-ins and audit, and the activity log of Azure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, ClassVar

from vedette.abc import Example, Source
from vedette.events.batch import EventBatch
from vedette.events.json_log import JsonLog
from vedette.events.json_records import first_record, records, whole_records
from vedette.events.schema import EventClass
from vedette.sources.azure.azure_fields import PATHS, unfolded
from vedette.sources.azure.azure_rows import split

SIGN_IN = (
    b'"userPrincipalName"',
    b'"appDisplayName"',
    b'"createdDateTime"',
    b'"ipAddress"',
    b'"clientAppUsed"',
    b'"deviceDetail"',
)
TABLES = (b'"SigninLogs"', b'"AuditLogs"', b'"AADNonInteractiveUserSignInLogs"', b'"AzureActivity"')
AUDIT = (b'"activityDisplayName"', b'"targetResources"', b'"initiatedBy"', b'"loggedByService"', b'"activityDateTime"')
MONITOR = (
    b'"operationName"',
    b'"category"',
    b'"resourceId"',
    b'"resultType"',
    b'"callerIpAddress"',
    b'"correlationId"',
    b'"tenantId"',
)
SENTINEL = (
    b'"TimeGenerated"',
    b'"TenantId"',
    b'"OperationName"',
    b'"ResultType"',
    b'"UserPrincipalName"',
    b'"InitiatedBy"',
    b'"TargetResources"',
)
HUNTING = (b'"AccountUpn"', b'"ErrorCode"', b'"LogonType"', b'"AadDeviceId"', b'"IPAddress"', b'"Application"')
FORMS = ((SIGN_IN, 4), (AUDIT, 3), (MONITOR, 3), (SENTINEL, 4), (HUNTING, 4))
"""Keys of a form, and how many of them a record of it has near its beginning."""
_OTHERS = (b'"kube-audit', b'"Workload"', b'"OfficeWorkload"', b'"protoPayload"')

_EXAMPLE = b"""\
{"records":[
{"time":"2026-03-05T08:01:12.1234567Z","resourceId":"/tenants/t1/providers/Microsoft.aadiam","operationName":"Sign-in activity",\
"category":"SignInLogs","tenantId":"t1","resultType":"0","callerIpAddress":"192.0.2.7","correlationId":"c1","location":"BE",\
"properties":{"id":"s1","createdDateTime":"2026-03-05T08:01:10Z","userPrincipalName":"Ada@shop.example","userId":"u1",\
"appDisplayName":"Office 365","ipAddress":"192.0.2.7","clientAppUsed":"Browser","authenticationRequirement":\
"multiFactorAuthentication","deviceDetail":{"displayName":"ada-pc","operatingSystem":"Windows"},"location":{"city":"Ghent",\
"countryOrRegion":"BE"},"status":{"errorCode":0},"riskLevelDuringSignIn":"none","userAgent":"Mozilla/5.0"}},
{"time":"2026-03-05T08:05:12.1234567Z","resourceId":"/tenants/t1/providers/Microsoft.aadiam","operationName":\
"Add member to role","category":"AuditLogs","tenantId":"t1","correlationId":"c2","properties":{"id":"a1","category":"RoleManagement",\
"result":"success","activityDisplayName":"Add member to role","activityDateTime":"2026-03-05T08:05:11Z","loggedByService":\
"Core Directory","initiatedBy":{"user":{"id":"u1","userPrincipalName":"ada@shop.example","ipAddress":"192.0.2.7"}},\
"targetResources":[{"id":"u2","type":"User","userPrincipalName":"bob@shop.example","modifiedProperties":[{"displayName":\
"Role.DisplayName","oldValue":null,"newValue":"\\"Global Administrator\\""}]}]}},
{"time":"2026-03-05T08:09:12.1234567Z","resourceId":"/subscriptions/s1/resourceGroups/g/providers/Microsoft.Insights/diagnosticSettings/d",\
"operationName":"MICROSOFT.INSIGHTS/DIAGNOSTICSETTINGS/DELETE","category":"Administrative","resultType":"Success","callerIpAddress":\
"192.0.2.7","correlationId":"c3","identity":{"claims":{"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn":"ada@shop.example"}},\
"location":"global","properties":{"message":"Microsoft.Insights/diagnosticSettings/delete"}}
]}
"""


class Azure(Source):
    """Reads sign-ins and audit of Entra ID and the activity log of Azure, one or mixed, in every form that they are exported in.

    Forms: Microsoft Graph (``value``), Azure Monitor (``records``, event hubs, storage), tables of Sentinel and Log Analytics
    (``SigninLogs``, ``AuditLogs``, ``AzureActivity``), ``AADSignInEventsBeta`` of advanced hunting. Sign-ins are authentications, what
    changes accounts, groups and rights of the directory has its class, everything else is API activity.
    """

    name = "azure"
    emits: ClassVar[tuple[EventClass, ...]] = (
        EventClass.API_ACTIVITY,
        EventClass.AUTHENTICATION,
        EventClass.ACCOUNT_CHANGE,
        EventClass.GROUP_MANAGEMENT,
        EventClass.USER_ACCESS,
    )

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "entra.json", records=3)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        record = first_record(head)
        if not record.startswith(b"{") or any(o in record for o in _OTHERS):
            return False
        table = b'"Type"' in record and any(t in record for t in TABLES)
        return table or any(sum(m in record for m in marks) >= least for marks, least in FORMS)

    @classmethod
    def cut(cls, data: bytes) -> int:
        return whole_records(data)

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        yield from JsonLog(self.name, PATHS, ("operation",), unfolded).batches(records(stream), split)

"""Where the forms of Azure's logs write what: Graph, Azure Monitor, Log Analytics, advanced hunting."""

from __future__ import annotations

from typing import Any

from vedette.events.json_fields import opened

_UPN = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"
_NAME = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"

PATHS: dict[str, tuple[str, ...]] = {
    "time": ("createdDateTime", "activityDateTime", "time", "TimeGenerated", "Timestamp", "eventTimestamp"),
    "metadata.uid": ("id", "Id", "ReportId", "eventDataId", "EventDataId", "correlationId", "CorrelationId"),
    "operation": (
        "activityDisplayName",
        "operationName.value",
        "OperationNameValue",
        "operationName",
        "OperationName",
        "_sign_in",
    ),
    "category": ("_category", "category.value", "category", "Category", "Type"),
    "sign_in": ("_sign_in",),
    "user": (
        *(
            "userPrincipalName",
            "UserPrincipalName",
            "AccountUpn",
            "initiatedBy.user.userPrincipalName",
            "InitiatedBy.user.userPrincipalName",
        ),
        *(
            "initiatedBy.app.displayName",
            "InitiatedBy.app.displayName",
            "initiatedBy.app.servicePrincipalId",
            "_claims.upn",
            "_claims.name",
        ),
        *("caller", "Caller", "servicePrincipalName", "ServicePrincipalName", "identity", "_claims.appid"),
    ),
    "actor.user.uid": (
        "userId",
        "UserId",
        "AccountObjectId",
        "initiatedBy.user.id",
        "InitiatedBy.user.id",
        "servicePrincipalId",
        "_claims.oid",
    ),
    "actor.app_name": ("initiatedBy.app.displayName", "InitiatedBy.app.displayName", "_claims.appid"),
    "address": (
        *(
            "ipAddress",
            "IPAddress",
            "initiatedBy.user.ipAddress",
            "InitiatedBy.user.ipAddress",
            "callerIpAddress",
            "CallerIpAddress",
        ),
        "httpRequest.clientIpAddress",
    ),
    "code": ("status.errorCode", "ErrorCode", "resultType", "ResultType"),
    "result": ("result", "Result", "status.value", "ActivityStatusValue", "ActivityStatus", "resultType", "ResultType"),
    "status_detail": ("status.failureReason", "resultDescription", "ResultDescription", "resultReason", "ResultReason"),
    "app": ("appDisplayName", "AppDisplayName", "Application", "resourceDisplayName", "ResourceDisplayName"),
    "http_request.user_agent": ("userAgent", "UserAgent", "_additional.User-Agent"),
    "device.hostname": ("deviceDetail.displayName", "DeviceDetail.displayName", "DeviceName"),
    "src_endpoint.location.country": (
        "location.countryOrRegion",
        "LocationDetails.countryOrRegion",
        "Country",
        "_country",
    ),
    "src_endpoint.location.city": ("location.city", "LocationDetails.city", "City"),
    "src_endpoint.autonomous_system.number": ("autonomousSystemNumber", "AutonomousSystemNumber"),
    "requirement": ("authenticationRequirement", "AuthenticationRequirement"),
    "vedette.auth_method": (
        *(
            "authenticationDetails.1.authenticationMethod",
            "mfaDetail.authMethod",
            "MfaDetail.authMethod",
            "clientAppUsed",
            "ClientAppUsed",
        ),
        *("LogonType",),
    ),
    "vedette.risk": (
        "riskLevelDuringSignIn",
        "RiskLevelDuringSignIn",
        "riskLevelAggregated",
        "RiskLevelAggregated",
        "RiskState",
        "riskState",
    ),
    "cloud.account.uid": (
        "tenantId",
        "AADTenantId",
        "TenantId",
        "resourceTenantId",
        "subscriptionId",
        "SubscriptionId",
    ),
    "actor.session.uid": ("correlationId", "CorrelationId", "SessionId"),
    "whom": ("_target.userPrincipalName", "_target.displayName"),
    "whom_id": ("_target.id",),
    "kind_of_target": ("_target.type",),
    "role": ("_changed.Role.DisplayName", "_changed.Role.WellKnownObjectName"),
    "group": ("_changed.Group.DisplayName", "_group.displayName"),
    "resource": ("resourceId", "ResourceId", "_ResourceId"),
    "cloud.region": ("_region",),
    "details": ("_details",),
    **{
        f"unmapped.{name}": (name,)
        for name in (
            *(
                "operationName",
                "OperationName",
                "OperationNameValue",
                "category",
                "Category",
                "CategoryValue",
                "resultType",
                "ResultType",
            ),
            *(
                "ResultDescription",
                "resultSignature",
                "ResourceId",
                "resourceId",
                "ResourceProviderValue",
                "LoggedByService",
                "loggedByService",
            ),
            *(
                "ActivityDisplayName",
                "activityDisplayName",
                "InitiatedBy",
                "initiatedBy",
                "TargetResources",
                "targetResources",
            ),
            *(
                "appId",
                "AppId",
                "appDisplayName",
                "clientAppUsed",
                "ClientAppUsed",
                "conditionalAccessStatus",
                "ConditionalAccessStatus",
            ),
            *(
                "authenticationRequirement",
                "AuthenticationRequirement",
                "riskState",
                "RiskState",
                "riskDetail",
                "riskEventType",
                "riskEventTypes",
            ),
            *(
                "isInteractive",
                "homeTenantId",
                "resourceTenantId",
                "ResourceDisplayName",
                "resourceDisplayName",
                "NetworkLocationDetails",
            ),
            *(
                "deviceDetail",
                "DeviceDetail",
                "message",
                "Status",
                "status",
                "userType",
                "location",
                "authenticationProcessingDetails",
            ),
        )
    },
}
"""Column -> where it stands; those without a dot are worked on in ``azure_rows``. ``_...`` is made by ``unfolded``."""

SIGN_IN_CATEGORIES = {
    *(
        "SignInLogs",
        "SigninLogs",
        "NonInteractiveUserSignInLogs",
        "AADNonInteractiveUserSignInLogs",
        "ServicePrincipalSignInLogs",
    ),
    *("ManagedIdentitySignInLogs", "AADServicePrincipalSignInLogs", "AADManagedIdentitySignInLogs"),
}
_TOLD = (
    "targetResources",
    "TargetResources",
    "additionalDetails",
    "AdditionalDetails",
    "requestbody",
    "responseBody",
    "entity",
    "message",
)


def unfolded(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records with Azure Monitor's ``properties`` on top, the first target, changed properties and claims by name."""
    return [_one(r) for r in found]


def _one(record: dict[str, Any]) -> dict[str, Any]:
    inner = _object(record.get("properties"))
    whole = {**record, **inner}
    category = str(record.get("category") or record.get("Category") or record.get("Type") or "")
    targets = [t for t in _list(whole.get("targetResources") or whole.get("TargetResources")) if isinstance(t, dict)]
    changed = {
        str(p.get("displayName")): str(p.get("newValue") or "").strip('"[] ')
        for t in targets
        for p in _list(t.get("modifiedProperties"))
        if isinstance(p, dict)
    }
    additional = _list(whole.get("additionalDetails") or whole.get("AdditionalDetails"))
    claims = _object(_object(record.get("identity")).get("claims") or record.get("claims") or whole.get("Claims"))
    location = record.get("location")
    return {
        **whole,
        "_category": category,
        "_sign_in": "Sign-in activity" if _is_sign_in(record, whole, category) else None,
        "_target": targets[0] if targets else None,
        "_group": next((t for t in targets if t.get("type") == "Group"), None),
        "_changed": {"Role": _under("Role.", changed), "Group": _under("Group.", changed)},
        "_claims": {
            "upn": claims.get(_UPN),
            "name": claims.get(_NAME),
            "appid": claims.get("appid"),
            "oid": claims.get("oid"),
        },
        "_additional": {str(a.get("key")): a.get("value") for a in additional if isinstance(a, dict)},
        "_details": {k: whole[k] for k in _TOLD if whole.get(k)},
        "_country": location if isinstance(location, str) and len(location) == 2 else record.get("Location"),  # noqa: PLR2004 - ISO 3166
        "_region": location if isinstance(location, str) and len(location) > 2 else None,  # noqa: PLR2004
    }


def _is_sign_in(record: dict[str, Any], whole: dict[str, Any], category: str) -> bool:
    graph = "appDisplayName" in whole and "clientAppUsed" in whole
    return category in SIGN_IN_CATEGORIES or graph or ("AccountUpn" in record and "LogonType" in record)


def _under(prefix: str, changed: dict[str, str]) -> dict[str, str]:
    return {k.removeprefix(prefix): v for k, v in changed.items() if k.startswith(prefix)}


def _object(value: object) -> dict[str, Any]:
    found = opened(value) if isinstance(value, str) else value
    return found if isinstance(found, dict) else {}


def _list(value: object) -> list[Any]:
    found = opened(value) if isinstance(value, str) else value
    return found if isinstance(found, list) else []

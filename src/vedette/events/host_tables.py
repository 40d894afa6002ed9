"""The classes that hosts, identity services, clouds and payment systems log: attribute paths and dtypes, by name of the class."""

from __future__ import annotations

import polars as pl

from vedette.events.groups import (
    ACTOR,
    BASE,
    COUNT,
    DEVICE,
    ENDPOINTS,
    FLAG,
    ID,
    NETWORK,
    STRINGS,
    TEXT,
    USER,
    DType,
    file_paths,
)

_HOST: dict[str, DType] = {**BASE, **DEVICE, **ACTOR}
_FROM: dict[str, DType] = {
    **{path: dtype for path, dtype in ENDPOINTS.items() if path.startswith("src_")},
    "src_endpoint.location.country": TEXT,  # ISO 3166-1, two letters
    "src_endpoint.location.city": TEXT,
    "src_endpoint.location.lat": pl.Float64,  # degrees
    "src_endpoint.location.long": pl.Float64,
    "src_endpoint.autonomous_system.number": ID,
}
_SERVICE: dict[str, DType] = {
    **BASE,
    **DEVICE,
    **ACTOR,
    **_FROM,
    "actor.user.type": TEXT,  # the service's own word: IAMUser, AssumedRole, ServicePrincipal ...
    "actor.user.account.uid": TEXT,
    "actor.user.credential_uid": TEXT,  # an access key
    "actor.user.email_addr": TEXT,
    "actor.session.is_mfa": FLAG,
    "actor.session.issuer": TEXT,  # the role that was assumed
    "actor.app_name": TEXT,
    "actor.invoked_by": TEXT,
    "cloud.provider": TEXT,
    "cloud.region": TEXT,
    "cloud.account.uid": TEXT,
    "cloud.project_uid": TEXT,
    "http_request.user_agent": TEXT,
}

HOST_TABLES: dict[str, dict[str, DType]] = {
    "FILE_ACTIVITY": {
        **_HOST,
        **file_paths("file"),
        "file.type_id": ID,  # 1 regular, 2 folder, 6 named pipe
        "file.mime_type": TEXT,
        "file_result.path": TEXT,
    },
    "KERNEL_EXTENSION_ACTIVITY": {**_HOST, **file_paths("driver.file")},
    "MEMORY_ACTIVITY": {**_HOST, "process.name": TEXT, "process.pid": ID, "process.uid": TEXT},
    "MODULE_ACTIVITY": {**_HOST, **file_paths("module.file"), "module.function_name": TEXT},
    "SCHEDULED_JOB_ACTIVITY": {
        **_HOST,
        "job.name": TEXT,
        "job.cmd_line": TEXT,
        "job.desc": TEXT,
        "job.file.path": TEXT,
        "job.user.name": TEXT,
    },
    "PROCESS_ACTIVITY": {  # activity 1 launch, 2 terminate, 3 open, 4 inject
        **_HOST,
        "process.name": TEXT,
        "process.pid": ID,
        "process.uid": TEXT,
        "process.cmd_line": TEXT,
        **file_paths("process.file"),
        "process.user.name": TEXT,
        "process.user.domain": TEXT,
        "process.user.uid": TEXT,
        "process.session.uid": TEXT,
        "process.integrity": TEXT,
        "process.working_directory": TEXT,
        "process.parent_process.name": TEXT,
        "process.parent_process.pid": ID,
        "process.parent_process.uid": TEXT,
        "process.parent_process.cmd_line": TEXT,
        "process.parent_process.file.path": TEXT,
        "process.parent_process.user.name": TEXT,
        "requested_permissions": ID,  # the mask that was asked for on opening it
        "exit_code": ID,
        "module.function_name": TEXT,  # where an injected thread starts
        "module.file.path": TEXT,
        "vedette.syscall": TEXT,  # Linux audit: execve, ptrace ...
    },
    "EVENT_LOG": {**_HOST, **ENDPOINTS, "log_name": TEXT, "log_provider": TEXT},
    "SCRIPT_ACTIVITY": {
        **_HOST,
        "script.script_content.value": TEXT,
        "script.uid": TEXT,
        "vedette.part": COUNT,  # a script that is logged in parts: the number of this one, from 1, and how many there are
        "vedette.parts": COUNT,
        "script.name": TEXT,
        "script.file.path": TEXT,
        "script.type_id": ID,  # 1 command prompt, 2 PowerShell, 3 Python, 4 JavaScript, 5 VBScript, 6 Unix shell
    },
    "PERIPHERAL_ACTIVITY": {
        **_HOST,
        "peripheral_device.name": TEXT,
        "peripheral_device.class": TEXT,
        "peripheral_device.uid": TEXT,
        "peripheral_device.vendor_name": TEXT,
        "peripheral_device.serial_number": TEXT,
    },
    "ACCOUNT_CHANGE": {**_SERVICE, **USER, "user_result.name": TEXT, "policy.name": TEXT},
    "USER_ACCESS": {**_SERVICE, **USER, "privileges": STRINGS, "resource.name": TEXT, "resource.uid": TEXT},
    "GROUP_MANAGEMENT": {
        **_SERVICE,
        **USER,
        "group.name": TEXT,
        "group.domain": TEXT,
        "group.uid": TEXT,
        "privileges": STRINGS,
    },
    "AUTHENTICATION": {
        **_SERVICE,
        **ENDPOINTS,
        **USER,
        "user.type": TEXT,
        "user.email_addr": TEXT,
        "auth_protocol": TEXT,
        "logon_type_id": ID,
        "logon_process.name": TEXT,
        "session.uid": TEXT,
        "is_remote": FLAG,
        "is_mfa": FLAG,
        "is_new_logon": FLAG,
        "service.name": TEXT,
        "vedette.etype": ID,  # Kerberos: encryption of the ticket given (RFC 3961; 23: RC4)
        "vedette.ticket_options": COUNT,  # Kerberos: the flags that were asked for
        "vedette.auth_method": TEXT,  # the second factor or the kind of credential, in the service's own word
        "vedette.risk": TEXT,  # what the service itself thinks of the sign-in
    },
    "HOST_CONNECTION": {
        **BASE,
        **NETWORK,
        **DEVICE,
        **ACTOR,
    },
    "API_ACTIVITY": {
        **_SERVICE,
        **ENDPOINTS,
        "api.operation": TEXT,
        "api.service.name": TEXT,
        "api.version": TEXT,
        "api.request.uid": TEXT,
        "api.request.data": TEXT,  # JSON, bounded
        "api.response.code": ID,
        "api.response.error": TEXT,
        "api.response.error_message": TEXT,
        "api.response.data": TEXT,  # JSON, bounded
        "resources.uid": STRINGS,
        "resources.name": STRINGS,
        "resources.type": STRINGS,
    },
    "FILE_HOSTING": {
        **_SERVICE,
        **file_paths("file"),
        "file.url.url_string": TEXT,
        "file_result.path": TEXT,
        "share": TEXT,
        "vedette.operation": TEXT,  # the service's own word: FileDownloaded, AnonymousLinkCreated ...
    },
    "PAYMENT": {
        **BASE,
        "vedette.payment.uid": TEXT,
        "vedette.payment.account": TEXT,  # who pays: card, account or customer
        "vedette.payment.counterparty": TEXT,  # to whom or where: terminal, merchant or account
        "vedette.payment.amount": COUNT,  # in thousandths of the currency's unit
        "vedette.payment.currency": TEXT,
        "vedette.payment.channel": TEXT,
        "vedette.payment.label": ID,  # 1 fraud, 0 genuine, as it became known; null where nobody said
        "vedette.payment.label_time": BASE["time"],  # when that became known
    },
    "REGISTRY_KEY_ACTIVITY": {**_HOST, "reg_key.path": TEXT, "prev_reg_key.path": TEXT},
    "REGISTRY_VALUE_ACTIVITY": {
        **_HOST,
        "reg_value.path": TEXT,  # the key
        "reg_value.name": TEXT,
        "reg_value.data": TEXT,
        "reg_value.type": TEXT,
    },
    "WINDOWS_SERVICE_ACTIVITY": {
        **_HOST,
        "win_service.name": TEXT,
        "win_service.cmd_line": TEXT,
        "win_service.service_start_name": TEXT,
        "win_service.service_start_type": TEXT,
        "win_service.service_type": TEXT,
    },
}

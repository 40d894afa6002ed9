"""What a host does to others through remote procedure calls and administrative shares: acts, told by the procedure that was called.

Facts of the protocol documents of Windows (``events.rpc`` names them). The procedure's number is never encrypted in a call, the
arguments may be; inside of SMB 3 encryption nothing is seen. Ordinary clients map endpoints, look up names, open printers and log on
to their domain all day: those calls are no acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

import polars as pl

from vedette.abc import Normal, WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.sketch import merge_sample, sample

_ENUMERATES = (
    "EnumerateUsersInDomain",
    "QueryDisplayInformation",
    "QueryDisplayInformation2",
    "QueryDisplayInformation3",
)
_EFS = (
    "OpenFileRaw",
    "EncryptFileSrv",
    "DecryptFileSrv",
    "QueryUsersOnFile",
    "QueryRecoveryAgents",
    "RemoveUsersFromFile",
)
_EFS_MORE = ("AddUsersToFile", "FileKeyInfo", "DuplicateEncryptionInfoFile", "AddUsersToFileEx")
_NOTIFIES = "RpcRemoteFindFirstPrinterChangeNotification"

EXECUTION: dict[str, tuple[str, ...]] = {
    "service_created": (
        *(f"svcctl::CreateService{v}" for v in ("W", "A", "WOW64W", "WOW64A")),
        "svcctl::CreateWowService",
    ),
    "service_changed": tuple(f"svcctl::ChangeServiceConfig{v}" for v in ("W", "A")),
    "service_started": ("svcctl::StartServiceW", "svcctl::StartServiceA"),
    "service_deleted": ("svcctl::DeleteService",),
    "task_made": ("ITaskSchedulerService::SchRpcRegisterTask", "atsvc::NetrJobAdd"),
    "task_run": ("ITaskSchedulerService::SchRpcRun",),
    "task_deleted": ("ITaskSchedulerService::SchRpcDelete", "atsvc::NetrJobDel"),
    "wmi_method": ("IWbemServices::ExecMethod", "IWbemServices::ExecMethodAsync"),
    "wmi_written": ("IWbemServices::PutInstance", "IWbemServices::PutClass"),
    "object_invoked": ("IDispatch::Invoke",),
    "shell_object": (),
    "object_runs_program": (),
    "program_written": ("smb::program_written",),
}
SECRETS: dict[str, tuple[str, ...]] = {
    "replicated": ("drsuapi::DRSGetNCChanges",),
    "replica_added": ("drsuapi::DRSReplicaAdd", "drsuapi::DRSAddEntry"),
    "sid_history": ("drsuapi::DRSAddSidHistory",),
    "secret_read": ("lsarpc::LsarRetrievePrivateData", "lsarpc::LsarQuerySecret"),
    "hive_saved": ("winreg::BaseRegSaveKey", "winreg::BaseRegSaveKeyEx"),
    "backup_key": ("BackupKey::BackuprKey",),
    "password_set": ("samr::SamrSetInformationUser", "samr::SamrSetInformationUser2", "samr::SamrSetDSRMPassword"),
}
EXPLOITS: dict[str, tuple[str, ...]] = {
    "null_challenge": (),
    "authenticated": tuple(f"netlogon::NetrServerAuthenticate{v}" for v in ("", "2", "3")),
    "machine_password": ("netlogon::NetrServerPasswordSet2", "netlogon::NetrServerPasswordSet"),
    "driver_added": (
        *("spoolss::RpcAddPrinterDriver", "spoolss::RpcAddPrinterDriverEx"),
        "IRemoteWinspool::RpcAsyncAddPrinterDriver",
    ),
    "impossible_size": ("smb::impossible_size",),
}
_PRINTS = ("GetJob", "EnumJobs", "GetPrinter", "StartDocPrinter", "StartPagePrinter", "WritePrinter", "GetPrinterData")
_PRINTS_MORE = ("EndDocPrinter", "CreatePrinterIC", "PlayGdiScriptOnPrinterIC", "DeletePrinterIC")
COERCION: dict[str, tuple[str, ...]] = {
    "printer_notifies": (f"spoolss::{_NOTIFIES}", f"spoolss::{_NOTIFIES}Ex"),
    "file_encrypted": tuple(f"efsrpc::EfsRpc{v}" for v in (*_EFS, *_EFS_MORE)),
    "namespace_root": tuple(f"netdfs::NetrDfs{v}" for v in ("AddStdRoot", "RemoveStdRoot", "AddStdRootForced")),
    "printed": tuple(f"spoolss::Rpc{v}" for v in (*_PRINTS, *_PRINTS_MORE)),
    "shadow_copied": ("FileServerVssAgent::IsPathSupported", "FileServerVssAgent::IsPathShadowCopied"),
}
DISCOVERY: dict[str, tuple[str, ...]] = {
    "endpoints": ("epmapper::ept_lookup", "mgmt::inq_if_ids"),
    "shares": ("srvsvc::NetrShareEnum", "srvsvc::NetrShareEnumSticky"),
    "sessions": (
        *("srvsvc::NetrSessionEnum", "srvsvc::NetrConnectionEnum", "wkssvc::NetrWkstaUserEnum"),
        "winreg::OpenUsers",
    ),
    "accounts": tuple(f"samr::Samr{v}" for v in _ENUMERATES),
    "groups": ("samr::SamrEnumerateGroupsInDomain", "samr::SamrGetMembersInGroup", "samr::SamrGetMembersInAlias"),
    "privileged_group": (),
}
CLEARING: dict[str, tuple[str, ...]] = {
    "log_cleared": ("eventlog::ElfrClearELFW", "eventlog::ElfrClearELFA", "IEventService::EvtRpcClearLog")
}
KINDS = {
    "execution": EXECUTION,
    "secrets": SECRETS,
    "exploits": EXPLOITS,
    "coercion": COERCION,
    "discovery": DISCOVERY,
    "clearing": CLEARING,
}
"""Kind -> acts -> the procedures, ``interface::operation``; acts without any are told by more than the procedure."""
ACTS = {act: kind for kind, acts in KINDS.items() for act in acts}
_OF = {call: act for acts in KINDS.values() for act, calls in acts.items() for call in calls}

_PROGRAM = r"(?i)\.(?:exe|dll|sys|scr|com|bat|cmd|ps1|vbs|js|hta|msi)$"
_RUNS = r"(?i)\b(?:cmd|powershell|pwsh|mshta|rundll32|regsvr32|wscript|cscript|certutil|bitsadmin)(?:\.exe)?\b"
_ADMIN_SHARE = r"(?i)\\(?:admin|[a-z])\$$"
_SHELLS = ("MMC20.Application", "ShellWindows", "ShellBrowserWindow", "Excel.Application", "Outlook.Application")
_PRIVILEGED = r"(?i)^(?:domain admins|enterprise admins|schema admins|account operators|backup operators|dnsadmins)$"
_MAKES = (1, 3, 4, 5, 6)
"""SMB: opened so that it may be created or overwritten."""
_NEW, _FAILURE = 4, 2

_name, _share = pl.col("file.name"), pl.col("share")
_wrote = (pl.col("command") == "SMB2_COMMAND_WRITE") | (pl.col("command") == "SMB1_COMMAND_WRITE")
_made = (
    pl.col("command").str.ends_with("_CREATE")
    & pl.col("activity_id").is_in(_MAKES)
    & pl.col("status_id").ne_missing(_FAILURE)
)
_is_program = (pl.col("file.mime_type") == "application/x-dosexec") | (_name.str.contains(_PROGRAM) & (_wrote | _made))
_SMB = (
    pl.when(_is_program & _share.str.contains(_ADMIN_SHARE))
    .then(pl.lit("program_written"))
    .when(pl.col("status_detail").str.starts_with("compressed message of an impossible"))
    .then(pl.lit("impossible_size"))
)


class RemoteCall(WindowFeatures):
    """A row per source: how often it did each act, to whom, with what arguments."""

    name = "remote_call"
    needs = EventClass.RPC_ACTIVITY
    requires = ("src_endpoint.ip", "dst_endpoint.ip", "vedette.operation")
    uses = ("vedette.interface", "vedette.arguments", "status_id", "status_detail", "actor.user.name", "file.name")
    also: ClassVar[Mapping[EventClass, Mapping[str, pl.Expr]]] = {
        EventClass.SMB_ACTIVITY: {
            **{c: pl.col(c) for c in ("src_endpoint.ip", "dst_endpoint.ip", "status_id", "actor.user.name")},
            "vedette.interface": pl.lit("smb"),
            "vedette.operation": _SMB,
            "vedette.arguments": pl.concat_list(_name.fill_null("a file")),
        }
    }
    keys = ("source",)
    windows = (timedelta(minutes=10),)
    normal = Normal(timedelta(minutes=10), sets=("acts",))

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        call = pl.concat_str("vedette.interface", "vedette.operation", separator="::", ignore_nulls=True)
        words = pl.col("vedette.arguments")
        activation = pl.col("vedette.operation").is_in(
            ["RemoteCreateInstance", "RemoteGetClassObject", "RemoteActivation"]
        )
        act = (
            pl.when(pl.col("status_detail") == "null challenge")
            .then(pl.lit("null_challenge"))
            .when(activation & (words.list.set_intersection(pl.lit(list(_SHELLS))).list.len() > 0))
            .then(pl.lit("shell_object"))
            .when((call == "DCOM::call") & words.list.eval(pl.element().str.contains(_RUNS)).list.any())
            .then(pl.lit("object_runs_program"))
            .when(
                (call == "samr::SamrLookupNamesInDomain")
                & words.list.eval(pl.element().str.contains(_PRIVILEGED)).list.any()
            )
            .then(pl.lit("privileged_group"))
            .otherwise(call.replace_strict(_OF, default=None, return_dtype=pl.String))
        )
        return (
            events.with_columns(act=act)
            .filter(pl.col("act").is_not_null())
            .with_columns(
                source=pl.col("src_endpoint.ip"),
                target=pl.col("dst_endpoint.ip"),
                user=pl.col("actor.user.name"),
                refused=(pl.col("status_id") == _FAILURE).fill_null(value=False),
                word=words.list.join(" ", ignore_nulls=True).str.slice(0, 120),
            )
        )

    def partial(self) -> list[pl.Expr]:
        done = [(pl.col("act") == act).sum().cast(pl.Int64).alias(act) for act in ACTS]
        of = {kind: pl.col("act").is_in(list(acts)) for kind, acts in KINDS.items()}
        return [
            *done,
            *(sample(pl.col("target").filter(where)).alias(f"{kind}_targets") for kind, where in of.items()),
            *(
                sample(pl.col("word").filter(of[kind] & (pl.col("word") != "")), 4).alias(f"{kind}_words")
                for kind in _TOLD
            ),
            pl.col("refused").filter(pl.col("act") == "authenticated").sum().cast(pl.Int64).alias("not_authenticated"),
            sample(pl.col("user"), 3).alias("users"),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in (*ACTS, "not_authenticated")),
            *(merge_sample(f"{kind}_targets") for kind in KINDS),
            *(merge_sample(f"{kind}_words", 4) for kind in _TOLD),
            merge_sample("users", 3),
        ]

    def finish(self) -> list[pl.Expr]:
        named = [pl.when(pl.col(act) > 0).then(pl.lit(act)) for act in ACTS]
        return [
            *(pl.col(c) for c in (*ACTS, "not_authenticated", "users")),
            *(pl.col(f"{kind}_targets") for kind in KINDS),
            *(pl.col(f"{kind}_words") for kind in _TOLD),
            pl.concat_list(named).list.drop_nulls().alias("acts"),
        ]


_TOLD = ("execution", "discovery")
"""Kinds whose arguments tell a person something."""

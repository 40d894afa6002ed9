"""Remote procedure calls of Windows by name: interface UUID and operation number -> the names that Zeek's dce_rpc log uses too.

Facts of the protocol documents (MS-SCMR, MS-TSCH, MS-WMI, MS-DCOM, MS-RRP, MS-SAMR, MS-LSAT, MS-LSAD, MS-NRPC, MS-DRSR, MS-RPRN, MS-PAR,
MS-EFSR, MS-DFSNM, MS-FSRVP, MS-EVEN, MS-EVEN6, MS-SRVS, MS-WKST, MS-BKRP, MS-RSP, C706). Only what somebody here asks for is named.
"""

from __future__ import annotations

from typing import Final

import polars as pl

INTERFACES: Final[dict[str, str]] = {
    "367abb81-9844-35f1-ad32-98f038001003": "svcctl",
    "86d35949-83c9-4044-b424-db363231fd0c": "ITaskSchedulerService",
    "378e52b0-c0a9-11cf-822d-00aa0051e40f": "sasec",
    "1ff70682-0a51-30e8-076d-740be8cee98b": "atsvc",
    "9556dc99-828c-11cf-a37e-00aa003240c7": "IWbemServices",
    "f309ad18-d86a-11d0-a075-00c04fb68820": "IWbemLevel1Login",
    "d4781cd6-e5d3-44df-ad94-930efe48a887": "IWbemLoginClientID",
    "000001a0-0000-0000-c000-000000000046": "IRemoteSCMActivator",
    "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57": "IActivation",
    "99fcfec4-5260-101b-bbcb-00aa0021347a": "IObjectExporter",
    "00000143-0000-0000-c000-000000000046": "IRemUnknown2",
    "00000131-0000-0000-c000-000000000046": "IRemUnknown",
    "00020400-0000-0000-c000-000000000046": "IDispatch",
    "338cd001-2244-31f1-aaaa-900038001003": "winreg",
    "12345778-1234-abcd-ef00-0123456789ac": "samr",
    "12345778-1234-abcd-ef00-0123456789ab": "lsarpc",
    "12345678-1234-abcd-ef00-01234567cffb": "netlogon",
    "e3514235-4b06-11d1-ab04-00c04fc2dcd2": "drsuapi",
    "12345678-1234-abcd-ef00-0123456789ab": "spoolss",
    "76f03f96-cdfd-44fc-a22c-64950a001209": "IRemoteWinspool",
    "c681d488-d850-11d0-8c52-00c04fd90f7e": "efsrpc",
    "df1941c5-fe89-4e79-bf10-463657acf44d": "efsrpc",
    "4fc742e0-4a10-11cf-8273-00aa004ae673": "netdfs",
    "a8e0653c-2744-4389-a61d-7373df8b2292": "FileServerVssAgent",
    "82273fdc-e32a-18c3-3f78-827929dc23ea": "eventlog",
    "f6beaff7-1e19-4fbb-9f8f-b89e2018337c": "IEventService",
    "4b324fc8-1670-01d3-1278-5a47bf6ee188": "srvsvc",
    "6bffd098-a112-3610-9833-46c3f87e345a": "wkssvc",
    "e1af8308-5d1f-11c9-91a4-08002b14a0fa": "epmapper",
    "3dde7c30-165d-11d1-ab8f-00805f14db40": "BackupKey",
    "3919286a-b10c-11d0-9ba8-00c04fd92ef5": "dssetup",
    "894de0c0-0d55-11d3-a322-00c04fa321a1": "InitShutdown",
    "d95afe70-a6d5-4259-822e-2c84da1ddb0d": "WindowsShutdown",
    "afa8bd80-7d8a-11c9-bef4-08002b102989": "mgmt",
}

# fmt: off
OPERATIONS: Final[dict[str, dict[int, str]]] = {
    "svcctl": {
        0: "CloseServiceHandle", 1: "ControlService", 2: "DeleteService", 6: "QueryServiceStatus",
        11: "ChangeServiceConfigW", 12: "CreateServiceW", 14: "EnumServicesStatusW", 15: "OpenSCManagerW",
        16: "OpenServiceW", 17: "QueryServiceConfigW", 19: "StartServiceW", 23: "ChangeServiceConfigA",
        24: "CreateServiceA", 26: "EnumServicesStatusA", 27: "OpenSCManagerA", 28: "OpenServiceA",
        31: "StartServiceA", 37: "ChangeServiceConfig2W", 42: "EnumServicesStatusExW", 44: "CreateServiceWOW64A",
        45: "CreateServiceWOW64W", 60: "CreateWowService",
    },
    "ITaskSchedulerService": {
        0: "SchRpcHighestVersion", 1: "SchRpcRegisterTask", 2: "SchRpcRetrieveTask", 7: "SchRpcEnumTasks",
        12: "SchRpcRun", 13: "SchRpcDelete", 19: "SchRpcEnableTask",
    },
    "sasec": {0: "SASetAccountInformation"},
    "atsvc": {0: "NetrJobAdd", 1: "NetrJobDel", 2: "NetrJobEnum", 3: "NetrJobGetInfo"},
    "IWbemServices": {
        3: "OpenNamespace", 6: "GetObject", 8: "PutClass", 14: "PutInstance", 18: "CreateInstanceEnum",
        20: "ExecQuery", 22: "ExecNotificationQuery", 24: "ExecMethod", 25: "ExecMethodAsync",
    },
    "IWbemLevel1Login": {3: "EstablishPosition", 6: "NTLMLogin"},
    "IRemoteSCMActivator": {3: "RemoteGetClassObject", 4: "RemoteCreateInstance"},
    "IActivation": {0: "RemoteActivation"},
    "IObjectExporter": {0: "ResolveOxid", 1: "SimplePing", 2: "ComplexPing", 3: "ServerAlive", 5: "ServerAlive2"},
    "IRemUnknown2": {3: "RemQueryInterface", 4: "RemAddRef", 5: "RemRelease"},
    "IRemUnknown": {3: "RemQueryInterface", 4: "RemAddRef", 5: "RemRelease"},
    "IDispatch": {3: "GetTypeInfoCount", 4: "GetTypeInfo", 5: "GetIDsOfNames", 6: "Invoke"},
    "winreg": {
        0: "OpenClassesRoot", 1: "OpenCurrentUser", 2: "OpenLocalMachine", 4: "OpenUsers", 5: "BaseRegCloseKey",
        6: "BaseRegCreateKey", 8: "BaseRegDeleteValue", 9: "BaseRegEnumKey", 10: "BaseRegEnumValue",
        15: "BaseRegOpenKey", 17: "BaseRegQueryValue", 20: "BaseRegSaveKey", 22: "BaseRegSetValue",
        26: "BaseRegGetVersion", 31: "BaseRegSaveKeyEx",
    },
    "samr": {
        0: "SamrConnect", 1: "SamrCloseHandle", 5: "SamrLookupDomainInSamServer",
        6: "SamrEnumerateDomainsInSamServer", 7: "SamrOpenDomain", 8: "SamrQueryInformationDomain",
        11: "SamrEnumerateGroupsInDomain", 12: "SamrCreateUserInDomain", 13: "SamrEnumerateUsersInDomain",
        15: "SamrEnumerateAliasesInDomain", 16: "SamrGetAliasMembership", 17: "SamrLookupNamesInDomain",
        18: "SamrLookupIdsInDomain", 19: "SamrOpenGroup", 20: "SamrQueryInformationGroup",
        22: "SamrAddMemberToGroup", 25: "SamrGetMembersInGroup", 27: "SamrOpenAlias", 31: "SamrAddMemberToAlias",
        33: "SamrGetMembersInAlias", 34: "SamrOpenUser", 36: "SamrQueryInformationUser",
        37: "SamrSetInformationUser", 38: "SamrChangePasswordUser", 39: "SamrGetGroupsForUser",
        40: "SamrQueryDisplayInformation", 46: "SamrQueryInformationDomain2", 47: "SamrQueryInformationUser2",
        48: "SamrQueryDisplayInformation2", 50: "SamrCreateUser2InDomain", 51: "SamrQueryDisplayInformation3",
        54: "SamrOemChangePasswordUser2", 55: "SamrUnicodeChangePasswordUser2", 57: "SamrConnect2",
        58: "SamrSetInformationUser2", 62: "SamrConnect4", 64: "SamrConnect5", 66: "SamrSetDSRMPassword",
    },
    "lsarpc": {
        0: "LsarClose", 6: "LsarOpenPolicy", 7: "LsarQueryInformationPolicy", 11: "LsarEnumerateAccounts",
        14: "LsarLookupNames", 15: "LsarLookupSids", 28: "LsarOpenSecret", 30: "LsarQuerySecret",
        35: "LsarEnumerateAccountsWithUserRight", 42: "LsarStorePrivateData", 43: "LsarRetrievePrivateData",
        44: "LsarOpenPolicy2", 46: "LsarQueryInformationPolicy2", 50: "LsarEnumerateTrustedDomainsEx",
        57: "LsarLookupSids2", 58: "LsarLookupNames2", 68: "LsarLookupNames3", 76: "LsarLookupSids3",
        77: "LsarLookupNames4",
    },
    "netlogon": {
        2: "NetrLogonSamLogon", 4: "NetrServerReqChallenge", 5: "NetrServerAuthenticate",
        6: "NetrServerPasswordSet", 15: "NetrServerAuthenticate2", 21: "NetrLogonGetCapabilities",
        26: "NetrServerAuthenticate3", 29: "NetrLogonGetDomainInfo", 30: "NetrServerPasswordSet2",
        34: "DsrGetDcNameEx2", 39: "NetrLogonSamLogonEx", 40: "DsrEnumerateDomainTrusts",
        45: "NetrLogonSamLogonWithFlags",
    },
    "drsuapi": {
        0: "DRSBind", 1: "DRSUnbind", 2: "DRSReplicaSync", 3: "DRSGetNCChanges", 4: "DRSUpdateRefs",
        5: "DRSReplicaAdd", 6: "DRSReplicaDel", 7: "DRSReplicaModify", 12: "DRSCrackNames",
        13: "DRSWriteSPN", 16: "DRSDomainControllerInfo", 17: "DRSAddEntry", 20: "DRSAddSidHistory",
    },
    "spoolss": {
        0: "RpcEnumPrinters", 1: "RpcOpenPrinter", 3: "RpcGetJob", 4: "RpcEnumJobs", 8: "RpcGetPrinter",
        9: "RpcAddPrinterDriver", 17: "RpcStartDocPrinter", 18: "RpcStartPagePrinter", 19: "RpcWritePrinter",
        23: "RpcEndDocPrinter", 26: "RpcGetPrinterData", 29: "RpcClosePrinter", 40: "RpcCreatePrinterIC",
        41: "RpcPlayGdiScriptOnPrinterIC", 42: "RpcDeletePrinterIC",
        62: "RpcRemoteFindFirstPrinterChangeNotification",
        65: "RpcRemoteFindFirstPrinterChangeNotificationEx",
        69: "RpcOpenPrinterEx", 89: "RpcAddPrinterDriverEx",
    },
    "IRemoteWinspool": {0: "RpcAsyncOpenPrinter", 39: "RpcAsyncAddPrinterDriver"},
    "efsrpc": {
        0: "EfsRpcOpenFileRaw", 4: "EfsRpcEncryptFileSrv", 5: "EfsRpcDecryptFileSrv", 6: "EfsRpcQueryUsersOnFile",
        7: "EfsRpcQueryRecoveryAgents", 8: "EfsRpcRemoveUsersFromFile", 9: "EfsRpcAddUsersToFile",
        12: "EfsRpcFileKeyInfo", 13: "EfsRpcDuplicateEncryptionInfoFile", 15: "EfsRpcAddUsersToFileEx",
    },
    "netdfs": {12: "NetrDfsAddStdRoot", 13: "NetrDfsRemoveStdRoot", 15: "NetrDfsAddStdRootForced"},
    "FileServerVssAgent": {8: "IsPathSupported", 9: "IsPathShadowCopied"},
    "eventlog": {0: "ElfrClearELFW", 7: "ElfrOpenELW", 10: "ElfrReadELW", 12: "ElfrClearELFA"},
    "IEventService": {6: "EvtRpcClearLog"},
    "srvsvc": {
        8: "NetrConnectionEnum", 9: "NetrFileEnum", 12: "NetrSessionEnum", 14: "NetrShareAdd", 15: "NetrShareEnum",
        16: "NetrShareGetInfo", 21: "NetrServerGetInfo", 28: "NetrRemoteTOD", 36: "NetrShareEnumSticky",
    },
    "wkssvc": {0: "NetrWkstaGetInfo", 2: "NetrWkstaUserEnum"},
    "epmapper": {2: "ept_lookup", 3: "ept_map"},
    "mgmt": {0: "inq_if_ids", 4: "inq_princ_name"},
    "BackupKey": {0: "BackuprKey"},
    "dssetup": {0: "DsRolerGetPrimaryDomainInformation"},
    "InitShutdown": {0: "BaseInitiateShutdown", 2: "BaseInitiateShutdownEx"},
    "WindowsShutdown": {0: "WsdrInitiateShutdown"},
}
# fmt: on
PIPES: Final[dict[str, str]] = {
    pipe: pipe
    for pipe in (
        *("svcctl", "samr", "lsarpc", "netlogon", "srvsvc", "wkssvc", "spoolss", "winreg"),
        *("atsvc", "netdfs", "eventlog", "efsrpc", "epmapper"),
    )
}
"""Named pipes that carry one interface -> that interface: for a call whose bind was not seen."""

CLASSES: Final[dict[str, str]] = {
    "49b2791a-b1ae-4c90-9b8e-e860ba07f889": "MMC20.Application",
    "9ba05972-f6a8-11cf-a442-00a0c90a8f39": "ShellWindows",
    "c08afd90-f2a1-11d1-8455-00a0c91f3880": "ShellBrowserWindow",
    "00024500-0000-0000-c000-000000000046": "Excel.Application",
    "0006f03a-0000-0000-c000-000000000046": "Outlook.Application",
    "8bc3f05e-d86b-11d0-a075-00c04fb68820": "WbemLevel1Login",
}
"""DCOM classes whose remote activation says what is meant (CLSID -> name)."""

CALLS: Final[dict[str, tuple[str, str]]] = {
    f"{uuid}:{number}": (name, operation)
    for uuid, name in INTERFACES.items()
    for number, operation in OPERATIONS.get(name, {}).items()
}
"""``uuid:opnum`` -> interface and operation."""


def interface_of(uuid: pl.Expr) -> pl.Expr:
    """Return the name of an interface; null for one that has none here."""
    return uuid.str.to_lowercase().replace_strict(INTERFACES, default=None, return_dtype=pl.String)


def operation_of(uuid: pl.Expr, number: pl.Expr) -> pl.Expr:
    """Return the name of an operation; null for one that has none here."""
    key = pl.concat_str(uuid.str.to_lowercase(), number.cast(pl.String), separator=":")
    return key.replace_strict({k: v for k, (_, v) in CALLS.items()}, default=None, return_dtype=pl.String)

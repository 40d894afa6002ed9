from __future__ import annotations

import pytest

from vedette.detectors.forced_authentication import ForcedAuthentication
from vedette.testing.calls import ATTACKER, VICTIM, calls
from vedette.testing.rows import hits_of

HOSTILE = {
    "PrinterBug": "spoolss::RpcRemoteFindFirstPrinterChangeNotificationEx",
    "PetitPotam": "efsrpc::EfsRpcOpenFileRaw",
    "PetitPotam, another way": "efsrpc::EfsRpcAddUsersToFileEx",
    "DFSCoerce": "netdfs::NetrDfsRemoveStdRoot",
    "ShadowCoerce": "FileServerVssAgent::IsPathSupported",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_ways_to_force_a_logon(case: str) -> None:
    refused = {"call": HOSTILE[case], "status": 2, "user": "bob"}
    (hit,) = hits_of(ForcedAuthentication, calls(refused)).iter_rows(named=True)
    assert (hit["source"], hit["coercion_targets"], hit["users"]) == (ATTACKER, [VICTIM], ["bob"])
    assert "bob" in hit["summary"]


@pytest.mark.parametrize("call", ["spoolss::RpcOpenPrinterEx", "spoolss::RpcEnumPrinters", "netdfs::NetrDfsGetInfo"])
def test_printing_and_shares_are_ordinary(call: str) -> None:
    assert hits_of(ForcedAuthentication, calls(call, call)).is_empty()


def test_who_prints_is_a_print_client() -> None:
    printing = (
        "spoolss::RpcOpenPrinterEx",
        "spoolss::RpcGetPrinter",
        "spoolss::RpcEnumJobs",
        "spoolss::RpcStartDocPrinter",
    )
    assert hits_of(ForcedAuthentication, calls(*printing, HOSTILE["PrinterBug"])).is_empty()


def test_a_print_client_is_known_by_its_habit() -> None:
    watched = [{"call": HOSTILE["PrinterBug"], "at": day * 86_400} for day in range(5)]
    assert hits_of(ForcedAuthentication, calls(*watched)).height == 1  # the first time

from __future__ import annotations

from typing import Any

import pytest

from vedette.detectors.remote_discovery import RemoteDiscovery
from vedette.features.remote_call import RemoteCall
from vedette.testing.calls import calls
from vedette.testing.rows import hits_of, rows_of

CASES: dict[str, tuple[str | dict[str, Any], str]] = {
    "rpcdump": ("epmapper::ept_lookup", "T1046"),
    "net view": ("srvsvc::NetrShareEnum", "T1135"),
    "who is logged on": ("srvsvc::NetrSessionEnum", "T1033"),
    "PsLoggedOn": ("winreg::OpenUsers", "T1033"),
    "net user /domain": ("samr::SamrQueryDisplayInformation3", "T1087.002"),
    "net localgroup": ("samr::SamrGetMembersInAlias", "T1069.002"),
    "net group": ({"call": "samr::SamrLookupNamesInDomain", "words": ["Domain Admins"]}, "T1069.002"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_asked(case: str) -> None:
    call, technique = CASES[case]
    assert hits_of(RemoteDiscovery, calls(call)).height == 1
    assert RemoteDiscovery().attacks(rows_of(RemoteCall, calls(call))) == [(technique,)]


def test_it_never_alerts_alone() -> None:
    assert RemoteDiscovery.corroborates


@pytest.mark.parametrize(
    "call", ["samr::SamrConnect5", "lsarpc::LsarLookupSids", "epmapper::ept_map", "srvsvc::NetrShareGetInfo"]
)
def test_what_windows_asks_all_day(call: str) -> None:
    assert hits_of(RemoteDiscovery, calls(*[call] * 40)).is_empty()


def test_a_habit_is_no_finding() -> None:
    listed = [{"call": "srvsvc::NetrShareEnum", "at": day * 86_400} for day in range(5)]
    assert hits_of(RemoteDiscovery, calls(*listed)).height == 1

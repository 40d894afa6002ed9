"""Acts out of calls and files."""

from __future__ import annotations

from typing import Any

import pytest

from vedette.events.rpc import CALLS
from vedette.features.remote_call import ACTS, KINDS, RemoteCall
from vedette.testing.calls import ATTACKER, VICTIM, calls, files
from vedette.testing.rows import rows_of

ADMIN = "\\\\h\\ADMIN$"


def acts(*what: str | dict[str, Any]) -> list[str]:
    """Return the acts of the one row of some calls, or nothing."""
    rows = rows_of(RemoteCall, calls(*what))
    return rows["acts"].to_list()[0] if rows.height else []


def test_every_procedure_has_a_name_that_sources_give() -> None:
    named = {f"{i}::{o}" for i, o in CALLS.values()} | {"smb::program_written", "smb::impossible_size"}
    wanted = {call for acts_of in KINDS.values() for of in acts_of.values() for call in of}
    assert wanted <= named, wanted - named
    assert len(ACTS) == sum(map(len, KINDS.values()))


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("svcctl::CreateServiceW", ["service_created"]),
        ("svcctl::OpenSCManagerW", []),
        ("lsarpc::LsarLookupSids2", []),
        ("netlogon::NetrLogonSamLogonEx", []),
        ("epmapper::ept_map", []),
        ("epmapper::ept_lookup", ["endpoints"]),
        ({"call": "netlogon::NetrServerReqChallenge", "detail": "null challenge"}, ["null_challenge"]),
        ("netlogon::NetrServerReqChallenge", []),
        ({"call": "IRemoteSCMActivator::RemoteCreateInstance", "words": ["MMC20.Application"]}, ["shell_object"]),
        ({"call": "IRemoteSCMActivator::RemoteCreateInstance", "words": ["WbemLevel1Login"]}, []),
        ({"call": "DCOM::call", "words": ["/c whoami", "C:\\Windows\\System32\\cmd.exe"]}, ["object_runs_program"]),
        ({"call": "DCOM::call", "words": ["Document"]}, []),
        ({"call": "samr::SamrLookupNamesInDomain", "words": ["Domain Admins"]}, ["privileged_group"]),
        ({"call": "samr::SamrLookupNamesInDomain", "words": ["alice"]}, []),
    ],
)
def test_acts(call: str | dict[str, Any], wanted: list[str]) -> None:
    assert acts(call) == wanted


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        ({"command": "SMB2_COMMAND_WRITE", "share": ADMIN, "file.mime_type": "application/x-dosexec"}, 1),
        ({"command": "SMB2_COMMAND_WRITE", "share": ADMIN, "file.name": "tool.EXE"}, 1),
        ({"command": "SMB2_COMMAND_CREATE", "share": "\\\\h\\C$", "file.name": "a.ps1", "activity_id": 5}, 1),
        ({"command": "SMB2_COMMAND_CREATE", "share": "\\\\h\\C$", "file.name": "a.ps1", "activity_id": 2}, 0),
        ({"command": "SMB2_COMMAND_CREATE", "share": ADMIN, "file.name": "a.exe", "activity_id": 5, "status": 2}, 0),
        ({"command": "SMB2_COMMAND_WRITE", "share": "\\\\h\\public", "file.name": "tool.exe"}, 0),
        ({"command": "SMB2_COMMAND_WRITE", "share": ADMIN, "file.name": "notes.txt"}, 0),
        ({"command": "SMB2_COMMAND_READ", "share": ADMIN, "file.name": "tool.exe"}, 0),
    ],
)
def test_programs_written_to_administrative_shares(event: dict[str, Any], wanted: int) -> None:
    rows = rows_of(RemoteCall, files(event))
    assert (rows["program_written"].sum() if rows.height else 0) == wanted


def test_a_row_holds_what_a_source_did_and_to_whom() -> None:
    first = calls({"call": "svcctl::CreateServiceW", "user": "bob", "words": ["evil"]}, "svcctl::StartServiceW")
    second = calls(
        {"call": "netlogon::NetrServerAuthenticate3", "status": 2, "dst": "10.0.0.7"},
        {"call": "srvsvc::NetrShareEnum", "src": "10.0.0.8"},
    )
    rows = rows_of(RemoteCall, first, second)
    row = rows.filter(source=ATTACKER).row(0, named=True)
    assert (row["service_created"], row["service_started"], row["authenticated"], row["not_authenticated"]) == (
        1,
        1,
        1,
        1,
    )
    assert (row["execution_targets"], row["exploits_targets"], row["users"]) == ([VICTIM], ["10.0.0.7"], ["bob"])
    assert row["execution_words"] == ["evil"]
    assert rows.filter(source="10.0.0.8")["acts"].to_list() == [["shares"]]

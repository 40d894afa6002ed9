from __future__ import annotations

from datetime import timedelta

import pytest

from vedette.detectors.remote_secrets import RemoteSecrets
from vedette.features.remote_call import RemoteCall
from vedette.model import Severity
from vedette.testing.calls import ATTACKER, VICTIM, calls
from vedette.testing.rows import hits_of, rows_of

HOSTILE = {
    ("drsuapi::DRSBind", "drsuapi::DRSCrackNames", "drsuapi::DRSGetNCChanges"): ("T1003.006", Severity.HIGH),
    ("drsuapi::DRSReplicaAdd", "drsuapi::DRSReplicaDel"): ("T1207", Severity.HIGH),
    ("lsarpc::LsarOpenPolicy2", "lsarpc::LsarRetrievePrivateData"): ("T1003.004", Severity.HIGH),
    ("winreg::OpenLocalMachine", "winreg::BaseRegSaveKey"): ("T1003.002", Severity.HIGH),
    ("samr::SamrOpenUser", "samr::SamrSetInformationUser2"): ("T1098", Severity.MEDIUM),
    ("BackupKey::BackuprKey",): ("T1555", Severity.LOW),
}
NORMAL = (
    ("drsuapi::DRSBind", "drsuapi::DRSCrackNames", "drsuapi::DRSDomainControllerInfo", "drsuapi::DRSUnbind"),
    ("samr::SamrConnect5", "samr::SamrLookupNamesInDomain", "samr::SamrOpenUser", "samr::SamrGetGroupsForUser"),
    ("winreg::OpenLocalMachine", "winreg::BaseRegOpenKey", "winreg::BaseRegQueryValue"),
    ("lsarpc::LsarOpenPolicy2", "lsarpc::LsarLookupNames3"),
    ("samr::SamrUnicodeChangePasswordUser2",),
    ("netlogon::NetrServerPasswordSet2",),
)


@pytest.mark.parametrize("what", HOSTILE)
def test_secrets(what: tuple[str, ...]) -> None:
    technique, severity = HOSTILE[what]
    (hit,) = hits_of(RemoteSecrets, calls(*what)).iter_rows(named=True)
    assert (hit["source"], hit["secrets_targets"], hit["severity"]) == (ATTACKER, [VICTIM], severity)
    assert RemoteSecrets().attacks(rows_of(RemoteCall, calls(*what))) == [(technique,)]


@pytest.mark.parametrize("what", NORMAL)
def test_what_members_of_a_domain_do(what: tuple[str, ...]) -> None:
    assert hits_of(RemoteSecrets, calls(*what)).is_empty()


def test_domain_controllers_are_known_by_their_habit() -> None:
    replication = [{"call": "drsuapi::DRSGetNCChanges", "at": timedelta(hours=n).total_seconds()} for n in range(48)]
    thief = {"call": "drsuapi::DRSGetNCChanges", "src": "10.0.0.99", "at": timedelta(hours=40).total_seconds()}
    hits = hits_of(RemoteSecrets, calls(*replication, thief))
    assert hits.select("source").to_series().to_list() == [ATTACKER, "10.0.0.99"]  # each when it was new

from __future__ import annotations

import pytest

from vedette.detectors.account_tampering import AccountTampering
from vedette.events.schema import EventClass
from vedette.testing.identity import told
from vedette.testing.rows import hits_of

Row = dict[str, object]


def change(account: str = "bob", by: str = "eve", code: str = "4738", **also: object) -> Row:
    row: Row = {
        "at": 0,
        "activity_id": 1 if code == "4720" else 99,
        "status_id": 1,
        "user.name": account,
        "actor.user.name": by,
    }
    return (
        row
        | {"metadata.event_code": code, "device.hostname": "dc1"}
        | {k.replace("__", "."): v for k, v in also.items()}
    )


DRS = "\r\n\t\tHOST/pc7\r\n\t\tE3514235-4B06-11D1-AB04-00C04FC2DCD2/ae9a/corp.example"

CASES: dict[str, tuple[Row, bool, bool]] = {  # event -> a finding, which alerts
    "a machine that replicates": (change("PC7$", code="4742", unmapped__ServicePrincipalNames=DRS), True, True),
    "a domain controller about itself": (
        change("DC2$", "DC2$", "4742", unmapped__ServicePrincipalNames=DRS),
        False,
        False,
    ),
    "a machine's usual service names": (
        change("PC7$", code="4742", unmapped__ServicePrincipalNames="\r\n\t\tHOST/pc7"),
        False,
        False,
    ),
    "by an anonymous session": (change("DC1$", "ANONYMOUS LOGON", "4742", actor__user__uid="S-1-5-7"), True, True),
    "a user named like a machine": (change("pc9$", code="4720"), True, True),
    "an old security id": (change(unmapped__SidHistory="S-1-5-21-9-9-9-519"), True, True),
    "a person who gets a service name": (change(unmapped__ServicePrincipalNames="http/x"), True, False),
    "no proof needed any more": (change(unmapped__UserAccountControl="\r\n\t\t%%2096"), True, False),
    "service name and weak password": (
        change(unmapped__ServicePrincipalNames="http/x", unmapped__UserAccountControl="%%2095"),
        True,
        True,
    ),
    "a usual change": (
        change(unmapped__ServicePrincipalNames="-", unmapped__SidHistory="-", unmapped__UserAccountControl="-"),
        False,
        False,
    ),
    "a new account": (
        change(code="4720", unmapped__UserAccountControl="\r\n\t\t%%2080\r\n\t\t%%2082\r\n\t\t%%2084"),
        False,
        False,
    ),
    "refused": (change(unmapped__SidHistory="S-1-5-21-9-9-9-519", status_id=2), False, False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    row, found, alerts = CASES[case]
    hits = hits_of(AccountTampering, told(EventClass.ACCOUNT_CHANGE, [row]))
    assert bool(hits.height) is found, hits.to_dicts()
    assert bool((hits["score"] >= AccountTampering.alert_from).sum()) is alerts


def test_words_and_techniques() -> None:
    hits = hits_of(AccountTampering, told(EventClass.ACCOUNT_CHANGE, [CASES["a machine that replicates"][0]]))
    assert hits["summary"].to_list() == [
        "eve changed the account PC7$: it got the service names of a domain controller."
    ]
    assert AccountTampering().attacks(hits) == [("T1207",)]

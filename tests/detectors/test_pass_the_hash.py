from __future__ import annotations

import pytest

from vedette.detectors.pass_the_hash import PassTheHash
from vedette.testing.logons import logons
from vedette.testing.rows import hits_of

Row = dict[str, object]


def logon(user: str = "bob", kind: int = 3, **also: object) -> Row:
    row: Row = {
        "at": 0,
        "user": user,
        "ok": True,
        "source": "10.0.0.9",
        "host": "srv1",
        "service": None,
        "logon_type_id": kind,
    }
    return row | {"auth_protocol": "NTLM", "logon_process.name": "NtLmSsp ", "unmapped.KeyLength": "128", **also}


KEYLESS: Row = {"unmapped.KeyLength": "0"}
SECONDARY: Row = {"logon_process.name": "seclogo", "auth_protocol": "Negotiate", "unmapped.KeyLength": "0"}

CASES: dict[str, tuple[Row, bool, bool]] = {  # row -> a finding, which alerts
    "without a session key": (logon() | KEYLESS, True, False),
    "as the built-in administrator": (
        logon("Administrator") | KEYLESS | {"user.uid": "S-1-5-21-1-2-3-500"},
        True,
        False,
    ),
    "other credentials under a session": (logon(kind=9) | SECONDARY, True, False),
    "with a key": (logon(), False, False),
    "by Kerberos": (logon(auth_protocol="Kerberos") | KEYLESS, False, False),
    "nobody": (logon("ANONYMOUS LOGON") | KEYLESS, False, False),
    "a machine": (logon("WS1$") | KEYLESS, False, False),
    "at the keyboard": (logon(kind=2) | KEYLESS, False, False),
    "refused": (logon(ok=False) | KEYLESS, False, False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    row, found, alerts = CASES[case]
    hits = hits_of(PassTheHash, logons([row]))
    assert bool(hits.height) is found
    assert bool((hits["score"] >= PassTheHash.alert_from).sum()) is alerts


def test_the_built_in_administrator_weighs_more() -> None:
    person, built_in = (hits_of(PassTheHash, logons([CASES[c][0]])) for c in list(CASES)[:2])
    assert built_in["score"][0] > person["score"][0]
    assert person["summary"][0] == "On srv1, bob logged on by NTLM without a session key from 10.0.0.9."

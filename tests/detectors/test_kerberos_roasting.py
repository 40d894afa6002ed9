from __future__ import annotations

import pytest
from tests.detectors.made_tickets import AES, RC4, Row, service_ticket, ticket

from vedette.detectors.kerberos_roasting import KerberosRoasting
from vedette.testing.logons import logons
from vedette.testing.rows import hits_of

SERVICES = [f"svc_{n}" for n in range(12)]
ROAST = [service_ticket(i * 0.2, s) for i, s in enumerate(SERVICES)]
WORK = [
    service_ticket(i * 300.0, s, AES, user="alice")
    for i, s in enumerate(("db1$", "files1$", "svc_sql", "HTTP/intranet"))
]
OLD = [  # a domain in which RC4 is the rule
    service_ticket(day * 3_600.0 + i * 60, f"svc_{i}", RC4, f"10.0.1.{host}", f"u{host}")
    for day in range(10)
    for host in range(8)
    for i in range(4)
]

CASES: dict[str, tuple[list[Row], bool]] = {
    "all services within seconds": (ROAST, True),
    "through many accounts of a list": ([ticket(i * 1.0, f"user{i}", "0", RC4) for i in range(4)], True),
    "a working day in AES": (WORK, False),
    "an old service or two": ([service_ticket(i * 600.0, f"old{i}", RC4) for i in range(2)], False),
    "machines' services in RC4": ([service_ticket(i * 0.2, f"host{i}$", RC4) for i in range(12)], False),
    "services of machines on the wire": ([service_ticket(i * 0.2, f"cifs/host{i}", RC4) for i in range(12)], False),
    "many services in AES": ([service_ticket(i * 0.2, s, AES) for i, s in enumerate(SERVICES)], False),
    "an old domain": (OLD, False),
    "refused": ([{**r, "ok": False} for r in ROAST], False),
    "an account proves itself in RC4": ([ticket(0, "old-printer", "2", RC4)], False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    rows, found = CASES[case]
    hits = hits_of(KerberosRoasting, logons(rows))
    late = hits.filter(hits["age"].fill_null(0) >= (3 if case == "an old domain" else 0))
    assert bool(late.height) is found, late.select("source", "score", "summary").to_dicts()


def test_which_of_the_two() -> None:
    roast = hits_of(KerberosRoasting, logons(ROAST))
    bare = hits_of(KerberosRoasting, logons([ticket(0, "printer", "0", RC4), ticket(9, "scanner", "0", RC4)]))
    assert KerberosRoasting().attacks(roast) == [("T1558.003",)]
    assert KerberosRoasting().attacks(bare) == [("T1558.004",)]
    assert roast["summary"].to_list() == ["10.0.0.9 (as eve) asked for tickets of 12 services in weak encryption."]
    assert bare["summary"].to_list() == ["10.0.0.9 got tickets of 2 accounts that need no proof: printer, scanner."]

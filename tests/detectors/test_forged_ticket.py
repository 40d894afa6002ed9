from __future__ import annotations

import pytest
from tests.detectors.made_tickets import Row, service_ticket, ticket

from vedette.detectors.forged_ticket import ForgedTicket
from vedette.testing.logons import logons
from vedette.testing.rows import hits_of

DAY, LATE = 86_400.0, 30_000.0
WORK = [service_ticket(day * DAY + 600.0, "sql", user=f"u{n}") for day in range(6) for n in range(6)]
ASKED = [ticket(day * DAY, f"u{n}") for day in range(6) for n in range(6)]
GOLDEN = service_ticket(6 * DAY + LATE, "cifs", user="u1") | {"user.domain": "corp.example"}
LOGON: Row = {"at": 6 * DAY, "user": "u1", "ok": True, "auth_protocol": "Kerberos"}

CASES: dict[str, tuple[list[Row], bool]] = {
    "never asked for, in a domain of lower case": ([*ASKED, *WORK, GOLDEN], True),
    "asked for that day": ([*ASKED, *WORK, ticket(6 * DAY, "u1"), GOLDEN], False),
    "early in the day": ([*ASKED, *WORK, GOLDEN | {"at": 6 * DAY}], False),
    "never asked for is not enough": ([*ASKED, *WORK, GOLDEN | {"user.domain": "CORP.EXAMPLE"}], False),
    "the log holds no such requests": ([*WORK, GOLDEN], False),
    "two identifiers in a domain of lower case": (
        [LOGON | {"user.uid": f"S-1-5-21-{n}-500", "user.domain": "corp.example"} for n in (1, 2)],
        True,
    ),
    "a day of work": ([*ASKED, *WORK], False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    rows, found = CASES[case]
    hits = hits_of(ForgedTicket, logons(rows))
    assert hits["account"].to_list() == (["u1"] if found else [])

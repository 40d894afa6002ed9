from __future__ import annotations

from tests.detectors.made_tickets import service_ticket, ticket

from vedette.features.ticket_use import TicketUse
from vedette.testing.logons import logons
from vedette.testing.rows import rows_of


def test_a_day_of_an_account() -> None:
    logon = {"at": 40, "user": "eve", "ok": True, "auth_protocol": "Kerberos", "session.uid": "0x1", "host": "ws1"}
    rights = {"user": "eve", "ok": True, "activity_id": 99, "host": "ws1"}
    rows = [
        ticket(0, "eve"),
        service_ticket(40_000, "sql", user="EVE") | {"user.domain": "corp.example"},
        service_ticket(30, "pc", user="pc1$"),
        logon | {"user.uid": "S-1-5-21-1-1104"},
        rights | {"at": 41, "session.uid": "0x1"},
        rights | {"at": 50, "session.uid": "0x2"},
    ]
    [row] = rows_of(TicketUse, logons(rows)).to_dicts()
    assert (row["account"], row["asked"], row["used"], row["late"]) == ("eve", 1, 1, True)
    assert (row["odd_domains"], row["ids"], row["unmatched"]) == (["corp.example"], ["S-1-5-21-1-1104"], 1)


def test_early_in_the_day_a_ticket_of_yesterday_may_do() -> None:
    assert rows_of(TicketUse, logons([service_ticket(60, "sql")]))["late"].to_list() == [False]

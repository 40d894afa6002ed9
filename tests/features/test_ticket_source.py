from __future__ import annotations

from tests.detectors.made_tickets import AES, RC4, service_ticket, ticket

from vedette.features.ticket_source import TicketSource
from vedette.testing.logons import logons
from vedette.testing.rows import rows_of


def test_an_hour_of_a_source() -> None:
    rows = [
        service_ticket(0, "SVC_SQL"),
        service_ticket(4, "svc_sql"),
        service_ticket(8, "svc_web"),
        service_ticket(9, "svc_app", AES),
        service_ticket(10, "files1$"),
        ticket(11, "bob", "0", RC4),
        ticket(12, "pc1$", "0", RC4),
        ticket(13, "carol", "0", AES),
        ticket(14, "dave", "2", RC4),
    ]
    row = rows_of(TicketSource, logons(rows)).row(0, named=True)
    assert (row["source"], row["services"], row["weak_services"], row["strong"]) == ("10.0.0.9", 3, 2, 1)
    assert (row["cracked"], row["bare_users"], row["unproved"]) == (["svc_sql", "svc_web"], ["bob"], 1)
    assert (row["seconds"], row["askers"], row["centres"]) == (8.0, ["eve"], ["dc1"])


def test_without_an_address_it_is_the_account() -> None:
    rows = [service_ticket(0, "svc", source="x") | {"source": None}]
    assert rows_of(TicketSource, logons(rows))["source"].to_list() == ["eve"]

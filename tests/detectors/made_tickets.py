"""Made-up requests for Kerberos tickets, as a domain controller logs them."""

from __future__ import annotations

Row = dict[str, object]
RC4, AES = 23, 18


def service_ticket(
    at: float, service: str, etype: int = RC4, source: str = "10.0.0.9", user: str = "eve", **also: object
) -> Row:
    row: Row = {"at": at, "user": user, "ok": True, "source": source, "service": service, "auth_protocol": "Kerberos"}
    return row | {"activity_id": 4, "vedette.etype": etype, "host": "dc1", **also}


def ticket(at: float, user: str, proof: str = "2", etype: int = AES, source: str = "10.0.0.9", **also: object) -> Row:
    """Return a ticket-granting ticket; proof "0" is none."""
    return service_ticket(at, "krbtgt", etype, source, user) | {"activity_id": 3, "unmapped.PreAuthType": proof} | also

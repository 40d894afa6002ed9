from __future__ import annotations

from tests.detectors.made_identity import at_host

from vedette.features.logon_reach import KEPT, LogonReach
from vedette.testing.logons import logons
from vedette.testing.rows import rows_of


def test_an_hour_of_an_account() -> None:
    rows = [
        at_host("eve", 0, 0.1, 3, "SRV1.corp.example", source=None, source_name="PC7"),
        at_host("eve", 0, 0.2, 10, "srv2", source="10.0.0.9", source_name="SRV1"),
        at_host("eve", 0, 0.3, 2, "pc7"),
        at_host("eve", 0, 0.4, 3, "srv3", source="10.0.0.9", ok=False),
        at_host(
            "eve",
            0,
            0.5,
            0,
            "SRV2",
            logon_type_id=None,
            **{"dst_endpoint.hostname": "dc1.corp.example", "actor.user.name": "bob"},
        ),
    ]
    row = rows_of(LogonReach, logons(rows)).row(0, named=True)
    assert row["hosts"] == ["dc1", "srv1", "srv2"]
    assert row["sources"] == ["pc7", "srv1", "srv2"]
    assert (row["stations"], row["explicit"], row["users"], row["reach"]) == (["srv1", "srv2"], ["dc1"], ["bob"], 3)


def test_a_shell_by_its_address() -> None:
    rows = [at_host("ada", 0, 0.1, host="web1", source="192.0.2.9", logon_type_id=None)]
    row = rows_of(LogonReach, logons(rows)).row(0, named=True)
    assert (row["hosts"], row["sources"]) == (["web1"], ["192.0.2.9"])


def test_it_is_bounded() -> None:
    rows = [at_host("ada", 0, 0.1, host=f"web{n}", source=f"192.0.2.{n}") for n in range(200)]
    row = rows_of(LogonReach, logons(rows)).row(0, named=True)
    assert len(row["hosts"]) == len(row["sources"]) == KEPT

from __future__ import annotations

from tests.detectors.made_identity import at_host, signin

from vedette.features.logon_user import KEPT, LogonUser
from vedette.testing.logons import logons
from vedette.testing.rows import rows_of


def test_a_day_of_an_account() -> None:
    rows = rows_of(
        LogonUser, logons([signin("alice", 0), signin("alice", 0, 11, source="10.1.2.3"), at_host("alice", 0, 12, 10)])
    )
    assert rows.height == 1
    row = rows.row(0, named=True)
    assert row["countries"] == ["DE"]
    assert row["networks"] == ["198.51.0.0/16"]
    assert row["agents"] == ["Mozilla/0 (Windows NT 0; Win0; x0) Chrome/0"]
    assert row["places"] == ["files1", "pc-alice"]
    assert row["blocks"] == ["workday 08", "workday 16", "workday 20"]
    assert row["kinds"] == ["Remote Desktop"]
    assert (row["logons"], row["by_hand"], row["service_name"]) == (3, 1, False)
    assert row["covered"] == ["002051", "002052", "002053"]  # 2 March 2026 is day 20514 of the epoch


def test_machines_the_system_and_failures_are_left_out() -> None:
    rows = [signin("WS1$", 0), signin("SYSTEM", 0), signin("", 0), signin("alice", 0, ok=False)]
    assert rows_of(LogonUser, logons(rows)).height == 0


def test_the_network_is_wide_and_of_public_addresses() -> None:
    rows = [
        signin("a", 0, source="2001:db8:7::1"),
        signin("b", 0, source="fd00::1"),
        signin("c", 0, source="172.20.1.1"),
    ]
    rows += [signin("d", 0, **{"src_endpoint.autonomous_system.number": 64500})]
    assert rows_of(LogonUser, logons(rows)).sort("user")["networks"].to_list() == [
        ["2001:db8::/32"],
        [],
        [],
        ["AS64500"],
    ]


def test_it_is_bounded() -> None:
    rows = [signin("alice", 0, source=f"{n}.1.1.1", host=f"h{n}") for n in range(20, 120)]
    row = rows_of(LogonUser, logons(rows)).row(0, named=True)
    assert max(len(row[s]) for s in ("networks", "places", "addresses")) == KEPT

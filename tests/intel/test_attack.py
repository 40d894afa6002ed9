from __future__ import annotations

import pytest

from vedette.intel.attack import TACTICS, order, stage, technique, techniques


def test_every_technique_has_a_name_and_tactics_in_matrix_order() -> None:
    assert len(techniques()) > 600
    for entry in techniques().values():
        places = [order(t) for t in entry.tactics]
        assert entry.name
        assert -1 not in places
        assert places == sorted(places)


@pytest.mark.parametrize(
    ("uid", "name", "first"),
    [
        ("T1046", "Network Service Discovery", "discovery"),
        ("T1595.001", "Scanning IP Blocks", "reconnaissance"),
        ("T1110.003", "Password Spraying", "credential-access"),
        ("T1078", "Valid Accounts", "initial-access"),
        ("T1499.002", "Service Exhaustion Flood", "impact"),
    ],
)
def test_known_techniques(uid: str, name: str, first: str) -> None:
    entry = technique(uid)
    assert entry is not None
    assert (entry.name, stage(uid)) == (name, first)


def test_an_unknown_sub_technique_falls_back_on_its_parent_and_an_unknown_id_on_nothing() -> None:
    assert technique("T1110.999") == technique("T1110")
    assert technique("X9") is None
    assert (stage("X9"), order("x9")) == ("", -1)
    assert order("impact") == len(TACTICS) - 1

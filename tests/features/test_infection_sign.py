from __future__ import annotations

from vedette.abc import Detector
from vedette.detectors.infected_host import InfectedHost
from vedette.features.infection_sign import BY_TACTIC, KINDS, OTHER, SIGNS, by_technique
from vedette.intel.attack import TACTICS
from vedette.plugins import discover

EVERY = (*SIGNS.values(), *BY_TACTIC.values(), OTHER)
INSIDE = ("exploring", "spreading", "alerts")


def test_every_sign_is_of_a_known_kind_and_tactic() -> None:
    assert {s.kind for s in EVERY} == set(KINDS)
    assert set(BY_TACTIC) <= set(TACTICS)


def test_no_kind_alone_suffices() -> None:
    assert all(0 < s.most < -InfectedHost.prior for s in EVERY)


def test_scans_and_attacks_inside_do_not_suffice_together() -> None:
    most = {kind: max(s.most for s in EVERY if s.kind == kind) for kind in INSIDE}
    assert sum(most.values()) < -InfectedHost.prior


def test_an_unknown_detector_counts_for_less_than_a_known_one_of_its_kind() -> None:
    for sign in (*BY_TACTIC.values(), OTHER):
        known = [s.most for s in SIGNS.values() if s.kind == sign.kind]
        assert sign.most <= max(known, default=sign.most)


def test_a_technique_counts_by_its_earliest_tactic() -> None:
    table = by_technique()
    assert table["T1071"].kind == "contact"
    assert table["T1046"].kind == "exploring"
    assert table["T1048"].kind == "sending"
    assert "T1566" not in table  # whom a mail was sent to is not infected yet


def test_it_names_detectors_that_exist() -> None:
    """A name that is gone would count for nothing, and nobody would notice."""
    shipped = set(discover(Detector))
    assert len(SIGNS.keys() & shipped) > len(SIGNS) // 2
    assert {"beacon", "generated_domains", "port_scan_horizontal", "url"} <= SIGNS.keys() & shipped

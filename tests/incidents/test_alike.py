from vedette.incidents.alike import crowd, is_common
from vedette.incidents.stages import CROWD
from vedette.model import Entity, EntityKind, Finding
from vedette.testing.made import finding


def failing(hosts: int, technique: str = "T1046", to: str = "198.51.100.{}") -> list[Finding]:
    return [finding(f"10.0.1.{n}", to.format(n), technique, at=hosts - n) for n in range(hosts)]


def test_many_who_do_the_same_to_others_are_a_crowd_the_first_one_first() -> None:
    found = crowd(failing(CROWD + 1))
    assert len(found) == CROWD + 1
    assert found[0] == Entity(EntityKind.ADDRESS, f"10.0.1.{CROWD}")


def test_what_is_no_crowd() -> None:
    assert crowd(failing(CROWD)) == []
    assert crowd(failing(CROWD + 1, to="198.51.100.1")) == [], "one victim of many is a flood"
    assert crowd(failing(CROWD + 1, technique="T1071")) == []
    assert crowd([*failing(CROWD + 1), finding("10.0.2.1 10.0.2.2", "192.0.2.9", "T1046")]) == []


def test_only_trying_and_calling_in_vain_are_common() -> None:
    assert is_common([finding("10.0.0.1", "10.0.0.2", "T1595.001 T1008")])
    assert not is_common([finding("10.0.0.1", "10.0.0.2", "T1046 T1110")])
    assert not is_common([finding("10.0.0.1", "10.0.0.2", "")])

"""Who sends out much is found among the uploads of a company, and nobody else is called so."""

from __future__ import annotations

import pytest
from tools.uploads import EACH, FIRST, PLANTED, Seen, tables, watch


@pytest.fixture(scope="module")
def seen() -> Seen:
    return watch(seed=31, days=FIRST + 1, hosts=90)


def _alerts(seen: Seen, name: str) -> int:
    plant = next(p for p in PLANTED if p.name == name)
    said = seen.said["exfiltration"].filter("alert")
    return len({h for h, p in seen.doing.items() if p is plant} & set(said["src_endpoint.ip"]))


def test_each_plant_has_its_hosts(seen: Seen) -> None:
    assert len(seen.doing) == EACH * len(PLANTED)


def test_a_gigabyte_at_night_is_found_but_not_what_goes_to_everybodys_cloud(seen: Seen) -> None:
    assert _alerts(seen, "1 GB at night") >= EACH - 1
    assert _alerts(seen, "5 GB to the cloud that all use") == 0


def test_nobody_else_is_an_alert(seen: Seen) -> None:
    for said in seen.said.values():
        assert not set(said.filter("alert")["src_endpoint.ip"]) - set(seen.doing)


def test_the_page_has_a_row_for_each(seen: Seen) -> None:
    page = tables(seen, 31, FIRST + 1, 90)
    assert all(f"| {plant.name} |" in page for plant in PLANTED)
    assert all(f"| {name} |" in page for name in seen.said)

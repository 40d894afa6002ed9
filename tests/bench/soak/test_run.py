"""A small soak from end to end: what is planted loudly is found, the report tells it, and it does not matter when windows are closed."""

from __future__ import annotations

import orjson
import pytest
from bench.soak.run import GENERATOR, Result, run
from bench.soak.tables import as_json, as_tables, sheet

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def hourly() -> tuple[Result, list[str]]:
    said: list[str] = []
    return run(3, 60, 1, say=said.append), said


def test_a_small_company_for_three_days(hourly: tuple[Result, list[str]]) -> None:
    result, said = hourly
    assert len(said) == 3
    whole = orjson.loads(as_json(result))
    found = {a["name"]: a for a in whole["attacks"]}
    assert found["fast scan"]["found"]
    assert 0 < found["fast scan"]["known_after_seconds"] <= 3600
    assert found["fast scan"]["incidents"]
    assert found["SSH guessing"]["found"]
    assert whole["rows"]["conn"] > 30_000
    assert not whole["broken"].keys() & {"port_scan_block", "port_scan_horizontal"}
    assert result.spent[GENERATOR] < result.engine_seconds
    tables = as_tables(result)
    assert "| fast scan |" in tables
    assert "memory at the end of each day" in tables
    assert sum(sum(steps) for _, steps in sheet(result)) == pytest.approx(sum(result.spent.values()))
    assert {"flow_pair", "domain_client", "engine: spool"} <= {part for part, _ in sheet(result)}


def test_findings_are_the_same_however_often_windows_are_closed(hourly: tuple[Result, list[str]]) -> None:
    daily = run(3, 60, 1, step=24)
    assert [f.uid for f in daily.findings] == [f.uid for f in hourly[0].findings]
    assert daily.findings == hourly[0].findings
    assert [i.uid for i in daily.incidents] == [i.uid for i in hourly[0].incidents]

"""A small soak from end to end: what is planted loudly is found, and the report tells it."""

from __future__ import annotations

import orjson
import pytest
from bench.soak.run import GENERATOR, run
from bench.soak.tables import as_json, as_tables


@pytest.mark.slow
def test_a_small_company_for_three_days() -> None:
    said: list[str] = []
    result = run(3, 60, 1, say=said.append)
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

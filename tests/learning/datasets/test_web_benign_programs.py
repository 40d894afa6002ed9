from __future__ import annotations

import json
from random import Random
from urllib.parse import parse_qsl

from vedette.learning.datasets.web_benign_programs import assets, interfaces, machines


def _json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except ValueError:
        return False


def test_programs_send_json_and_queries_in_parameters() -> None:
    rng = Random(1)
    values = [v for _ in range(400) for _, v in parse_qsl(interfaces(rng).query or "")]
    assert any(_json(v) for v in values)
    assert any(" or " in v for v in values)


def test_parts_of_pages_and_robots_that_name_themselves() -> None:
    rng = Random(1)
    assert len({assets(rng).path for _ in range(400)}) > 60
    assert len({machines(rng).agent for _ in range(400)}) > 40

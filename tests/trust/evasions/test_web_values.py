from __future__ import annotations

from random import Random

from vedette.testing.requests import requests
from vedette.trust.evasions.web_values import QUERY, rewritten


def test_every_value_changes() -> None:
    batch = requests(3, **{QUERY: ["a=b&c=%27+x&d", "", None]})  # type: ignore[arg-type]
    made = rewritten(batch.frame, lambda value, _: f"<{value}>", Random(1))
    assert made[QUERY].to_list() == ["a=<b>&c=<' x>&<d>", "<>", None]

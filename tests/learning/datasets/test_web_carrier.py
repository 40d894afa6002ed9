from __future__ import annotations

from random import Random
from urllib.parse import unquote, unquote_plus

from vedette.learning.datasets.web_carrier import beside, carried, encoded, small


def test_a_value_arrives_as_it_was() -> None:
    rng = Random(1)
    for value in ("a b&c=d", "' or 1=1 #", "50% + x", "é中"):
        for _ in range(20):
            assert unquote_plus(encoded(rng, value)) == value
            query = carried(rng, "sqli", value, name="zz").query or ""
            [given] = [p.partition("=")[2] for p in query.split("&") if p.startswith("zz=")]
            assert unquote_plus(given) == value


def test_a_value_may_stand_elsewhere() -> None:
    rng = Random(2)
    for _ in range(40):
        made = beside(rng, "xss", "<b>")
        assert any("<b>" in unquote(p or "") for p in (made.path, made.agent, made.referrer))


def test_small_values_say_nothing() -> None:
    rng = Random(3)
    assert all(c.isalnum() or c == "-" for _ in range(200) for c in small(rng))

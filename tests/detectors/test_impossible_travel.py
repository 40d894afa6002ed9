from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.detectors.made_identity import STAFF, office, signin

from vedette.detectors.impossible_travel import ImpossibleTravel
from vedette.events.batch import EventBatch
from vedette.testing.logons import logons
from vedette.testing.rows import hits_of

ONE, LAST = STAFF[3], 28
Row = dict[str, object]


def at(
    country: str, hour: float, address: str = "203.0.113.9", day: float = LAST, user: str = ONE, **also: object
) -> Row:
    return signin(user, day, hour, source=address, **{"src_endpoint.location.country": country, **also})


def city(name: str, lat: float, long: float) -> Row:
    return {"src_endpoint.location.city": name, "src_endpoint.location.lat": lat, "src_endpoint.location.long": long}


ROAMING = [at("SG", 1.0, day=d) for d in range(LAST)]

CASES: dict[str, tuple[Callable[[], list[EventBatch]], bool]] = {
    "Germany, and half an hour later Singapore": (lambda: [logons([at("DE", 0), at("SG", 0.5)])], True),
    "with a history at home": (lambda: [office(LAST), logons([at("DE", 0, "198.51.100.7"), at("SG", 0.5)])], True),
    "a flight of fourteen hours": (lambda: [logons([at("DE", 0), at("SG", 14)])], False),
    "neighbours": (lambda: [logons([at("DE", 0), at("FR", 0.5), at("CH", 0.7)])], False),
    "countries so large that nobody knows": (lambda: [logons([at("US", 0), at("CA", 0.5)])], False),
    "two cities of one country, by coordinates": (
        lambda: [logons([at("US", 0) | city("Boston", 42.4, -71.1), at("US", 1) | city("Seattle", 47.6, -122.3)])],
        True,
    ),
    "a gateway that everybody uses": (
        lambda: [
            logons(
                [at(c, h, f"192.0.2.{i}", user=p) for p in STAFF for i, (c, h) in enumerate((("DE", 0.0), ("SG", 0.5)))]
            )
        ],
        False,
    ),
    "a telephone that roams every day": (
        lambda: [office(LAST), logons(ROAMING), logons([at("DE", 0), at("SG", 1)])],
        False,
    ),
    "an unknown country": (lambda: [logons([at("DE", 0), at("ZZ", 0.5)])], False),
    "refused there": (lambda: [logons([at("DE", 0), at("SG", 0.5) | {"ok": False}])], False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    made, found = CASES[case]
    hits = hits_of(ImpossibleTravel, *made())
    last = hits.filter(hits["age"] >= (1 if case == "a telephone that roams every day" else 0))
    if case == "a gateway that everybody uses":
        assert hits.height < len(STAFF) / 3  # the first few, before others are known
    else:
        assert bool(last.height) is found, last.select("user", "score", "summary").to_dicts()


def test_the_words() -> None:
    hit = hits_of(ImpossibleTravel, *CASES["Germany, and half an hour later Singapore"][0]()).row(0, named=True)
    assert hit["summary"].startswith("person03 logged on from DE (203.0.113.9) and 0.5 h later from SG (203.0.113.9): ")
    assert 8_500 < hit["kilometres"] < 10_300

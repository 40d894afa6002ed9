from __future__ import annotations

import pytest

from vedette.detectors.distributed_guessing import DistributedGuessing
from vedette.testing.logons import logons, tries
from vedette.testing.rows import hits_of


def _from_many(n: int, each: int, *, ok: bool = False, block: int = 0) -> list[dict[str, object]]:
    return [
        row
        for i in range(n)
        for row in tries(each, every=60.0, start=i * 7.0, ok=ok, source=f"198.51.{block}.{i}", users=[f"user{i % 9}"])
    ]


CASES = {
    "200 addresses, three tries": (_from_many(200, 3), True),
    "60 addresses, one try, some staff": (_from_many(60, 1) + _from_many(10, 1, ok=True, block=1), True),
    "staff at home, some mistype": (_from_many(8, 2) + _from_many(80, 1, ok=True, block=1), False),
    "all mistype, all get in": (_from_many(90, 2) + _from_many(90, 1, ok=True), False),
    "background of an exposed host": (_from_many(9, 4), False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    rows, hostile = CASES[case]
    hits = hits_of(DistributedGuessing, logons(rows))
    assert bool(hits.height) is hostile, hits.to_dicts()

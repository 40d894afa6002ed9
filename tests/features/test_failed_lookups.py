from __future__ import annotations

from vedette.features.failed_lookups import SHOWN, FailedLookups
from vedette.testing.names import lookups, random_names
from vedette.testing.rows import rows_of


def test_missing_registered_names_are_counted_once() -> None:
    rows = rows_of(FailedLookups, lookups(["gone.net", "www.gone.net", "dead.org", "x.local", "single"], rcode=3))
    assert rows["missing"].to_list() == [2.0]
    assert rows["names"].to_list() == [["dead.org", "gone.net"]]


def test_names_that_exist_make_no_row() -> None:
    assert rows_of(FailedLookups, lookups(["news.org"]), lookups(["old.org"], rcode=None)).height == 0


def test_the_sample_is_bounded() -> None:
    rows = rows_of(FailedLookups, lookups(random_names(300), rcode=3))
    assert len(rows["names"][0]) == SHOWN
    assert 200 < rows["missing"][0] < 420

from __future__ import annotations

from datetime import timedelta

from vedette.features.domain_client import SAMPLE, DomainClient
from vedette.testing.names import lookups
from vedette.testing.rows import rows_of

HOUR = timedelta(hours=1)


def hour(*batches: object) -> dict[str, object]:
    rows = rows_of(DomainClient, *batches)  # type: ignore[arg-type]
    return rows.filter(window=HOUR).row(0, named=True)


def test_missing_and_other_names_are_kept_apart() -> None:
    row = hour(lookups(["a1.shop.com", "b2.shop.com", "news.org"]), lookups(["gone.net", "gone.net"], rcode=3))
    assert row["missing"] == ["gone.net"]
    assert sorted(row["other"]) == ["news.org", "shop.com"]  # type: ignore[call-overload]
    assert (row["missing_count"], row["other_count"], row["queries"], row["answered"]) == (1.0, 2.0, 5, 5)


def test_storms_below_one_domain_and_single_words_are_not_many_names() -> None:
    storm = lookups([f"{k:032x}.lookup.firm.com" for k in range(200)], rcode=3)
    row = hour(storm, lookups(["kjhgfdsa", "printer.local", "4.3.2.1.in-addr.arpa", "co.uk"], rcode=3))
    assert row["missing"] == ["firm.com"]


def test_the_sample_is_bounded() -> None:
    row = hour(lookups([f"name{k}.com" for k in range(500)], rcode=3))
    assert len(row["missing"]) == SAMPLE  # type: ignore[arg-type]
    assert 350 < row["missing_count"] < 700  # type: ignore[operator]


def test_without_answers_all_names_are_others() -> None:
    row = hour(lookups(["shop.com", "news.org"], rcode=None))
    assert (row["missing_count"], row["other_count"], row["answered"]) == (0.0, 2.0, 0)

from __future__ import annotations

from vedette.features.http_target import HttpTarget
from vedette.testing.requests import requests
from vedette.testing.rows import rows_of


def test_counts_what_a_site_gets() -> None:
    row = rows_of(
        HttpTarget,
        requests(
            20,
            every=0.5,
            path=["/a", "/b"] * 10,
            code=[200, 503, None, 404] * 5,
            src=[f"198.51.100.{i % 5}" for i in range(20)],
        ),
    ).row(0, named=True)
    assert (row["site"], row["requests"], row["unserved"]) == ("shop.example", 20, 10)
    assert (row["source_count"], row["path_count"]) == (5, 2)


def test_the_address_stands_in_for_the_name() -> None:
    assert rows_of(HttpTarget, requests(1, host=None))["site"].to_list() == ["10.0.0.80"]


def test_a_server_that_its_log_does_not_name_goes_by_the_log() -> None:
    row = rows_of(HttpTarget, requests(3, host=None, dst=None)).row(0, named=True)
    assert (row["site"], row["dst_endpoint.ip"], row["requests"]) == ("http.log", None, 3)

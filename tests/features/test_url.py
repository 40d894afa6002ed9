from __future__ import annotations

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features.url import SHOWN, Url
from vedette.testing.requests import requests
from vedette.testing.urls import NOON, url_events


def _rows(batch: EventBatch) -> pl.DataFrame:
    made = Url()
    return made.compute(made.take(batch)).collect()


def _ids(n: int) -> dict[str, list[object]]:
    return {"time": [NOON] * n, "metadata.log_name": ["made"] * n, "metadata.sequence": list(range(n))}


def test_links_of_a_mail() -> None:
    rows = _rows(url_events(["https://www.google.com/maps", None, "x.example/?to=http://Y.example/z", "a" * 9000]))
    assert rows["metadata.sequence"].to_list() == [0, 2, 3]
    assert rows["domain"].to_list()[:2] == ["google.com", "x.example"]
    assert rows["visited"].to_list() == [True, False, False]
    assert rows["redirect"].to_list() == [None, "y.example", None]
    assert rows["size"][2] == 9000
    assert len(rows["url"][2]) == SHOWN


def test_requests_through_a_proxy_and_past_a_sensor() -> None:
    path = "http_request.url."
    frame = pl.DataFrame(
        {
            **_ids(3),
            f"{path}url_string": ["http://a.example/x?y", "/only/a/path", None],
            f"{path}hostname": ["a.example", "b.example", None],
            f"{path}path": ["/x", "/only/a/path", "/x"],
            f"{path}query_string": ["y", "q=1", None],
        },
        schema_overrides={"time": pl.Datetime("us", "UTC")},
    )
    rows = _rows(EventBatch(EventClass.HTTP_ACTIVITY, frame))
    assert (rows["host"] + rows["tail"]).to_list() == ["a.example/x?y", "b.example/only/a/path?q=1"]


def _requests(**columns: list[object]) -> list[str]:
    """Return what is judged of requests for ``/x?y`` of ``a.example``."""
    n = max(map(len, columns.values()))
    path = "http_request.url."
    asked: dict[str, list[object]] = {
        f"{path}hostname": ["a.example"] * n,
        f"{path}path": ["/x"] * n,
        f"{path}query_string": ["y"] * n,
    }
    frame = pl.DataFrame(
        {**_ids(n), **asked, **{name.replace("__", "."): values for name, values in columns.items()}},
        schema_overrides={**SCHEMAS[EventClass.HTTP_ACTIVITY]},
    )
    rows = _rows(EventBatch(EventClass.HTTP_ACTIVITY, frame))
    return [f"{i}:{asked}" for i, asked in zip(rows["metadata.sequence"], rows["host"] + rows["tail"], strict=True)]


def test_a_servers_own_log_names_no_urls_to_judge() -> None:
    assert _requests(dst_endpoint__hostname=["a.example", "b.example", None]) == ["1:a.example/x?y", "2:a.example/x?y"]


def test_requests_to_addresses_of_ours_are_not_judged_but_those_through_a_proxy() -> None:
    outward, inward, within = 2, 1, 3
    proxied: list[object] = [None, None, None, "http", None, None]
    assert _requests(
        connection_info__direction_id=[outward, inward, within, within, inward, None],
        dst_endpoint__ip=["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.1", None, "192.0.2.1"],
        **{"http_request.url.scheme": proxied},
    ) == ["0:a.example/x?y", "3:a.example/x?y", "4:a.example/x?y", "5:a.example/x?y"]


def test_of_parts_of_pages_the_host_alone_is_judged() -> None:
    parts: list[object] = ["/a/lib.min.js", "/logo.PNG", "/index.html", "/setup.exe", "/js"]
    assert _requests(**{"http_request.url.path": parts}) == [
        "0:a.example",
        "1:a.example",
        "2:a.example/index.html?y",
        "3:a.example/setup.exe?y",
        "4:a.example/js?y",
    ]


def test_of_a_tunnel_through_a_proxy_the_host_alone_is_known() -> None:
    asked = requests(1, method="CONNECT", host="mail.example", path="mail.example:443", dst="203.0.113.9")
    assert _rows(asked)["url"].to_list() == ["mail.example"]


def test_lists_of_urls() -> None:
    frame = pl.DataFrame(
        {**_ids(2), "osint.value": [["hxxp://a.example/x"], ["192.0.2.1"]], "osint.type_id": [[5], [1]]},
        schema_overrides={"time": pl.Datetime("us", "UTC"), "osint.type_id": pl.List(pl.Int32)},
    )
    assert _rows(EventBatch(EventClass.OSINT_INVENTORY_INFO, frame))["host"].to_list() == ["a.example"]


def test_pages_of_a_service_are_not_much_visited() -> None:
    assert _rows(url_events(["docs.google.com/x", "bit.ly/x", "microsoft.com"]))["visited"].to_list() == [
        False,
        False,
        True,
    ]

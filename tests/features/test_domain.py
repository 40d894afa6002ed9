from __future__ import annotations

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features.domain import Domain
from vedette.testing.events import START
from vedette.testing.rows import rows_of


def events(kind: EventClass, **columns: object) -> EventBatch:
    data = {"time": [START], "metadata.log_name": ["a.log"], "metadata.sequence": [0], **columns}
    return EventBatch(kind, pl.DataFrame(data, schema={c: SCHEMAS[kind][c] for c in data}))


def test_names_of_every_class() -> None:
    batches = [
        events(EventClass.DNS_ACTIVITY, **{"query.hostname": ["WWW.Shop.com."], "src_endpoint.ip": ["10.0.0.5"]}),
        events(EventClass.TLS_HANDSHAKE, **{"tls.sni": ["www.shop.com"], "src_endpoint.ip": ["10.0.0.5"]}),
        events(
            EventClass.HTTP_ACTIVITY, **{"http_request.url.hostname": ["www.shop.com"], "src_endpoint.ip": ["10.0.0.5"]}
        ),
        events(EventClass.OSINT_INVENTORY_INFO, **{"osint.value": [["www.shop.com"]], "osint.type_id": [[2]]}),
    ]
    rows = rows_of(Domain, *batches)
    assert rows["registered"].to_list() == ["shop.com"] * 4
    assert rows["label"].to_list() == ["shop"] * 4
    assert rows["src_endpoint.ip"].to_list() == ["10.0.0.5"] * 3 + [None]


def test_addresses_and_urls_of_a_list_are_none_of_it() -> None:
    batch = events(EventClass.OSINT_INVENTORY_INFO, **{"osint.value": [["http://a.com/"]], "osint.type_id": [[5]]})
    assert rows_of(Domain, batch).height == 0


def test_what_nobody_registered_is_kept_without_a_label() -> None:
    batch = events(EventClass.DNS_ACTIVITY, **{"query.hostname": ["printer.local"], "src_endpoint.ip": ["10.0.0.5"]})
    assert rows_of(Domain, batch).select("name", "label").rows() == [("printer.local", None)]

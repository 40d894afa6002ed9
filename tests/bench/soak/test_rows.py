"""Columns of numbers, and the events they become."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from bench.soak.rows import HTTP, SILENT, TXT, Flows, Lookups, Pools, conn, dns, http, tls

_POOLS = Pools(
    pl.Series(["10.0.0.1", "192.0.2.7"]),
    pl.Series(["a.example", "b.example"]),
    pl.Series(["aa", "bb"]),
    pl.Series(["x", "y"]),
)


def test_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        Flows.of(1, colour=3)


def test_connections_keep_what_they_sent() -> None:
    flows = Flows.of(
        2,
        start=np.asarray([5, 6]),
        dur=1_000_000,
        dst=1,
        sent=np.asarray([100, 0]),
        got=50,
        state=np.asarray([0, SILENT]),
    )
    frame = conn(flows.but(got=np.asarray([50, 0])), _POOLS, 7).frame
    assert frame["vedette.payload_bytes_out"].to_list() == [100, 0]
    assert frame["metadata.sequence"].to_list() == [7, 8]
    assert frame["status_code"].to_list() == ["SF", "S0"]
    assert frame["traffic.packets_in"].to_list()[1] == 0
    assert frame["duration"].to_list() == [1000, 1000]
    assert (frame["traffic.bytes_out"] > frame["vedette.payload_bytes_out"]).all()


def test_a_handshake_without_a_name_has_none() -> None:
    frame = tls(Flows.of(2, name=np.asarray([-1, 1]), look=1, dst=1), _POOLS, 0).frame
    assert frame["tls.sni"].to_list() == [None, "b.example"]
    assert frame["tls.ja3_hash.value"].to_list() == ["bb", "bb"]


def test_a_request_with_a_body_is_posted() -> None:
    frame = http(Flows.of(2, name=0, look=0, app=HTTP, sent=np.asarray([400, 9000])), _POOLS, 0).frame
    assert frame["http_request.http_method"].to_list() == ["GET", "POST"]
    assert frame["http_request.url.url_string"].str.starts_with("http://a.example/").all()


def test_look_ups_are_answered_or_not_and_are_datagrams_too() -> None:
    names = pl.Series(["a.example", "b.example", "c.example"])
    asked = Lookups.of(
        names,
        time=np.asarray([1, 2, 3]),
        src=0,
        dst=1,
        type=np.asarray([0, TXT, 0]),
        rcode=np.asarray([0, 3, -1]),
        answer=np.asarray([1, -1, -1]),
    )
    frame = dns(asked, _POOLS, 0).frame
    assert frame["answers.rdata"].to_list() == [["192.0.2.7"], None, None]
    assert frame["rcode"].to_list() == ["NOERROR", "NXDOMAIN", None]
    assert frame["rcode_id"].to_list() == [0, 3, None]
    flows = conn(asked.flows(), _POOLS, 0).frame
    assert flows["status_code"].to_list() == ["SF", "SF", "S0"]
    assert flows["dst_endpoint.port"].to_list() == [53, 53, 53]


def test_joining_nothing_gives_nothing() -> None:
    assert len(Flows.joined([])) == len(Lookups.joined([])) == 0

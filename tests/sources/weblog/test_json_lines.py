from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from vedette.sources.weblog.json_lines import is_access_json

Read = Callable[[bytes], tuple[list[dict[str, Any]], list[dict[str, Any]]]]

NGINX = {
    "time_iso8601": "2026-03-05T08:01:12+01:00",
    "remote_addr": "192.0.2.7",
    "remote_user": "ada",
    "request": "POST /login?next=%2F HTTP/1.1",
    "status": 401,
    "body_bytes_sent": 512,
    "request_time": 0.046,
    "http_referer": "https://shop.example/login",
    "http_user_agent": "Mozilla/5.0",
    "host": "shop.example",
    "scheme": "https",
}
CADDY = {
    "level": "info",
    "ts": 1772694072.0,
    "logger": "http.log.access.log0",
    "msg": "handled request",
    "request": {
        "remote_ip": "10.0.0.1",
        "remote_port": "41342",
        "client_ip": "192.0.2.7",
        "proto": "HTTP/1.1",
        "method": "POST",
        "host": "shop.example",
        "uri": "/login?next=%2F",
        "headers": {"User-Agent": ["Mozilla/5.0"], "Referer": ["https://shop.example/login"], "Accept": ["*/*"]},
        "tls": {"resumed": False},
    },
    "user_id": "ada",
    "duration": 0.046,
    "size": 512,
    "status": 401,
    "resp_headers": {"Server": ["Caddy"]},
}
TRAEFIK = {
    "ClientAddr": "192.0.2.7:50122",
    "ClientHost": "192.0.2.7",
    "ClientUsername": "ada",
    "DownstreamContentSize": 512,
    "DownstreamStatus": 401,
    "Duration": 46_000_000,
    "RequestHost": "shop.example",
    "RequestMethod": "POST",
    "RequestPath": "/login?next=%2F",
    "RequestProtocol": "HTTP/1.1",
    "RequestScheme": "https",
    "StartUTC": "2026-03-05T07:01:12.000000000Z",
    "request_Referer": "https://shop.example/login",
    "request_User-Agent": "Mozilla/5.0",
    "time": "2026-03-05T08:01:12+01:00",
}
LOGS: dict[str, dict[str, object]] = {"nginx": NGINX, "caddy": CADDY, "traefik": TRAEFIK}
EXPECTED = {
    "time": datetime(2026, 3, 5, 7, 1, 12, tzinfo=UTC),
    "duration": 46,
    "status_id": 2,
    "src_endpoint.ip": "192.0.2.7",
    "actor.user.name": "ada",
    "http_request.http_method": "POST",
    "http_request.version": "1.1",
    "http_request.url.hostname": "shop.example",
    "http_request.url.path": "/login",
    "http_request.url.query_string": "next=%2F",
    "http_request.user_agent": "Mozilla/5.0",
    "http_request.referrer": "https://shop.example/login",
    "http_response.code": 401,
    "http_response.body_length": 512,
}


@pytest.mark.parametrize("server", LOGS)
def test_every_server_says_the_same(server: str, read: Read) -> None:
    line = orjson.dumps(LOGS[server])
    assert is_access_json(line)
    (row,), rejects = read(line)
    assert not rejects
    assert {k: v for k, v in row.items() if k in EXPECTED} == EXPECTED


def test_lines_of_all_in_one_file_stay_in_order(read: Read) -> None:
    rows, rejects = read(b"\n\n".join(map(orjson.dumps, (*LOGS.values(), *LOGS.values()))))
    assert not rejects
    assert [r["metadata.sequence"] for r in rows] == list(range(6))
    assert all(r["time"] == EXPECTED["time"] for r in rows)


def test_separate_keys_and_numbers_as_texts(read: Read) -> None:
    line = {
        "msec": "1772694072.500",
        "remote_addr": "::1",
        "request_method": "GET",
        "request_uri": "/a?b",
        "server_protocol": "HTTP/3.0",
        "status": "200",
        "bytes_sent": "77",
        "server_addr": "10.0.0.80",
        "server_port": "443",
    }
    (row,), _ = read(orjson.dumps(line))
    assert row["time"] == datetime(2026, 3, 5, 7, 1, 12, 500_000, tzinfo=UTC)
    assert (row["http_request.version"], row["connection_info.protocol_name"]) == ("3.0", "udp")
    assert (row["dst_endpoint.ip"], row["dst_endpoint.port"], row["http_response.body_length"]) == (
        "10.0.0.80",
        443,
        77,
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not a JSON object"),
        (b"[1]", "not a JSON object"),
        (b'{"remote_addr":"192.0.2.7","status":200}', "no readable time"),
        (b'{"ts":1e300,"status":200}', "no readable time"),
        (
            b'{"level":"info","ts":1772694072.0,"msg":"serving initial configuration"}',
            "an object that is no web request",
        ),
        (b'{"ts":1772694072.0,"status":[200]}', "a field is not of its type"),
        (b'{"ts":1772694072.0,"request":{"headers":{"User-Agent":7}}}', "a field is not of its type"),
        (b'{"ts":1772694072.0,"status":"\xff"}', "not"),
    ],
)
def test_what_is_no_request_is_a_reject(line: bytes, reason: str, read: Read) -> None:
    rows, (reject,) = read(orjson.dumps(NGINX) + b"\n" + line + b"\n")
    assert len(rows) == 1
    assert reject["status_detail"].startswith(reason)
    assert (reject["metadata.sequence"], reject["count"]) == (1, 1)


def test_odd_values_are_no_harm(read: Read) -> None:
    odd = orjson.dumps(
        {**NGINX, "status": True, "request_time": "soon", "remote_user": 7, "host": "", "body_bytes_sent": 1}
    )
    (row,), rejects = read(odd.replace(b'_sent":1', b'_sent":' + b"1" * 40))
    assert not rejects
    assert row["actor.user.name"] == "7"
    assert not {"http_response.code", "http_response.body_length", "duration", "http_request.url.hostname"} & row.keys()


@pytest.mark.parametrize(
    "head",
    [
        b'{"ts":1.5,"uid":"C1","id.orig_h":"192.0.2.1","method":"GET","uri":"/","status_code":200}',
        b'{"timestamp":"2026-03-05T08:01:12.000001+0000","event_type":"http","http":{"http_user_agent":"x","status":200},"request":1}',
        b'{"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1","MESSAGE":"x"}',
        b'{"status":"ok"}',
        b'[{"remote_addr":"x","status":1}]',
        b"",
    ],
)
def test_other_objects_are_not_ours(head: bytes) -> None:
    assert not is_access_json(head)

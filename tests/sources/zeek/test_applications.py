"""The edges of application logs: what clients may write there, they will."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vedette.sources.zeek.applications import DNS, FILES, HTTP, SMTP, SSH, SSL
from vedette.sources.zeek.fields import Log

URL = "http_request.url."
CASES: list[tuple[Log, dict[str, Any], dict[str, Any]]] = [
    (DNS, {"query": "a.b", "rcode": None, "rtt": None}, {"activity_id": 1, "status_id": None, "response_time": None}),
    (DNS, {"rcode": 0}, {"activity_id": 6, "status_id": 1}),
    (DNS, {"rcode": 2**40, "trans_id": 2**40}, {"rcode_id": None, "query.packet_uid": None, "status_id": 2}),
    (DNS, {"TTLs": [1.9, None, float("nan")]}, {"answers.ttl": [1, None, None]}),
    (DNS, {"qclass_name": "C_INTERNET"}, {"query.class": "IN"}),
    (DNS, {"qclass_name": "qclass-77"}, {"query.class": "qclass-77"}),
    (HTTP, {"uri": "/a?b?c\nd"}, {URL + "path": "/a", URL + "query_string": "b?c\nd", URL + "url_string": "/a?b?c\nd"}),
    (HTTP, {"uri": "/a?"}, {URL + "path": "/a", URL + "query_string": ""}),
    (HTTP, {"uri": "/a"}, {URL + "path": "/a", URL + "query_string": None}),
    (
        HTTP,
        {"uri": "http://x.example/a", "host": "y.example"},
        {URL + "url_string": "http://x.example/a", URL + "scheme": "http"},
    ),
    (HTTP, {"method": "CONNECT", "uri": "x:443", "host": "x"}, {"activity_id": 1, URL + "url_string": "x:443"}),
    (HTTP, {"method": "post", "host": "[::1]:8080"}, {"activity_id": 6, URL + "hostname": "[::1]"}),
    (HTTP, {"method": "BREW", "host": "a:b:c"}, {"activity_id": 99, URL + "hostname": "a:b:c"}),
    (HTTP, {"status_code": 399}, {"status_id": 1, "http_response.code": 399}),
    (HTTP, {"status_code": 400}, {"status_id": 2}),
    (HTTP, {"status_code": 2**33, "resp_mime_types": []}, {"http_response.code": None, "status_id": 2}),
    (SSL, {"version": "TLSv10", "established": False}, {"tls.version": "1.0", "status_id": 2}),
    (SSL, {"version": "SSLv3"}, {"tls.version": "SSLv3", "status_id": None, "vedette.alpn": None}),
    (SSL, {"validation_status": "self signed certificate in chain"}, {"tls.certificate.is_self_signed": True}),
    (SSL, {"validation_status": "ok", "ja4": "t13"}, {"tls.certificate.is_self_signed": False}),
    (SSL, {"ja4": "t13"}, {"ja4_fingerprint_list.value": ["t13"]}),
    (SSH, {"auth_success": True, "auth_attempts": 2**40}, {"status_id": 1, "vedette.auth_attempts": None}),
    (SMTP, {"from": "A <a@x>", "mailfrom": "b@x"}, {"email.from": "A <a@x>"}),
    (SMTP, {"rcptto": ["c@x"]}, {"email.from": None, "email.to": ["c@x"]}),
    (FILES, {"sha1": "ab", "is_orig": None}, {"file.hashes.value": ["ab"], "activity_id": 2}),
    (FILES, {"seen_bytes": 5, "is_orig": True}, {"file.hashes.value": None, "file.size": 5, "activity_id": 1}),
    (FILES, {"md5": None, "total_bytes": 0, "seen_bytes": 5}, {"file.hashes.value": None, "file.size": 0}),
    (FILES, {"uid": "C1", "conn_uids": ["C2"], "tx_hosts": []}, {"metadata.uid": "C1", "src_endpoint.ip": None}),
    (FILES, {"id_orig_h": "10.0.0.1", "tx_hosts": ["10.0.0.2"]}, {"src_endpoint.ip": "10.0.0.1"}),
]


@pytest.mark.parametrize(("log", "fields", "wanted"), CASES)
def test_edges(
    log: Log, fields: dict[str, Any], wanted: dict[str, Any], columns: Callable[..., dict[str, Any]]
) -> None:
    found = columns(log, **fields)
    assert {name: found.get(name) for name in wanted} == wanted

"""The edges of application events: what clients may write there, they will."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vedette.sources.suricata.applications import DNS, FILEINFO, HTTP, QUIC, SMTP, SSH, TLS
from vedette.sources.suricata.expressions import Event

URL = "http_request.url."
CASES: list[tuple[Event, dict[str, Any], dict[str, Any]]] = [
    (DNS, {"dns": {}}, {"activity_id": 1, "status_id": None, "answers.rdata": None}),
    (DNS, {"dns": {"type": "answer", "id": 2**40}}, {"activity_id": 2, "query.packet_uid": None, "query_time": None}),
    (DNS, {"dns": {"rcode": "NEWCODE"}}, {"rcode": "NEWCODE", "rcode_id": None, "status_id": 2}),
    (DNS, {"src_port": 53, "dest_port": 53, "src_ip": "a", "dns": {}}, {"src_endpoint.ip": "a"}),
    (DNS, {"src_port": 53, "dest_ip": "b", "dns": {}}, {"src_endpoint.ip": None, "dst_endpoint.ip": "b"}),
    (HTTP, {"http": {"url": "/a?b?c\nd"}}, {URL + "path": "/a", URL + "query_string": "b?c\nd"}),
    (HTTP, {"http": {"url": "/a?"}}, {URL + "path": "/a", URL + "query_string": ""}),
    (HTTP, {"http": {"url": "http://x/", "hostname": "y"}}, {URL + "url_string": "http://x/", URL + "scheme": "http"}),
    (HTTP, {"http": {"url": "x:443", "hostname": "x", "http_method": "CONNECT"}}, {URL + "url_string": "x:443"}),
    (HTTP, {"http": {"hostname": "[::1]:80", "http_method": "BREW"}}, {URL + "hostname": "[::1]", "activity_id": 99}),
    (HTTP, {"http": {"status": 399, "protocol": "HTTP/2"}}, {"status_id": 1, "http_request.version": "2"}),
    (HTTP, {"http": {"status": 2**40}}, {"status_id": 2, "http_response.code": None}),
    (TLS, {"tls": {"version": "TLSv1"}}, {"tls.version": "1.0", "tls.certificate.is_self_signed": None}),
    (TLS, {"tls": {"version": "TLS 1.2", "subject": "a", "issuerdn": "b"}}, {"tls.certificate.is_self_signed": False}),
    (TLS, {"tls": {"client_alpns": [], "ja3s": {}}}, {"vedette.alpn": None, "tls.ja3s_hash.value": None}),
    (QUIC, {"quic": {"ja4": "q13"}}, {"ja4_fingerprint_list.value": ["q13"], "app_protocol_name": "quic"}),
    (SSH, {"ssh": {"server": {"software_version": "x"}}}, {"vedette.server_banner": None, "protocol_ver": None}),
    (SSH, {"ssh": {"client": {"proto_version": "2.0"}}}, {"protocol_ver": "2.0"}),
    (SMTP, {"smtp": {"mail_from": "<a>", "rcpt_to": []}}, {"email.from": "<a>", "email.to": None}),
    (SMTP, {"smtp": {"mail_from": "<a>"}, "email": {"from": "b"}}, {"email.from": "b"}),
    (FILEINFO, {"fileinfo": {"sha1": "ab"}}, {"file.hashes.value": ["ab"], "activity_id": 2}),
    (FILEINFO, {"fileinfo": {"size": 0, "file_id": 7}}, {"file.hashes.value": None, "file.size": 0, "file.uid": "7"}),
    (FILEINFO, {"fileinfo": {}, "app_proto": "failed"}, {"app_protocol_name": None}),
]


@pytest.mark.parametrize(("event", "rest", "wanted"), CASES)
def test_edges(
    event: Event, rest: dict[str, Any], wanted: dict[str, Any], columns: Callable[..., dict[str, Any]]
) -> None:
    found = columns(event, **rest)
    assert {name: found.get(name) for name in wanted} == wanted

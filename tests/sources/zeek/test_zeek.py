from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.errors import SourceError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.sources.zeek import Zeek

HEAD = r"#separator \x09" + "\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
CONN = (
    "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig local_resp"
    " missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes"
)
FLOW = "1.5 C1 10.0.0.1 5 10.0.0.2 443 tcp http,ssl 0.5 1 2 SF T F 3 ShA 4 5 6 7"


def log(path: str, fields: str, *rows: str) -> bytes:
    lines = [f"#path\t{path}", "#fields\t" + "\t".join(fields.split(" ")), *("\t".join(r.split(" ")) for r in rows)]
    return (HEAD + "\n".join(lines) + "\n#close\t2026-01-01-00-00-00\n").encode()


def read(data: bytes) -> list[EventBatch]:
    return list(Zeek().read(io.BytesIO(data)))


def row(data: bytes) -> dict[str, Any]:
    (batch,) = read(data)
    values = batch.frame.with_columns(pl.col(pl.Datetime("us", "UTC")).dt.epoch("us")).row(0, named=True)
    return {k: v for k, v in values.items() if v is not None}


def test_a_conn_line_is_a_flow_that_ends_after_its_duration() -> None:
    got = row(log("conn", CONN, FLOW))
    assert got == {
        "time": 2_000_000,
        "start_time": 1_500_000,
        "end_time": 2_000_000,
        "duration": 500,
        "activity_id": 6,
        "status_code": "SF",
        "metadata.uid": "C1",
        "metadata.sequence": 0,
        "metadata.product.name": "Zeek",
        "connection_info.uid": "C1",
        "connection_info.protocol_num": 6,
        "connection_info.protocol_name": "tcp",
        "connection_info.protocol_ver_id": 4,
        "connection_info.direction_id": 2,
        "connection_info.flag_history": "ShA",
        "app_protocol_name": "http,tls",
        "src_endpoint.ip": "10.0.0.1",
        "src_endpoint.port": 5,
        "dst_endpoint.ip": "10.0.0.2",
        "dst_endpoint.port": 443,
        "traffic.bytes_missed": 3,
        "traffic.packets_out": 4,
        "traffic.bytes_out": 5,
        "traffic.packets_in": 6,
        "traffic.bytes_in": 7,
        "vedette.payload_bytes_out": 1,
        "vedette.payload_bytes_in": 2,
    }


CASES = [
    (
        log(
            "dns",
            "ts uid id.orig_h id.resp_h proto trans_id rtt query qclass_name qtype_name rcode rcode_name answers TTLs",
            r"1 C a ::1 udp 7 0.25 x\x2cy.org C_INTERNET TXT 3 NXDOMAIN TXT\x2c1,b 1.0,2.5",
        ),
        EventClass.DNS_ACTIVITY,
        {
            "query.hostname": "x,y.org",
            "query.class": "IN",
            "answers.rdata": ["TXT,1", "b"],
            "answers.ttl": [1, 2],
            "rcode_id": 3,
            "status_id": 2,
            "response_time": 1_250_000,
            "activity_id": 6,
        },
    ),
    (
        log(
            "http",
            "ts method host uri status_code resp_mime_types username",
            "1 POST h.org:8080 /a?b=c?d 404 text/plain,image/png eve",
        ),
        EventClass.HTTP_ACTIVITY,
        {
            "http_request.url.hostname": "h.org",
            "http_request.url.path": "/a",
            "http_request.url.query_string": "b=c?d",
            "http_request.url.url_string": "http://h.org:8080/a?b=c?d",
            "activity_id": 6,
            "status_id": 2,
            "http_response.content_type": "text/plain",
            "actor.user.name": "eve",
        },
    ),
    (
        log(
            "ssl",
            "ts version server_name next_protocol established validation_status ja3 curve",
            "1 TLSv12 s.org h2 T self-signed abc x25519",
        ),
        EventClass.TLS_HANDSHAKE,
        {
            "tls.version": "1.2",
            "tls.sni": "s.org",
            "vedette.alpn": ["h2"],
            "status_id": 1,
            "tls.certificate.is_self_signed": True,
            "tls.ja3_hash.value": "abc",
            "unmapped": '{"curve":"x25519"}',
        },
    ),
    (
        log("ssh", "ts version auth_success auth_attempts client server", "1 2 F 6 SSH-2.0-a SSH-2.0-b"),
        EventClass.SSH_ACTIVITY,
        {"protocol_ver": "2", "status_id": 2, "vedette.auth_attempts": 6, "vedette.client_banner": "SSH-2.0-a"},
    ),
    (
        log("smtp", "ts helo mailfrom rcptto subject", "1 h a@b c@d,e@f hi"),
        EventClass.EMAIL_ACTIVITY,
        {"email.from": "a@b", "email.to": ["c@d", "e@f"], "email.subject": "hi", "smtp_hello": "h"},
    ),
    (
        log(
            "files",
            "ts fuid tx_hosts rx_hosts conn_uids source seen_bytes total_bytes md5 sha1 is_orig",
            "1 F1 1.1.1.1 2.2.2.2 C9 SSL 5 - aa bb F",
        ),
        EventClass.NETWORK_FILE_ACTIVITY,
        {
            "src_endpoint.ip": "1.1.1.1",
            "dst_endpoint.ip": "2.2.2.2",
            "metadata.uid": "C9",
            "file.size": 5,
            "file.hashes.value": ["aa", "bb"],
            "activity_id": 2,
            "app_protocol_name": "tls",
        },
    ),
    (
        log("notice", "ts uid note msg src dst p", "1 - Scan::Port_Scan seen 1.1.1.1 2.2.2.2 80"),
        EventClass.DETECTION_FINDING,
        {
            "finding_info.title": "Scan::Port_Scan",
            "finding_info.desc": "seen",
            "finding_info.uid": "zeek|Scan::Port_Scan|1.1.1.1|1000000",
            "severity_id": 3,
            "finding_info.attacks.technique.uid": ["T1046"],
            "dst_endpoint.port": 80,
            "is_alert": True,
        },
    ),
    (
        log(
            "dhcp",
            "ts uids client_addr server_addr mac lease_time msg_types",
            "1 C1,C2 1.1.1.1 2.2.2.2 aa:bb 60.0 REQUEST,ACK",
        ),
        EventClass.DHCP_ACTIVITY,
        {
            "src_endpoint.ip": "1.1.1.1",
            "dst_endpoint.ip": "2.2.2.2",
            "lease_dur": 60,
            "activity_id": 5,
            "metadata.uid": "C1",
            "message": "REQUEST ACK",
        },
    ),
    (
        log("tunnel", "ts id.orig_h tunnel_type action", "1 1.1.1.1 Tunnel::GRE Tunnel::CLOSE"),
        EventClass.TUNNEL_ACTIVITY,
        {"tunnel_type": "gre", "activity_id": 2},
    ),
    (
        log("arp", "ts operation src_mac dst_mac orig_h resp_h", "1 reply aa bb 1.1.1.1 2.2.2.2"),
        EventClass.NETWORK_ACTIVITY,
        {
            "src_endpoint.ip": "2.2.2.2",
            "dst_endpoint.ip": "1.1.1.1",
            "src_endpoint.mac": "bb",
            "status_code": "SF",
            "connection_info.protocol_name": "arp",
        },
    ),
    (
        log("weird", "ts uid name addl peer", "1 C1 bad_thing more zeek"),
        EventClass.EVENT_LOG,
        {"message": "bad_thing: more", "log_name": "weird", "unmapped": '{"peer":"zeek"}'},
    ),
    (
        log("x509", "ts id certificate.serial certificate.subject", "1 F1 0A CN=x"),
        EventClass.EVENT_LOG,
        {"message": "certificate CN=x", "log_name": "x509", "unmapped": '{"id":"F1","certificate.serial":"0A"}'},
    ),
    (
        log("brand_new", "ts uid thing", "1 C1 42"),
        EventClass.EVENT_LOG,
        {"log_name": "brand_new", "unmapped": '{"thing":"42"}'},
    ),
    (
        log(
            "conn",
            "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto conn_state",
            "1 C1 fe80::1 128 fe80::2 129 icmp OTH",
        ),
        EventClass.NETWORK_ACTIVITY,
        {
            "connection_info.protocol_num": 58,
            "connection_info.protocol_name": "icmp6",
            "src_endpoint.port": 128,
            "connection_info.protocol_ver_id": 6,
        },
    ),
    (log("open_conn", CONN, FLOW), EventClass.NETWORK_ACTIVITY, {"status_code": "SF"}),
]


@pytest.mark.parametrize(("data", "kind", "wanted"), CASES, ids=[str(c[1].name) + str(i) for i, c in enumerate(CASES)])
def test_each_log_has_its_class_and_columns(data: bytes, kind: EventClass, wanted: dict[str, Any]) -> None:
    assert read(data)[0].kind is kind
    got = row(data)
    assert {k: got.get(k) for k in wanted} == wanted


def test_the_example_is_three_flows_and_its_own() -> None:
    example = Zeek.example()
    assert Zeek.sniff(example.data, "")
    assert [(b.kind, b.records) for b in read(example.data)] == [(EventClass.NETWORK_ACTIVITY, example.records)]


@pytest.mark.parametrize(
    ("head", "yes"),
    [
        (b'{"ts":1.0,"uid":"C1","id.orig_h":"1.1.1.1"}', True),
        (b'{"_path":"conn","ts":"2026-01-01T00:00:00Z"}', True),
        (b'{"ts": 1.0, "note": "x", "suppress_for": 3600.0}', True),
        (b"#fields\tts\tuid\n", True),
        (("\t".join(f"{FLOW} -".split(" ")).replace("1.5", "1.500000") + "\n").replace("http,ssl", "-").encode(), True),
        (b'{"timestamp":"2026-01-01T00:00:00.0+0000","event_type":"flow","flow_id":1}', False),
        (b'{"__REALTIME_TIMESTAMP":"1","MESSAGE":"ts"}', False),
        (b'{"level":"info","ts":1700000000.1,"msg":"started"}', False),
        (b"# a comment\nts=1\n", False),
        (b"", False),
        (bytes(range(256)) * 16, False),
    ],
)
def test_sniffing_knows_zeek_from_others(head: bytes, yes: bool) -> None:
    assert Zeek.sniff(head, "conn.log") is yes


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_reads_of_any_size_give_the_same_rows(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([c[0] for c in CASES])) * 3 + log("conn", CONN, FLOW, "x", FLOW)

    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(data.draw(st.integers(1, 4096)))

    assert counts(list(Zeek().read(Trickle(text)))) == counts(read(text))


def counts(batches: list[EventBatch]) -> list[str]:
    return sorted(str(sorted(r.items(), key=str)) for b in batches for r in b.frame.to_dicts())


@given(st.sampled_from([c[0] for c in CASES]), st.data())
@settings(max_examples=150, deadline=None)
def test_mutated_bytes_end_as_rows_or_rejects(text: bytes, data: st.DataObject) -> None:
    changed = bytearray(text)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    lines = [x for x in bytes(changed).split(b"\n") if x not in {b"", b"\r"} and not x.startswith(b"#")]
    if bytes(changed).lstrip().startswith(b"{"):
        return
    try:
        found = read(bytes(changed))
    except SourceError:
        return
    assert sum(b.records for b in found) == len(lines)


@pytest.mark.data
@pytest.mark.parametrize("name", ["zeek-labelled", "rita-test-data", "slips-dataset"])
def test_every_line_of_real_logs_is_accounted_for(shared_data: Path, name: str) -> None:
    with (shared_data / "net" / name / f"{name}.tar.zst").open("rb") as packed:
        plain = zstandard.ZstdDecompressor().stream_reader(packed).read()
    checked = 0
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        for member in archive:
            if ".log" in member.name and (file := archive.extractfile(member)):
                data = file.read()
                data = gzip.decompress(data) if member.name.endswith(".gz") else data
                lines = sum(bool(x.strip()) and not x.startswith(b"#") for x in data.split(b"\n"))
                assert sum(b.records for b in read(data)) == lines, member.name
                checked += 1
    assert checked

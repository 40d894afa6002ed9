from __future__ import annotations

import io
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.errors import SourceError
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.sources.suricata import Suricata

AT = "2026-01-02T03:04:05.250000+0100"
MICROS = 1767319445250000


def eve(kind: str, **parts: object) -> bytes:
    head = {
        "timestamp": AT,
        "flow_id": 7,
        "event_type": kind,
        "src_ip": "10.0.0.1",
        "src_port": 1111,
        "dest_ip": "10.0.0.2",
    }
    return orjson.dumps(head | {"dest_port": 80, "proto": "TCP", "app_proto": "http"} | parts) + b"\n"


def read(data: bytes) -> list[EventBatch]:
    return list(Suricata().read(io.BytesIO(data)))


def row(data: bytes) -> dict[str, Any]:
    (batch,) = read(data)
    values = batch.frame.with_columns(pl.col(pl.Datetime("us", "UTC")).dt.epoch("us")).row(0, named=True)
    return {k: v for k, v in values.items() if v is not None}


FLOW: dict[str, dict[str, Any]] = {
    "flow": {
        "pkts_toserver": 3,
        "pkts_toclient": 2,
        "bytes_toserver": 30,
        "bytes_toclient": 20,
        "start": AT,
        "end": AT.replace("05.2", "06.2"),
        "state": "closed",
    },
    "tcp": {"tcp_flags": "1b", "tcp_flags_ts": "1b", "tcp_flags_tc": "13"},
}


def test_a_flow_ends_at_its_last_packet_and_has_zeeks_state() -> None:
    assert row(eve("flow", **FLOW)) == {
        "time": MICROS + 1_000_000,
        "start_time": MICROS,
        "end_time": MICROS + 1_000_000,
        "duration": 1000,
        "activity_id": 6,
        "status_code": "SF",
        "status_detail": "closed",
        "metadata.uid": "7",
        "metadata.sequence": 0,
        "metadata.product.name": "Suricata",
        "connection_info.uid": "7",
        "connection_info.protocol_num": 6,
        "connection_info.protocol_name": "tcp",
        "connection_info.protocol_ver_id": 4,
        "connection_info.tcp_flags": 0x1B,
        "app_protocol_name": "http",
        "src_endpoint.ip": "10.0.0.1",
        "src_endpoint.port": 1111,
        "dst_endpoint.ip": "10.0.0.2",
        "dst_endpoint.port": 80,
        "traffic.packets_out": 3,
        "traffic.packets_in": 2,
        "traffic.bytes_out": 30,
        "traffic.bytes_in": 20,
        "vedette.frame_bytes_out": 30,
        "vedette.frame_bytes_in": 20,
    }


@pytest.mark.parametrize(
    ("to_server", "to_client", "back", "state"),
    [
        ("02", "00", 0, "S0"),
        ("02", "14", 1, "REJ"),
        ("06", "00", 0, "RSTOS0"),
        ("03", "00", 0, "SH"),
        ("1a", "12", 2, "S1"),
        ("1b", "12", 2, "S2"),
        ("1a", "13", 2, "S3"),
        ("1b", "1b", 2, "SF"),
        ("1e", "1a", 2, "RSTO"),
        ("1a", "16", 2, "RSTR"),
        ("00", "16", 2, "RSTRH"),
        ("18", "18", 2, "OTH"),
        ("00", "00", 2, None),
    ],
)
def test_the_state_of_a_tcp_flow_follows_its_flags(
    to_server: str, to_client: str, back: int, state: str | None
) -> None:
    flow = FLOW["flow"] | {"pkts_toclient": back}
    assert (
        row(eve("flow", flow=flow, tcp={"tcp_flags_ts": to_server, "tcp_flags_tc": to_client})).get("status_code")
        == state
    )


CASES: list[tuple[bytes, EventClass, dict[str, Any]]] = [
    (
        eve(
            "flow",
            proto="IPv6-ICMP",
            src_port=None,
            dest_port=None,
            icmp_type=128,
            icmp_code=0,
            app_proto="failed",
            flow=FLOW["flow"] | {"pkts_toclient": 0},
        ),
        EventClass.NETWORK_ACTIVITY,
        {
            "src_endpoint.port": 128,
            "dst_endpoint.port": 0,
            "connection_info.protocol_num": 58,
            "connection_info.protocol_name": "icmp6",
            "status_code": "S0",
            "app_protocol_name": None,
        },
    ),
    (
        eve(
            "dns",
            dest_port=53,
            dns={
                "version": 1,
                "type": "answer",
                "id": 9,
                "rcode": "NOERROR",
                "rrname": "x.org",
                "rrtype": "A",
                "ttl": 60,
                "rdata": "1.1.1.1",
            },
        ),
        EventClass.DNS_ACTIVITY,
        {
            "activity_id": 2,
            "answers.rdata": ["1.1.1.1"],
            "answers.ttl": [60],
            "rcode_id": 0,
            "status_id": 1,
            "response_time": MICROS,
            "query.packet_uid": 9,
        },
    ),
    (
        eve(
            "dns",
            dns={
                "version": 2,
                "type": "answer",
                "rrname": "x.org",
                "rrtype": "A",
                "rcode": "NXDOMAIN",
                "answers": [
                    {"rrname": "x.org", "rrtype": "CNAME", "ttl": 1, "rdata": "y"},
                    {"rrtype": "SOA", "ttl": 2, "soa": {}},
                ],
            },
        ),
        EventClass.DNS_ACTIVITY,
        {"answers.rdata": ["y", None], "answers.type": ["CNAME", "SOA"], "status_id": 2, "rcode_id": 3},
    ),
    (
        eve(
            "dns",
            dns={
                "version": 2,
                "type": "answer",
                "rrname": "x.org",
                "grouped": {"A": ["1.1.1.1"], "SOA": [{"mname": "m"}]},
            },
        ),
        EventClass.DNS_ACTIVITY,
        {"answers.rdata": ["1.1.1.1", '{"mname":"m"}'], "answers.type": ["A", "SOA"], "answers.ttl": [None, None]},
    ),
    (
        eve("dns", dns={"version": 3, "type": "request", "id": 1, "queries": [{"rrname": "z.org", "rrtype": "TXT"}]}),
        EventClass.DNS_ACTIVITY,
        {"query.hostname": "z.org", "query.type": "TXT", "activity_id": 1, "query_time": MICROS, "answers.rdata": None},
    ),
    (
        eve("dns", src_port=53, dest_port=4444, dns={"type": "answer", "rrname": "z.org"}),
        EventClass.DNS_ACTIVITY,
        {
            "src_endpoint.ip": "10.0.0.2",
            "src_endpoint.port": 4444,
            "dst_endpoint.ip": "10.0.0.1",
            "dst_endpoint.port": 53,
        },
    ),
    (
        eve(
            "http",
            http={
                "hostname": "h.org:8080",
                "url": "/a?b=c",
                "http_method": "GET",
                "protocol": "HTTP/1.1",
                "status": 500,
                "length": 4,
            },
        ),
        EventClass.HTTP_ACTIVITY,
        {
            "http_request.url.url_string": "http://h.org:8080/a?b=c",
            "http_request.url.hostname": "h.org",
            "http_request.url.path": "/a",
            "http_request.url.query_string": "b=c",
            "http_request.version": "1.1",
            "activity_id": 3,
            "status_id": 2,
        },
    ),
    (
        eve(
            "tls",
            tls={
                "sni": "s.org",
                "version": "TLS 1.3",
                "subject": "CN=x",
                "issuerdn": "CN=x",
                "notbefore": "2026-01-01T00:00:00",
                "ja3": {"hash": "h", "string": "1"},
                "client_alpns": ["h2"],
            },
        ),
        EventClass.TLS_HANDSHAKE,
        {
            "tls.sni": "s.org",
            "tls.version": "1.3",
            "tls.certificate.is_self_signed": True,
            "tls.certificate.created_time": 1767225600000000,
            "tls.ja3_hash.value": "h",
            "vedette.alpn": ["h2"],
        },
    ),
    (
        eve("quic", proto="UDP", quic={"sni": "q.org", "ja3": {"hash": "h"}}),
        EventClass.TLS_HANDSHAKE,
        {"tls.sni": "q.org", "app_protocol_name": "quic"},
    ),
    (
        eve(
            "ssh",
            ssh={
                "client": {"proto_version": "2.0", "software_version": "x_1", "hassh": {"hash": "c"}},
                "server": {"proto_version": "2.0"},
            },
        ),
        EventClass.SSH_ACTIVITY,
        {
            "vedette.client_banner": "SSH-2.0-x_1",
            "vedette.server_banner": None,
            "client_hassh.fingerprint.value": "c",
            "protocol_ver": "2.0",
        },
    ),
    (
        eve(
            "smtp",
            smtp={"helo": "h", "mail_from": "<a@b>", "rcpt_to": ["<c@d>"]},
            email={"from": "A <a@b>", "subject": "s"},
        ),
        EventClass.EMAIL_ACTIVITY,
        {"email.from": "A <a@b>", "email.to": ["<c@d>"], "email.subject": "s", "smtp_hello": "h"},
    ),
    (
        eve("fileinfo", http={"http_method": "PUT"}, fileinfo={"filename": "/f", "size": 3, "md5": "m", "sha256": "s"}),
        EventClass.NETWORK_FILE_ACTIVITY,
        {"file.name": "/f", "file.size": 3, "file.hashes.value": ["m", "s"], "activity_id": 1},
    ),
    (
        eve(
            "dhcp",
            dhcp={"type": "reply", "dhcp_type": "ack", "client_mac": "aa", "hostname": "pc", "lease_time": 60, "id": 5},
        ),
        EventClass.DHCP_ACTIVITY,
        {
            "src_endpoint.ip": "10.0.0.2",
            "dst_endpoint.ip": "10.0.0.1",
            "activity_id": 5,
            "lease_dur": 60,
            "transaction_uid": "5",
            "src_endpoint.mac": "aa",
        },
    ),
    (
        eve(
            "arp", arp={"opcode": "reply", "src_ip": "1.1.1.1", "dest_ip": "2.2.2.2", "src_mac": "aa", "dest_mac": "bb"}
        ),
        EventClass.NETWORK_ACTIVITY,
        {
            "src_endpoint.ip": "2.2.2.2",
            "src_endpoint.mac": "bb",
            "status_code": "SF",
            "connection_info.protocol_name": "arp",
        },
    ),
    (
        eve(
            "alert",
            flow=FLOW["flow"],
            alert={
                "gid": 1,
                "signature_id": 5,
                "signature": "bad",
                "category": "c",
                "severity": 1,
                "action": "blocked",
                "metadata": {"mitre_technique_id": ["T1059_001", "x", "T1190"]},
            },
        ),
        EventClass.DETECTION_FINDING,
        {
            "finding_info.title": "bad",
            "finding_info.desc": "c",
            "finding_info.analytic.uid": "1:5",
            "severity_id": 4,
            "finding_info.attacks.technique.uid": ["T1059.001", "T1190"],
            "finding_info.uid": f"suricata|1:5|7|{MICROS}|10.0.0.1|10.0.0.2",
            "is_alert": True,
            "status_code": "blocked",
        },
    ),
    (
        eve(
            "alert",
            alert={
                "signature": "bad",
                "severity": 3,
                "source": {"ip": "9.9.9.9", "port": 9},
                "target": {"ip": "10.0.0.1", "port": 1111},
            },
        ),
        EventClass.DETECTION_FINDING,
        {
            "src_endpoint.ip": "9.9.9.9",
            "src_endpoint.port": 9,
            "dst_endpoint.ip": "10.0.0.1",
            "dst_endpoint.port": 1111,
            "severity_id": 2,
        },
    ),
    (
        eve("anomaly", anomaly={"type": "stream", "event": "x"}),
        EventClass.EVENT_LOG,
        {"message": "http: stream: x", "log_name": "anomaly"},
    ),
    (
        eve("mqtt", mqtt={"a": [1]}, proto=None, app_proto=None),
        EventClass.EVENT_LOG,
        {"log_name": "mqtt", "unmapped": '{"proto":null,"app_proto":null,"mqtt":{"a":[1]}}'},
    ),
    (eve("dns", proto=None, app_proto=None), EventClass.EVENT_LOG, {"log_name": "dns"}),
    (
        b'{"timestamp":"2026-01-02T02:04:05.25Z","event_type":"stats","stats":{"uptime":1}}\n',
        EventClass.EVENT_LOG,
        {"time": MICROS, "unmapped": '{"stats":{"uptime":1}}'},
    ),
    (
        eve("http", src_ip="2001:0db8:0000:0000:0000:0000:0000:0001", http={}),
        EventClass.HTTP_ACTIVITY,
        {"src_endpoint.ip": "2001:db8::1", "connection_info.protocol_ver_id": 6},
    ),
]


@pytest.mark.parametrize(("data", "kind", "wanted"), CASES, ids=[f"{c[1].name}-{i}" for i, c in enumerate(CASES)])
def test_each_event_type_has_its_class_and_columns(data: bytes, kind: EventClass, wanted: dict[str, Any]) -> None:
    assert read(data)[0].kind is kind
    got = row(data)
    assert {k: got.get(k) for k in wanted} == wanted


def test_the_example_is_a_flow_a_query_and_an_alert() -> None:
    example = Suricata.example()
    assert Suricata.sniff(example.data, "")
    assert [(b.kind, b.records) for b in read(example.data)] == [
        (EventClass.NETWORK_ACTIVITY, 1),
        (EventClass.DNS_ACTIVITY, 1),
        (EventClass.DETECTION_FINDING, 1),
    ]


@pytest.mark.parametrize(
    ("head", "yes"),
    [
        (CASES[0][0], True),
        (b'{"timestamp": "x", "event_type": "stats", "stats": {', True),
        (b'{"ts":1.0,"uid":"C1","id.orig_h":"1.1.1.1"}', False),
        (b'{"timestamp":"2026-01-01","event_type":"login","user":"x"}', False),
        (b'{"__REALTIME_TIMESTAMP":"1","MESSAGE":"timestamp event_type"}', False),
        (b"timestamp event_type flow_id", False),
        (b"", False),
        (bytes(range(256)) * 16, False),
    ],
)
def test_sniffing_knows_eve_from_other_json(head: bytes, yes: bool) -> None:
    assert Suricata.sniff(head, "eve.json") is yes


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"timestamp":', "not a JSON object"),
        (eve("flow", flow={"pkts_toserver": "3"}), "a field is not of its type"),
        (eve("http", timestamp="yesterday", http={}), "no readable time"),
        (eve("flow", flow={"pkts_toserver": 3}), "no readable time"),
    ],
)
def test_bad_records_are_rejects_with_their_place(bad: bytes, reason: str) -> None:
    good = CASES[6][0]
    *found, rejects = read(good + bad.rstrip() + b"\n" + good)
    assert sorted(n for b in found for n in b.frame["metadata.sequence"]) == [0, 2]
    got = rejects.frame.row(0, named=True)
    assert got["status_detail"] == f"{got['status_detail'].split(' (')[0]} (first at byte {len(good)})"
    assert got["status_detail"].startswith(reason)
    assert (got["metadata.sequence"], got["count"]) == (1, 1)


ALL = b"".join(c[0] for c in CASES)


def rows(batches: list[EventBatch]) -> list[str]:
    return sorted(f"{b.kind.name} {sorted(r.items(), key=str)}" for b in batches for r in b.frame.to_dicts())


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=4))
@settings(max_examples=15, deadline=None)
def test_reads_of_any_size_give_the_same_rows(sizes: list[int]) -> None:
    class Trickle(io.BytesIO):
        turn = 0

        def read(self, size: int | None = -1) -> bytes:
            self.turn += 1
            return super().read(sizes[self.turn % len(sizes)])

    half = eve("netflow", netflow={"pkts": 1, "bytes": 2, "start": AT, "end": AT})
    text = half + ALL + half
    assert rows(list(Suricata().read(Trickle(text)))) == rows(read(text))


@given(st.sampled_from([c[0] for c in CASES]), st.data())
@settings(max_examples=150, deadline=None)
def test_mutated_bytes_end_as_rows_or_rejects(text: bytes, data: st.DataObject) -> None:
    changed = bytearray(text * 2)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    try:
        found = read(bytes(changed))
    except SourceError:
        return
    assert sum(b.records for b in found) == sum(bool(line.strip()) for line in bytes(changed).split(b"\n"))


def test_the_flow_inside_an_alert_is_no_flow() -> None:
    assert [b.kind for b in read(eve("alert", flow=FLOW["flow"], alert={"signature": "x"}))] == [
        EventClass.DETECTION_FINDING
    ]

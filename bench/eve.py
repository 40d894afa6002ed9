"""EVE JSON bytes -> checked EventBatches, against the usual way: ``orjson.loads`` per line, then ``polars.from_dicts``.

The input is what a sensor in an office writes: two in five records are flows, the others DNS, HTTP, TLS, files, alerts and the rest, so the
peer's table needs the fields of all of them (``infer_schema_length=None``: with the default of 100 rows, fields that come later are lost).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from vedette.app.collector import rare_collections
from vedette.events.batch import EventBatch
from vedette.events.schema import EventClass
from vedette.sources.suricata import Suricata

NAME = "EVE JSON -> checked batches, against orjson + polars.from_dicts"
GOAL = ">= 3x, goal 5x"
RECORDS = 100_000

Record = dict[str, Any]
_START = datetime(2026, 1, 5, 8, tzinfo=UTC)
_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def _at(seconds: float) -> str:
    return (_START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%f+0000")


def _flow(r: random.Random, at: float) -> Record:
    sent, back, lasted = r.randrange(1, 40), r.randrange(0, 60), r.expovariate(0.1)
    return {
        "app_proto": r.choice(("tls", "http", "dns", "failed")),
        "flow": {
            "pkts_toserver": sent,
            "pkts_toclient": back,
            "bytes_toserver": sent * r.randrange(60, 900),
            "bytes_toclient": back * r.randrange(60, 1500),
            "start": _at(at - lasted),
            "end": _at(at),
            "age": int(lasted),
            "state": "closed",
            "reason": "timeout",
            "alerted": False,
        },
        "tcp": {
            "tcp_flags": "1b",
            "tcp_flags_ts": "1b",
            "tcp_flags_tc": "1b" if back else "00",
            "syn": True,
            "fin": True,
            "psh": True,
            "ack": True,
            "state": "closed",
            "ts_max_regions": 1,
            "tc_max_regions": 1,
        },
    }


def _dns(r: random.Random, _: float) -> Record:
    asked = {
        "version": 2,
        "id": r.randrange(65_536),
        "rrname": f"host{r.randrange(5000)}.example.org",
        "rrtype": "A",
        "opcode": 0,
    }
    if r.random() < 0.5:
        return {"dns": {**asked, "type": "query", "tx_id": 0}}
    answers = [
        {"rrname": asked["rrname"], "rrtype": "A", "ttl": r.randrange(3600), "rdata": f"198.51.100.{i}"}
        for i in range(r.randrange(1, 4))
    ]
    head = {"type": "answer", "flags": "8180", "qr": True, "rd": True, "ra": True, "rcode": "NOERROR"}
    return {"dns": {**asked, **head, "answers": answers, "grouped": {"A": [a["rdata"] for a in answers]}}}


def _http(r: random.Random, _: float) -> Record:
    http = {
        "hostname": f"www{r.randrange(300)}.example.net",
        "url": f"/path/{r.randrange(10_000)}?q={r.randrange(99)}",
        "http_user_agent": _AGENT,
        "http_content_type": "text/html",
        "http_method": "GET",
        "protocol": "HTTP/1.1",
        "status": r.choice((200, 200, 304, 404)),
        "length": r.randrange(50_000),
    }
    return {"tx_id": 0, "http": http}


def _tls(r: random.Random, _: float) -> Record:
    name = f"site{r.randrange(900)}.example.com"
    tls = {
        "subject": f"CN={name}",
        "issuerdn": "C=XX, O=Example, CN=Example CA",
        "serial": "00:FE:2C:F5:B5:55:8F:52:B0",
        "fingerprint": ":".join(f"{r.randrange(256):02x}" for _ in range(20)),
        "sni": name,
        "version": "TLS 1.2",
        "notbefore": "2025-11-01T00:00:00",
        "notafter": "2026-11-01T00:00:00",
        "ja3": {"hash": f"{r.getrandbits(128):032x}", "string": "771,4865-4866-4867,0-23-65281,29-23-24,0"},
        "ja3s": {"hash": f"{r.getrandbits(128):032x}", "string": "771,4865,43-51"},
    }
    return {"tls": tls}


def _fileinfo(r: random.Random, at: float) -> Record:
    size = r.randrange(90_000)
    return {
        **_http(r, at),
        "app_proto": "http",
        "fileinfo": {
            "filename": "/index.html",
            "gaps": False,
            "state": "CLOSED",
            "stored": False,
            "size": size,
            "tx_id": 0,
        },
    }


def _alert(r: random.Random, at: float) -> Record:
    flow = _flow(r, at)["flow"]
    rule = r.randrange(2_000_000, 2_000_400)
    return {
        **_http(r, at),
        "app_proto": "http",
        "direction": "to_server",
        "alert": {
            "action": "allowed",
            "gid": 1,
            "signature_id": rule,
            "rev": 2,
            "signature": f"EXAMPLE rule {rule}",
            "category": "Web Application Attack",
            "severity": r.randrange(1, 4),
            "metadata": {"created_at": ["2025_01_01"], "mitre_technique_id": ["T1190"]},
        },
        "flow": {k: flow[k] for k in ("pkts_toserver", "pkts_toclient", "bytes_toserver", "bytes_toclient", "start")},
    }


def _ssh(_: random.Random, __: float) -> Record:
    return {
        "ssh": {
            "client": {"proto_version": "2.0", "software_version": "OpenSSH_9.7"},
            "server": {"proto_version": "2.0", "software_version": "OpenSSH_9.2p1"},
        }
    }


def _anomaly(_: random.Random, __: float) -> Record:
    return {"anomaly": {"app_proto": "http", "type": "applayer", "event": "ABNORMAL_HEADER", "layer": "proto_parser"}}


_MIX: dict[str, tuple[int, str, int, Callable[[random.Random, float], Record]]] = {
    "flow": (40, "TCP", 443, _flow),
    "dns": (28, "UDP", 53, _dns),
    "http": (11, "TCP", 80, _http),
    "tls": (11, "TCP", 443, _tls),
    "fileinfo": (4, "TCP", 80, _fileinfo),
    "alert": (4, "TCP", 80, _alert),
    "ssh": (1, "TCP", 22, _ssh),
    "anomaly": (1, "TCP", 80, _anomaly),
}
"""Event type -> share in percent, transport, server port, body."""


def make_input(path: Path, records: int = RECORDS) -> None:
    """Write an ``eve.json`` as a sensor would, the same every time."""
    r = random.Random(7)
    kinds = r.choices(list(_MIX), [share for share, *_ in _MIX.values()], k=records)
    with path.open("wb") as out:
        for i, kind in enumerate(kinds):
            _, proto, port, body = _MIX[kind]
            head = {
                "timestamp": _at(i / 50),
                "flow_id": r.getrandbits(50),
                "in_iface": "eth0",
                "event_type": kind,
                "src_ip": f"192.0.2.{r.randrange(1, 200)}",
                "src_port": r.randrange(1024, 65_536),
                "dest_ip": f"198.51.100.{r.randrange(1, 250)}",
                "dest_port": port,
                "proto": proto,
                "pkt_src": "wire/pcap",
            }
            out.write(orjson.dumps(head | body(r, i / 50)) + b"\n")


def ours(path: Path) -> int:
    """Return the rows of our batches; the collector is set as ``vedette scan`` sets it."""
    with rare_collections(), path.open("rb") as stream:
        return sum(len(b) for b in Suricata().read(stream))


def peer(path: Path) -> int:
    """Return the rows of the peer's table; with the collector set as for ours."""
    with rare_collections():
        return _peer(path).height


def _peer(path: Path) -> pl.DataFrame:
    with path.open("rb") as stream:
        return pl.from_dicts([orjson.loads(line) for line in stream], infer_schema_length=None)


_TAKEN: dict[str, tuple[EventClass, dict[str, str]]] = {
    "flow": (
        EventClass.NETWORK_ACTIVITY,
        {
            "src_endpoint.ip": "src_ip",
            "src_endpoint.port": "src_port",
            "dst_endpoint.ip": "dest_ip",
            "dst_endpoint.port": "dest_port",
            "traffic.packets_out": "flow.pkts_toserver",
            "traffic.packets_in": "flow.pkts_toclient",
            "traffic.bytes_out": "flow.bytes_toserver",
            "traffic.bytes_in": "flow.bytes_toclient",
        },
    ),
    "dns": (
        EventClass.DNS_ACTIVITY,
        {"query.hostname": "dns.rrname", "query.type": "dns.rrtype", "rcode": "dns.rcode"},
    ),
    "http": (
        EventClass.HTTP_ACTIVITY,
        {
            "http_request.http_method": "http.http_method",
            "http_response.code": "http.status",
            "http_request.user_agent": "http.http_user_agent",
        },
    ),
    "tls": (
        EventClass.TLS_HANDSHAKE,
        {"tls.sni": "tls.sni", "tls.certificate.subject": "tls.subject", "tls.ja3_hash.value": "tls.ja3.hash"},
    ),
    "fileinfo": (EventClass.NETWORK_FILE_ACTIVITY, {"file.name": "fileinfo.filename", "file.size": "fileinfo.size"}),
    "alert": (EventClass.DETECTION_FINDING, {"finding_info.title": "alert.signature", "status_code": "alert.action"}),
}
"""Event type -> our class, and our column -> the peer's field."""


def equal(path: Path) -> bool:
    """Say whether both hold the same values, record by record, in the columns that both take as they are."""
    with path.open("rb") as stream:
        batches = list(Suricata().read(stream))
    theirs = _peer(path).with_row_index("metadata.sequence")
    return all(_same(batches, theirs, kind, *taken) for kind, taken in _TAKEN.items())


def _same(
    batches: list[EventBatch], theirs: pl.DataFrame, kind: str, ours_kind: EventClass, fields: dict[str, str]
) -> bool:
    mine = (
        pl.concat(b.frame for b in batches if b.kind is ours_kind)
        .select("metadata.sequence", *fields)
        .sort("metadata.sequence")
    )
    same = theirs.filter(pl.col("event_type") == kind).select(
        pl.col("metadata.sequence").cast(pl.Int64),
        *(_field(path).cast(mine.schema[column]).alias(column) for column, path in fields.items()),
    )
    return mine.equals(same)


def _field(path: str) -> pl.Expr:
    first, *others = path.split(".")
    expression = pl.col(first)
    for name in others:
        expression = expression.struct.field(name)
    return expression

"""Connections and look-ups as columns of numbers, and how they become event batches as a sensor would write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass

Column = NDArray[Any]
Ints = NDArray[np.int64]

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
TCP, UDP, ICMP = 0, 1, 2
PROTOCOLS = ("tcp", "udp", "icmp")
NUMBERS = (6, 17, 1)
STATES = (
    ("SF", "ShADadFf"),  # the usual end
    ("SF", "ShADadfF"),
    ("RSTO", "ShADadR"),
    ("RSTR", "ShADadr"),
    ("S1", "ShADad"),  # still open when the sensor wrote it
    ("S0", "S"),
    ("REJ", "Sr"),
    ("SF", "Dd"),  # datagrams, answered
    ("S0", "D"),  # and not
    ("OTH", None),  # ICMP
    ("SF", "ShAFaf"),  # opened and closed without a word
)
"""Zeek's connection state and history, by number."""
ENDED, RESET_BY_CLIENT, RESET_BY_SERVER, OPEN, SILENT, REFUSED, ANSWERED, UNHEARD, PING, EMPTY = (
    0,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
)
APPS = (None, "tls", "http", "dns", "ntp", "ssh", "smb", "krb_tcp", "ldap", "rdp", "quic", "snmp", "imap", "rtsp")
(NO_APP, TLS, HTTP, DNS, NTP, SSH, SMB, KRB, LDAP, RDP, QUIC, SNMP, IMAP, RTSP) = range(len(APPS))
KINDS = ("A", "AAAA", "TXT", "PTR", "NULL", "CNAME", "SRV", "MX")
(A, AAAA, TXT, PTR, NULL, CNAME, SRV, MX) = range(len(KINDS))
RCODES = {0: "NOERROR", 2: "SERVFAIL", 3: "NXDOMAIN"}
FEW, HEADER = 4, 40
"""Packets of a TCP connection beside its data; bytes of the headers of one."""
_SEGMENT = 1300.0

_FIELDS: dict[str, tuple[type[np.generic], int]] = {
    "start": (np.int64, 0),
    "dur": (np.int64, 0),
    "src": (np.int32, 0),
    "dst": (np.int32, 0),
    "sport": (np.int32, -1),
    "dport": (np.int32, 443),
    "proto": (np.int8, TCP),
    "state": (np.int8, ENDED),
    "sent": (np.int64, 0),
    "got": (np.int64, 0),
    "app": (np.int8, NO_APP),
    "name": (np.int32, -1),
    "look": (np.int32, -1),
    "plant": (np.int16, -1),
    "kind": (np.int16, 0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """Connections: a dict of arrays of one length, fields as in ``_FIELDS``.

    ``start`` and ``dur`` are microseconds; ``src`` and ``dst`` number the company's addresses, ``name`` its server names (-1: none),
    ``look`` the handshakes of its programs (ja3 and user agent), ``sent`` and ``got`` are payload bytes. ``plant`` is the attack that
    made it (-1: nobody's) and ``kind`` what it is: both stay out of the events.
    """

    columns: Mapping[str, Column]

    @classmethod
    def of(cls, n: int, **given: Column | Sequence[int] | float) -> Flows:
        """Return ``n`` connections; a field that is not given has its default."""
        unknown = given.keys() - _FIELDS.keys()
        if unknown:
            raise KeyError(*unknown)
        return cls(
            {
                name: np.broadcast_to(np.asarray(given.get(name, default)).astype(dtype), (n,))
                for name, (dtype, default) in _FIELDS.items()
            }
        )

    def __len__(self) -> int:
        return len(self.columns["start"])

    def __getitem__(self, field: str) -> Column:
        return self.columns[field]

    @property
    def plants(self) -> Column:
        """The attack of each row."""
        return self.columns["plant"]

    def take(self, where: Column) -> Flows:
        """Return the rows of a mask, or by number."""
        return Flows({k: v[where] for k, v in self.columns.items()})

    def but(self, **given: Column | float) -> Flows:
        """Return the same connections with other values of these fields."""
        return Flows.of(len(self), **{**self.columns, **given})

    @classmethod
    def joined(cls, parts: Iterable[Flows]) -> Flows:
        """Return all rows of ``parts``, in order."""
        held = [p for p in parts if len(p)] or [cls.of(0)]
        return cls({name: np.concatenate([p[name] for p in held]) for name in _FIELDS})


@dataclass(frozen=True, slots=True, eq=False)
class Lookups:
    """DNS questions.

    ``time``, ``took``, ``src``, ``dst``, ``sport``, ``type``, ``rcode``, ``answer`` (an address; -1: none), ``plant``, and the ``names``
    asked for, a String series of the same length.
    """

    columns: Mapping[str, Column]
    names: pl.Series

    FIELDS = ("time", "took", "src", "dst", "sport", "type", "rcode", "answer", "plant")

    @classmethod
    def of(cls, names: pl.Series, **given: Column | int) -> Lookups:
        """Return a look-up per name."""
        defaults = {"took": 20_000, "sport": -1, "type": A, "rcode": 0, "answer": -1, "plant": -1}
        whole = {**defaults, **given}
        n = len(names)
        return cls({f: np.broadcast_to(np.asarray(whole[f], dtype=np.int64), (n,)) for f in cls.FIELDS}, names)

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, field: str) -> Column:
        return self.columns[field]

    @property
    def plants(self) -> Column:
        """The attack of each row."""
        return self.columns["plant"]

    def take(self, where: Column) -> Lookups:
        """Return the rows of these numbers."""
        return Lookups({k: v[where] for k, v in self.columns.items()}, self.names.gather(where))

    @classmethod
    def joined(cls, parts: Iterable[Lookups]) -> Lookups:
        """Return all rows of ``parts``, in order."""
        held = [p for p in parts if len(p)]
        if not held:
            return cls.of(pl.Series([], dtype=pl.String), time=0, src=0, dst=0)
        return cls(
            {f: np.concatenate([p.columns[f] for p in held]) for f in cls.FIELDS}, pl.concat([p.names for p in held])
        )

    def flows(self) -> Flows:
        """Return the datagrams that carried them."""
        c = self.columns
        size = self.names.str.len_bytes().to_numpy().astype(np.int64) + 18
        heard = c["rcode"] >= 0
        got = np.where(heard, size + 16 * (c["answer"] >= 0) + 44 * (c["rcode"] == 3), 0)
        wide = np.isin(c["type"], (TXT, NULL)) & (c["rcode"] == 0)
        return Flows.of(
            len(self),
            start=c["time"],
            dur=np.where(heard, c["took"], 0),
            src=c["src"],
            dst=c["dst"],
            sport=c["sport"],
            dport=53,
            proto=UDP,
            state=np.where(heard, ANSWERED, UNHEARD),
            sent=size,
            got=got + 120 * wide,
            app=DNS,
            plant=c["plant"],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Pools:
    """What the numbers stand for: ``addresses``, ``names`` (String), and per look ``ja3`` and ``agent``."""

    addresses: pl.Series
    names: pl.Series
    ja3: pl.Series
    agents: pl.Series


def conn(flows: Flows, pools: Pools, first: int) -> EventBatch:
    """Return the connections as Network Activity, in their order; ``first`` is the sequence of the first."""
    f = flows
    tcp, end = f["proto"] == TCP, f["start"] + f["dur"]
    unheard = np.isin(f["state"], (SILENT, UNHEARD))
    out = np.ceil(f["sent"] / _SEGMENT).astype(np.int64) + f["got"] // 4000 + np.where(tcp, FEW, 0)
    back = np.ceil(f["got"] / _SEGMENT).astype(np.int64) + f["sent"] // 4000 + np.where(tcp, FEW, 0)
    out = np.where(unheard | (f["state"] == REFUSED), 1, np.maximum(out, 1))
    back = np.where(unheard, 0, np.where(f["state"] == REFUSED, 1, np.maximum(back, f["got"] > 0)))
    head = np.where(tcp, HEADER, 28)
    states, histories = (pl.Series(s, dtype=pl.String) for s in zip(*STATES, strict=True))
    return _batch(
        EventClass.NETWORK_ACTIVITY,
        {
            "time": end,
            "start_time": f["start"],
            "end_time": end,
            "duration": f["dur"] // 1000,
            "activity_id": 6,
            "status_code": states.gather(f["state"]),
            "metadata.log_name": "conn",
            "metadata.sequence": np.arange(first, first + len(f)),
            **_ends(f, pools),
            "connection_info.protocol_num": np.asarray(NUMBERS)[f["proto"].astype(np.int64)],
            "connection_info.protocol_name": pl.Series(PROTOCOLS).gather(f["proto"]),
            "connection_info.flag_history": histories.gather(f["state"]),
            "app_protocol_name": pl.Series(APPS, dtype=pl.String).gather(f["app"]),
            "traffic.bytes_out": f["sent"] + out * head,
            "traffic.bytes_in": f["got"] + back * head,
            "traffic.packets_out": out,
            "traffic.packets_in": back,
            "vedette.payload_bytes_out": f["sent"],
            "vedette.payload_bytes_in": f["got"],
        },
    )


def tls(flows: Flows, pools: Pools, first: int) -> EventBatch:
    """Return the handshakes of those connections that are TLS and were answered."""
    f = flows
    name = pools.names.gather(np.maximum(f["name"], 0)).set(pl.Series(f["name"] < 0), None)
    return _batch(
        EventClass.TLS_HANDSHAKE,
        {
            "time": f["start"] + 30_000,
            "activity_id": 1,
            "status_id": 1,
            "metadata.log_name": "ssl",
            "metadata.sequence": np.arange(first, first + len(f)),
            **_ends(f, pools),
            "connection_info.protocol_num": 6,
            "connection_info.protocol_name": "tcp",
            "app_protocol_name": "tls",
            "tls.sni": name,
            "tls.version": "1.3",
            "tls.ja3_hash.value": pools.ja3.gather(np.maximum(f["look"], 0)),
        },
    )


def http(flows: Flows, pools: Pools, first: int) -> EventBatch:
    """Return a request per connection that is plain HTTP."""
    f = flows
    name = pools.names.gather(np.maximum(f["name"], 0))
    path = pl.Series([f"/{w}" for w in _PATHS]).gather((f["start"] // 1000) % len(_PATHS))
    posted = f["sent"] > 3000
    return _batch(
        EventClass.HTTP_ACTIVITY,
        {
            "time": f["start"] + 40_000,
            "activity_id": np.where(posted, 6, 3),
            "status_id": 1,
            "metadata.log_name": "http",
            "metadata.sequence": np.arange(first, first + len(f)),
            **_ends(f, pools),
            "connection_info.protocol_num": 6,
            "connection_info.protocol_name": "tcp",
            "app_protocol_name": "http",
            "http_request.http_method": pl.Series(["GET", "POST"]).gather(posted.astype(np.int64)),
            "http_request.url.hostname": name,
            "http_request.url.path": path,
            "http_request.url.url_string": "http://" + name + path,
            "http_request.user_agent": pools.agents.gather(np.maximum(f["look"], 0)),
            "http_request.body_length": np.where(posted, f["sent"] - 400, 0),
            "http_response.code": 200,
            "http_response.body_length": np.maximum(f["got"] - 300, 0),
        },
    )


_PATHS = (
    "",
    "index.html",
    "news/today",
    "images/logo.png",
    "static/app.js",
    "api/v1/status",
    "feed.xml",
    "help/contact",
)


def dns(lookups: Lookups, pools: Pools, first: int) -> EventBatch:
    """Return the look-ups as DNS Activity, in their order."""
    c = lookups.columns
    answer = pools.addresses.gather(np.maximum(c["answer"], 0)).set(pl.Series(c["answer"] < 0), None)
    heard = c["rcode"] >= 0
    frame = pl.DataFrame({"a": answer, "t": c["time"] % 3600 // 60 + 60})
    has = pl.col("a").is_not_null()
    lists = frame.select(a=pl.when(has).then(pl.concat_list("a")), t=pl.when(has).then(pl.concat_list("t")))
    asked = {
        "time": c["time"],
        "activity_id": np.where(heard, 6, 1),
        "status_id": np.where(c["rcode"] == 0, 1, 2),
        "metadata.log_name": "dns",
        "metadata.sequence": np.arange(first, first + len(lookups)),
        **_ends(c, pools, 53),
        "connection_info.protocol_num": 17,
        "connection_info.protocol_name": "udp",
        "app_protocol_name": "dns",
        "query.hostname": lookups.names,
        "query.type": pl.Series(KINDS).gather(c["type"]),
        "query.class": "IN",
        "rcode": pl.Series(c["rcode"]).replace_strict(RCODES, default=None, return_dtype=pl.String),
        "rcode_id": pl.Series(c["rcode"]).set(pl.Series(~heard), None),
        "answers.rdata": lists["a"],
        "answers.ttl": lists["t"],
        "query_time": c["time"],
        "response_time": c["time"] + c["took"],
    }
    return _batch(EventClass.DNS_ACTIVITY, asked)


def _ends(
    c: Flows | Mapping[str, Column], pools: Pools, port: int | None = None
) -> dict[str, pl.Series | Column | int]:
    """Return the columns of both ends; a client port that was not given is drawn from the row."""
    own = c["sport"]
    made = 49_152 + (c["src"].astype(np.int64) * 7919 + c["time" if port else "start"] // 1000) % 16_383
    return {
        "src_endpoint.ip": pools.addresses.gather(c["src"]),
        "src_endpoint.port": np.where(own < 0, made, own),
        "dst_endpoint.ip": pools.addresses.gather(c["dst"]),
        "dst_endpoint.port": c["dport"] if port is None else port,
        "connection_info.protocol_ver_id": 4,
    }


def _batch(kind: EventClass, given: Mapping[str, pl.Series | Column | int | str]) -> EventBatch:
    schema = SCHEMAS[kind]
    varied = {k: v for k, v in given.items() if not isinstance(v, int | str)}
    same = [pl.lit(v, dtype=schema[k]).alias(k) for k, v in given.items() if isinstance(v, int | str)]
    frame = pl.DataFrame(varied).with_columns(same)
    return EventBatch(kind, frame.select(pl.col(k).cast(schema[k]) for k in given))

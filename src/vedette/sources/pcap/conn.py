"""Ended flows as OCSF Network Activity."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, TIME, EventClass
from vedette.sources.pcap import history
from vedette.sources.pcap.container import Flags, Ints
from vedette.sources.pcap.packets import ASK, ICMP, ICMP6, SCTP, TCP, TUNNELS, UDP, V6
from vedette.sources.pcap.parts import Rows

TRAFFIC = 6
"""OCSF ``activity_id`` of a flow report."""
PROTOCOLS = {
    1: "icmp",
    2: "igmp",
    4: "ipip",
    6: "tcp",
    17: "udp",
    41: "ipv6",
    46: "rsvp",
    47: "gre",
    50: "esp",
    51: "ah",
} | {
    58: "icmp6",
    88: "eigrp",
    89: "ospf",
    103: "pim",
    112: "vrrp",
    132: "sctp",
}
"""IANA protocol numbers by Zeek's names; others are called by number."""

_HEX = np.frombuffer("".join(f"{n:02x}" for n in range(256)).encode(), "S2")


def batch(rows: Rows, protocols: Mapping[int, str]) -> EventBatch:
    """Return a batch of the flows, in order; ``protocols`` names the application protocol by flow uid."""
    count = np.arange(len(rows))
    mine = rows["origin"].astype(np.int64)
    key = rows["key"]
    arp, tcp = key["kind"] == ASK, key["protocol"] == TCP
    pairs = {
        name: (rows[name][count, mine], rows[name][count, 1 - mine]) for name in ("packets", "size", "payload", "frame")
    }
    uid = hex_words(rows["uid"])
    frame = pl.DataFrame(
        {
            "time": _time(rows["end"]),
            "start_time": _time(rows["start"]),
            "end_time": _time(rows["end"]),
            "duration": (rows["end"] - rows["start"]) // 1000,
            "activity_id": pl.repeat(TRAFFIC, len(rows), dtype=pl.Int32, eager=True),
            "status_code": _states(rows, mine, pairs),
            "metadata.sequence": rows["sequence"],
            "metadata.uid": uid,
            "metadata.log_provider": pl.repeat("pcap", len(rows), dtype=pl.String, eager=True),
            **_columns(endpoints(rows)),
            "connection_info.uid": uid,
            "connection_info.protocol_num": _null(pl.Series(key["protocol"]).cast(pl.Int32), arp),
            "connection_info.protocol_name": _protocol_names(key["protocol"], arp),
            "connection_info.protocol_ver_id": _null(pl.Series(np.where(key["kind"] == V6, 6, 4)).cast(pl.Int32), arp),
            "app_protocol_name": _applications(rows["uid"], protocols),
            "connection_info.flag_history": _null(_history(rows, mine), ~np.isin(key["protocol"], (TCP, UDP))),
            "connection_info.tcp_flags": _null(pl.Series(rows["flags"]).cast(pl.Int32), ~tcp),
            "traffic.bytes_out": pairs["size"][0],
            "traffic.bytes_in": pairs["size"][1],
            "traffic.packets_out": pairs["packets"][0],
            "traffic.packets_in": pairs["packets"][1],
            "vedette.payload_bytes_out": pairs["payload"][0],
            "vedette.payload_bytes_in": pairs["payload"][1],
            "vedette.frame_bytes_out": pairs["frame"][0],
            "vedette.frame_bytes_in": pairs["frame"][1],
            "vedette.tunnel": pl.Series([name or None for name in TUNNELS], dtype=pl.String).gather(key["tunnel"]),
        }
    )
    want = SCHEMAS[EventClass.NETWORK_ACTIVITY]
    odd = [pl.col(name).cast(want[name]) for name, dtype in frame.schema.items() if dtype != want[name]]
    return EventBatch(
        EventClass.NETWORK_ACTIVITY, frame.with_columns(odd), int(rows["packets"][key["tunnel"] == 0].sum())
    )


def addresses(octets: npt.NDArray[np.void], long: Flags) -> tuple[pl.Series, Ints]:
    """Return the distinct texts of (n,) 16-byte addresses, IPv6 where ``long``, and (n,) which of them each is."""
    whole = octets.copy().view(np.uint8).reshape(-1, 16)
    short = whole[:, :4].copy().view(">u4").ravel().astype(np.int64)
    known, which = np.unique(short[~long], return_inverse=True)
    halves = _halves()
    texts = halves.gather(known >> 16) + "." + halves.gather(known & 0xFFFF)
    index = np.empty(len(octets), np.int64)
    index[~long] = which
    if long.any():
        wide, index[long] = np.unique(whole[long].view("S16").ravel(), return_inverse=True)
        index[long] += len(known)
        written = [socket.inet_ntop(socket.AF_INET6, w.ljust(16, b"\0")) for w in wide.tolist()]
        texts = texts.append(pl.Series(written, dtype=pl.String))
    return texts, index


@cache
def _halves() -> pl.Series:
    """Return the text of every half of an IPv4 address."""
    return pl.Series([f"{n >> 8}.{n & 255}" for n in range(1 << 16)], dtype=pl.String)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses and ports by flow; what stands in for a port where not ``ported`` has no meaning."""

    source: pl.Series
    target: pl.Series
    source_port: Ints
    target_port: Ints
    ported: Flags


def endpoints(rows: Rows) -> Endpoints:
    """Return the ends of the flows, the originator's first."""
    key, turned = rows["key"], rows["origin"] == 1
    long = key["kind"] == V6
    icmp = np.isin(key["protocol"], (ICMP, ICMP6))
    ported = np.isin(key["protocol"], (TCP, UDP, SCTP, ICMP, ICMP6)) & (key["kind"] != ASK)
    source_port = np.where(icmp, rows["type"], np.where(turned, key["upper_port"], key["lower_port"]))
    target_port = np.where(turned & ~icmp, key["lower_port"], key["upper_port"])
    texts, index = addresses(np.concatenate([key["lower"], key["upper"]]), np.concatenate([long, long]))
    lower, upper = index[: len(rows)], index[len(rows) :]
    source, target = (texts.gather(np.where(turned, a, b)) for a, b in ((upper, lower), (lower, upper)))
    return Endpoints(source, target, source_port.astype(np.int32), target_port.astype(np.int32), ported)


def _columns(ends: Endpoints) -> dict[str, pl.Series]:
    return {
        "src_endpoint.ip": ends.source,
        "src_endpoint.port": _null(pl.Series(ends.source_port), ~ends.ported),
        "dst_endpoint.ip": ends.target,
        "dst_endpoint.port": _null(pl.Series(ends.target_port), ~ends.ported),
    }


def hex_words(words: npt.NDArray[np.uint64]) -> pl.Series:
    """Return (n,) 16 hexadecimal digits each."""
    lines = np.full((len(words), 9), b"\n", "S2")
    lines[:, :8] = _HEX[np.ascontiguousarray(words, ">u8").view(np.uint8).reshape(-1, 8)]
    digits = lines.view(np.uint8).reshape(-1, 18)[:, :17].tobytes().decode()
    return pl.Series([digits], dtype=pl.String).str.split("\n").explode().head(len(words))


def _time(microseconds: Ints) -> pl.Series:
    return pl.Series(np.ascontiguousarray(microseconds)).cast(TIME)


def _null(values: pl.Series, where: Flags) -> pl.Series:
    """Return ``values`` with null ``where`` they have no meaning."""
    return pl.select(pl.when(~pl.Series(where)).then(values)).to_series()


def _protocol_names(protocol: npt.NDArray[np.uint8], arp: Flags) -> pl.Series:
    names = pl.Series([PROTOCOLS.get(n, str(n)) for n in range(256)] + ["arp"], dtype=pl.String)
    return names.gather(np.where(arp, 256, protocol.astype(np.int64)))


def _applications(uid: npt.NDArray[np.uint64], protocols: Mapping[int, str]) -> pl.Series:
    if not protocols:
        return pl.repeat(None, len(uid), dtype=pl.String, eager=True)
    return pl.Series([protocols.get(u) for u in uid.tolist()], dtype=pl.String)


def _own_first(pairs: Ints, mine: Ints) -> Ints:
    """Return (n, 2, ...) pairs with the originator's first."""
    return np.where(mine.reshape(-1, *[1] * (pairs.ndim - 1)) == 1, pairs[:, ::-1], pairs)


def _history(rows: Rows, mine: Ints) -> pl.Series:
    return history.words(_own_first(rows["marks"], mine), rows["flipped"])


def _states(rows: Rows, mine: Ints, pairs: Mapping[str, tuple[Ints, Ints]]) -> npt.NDArray[np.str_]:
    """Return Zeek's ``conn_state``; ARP and UDP by which side spoke at all."""
    key = rows["key"]
    sent, got = (side > 0 for side in pairs["packets"])
    spoke = np.select([sent & got, sent, got], ["SF", "S0", "SHR"], "OTH")
    told = (key["protocol"] == UDP) | (key["kind"] == ASK)
    tcp = history.tcp_states(_own_first(rows["marks"], mine), _own_first(rows["payload"], mine))
    return np.where(told, spoke, np.where(key["protocol"] == TCP, tcp, "OTH"))

"""The names of flow records: the columns that every reader fills, and what the tables of others call them."""

from __future__ import annotations

import polars as pl

FLOWS: dict[str, pl.DataType | type[pl.DataType]] = {
    "sequence": pl.Int64,
    "start": pl.Datetime("us", "UTC"),
    "end": pl.Datetime("us", "UTC"),
    "protocol": pl.Int32,  # IANA; null for ARP and other things that are not IP
    "protocol_name": pl.String,  # as written, lower case
    "src": pl.String,
    "src_port": pl.Int32,
    "dst": pl.String,
    "dst_port": pl.Int32,
    "flags_out": pl.Int32,  # TCP flag bits of the direction src -> dst
    "flags_in": pl.Int32,
    "packets_out": pl.Int64,
    "packets_in": pl.Int64,
    "bytes_out": pl.Int64,
    "bytes_in": pl.Int64,
    "both_ways": pl.Boolean,  # the record counts both directions (Argus); if not, the reply is a record of its own
    "state": pl.String,  # Argus' word
    "note": pl.String,  # JSON object of what has no column
}
"""What a reader of flow records gives to ``pairing`` and ``flow_rows``."""

TURNS = {"src": "dst", "dst": "src", "src_port": "dst_port", "dst_port": "src_port"} | {
    f"{what}_{side}": f"{what}_{other}"
    for what in ("flags", "packets", "bytes")
    for side, other in (("out", "in"), ("in", "out"))
}
"""Column -> the column that holds the same of the other side."""

_NAMES: dict[str, tuple[str, ...]] = {
    "start": ("starttime", "ts", "firstseen", "stime"),
    "end": ("lasttime", "te", "lastseen", "ltime"),
    "duration": ("dur", "td", "duration"),
    "proto": ("proto", "pr"),
    "src": ("srcaddr", "sa", "saddr"),
    "src_port": ("sport", "sp", "srcport"),
    "dst": ("dstaddr", "da", "daddr"),
    "dst_port": ("dport", "dp", "dstport"),
    "dir": ("dir",),
    "state": ("state",),
    "flags": ("flg", "flags"),
    "packets": ("totpkts", "pkts"),
    "bytes": ("totbytes",),
    "src_packets": ("srcpkts", "spkts", "ipkt", "packets"),
    "src_bytes": ("srcbytes", "sbytes", "ibyt", "bytes"),
    "dst_packets": ("opkt", "dstpkts", "dpkts"),
    "dst_bytes": ("obyt", "dstbytes", "dbytes"),
    "label": ("label",),
}
_NEEDED = {"start", "proto", "src", "src_port", "dst", "dst_port", "src_bytes"}
FLAGS = {"F": 1, "S": 2, "R": 4, "P": 8, "A": 16, "U": 32, "E": 64, "C": 128}
PROTOCOLS = {
    "icmp": 1,
    "igmp": 2,
    "ipip": 4,
    "tcp": 6,
    "egp": 8,
    "igp": 9,
    "udp": 17,
    "dccp": 33,
    "ipv6": 41,
    "rsvp": 46,
    "gre": 47,
    "esp": 50,
    "ah": 51,
    "icmp6": 58,
    "ipv6-icmp": 58,
    "eigrp": 88,
    "ospf": 89,
    "ospfigp": 89,
    "pim": 103,
    "vrrp": 112,
    "l2tp": 115,
    "sctp": 132,
    "udplite": 136,
    "rtp": 17,
    "rtcp": 17,
    "udt": 17,
}
"""Names that Argus and nfdump print, which are not IANA's throughout (Argus: rtp and udt for kinds of UDP)."""
ICMP = (1, 58)


def header(line: str) -> tuple[str, dict[str, int]] | None:
    """Return separator and column numbers by role, or None when ``line`` is no header of a flow table."""
    separator = "\t" if "\t" in line else ","
    names = [name.strip().lower() for name in line.split(separator)]
    roles = {role: names.index(alias) for role, aliases in _NAMES.items() for alias in aliases if alias in names}
    return (separator, roles) if roles.keys() >= _NEEDED and roles.keys() & {"end", "duration"} else None

"""Compare our flows with tshark's conversations: ``python tools/compare_tshark.py FOLDER [--count 20]`` prints a Markdown table.

FOLDER holds captures or archives of them (``*.tar.zst``); captures are chosen so that together they show as many link layers, protocols
and tunnels as possible. tshark's conversations know no time-outs, so both sides are added up per unordered pair of endpoints. Its byte
counts above 10,000 are printed in whole kB or MB: ours have to fall into that range. Captures go to tshark through a pipe; nothing is
written to disk. A difference is expected where datagrams are fragmented: tshark counts first fragments only.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import subprocess
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import zstandard

from vedette.errors import SourceError
from vedette.events.schema import EventClass
from vedette.sources.pcap import Pcap

TSHARK = [
    "tshark",
    "-r",
    "-",
    "-n",
    "-o",
    "ip.defragment:FALSE",
    "-o",
    "ipv6.defragment:FALSE",
    "-o",
    "tcp.desegment_tcp_streams:FALSE",
]
LINE = re.compile(
    r"^(\S+):(\d+)\s+<->\s+(\S+):(\d+)\s+(\d+) (\d+) (bytes|kB|MB|GB)\s+(\d+) (\d+) (bytes|kB|MB|GB)\s+\d+ \d+ (?:bytes|kB|MB|GB)\s"
)
UNITS = {"bytes": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9}
LIMIT_BYTES = 8 << 20

End = tuple[str, int]
Key = tuple[str, End, End]


@dataclass
class Lane:
    """One direction of a conversation: packets, and bytes as a range."""

    packets: int = 0
    least: int = 0
    most: int = 0


@dataclass
class Comparison:
    """What came of one capture."""

    name: str
    traits: set[str]
    ours: dict[tuple[Key, End], Lane] = field(default_factory=dict)
    theirs: dict[tuple[Key, End], Lane] = field(default_factory=dict)

    def differing(self) -> list[Key]:
        """Return the conversations that are not equal in packets and bytes, in both directions."""
        lanes = {*self.ours, *self.theirs}
        none = Lane()
        return sorted({lane[0] for lane in lanes if not _equal(self.ours.get(lane, none), self.theirs.get(lane, none))})


def _equal(ours: Lane, theirs: Lane) -> bool:
    return ours.packets == theirs.packets and theirs.least <= ours.least <= theirs.most


def captures(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every capture in the folder and its archives, by name."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.name.endswith(".tar.zst"):
            raw = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(path.read_bytes()))
            with tarfile.open(fileobj=raw, mode="r|") as tar:
                for member in tar:
                    content = tar.extractfile(member)
                    if content is not None and member.size < LIMIT_BYTES:
                        yield f"{path.parent.name}/{member.name}", content.read()
        elif path.stat().st_size < LIMIT_BYTES:
            yield path.name, path.read_bytes()


def choose(folder: Path, count: int) -> list[tuple[Comparison, bytes]]:
    """Return captures that together have the most traits; among equals the one with the most conversations."""
    pool = []
    for name, data in captures(folder):
        if Pcap.sniff(data[:4096], name):
            flows = _flows(data)
            if flows.height:
                found = Comparison(name, _traits(data, flows), _ours(flows))
                if found.ours:
                    pool.append((found, data))
    chosen: list[tuple[Comparison, bytes]] = []
    seen: set[str] = set()
    while pool and len(chosen) < count:
        best = max(pool, key=lambda item: (len(item[0].traits - seen), len(item[0].ours)))
        seen |= best[0].traits
        chosen.append(best)
        pool.remove(best)
    return chosen


def _flows(data: bytes) -> pl.DataFrame:
    frames: list[pl.DataFrame] = []
    with contextlib.suppress(SourceError):
        frames = [b.frame for b in Pcap().read(io.BytesIO(data)) if b.kind is EventClass.NETWORK_ACTIVITY]
    return pl.concat(frames) if frames else pl.DataFrame()


def _traits(data: bytes, flows: pl.DataFrame) -> set[str]:
    form = "pcapng" if data[:4] == b"\x0a\x0d\x0d\x0a" else f"pcap, link type {data[20] or data[23]}"
    names = flows["connection_info.protocol_name"].drop_nulls().unique().to_list()
    tunnels = flows["vedette.tunnel"].drop_nulls().unique().to_list()
    versions = [f"IPv{v}" for v in flows["connection_info.protocol_ver_id"].drop_nulls().unique().to_list()]
    states = flows["status_code"].drop_nulls().unique().to_list()
    return {form, *names, *tunnels, *versions, *states}


def _ours(flows: pl.DataFrame) -> dict[tuple[Key, End], Lane]:
    lanes: dict[tuple[Key, End], Lane] = defaultdict(Lane)
    kept = flows.filter(pl.col("connection_info.protocol_name").is_in(["tcp", "udp"]))
    columns = (
        "connection_info.protocol_name",
        "src_endpoint.ip",
        "src_endpoint.port",
        "dst_endpoint.ip",
        "dst_endpoint.port",
    )
    counts = ("traffic.packets_out", "vedette.frame_bytes_out", "traffic.packets_in", "vedette.frame_bytes_in")
    for name, src, sport, dst, dport, *numbers in kept.select(*columns, *counts).iter_rows():
        here, there = (src, sport), (dst, dport)
        key = (name, min(here, there), max(here, there))
        for end, packets, size in ((here, *numbers[:2]), (there, *numbers[2:])):
            if packets:
                _add(lanes[key, end], packets, size, size)
    return dict(lanes)


def _theirs(data: bytes) -> dict[tuple[Key, End], Lane]:
    lanes: dict[tuple[Key, End], Lane] = defaultdict(Lane)
    for name in ("tcp", "udp"):
        for line in _tshark(data, "-q", "-z", f"conv,{name}").splitlines():
            match = LINE.match(line)
            if match is None:
                continue
            a, aport, b, bport, *_ = match.groups()
            counts = match.groups()[4:]
            here, there = (a, int(aport)), (b, int(bport))
            key = (name, min(here, there), max(here, there))
            for end, (packets, size, unit) in ((there, counts[:3]), (here, counts[3:])):
                if int(packets):
                    _add(lanes[key, end], int(packets), int(size) * UNITS[unit], (int(size) + 1) * UNITS[unit] - 1)
    return dict(lanes)


def _add(lane: Lane, packets: int, least: int, most: int) -> None:
    lane.packets += packets
    lane.least += least
    lane.most += most


def _tshark(data: bytes, *arguments: str) -> str:
    done = subprocess.run([*TSHARK, *arguments], input=data, capture_output=True, check=False)  # noqa: S603 - fixed words
    return done.stdout.decode("utf-8", "replace")


def _explain(data: bytes, key: Key) -> str:
    """Return how tshark sees the packets of a conversation: its chain of protocols, most frequent first."""
    name, (a, aport), (b, bport) = key
    kind = {True: "ipv6", False: "ip"}[":" in a]
    chosen = f"{kind}.addr=={a} && {kind}.addr=={b} && {name}.port=={aport} && {name}.port=={bport}"
    chains = _tshark(data, "-Y", chosen, "-T", "fields", "-e", "frame.protocols").split()
    later = (
        _tshark(data, "-Y", f"ip.frag_offset>0 && ip.addr=={a} && ip.addr=={b}", "-T", "fields", "-e", "frame.number")
        if kind == "ip"
        else ""
    )
    words = max(set(chains), key=chains.count) if chains else "no such packets"
    return words + (f"; {len(later.split())} later fragments" if later.strip() else "")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=20)
    given = parser.parse_args()
    print(
        "| capture | conversations | equal in packets and bytes | differing | the first difference |\n|---|---|---|---|---|"
    )
    total = differing = 0
    for found, data in choose(given.folder, given.count):
        found.theirs = _theirs(data)
        keys, odd = {key for key, _ in (*found.ours, *found.theirs)}, found.differing()
        total, differing = total + len(keys), differing + len(odd)
        print(
            f"| {found.name} | {len(keys)} | {len(keys) - len(odd)} | {len(odd)} | {_first(found, odd, data)} |",
            flush=True,
        )
    print(f"\n{total} conversations, {total - differing} equal, {differing} differing")


def _first(found: Comparison, odd: list[Key], data: bytes) -> str:
    if not odd:
        return ""
    name, a, b = odd[0]
    none = Lane()
    sides = []
    for end in (a, b):
        ours, theirs = found.ours.get((odd[0], end), none), found.theirs.get((odd[0], end), none)
        sides.append(f"{ours.packets} / {ours.least} B (tshark {theirs.packets} / {theirs.least} B)")
    return f"{name} {a[0]}:{a[1]} {b[0]}:{b[1]}: {', '.join(sides)}; {_explain(data, odd[0])}"


if __name__ == "__main__":
    main()

"""Application events out of payloads: chosen packets only, parsed once, in packet order.

First bytes choose the packets (``firstbytes``); TCP messages are put together within bounds (``streams``); each protocol pairs its messages
(``dns``, ``http``, ``tls``, ``ssh``, ``smb``, ``rpc``, ``kerberos``, ``rdp``). All state is bounded, and depends on the order of packets
alone, never on how they fall into chunks.

Not seen: messages in IP fragments but the first, and in QUIC or HTTP/2; a message of which a later segment came before its first one and
was not sent again; a message that begins in the middle of a segment behind a body that was not announced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import polars as pl

from vedette.abc import Origin
from vedette.events.batch import EventBatch
from vedette.sources.pcap import firstbytes
from vedette.sources.pcap.dns import Dns
from vedette.sources.pcap.firstbytes import FirstBytes
from vedette.sources.pcap.greetings import Greetings
from vedette.sources.pcap.http import Http
from vedette.sources.pcap.kerberos import Kerberos
from vedette.sources.pcap.messages import Ends, Mark
from vedette.sources.pcap.rdp import Rdp
from vedette.sources.pcap.rpc import Rpc
from vedette.sources.pcap.smb import Smb
from vedette.sources.pcap.ssh import Ssh
from vedette.sources.pcap.streams import SEGMENT_LIMIT, Dialogue, Streams
from vedette.sources.pcap.tls import Tls

TCP, UDP = 6, 17
NAMES_LIMIT = 1 << 19
"""Flows of which the protocol is kept until somebody asks; the oldest give way."""

Addressed = Callable[[pl.DataFrame], pl.DataFrame]


class Sessions:
    """Reads application events from chunks of packets."""

    def __init__(self, origin: Origin | None = None) -> None:
        self._names: dict[int, str] = {}
        self._datagrams = Dns()
        self._tickets = Kerberos()
        self._desktops = Rdp()
        self._dialogues: dict[int, Dialogue] = {
            firstbytes.HTTP: Http(),
            firstbytes.TLS: Tls(),
            firstbytes.SSH: Ssh(),
            firstbytes.DNS: Dns(),
            firstbytes.SMB: Smb(),
            firstbytes.RPC: Rpc(),
            firstbytes.KERBEROS: self._tickets,
        }
        self._streams = Streams(self._dialogues, self._name)
        self._greetings = Greetings()
        self._addressed: Addressed = _as_they_are

    def protocols(self) -> dict[int, str]:
        """Return the application protocol of each flow that showed one; the caller may delete entries that it has used."""
        return self._names

    def feed(self, packets: pl.DataFrame, data: Any, addressed: Addressed | None = None) -> Iterator[EventBatch]:  # noqa: ANN401 - any buffer
        """Take the next packets; yield events only when there are too many to keep until ``batches`` is asked for them.

        Args:
            packets: packets with payload, in capture order: ``sequence`` (packet number), ``time`` (microseconds), ``flow``
                (stable id), ``from_orig``, ``protocol`` (6, 17), ``src_ip``, ``src_port``, ``dst_ip``, ``dst_port`` (of the
                originator and the responder), ``seq`` (TCP sequence number), ``start`` and ``length`` (payload in ``data``).
            data: a buffer of bytes.
            addressed: gives ``src_ip`` and ``dst_ip`` to the packets that are chosen, where ``packets`` lacks them.
        """
        self._addressed = addressed or _as_they_are
        if packets.height:
            octets = np.frombuffer(data, np.uint8)
            codes = self._codes(packets, octets)
            yield from self._feed_datagrams(packets, octets, codes)
            yield from self._feed_segments(packets, octets, codes)
            while len(self._names) > NAMES_LIMIT:
                del self._names[next(iter(self._names))]

    def close(self) -> Iterator[EventBatch]:
        """Yield what still waited."""
        self._datagrams.close()
        self._desktops.close()
        self._streams.close()
        yield from self.batches()

    def batches(self) -> Iterator[EventBatch]:
        """Yield the events that were completed since the last call."""
        yield from self._datagrams.batches()
        yield from self._desktops.rows.batches()
        for dialogue in self._dialogues.values():
            yield from dialogue.batches()

    def _codes(self, packets: pl.DataFrame, data: firstbytes.U8) -> firstbytes.U8:
        """Return what each packet promises."""
        start, length = (packets[c].to_numpy().astype(np.int64, copy=False) for c in ("start", "length"))
        src, dst = (packets[c].to_numpy().astype(np.int64, copy=False) for c in ("src_port", "dst_port"))
        protocol = packets["protocol"].to_numpy()
        payloads = FirstBytes(data, start, length)
        tcp, udp = np.flatnonzero(protocol == TCP), np.flatnonzero(protocol == UDP)
        on_dns_port = (src == firstbytes.DNS_PORTS[0]) | (dst == firstbytes.DNS_PORTS[0])
        kerberos = firstbytes.KERBEROS_PORT
        codes = firstbytes.tcp_codes(payloads, tcp, on_dns_port, (src == kerberos) | (dst == kerberos))
        return codes + firstbytes.udp_codes(payloads, udp, src, dst)

    def _name(self, flow: int, code: int) -> None:
        name = firstbytes.NAMES[code]
        if name:
            self._names.setdefault(flow, name)

    def _feed_datagrams(self, packets: pl.DataFrame, data: firstbytes.U8, codes: firstbytes.U8) -> Iterator[EventBatch]:
        rows = np.flatnonzero((codes != 0) & (packets["protocol"].to_numpy() == UDP))
        chosen, kinds = packets[rows], codes[rows].tolist()
        start, stop = chosen["start"], chosen["start"] + chosen["length"]
        usual = chosen["src_port"].is_in(firstbytes.DNS_PORTS) | chosen["dst_port"].is_in(firstbytes.DNS_PORTS)
        columns = (chosen["flow"], start, stop, usual)
        # A loop over messages: each is parsed by its own structure; others than DNS only name their flow.
        view, message, names = data.data, self._datagrams.message, self._names
        for code, mark, flow, begin, end, on_port in zip(
            kinds, _marks(self._addressed(chosen)), *(c.to_list() for c in columns), strict=True
        ):
            if code == firstbytes.KERBEROS:
                if self._tickets.message(flow, view[begin:end].tobytes(), mark):
                    self._name(flow, code)
            elif code != firstbytes.DNS:
                self._name(flow, code)
            elif message(flow, view[begin:end].tobytes(), mark, strict=not on_port):
                names.setdefault(flow, "dns")
        if self._datagrams.full():
            yield from self._datagrams.batches()

    def _feed_segments(self, packets: pl.DataFrame, data: firstbytes.U8, codes: firstbytes.U8) -> Iterator[EventBatch]:
        flow = packets["flow"].to_numpy()
        keys = (flow << np.uint64(1)) | packets["from_orig"].to_numpy().astype(np.uint64)
        rows = np.flatnonzero(self._chosen(keys, codes) & (packets["protocol"].to_numpy() == TCP))
        start, codes, streams, view = packets["start"].to_numpy()[rows], codes[rows], self._streams, data.data
        stop = start + packets["length"].to_numpy()[rows]
        columns = (keys[rows], packets["seq"].to_numpy()[rows], packets["time"].to_numpy()[rows], start, stop)
        marks = map(Mark._make, _marks(self._addressed(packets[rows[codes > 0]])))
        # A loop over segments: what one means depends on those before it. Bulk data was left out above, most of the rest is passed over.
        for code, key, seq, time, begin, end in zip(codes.tolist(), *(c.tolist() for c in columns), strict=True):
            if code:
                found = self._begin(key, seq, view[begin:end].tobytes(), code, next(marks))
            elif key in streams:
                found = streams.follow(key, seq, view[begin:end].tobytes(), time)
            else:
                continue
            if found and self._dialogues[found].full():
                yield from self._dialogues[found].batches()

    def _begin(self, key: int, seq: int, raw: bytes, code: int, mark: Mark) -> int:
        """Take a segment that may begin a message; return the code of the dialogue that knows it, or 0."""
        if code < firstbytes.GREETING:
            return self._streams.packet(key, seq, raw, code, mark)
        found = self._streams.packet(key, seq, raw, 0, mark)
        if key not in self._streams:
            name = self._greetings.name(key >> 1, code, raw)
            self._name(key >> 1, name)
            if name == firstbytes.CODES["rdp"]:
                self._desktops.packet(key >> 1, raw, mark)
        return found

    def _chosen(self, keys: firstbytes.U64, codes: firstbytes.U8) -> firstbytes.Mask:
        """Return the packets that begin a message, or may continue one: the next few in their direction."""
        begins = (codes > 0) & (codes < firstbytes.GREETING)
        open_keys = pl.Series(self._streams.open_keys(), dtype=pl.UInt64)
        related = pl.Series(keys).is_in(pl.Series(keys[begins]).append(open_keys).implode()).arg_true().to_numpy()
        order = related[np.argsort(keys[related], kind="stable")]
        fresh = np.r_[True, keys[order][1:] != keys[order][:-1]] if order.size else np.zeros(0, np.bool_)
        place = np.arange(order.size)
        last = np.maximum.accumulate(np.where(fresh | begins[order], place, 0)) if order.size else place
        chosen: firstbytes.Mask = codes > 0
        chosen[order[place - last <= SEGMENT_LIMIT]] = True
        return chosen


def _as_they_are(packets: pl.DataFrame) -> pl.DataFrame:
    return packets


def _marks(chosen: pl.DataFrame) -> Iterator[tuple[int, int, Ends]]:
    """Yield a tuple like ``Mark`` of each packet."""
    columns = (chosen[c].to_list() for c in ("src_ip", "src_port", "dst_ip", "dst_port", "protocol", "flow"))
    ends: Iterator[Any] = zip(*columns, strict=True)
    return zip(chosen["time"].to_list(), chosen["sequence"].to_list(), ends, strict=True)

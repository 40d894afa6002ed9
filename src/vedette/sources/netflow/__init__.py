"""Flow records: Argus tables, nfdump tables and files, and the packets of exporters that the transport ``netflow`` keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, ClassVar, cast

import polars as pl

from vedette.abc import Example, Source
from vedette.errors import SourceError
from vedette.events.batch import EventBatch, Rejects
from vedette.events.lines import blocks
from vedette.events.schema import EventClass
from vedette.sources.netflow.export_records import is_export, read_export, told, whole
from vedette.sources.netflow.flow_names import header
from vedette.sources.netflow.flow_rows import batch
from vedette.sources.netflow.flow_table import read_table
from vedette.sources.netflow.nfdump_file import is_nfdump, read_nfdump
from vedette.sources.netflow.pairing import paired

HEAD_BYTES = 32
"""Enough to tell the forms apart."""

_EXAMPLE = b"""\
StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label
2026/03/05 08:00:01.500000,0.120000,tcp,192.0.2.10,50122,   ->,198.51.100.7,443,FSPA_FSPA,0,0,18,9120,1410,
2026/03/05 08:00:02.000000,0.000500,udp,192.0.2.10,51900,  <->,192.0.2.1,53,CON,0,0,2,214,74,
2026/03/05 08:00:03.250000,3.000000,tcp,203.0.113.9,40001,   ->,192.0.2.10,23,S_,0,,3,186,186,
2026/03/05 08:00:04.000000,0.000000,icmp,192.0.2.1,0x0303,   ->,192.0.2.10,0x2c41,URP,0,,1,102,102,
"""


class NetFlow(Source):
    """Reads flow records: Argus tables (binetflow), `nfdump -o csv` of any version, nfdump's own files of layout 1, and packets.

    Packets are those of NetFlow 5 and 9 and of IPFIX, as the transport of this name keeps them (``export_records``).

    ``traffic.bytes_*`` are IP bytes from nfdump and frame bytes from Argus (then also in ``vedette.frame_bytes_*``). nfdump's one-way
    records are joined into conversations where they meet (``pairing``); ``status_code`` speaks Zeek's conn_state (``flow_rows``).
    Argus' own state and label stay in ``unmapped``; a label is never used. Times without an offset are
    in the zone of the input. ICMP type and
    code stand as source and destination port, as in Zeek.
    """

    name = "netflow"
    emits: ClassVar[tuple[EventClass, ...]] = (EventClass.NETWORK_ACTIVITY,)

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "capture.binetflow", records=4)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        first = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0]
        return is_nfdump(head) or is_export(head) or header(first.decode("utf-8", "replace").strip("\r")) is not None

    @classmethod
    def preamble(cls, data: bytes) -> bytes:
        return told(data) if is_export(data) else data.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0] + b"\n"

    @classmethod
    def cut(cls, data: bytes) -> int:
        if is_export(data):
            return whole(data)
        return -1 if is_nfdump(data) else data.rfind(b"\n") + 1

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        rejects = Rejects(self.name)
        again = cast("BinaryIO", _Peeked(stream))
        head = cast("_Peeked", again).head
        if is_nfdump(head):
            frames = read_nfdump(again, rejects)
        elif is_export(head):
            frames = read_export(again, rejects)
        else:
            frames = read_table(blocks(again), self.origin.zone, rejects)
        cut: list[SourceError] = []
        for flows in paired(_until_error(frames, cut)):
            if len(flows):
                argus = flows["state"].is_not_null().any()
                yield batch(flows, "NetFlow" if is_export(head) else "Argus" if argus else "nfdump")
        if rejects:
            yield rejects.batch()
        if cut:
            raise cut[0]


def _until_error(frames: Iterator[pl.DataFrame], cut: list[SourceError]) -> Iterator[pl.DataFrame]:
    """Yield frames; an error ends them and goes to ``cut``, so that records which still wait for a partner are not lost."""
    try:
        yield from frames
    except SourceError as error:
        cut.append(error)


class _Peeked:
    """A forward-only stream whose first bytes were looked at."""

    def __init__(self, stream: BinaryIO) -> None:
        self.head = b""
        while len(self.head) < HEAD_BYTES and (more := stream.read(HEAD_BYTES - len(self.head))):
            self.head += more
        self._rest, self._stream = self.head, stream

    def read(self, size: int) -> bytes:
        """Return the bytes looked at, then those of the stream."""
        data, self._rest = self._rest[:size], self._rest[size:]
        return data or self._stream.read(size)

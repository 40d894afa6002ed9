"""Zeek's logs, tab-separated or JSON lines, of any kind: one source, since an operator has a folder of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, ClassVar

from vedette.abc import Example, Source
from vedette.events.batch import EventBatch
from vedette.events.lines import blocks
from vedette.events.schema import EventClass
from vedette.sources.zeek.header import header_of
from vedette.sources.zeek.jsonlog import JsonLog
from vedette.sources.zeek.logs import PATHS
from vedette.sources.zeek.reports import OTHER
from vedette.sources.zeek.tsv import CONN_LINE, TsvLog

_KEY = re.compile(rb'"([^"\\]{1,64})" ?:')
_SIGNS = frozenset(
    b"id.orig_h uids fuid conn_uids certificate.serial suppress_for orig_hw _path compile_ts percent_lost pkts_proc software_type".split()
)
"""Besides ``ts``, a JSON line of Zeek has one of these."""

_EXAMPLE = r"""
#separator \x09
#set_separator  ,
#empty_field  (empty)
#unset_field  -
#path  conn
#fields  ts  uid  id.orig_h  id.orig_p  id.resp_h  id.resp_p  proto  service  duration  orig_bytes  resp_bytes  conn_state  history
1751360400.125000  CA1  192.0.2.10  50100  198.51.100.5  443  tcp  ssl  1.500000  900  4200  SF  ShADadFf
1751360401.000000  CA2  192.0.2.10  50101  198.51.100.6  23  tcp  -  -  -  -  S0  S
1751360402.250000  CA3  192.0.2.10  5353  198.51.100.7  53  udp  dns  0.020000  34  50  SF  Dd
#close  2025-07-01-10-00-00
"""
"""Two spaces stand for a tab."""


class Zeek(Source):
    """Zeek logs, TSV with their header or JSON lines: conn, dns, http, ssl, ssh, smtp, files, notice, dhcp, tunnel, arp, and any other.

    Those of Windows networks too: dce_rpc, smb_mapping, smb_files, kerberos, ntlm, rdp. A log is known by its ``#path`` or ``_path``,
    else by its fields, never by its file's name. Rotated logs may be concatenated: each header counts from where it stands. What has no
    OCSF column stays in ``unmapped``, a log that has no class is an Event Log row. Logs without times (``loaded_scripts``) are rejects.
    """

    name: ClassVar[str] = "zeek"
    emits: ClassVar[tuple[EventClass, ...]] = tuple(dict.fromkeys(log.kind for log in (*PATHS.values(), OTHER)))

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE.lstrip().replace("  ", "\t").encode(), "conn.log", 3)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        line = head.lstrip().split(b"\n", 1)[0]
        if line.startswith((b"#separator ", b"#fields\tts\t")):
            return True
        if line.startswith(b"{"):
            keys = frozenset(_KEY.findall(line))
            return b"ts" in keys and b"event_type" not in keys and not keys.isdisjoint(_SIGNS)
        return CONN_LINE.match(line + b"\n") is not None

    @classmethod
    def preamble(cls, data: bytes) -> bytes:
        return header_of(data) if data.startswith(b"#") else b""

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        parts = blocks(stream)
        first = next(parts, None)
        if first is None:
            return
        json = first.data.lstrip().startswith(b"{")
        log = JsonLog() if json else TsvLog()
        for block in chain((first,), parts):
            yield from log.read(block)
        if log.rejects:
            yield log.rejects.batch()

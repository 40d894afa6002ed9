"""ArcSight's Common Event Format."""

from __future__ import annotations

import polars as pl

from vedette import __version__
from vedette.abc import Sink
from vedette.events.batch import EventBatch
from vedette.response.pairs import LINE_ENDS, Pair, by_family, lines, listed, milliseconds, pairs_of, text
from vedette.response.told import told

SEVERITIES = {0: 0, 1: 1, 2: 3, 3: 5, 4: 8, 5: 10, 6: 10}
"""OCSF ``severity_id`` -> CEF's 0 to 10."""
PAIRS = (
    Pair("rt", milliseconds("end")),
    Pair("start", milliseconds("start")),
    Pair("end", milliseconds("end")),
    Pair("externalId", text("uid"), 40),
    Pair("cat", text("class_name")),
    Pair("cnt", text("count")),
    Pair("src", by_family("src_ip", ipv6=False)),
    Pair("c6a2", by_family("src_ip", ipv6=True), label="Source IPv6 Address"),
    Pair("spt", text("src_port")),
    Pair("shost", text("src_host")),
    Pair("suser", text("src_user")),
    Pair("dst", by_family("dst_ip", ipv6=False)),
    Pair("c6a3", by_family("dst_ip", ipv6=True), label="Destination IPv6 Address"),
    Pair("dpt", text("dst_port")),
    Pair("dhost", text("dst_host")),
    Pair("duser", text("dst_user")),
    Pair("destinationDnsDomain", text("domain"), 255),
    Pair("request", text("url")),
    Pair("fname", text("file")),
    Pair("proto", text("protocol"), 31),
    Pair("cs1", listed("techniques"), 4_000, "ATT&CK Techniques"),
    Pair("cs2", listed("technique_names"), 4_000, "ATT&CK Technique Names"),
    Pair("cs3", listed("actors"), 4_000, "Actors"),
    Pair("cs4", listed("targets"), 4_000, "Targets"),
    Pair("cs5", pl.when(pl.col("kind") != "event").then(text("status")), 40, "Status"),
    Pair("cn1", text("confidence"), label="Confidence"),
    Pair("cfp1", text("risk"), label="Risk"),
    Pair("msg", text("text")),
)
_BLANK = dict.fromkeys(LINE_ENDS, " ")
_IN_HEAD = {**_BLANK, "\\": "\\\\", "|": "\\|"}
_IN_VALUE = {**_BLANK, "\\": "\\\\", "=": "\\=", "\n": "\\n", "\r": "\\r"}


class Cef(Sink):
    """Common Event Format, one line a row: ``CEF:0|Vedette|Vedette|version|detector|title|severity|keys``.

    Techniques, actors and targets stand in custom texts (``cs1`` to ``cs4``) with their labels; addresses of IPv6 in ``c6a2`` and
    ``c6a3``. An incident's status stands in ``cs5``.
    """

    name = "cef"
    media_type = "text/x-cef"

    def encode(self, batch: EventBatch) -> bytes:
        severity = pl.col("severity_id").replace_strict(SEVERITIES, default=0, return_dtype=pl.Int64).cast(pl.String)
        head = [
            pl.lit(f"CEF:0|Vedette|Vedette|{__version__}"),
            pl.col("signature").str.slice(0, 512).str.replace_many(_IN_HEAD),
            pl.col("title").str.slice(0, 512).str.replace_many(_IN_HEAD),
            severity,
            pairs_of(PAIRS, _IN_VALUE, " "),
        ]
        return lines(told(batch), pl.concat_str(head, separator="|"))

    def frames(self, data: bytes) -> int:
        return data.count(b"\n")

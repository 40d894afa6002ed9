"""IBM QRadar's Log Event Extended Format."""

from __future__ import annotations

import polars as pl

from vedette import __version__
from vedette.abc import Sink
from vedette.events.batch import EventBatch
from vedette.response.pairs import LINE_ENDS, Pair, lines, listed, milliseconds, pairs_of, text
from vedette.response.told import told

SEVERITIES = {0: 1, 1: 1, 2: 3, 3: 5, 4: 8, 5: 10, 6: 10}
"""OCSF ``severity_id`` -> LEEF's 1 to 10."""
PAIRS = (
    Pair("devTime", milliseconds("end")),
    Pair("sev", pl.col("severity_id").replace_strict(SEVERITIES, default=1, return_dtype=pl.Int64).cast(pl.String)),
    Pair("cat", text("class_name")),
    Pair("src", text("src_ip")),
    Pair("srcPort", text("src_port")),
    Pair("dst", text("dst_ip")),
    Pair("dstPort", text("dst_port")),
    Pair("proto", text("protocol")),
    Pair("usrName", pl.coalesce("src_user", "dst_user")),
    Pair("identHostName", pl.coalesce("dst_host", "src_host")),
    Pair("domain", text("domain")),
    Pair("url", text("url")),
    Pair("fileName", text("file")),
    Pair("uid", text("uid")),
    Pair("title", text("title")),
    Pair("status", pl.when(pl.col("kind") != "event").then(text("status"))),
    Pair("firstSeen", milliseconds("start")),
    Pair("count", text("count")),
    Pair("confidence", text("confidence")),
    Pair("risk", text("risk")),
    Pair("techniques", listed("techniques")),
    Pair("techniqueNames", listed("technique_names")),
    Pair("actors", listed("actors"), 4_000),
    Pair("targets", listed("targets"), 4_000),
    Pair("msg", text("text")),
)
_BLANK = dict.fromkeys(LINE_ENDS, " ")
_IN_HEAD = {**_BLANK, "|": "_"}
"""The head has no escapes."""


class Leef(Sink):
    r"""Log Event Extended Format 2.0, one line a row: ``LEEF:2.0|Vedette|Vedette|version|detector|x09|keys``, apart by tabs."""

    name = "leef"
    media_type = "text/x-leef"

    def encode(self, batch: EventBatch) -> bytes:
        head = [
            pl.lit(f"LEEF:2.0|Vedette|Vedette|{__version__}"),
            pl.col("signature").str.slice(0, 255).str.replace_many(_IN_HEAD),
            pl.lit("x09"),
            pairs_of(PAIRS, _BLANK, "\t"),
        ]
        return lines(told(batch), pl.concat_str(head, separator="|"))

    def frames(self, data: bytes) -> int:
        return data.count(b"\n")

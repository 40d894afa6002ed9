"""Syslog messages (RFC 5424) that carry OCSF."""

from __future__ import annotations

import polars as pl

from vedette.abc import Sink
from vedette.events.batch import EventBatch
from vedette.response.pairs import lines
from vedette.response.sinks.ocsf_json import OcsfJson
from vedette.response.syslog import MEDIA_TYPE, NIL, PRIORITIES, head
from vedette.response.told import told


class SyslogJson(Sink):
    """RFC 5424 messages, one a line, whose text is the OCSF object; ``vedette`` is the application, the detector its ``MSGID``.

    The facility is local0; the severity follows that of the row, critical is 2. The delivery ``syslog`` puts in the name of this
    machine.
    """

    name = "syslog_json"
    media_type = MEDIA_TYPE

    def encode(self, batch: EventBatch) -> bytes:
        rows = told(batch)
        objects = OcsfJson().encode(batch).decode().split("\n")[:-1]  # no other line ends stand in it
        return lines(rows.with_columns(pl.Series("object", objects, dtype=pl.String)), _LINE)

    def frames(self, data: bytes) -> int:
        return data.count(b"\n")


_PRIORITY = pl.col("severity_id").replace_strict(PRIORITIES, default=PRIORITIES[0], return_dtype=pl.Int64)
_TIME = pl.col("end").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").fill_null(NIL)
_NAME = pl.col("signature").str.replace_all(r"[^!-~]", "_").str.slice(0, 32)
_LINE = pl.concat_str(
    pl.format(head("{}", "{}", NIL, "{}"), _PRIORITY, _TIME, _NAME), pl.lit(" "), pl.col("object").fill_null("{}")
)

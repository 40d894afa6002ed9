"""Short connections to services that ask for a password, by source, target and port."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features import flow_shape as shape
from vedette.features.clock import clock_lock, clock_parts, merge_clock

SERVICES: dict[int, tuple[str, int, int, int, int]] = {
    21: ("FTP", 8, 400, 30, 3_000),
    22: ("SSH", 600, 5_000, 600, 5_000),
    23: ("Telnet", 4, 500, 12, 3_000),
    25: ("SMTP", 20, 400, 60, 2_000),
    88: ("Kerberos", 100, 450, 60, 450),
    110: ("POP3", 10, 300, 30, 1_500),
    143: ("IMAP", 10, 300, 30, 1_500),
    139: ("SMB", 200, 4_000, 150, 4_000),
    445: ("SMB", 200, 4_000, 150, 4_000),
    465: ("SMTPS", 300, 2_500, 1_000, 9_000),
    587: ("SMTP submission", 20, 2_500, 60, 9_000),
    993: ("IMAPS", 300, 2_500, 1_000, 9_000),
    995: ("POP3S", 300, 2_500, 1_000, 9_000),
    1433: ("MS-SQL", 100, 1_500, 60, 3_000),
    2222: ("SSH", 600, 5_000, 600, 5_000),
    2323: ("Telnet", 4, 500, 12, 3_000),
    3306: ("MySQL", 30, 300, 60, 350),
    3389: ("RDP", 200, 4_000, 300, 6_000),
    5432: ("PostgreSQL", 60, 300, 12, 300),
    5900: ("VNC", 12, 120, 16, 250),
}
"""Port -> name, and the payload bytes of a connection that ends with a refused password: least and most sent, least and most received.

From the messages that the protocols prescribe (RFC 959, 4252-4254, 5321, 3501, 1939, 4120, 6143; MS-RDPBCGR; MS-SMB2) with room for one to
six tries; a connection that does its work is larger. Kerberos answers a refused request with a short error, a granted one with a ticket.
"""

EXPECTED = {timedelta(minutes=5): 3.0, timedelta(hours=1): 10.0}
"""Short connections of one source to one such service that are ordinary in a window of this width."""

FEW = 5
"""Connections of the size of a refused logon, below which nobody guesses."""

_LIKE = pl.col("like")
_COUNTS = ("attempts", "others", "sent", "sent_squared", "got", "got_squared")
_ENOUGH = 2


class LogonConnection(WindowFeatures):
    """A row per source, target and port of a service that asks for a password.

    ``attempts``: connections of the size of a refused logon; ``others``: those with another size; ``sent_spread`` and ``got_spread``: the
    coefficient of variation of the payload bytes of attempts; ``gap_seconds``: mean time between two attempts.
    """

    name = "logon_connection"
    needs = EventClass.NETWORK_ACTIVITY
    requires = (
        "src_endpoint.ip",
        "dst_endpoint.ip",
        "dst_endpoint.port",
        "connection_info.protocol_name",
        "vedette.payload_bytes_out",
        "vedette.payload_bytes_in",
    )
    uses = (*shape.COLUMNS, *shape.VOLUME, "connection_info.direction_id", "start_time")
    keys = ("src_endpoint.ip", "dst_endpoint.ip", "dst_endpoint.port")
    windows = tuple(EXPECTED)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        sent, got, port = (
            pl.col("vedette.payload_bytes_out"),
            pl.col("vedette.payload_bytes_in"),
            pl.col("dst_endpoint.port"),
        )
        spoke = (sent > 0) & (got > 0) & port.is_in(list(SERVICES))
        protocol = pl.col("connection_info.protocol_name")
        kind = (protocol == "tcp") | ((protocol == "udp") & (port == 88))  # noqa: PLR2004 - Kerberos
        return events.filter(spoke & kind).with_columns(
            like=sent.is_between(_bound(1), _bound(2)) & got.is_between(_bound(3), _bound(4)),
            begun=pl.coalesce("start_time", "time"),
        )

    def partial(self) -> list[pl.Expr]:
        sent, got = (pl.col(f"vedette.payload_bytes_{way}").filter(_LIKE) for way in ("out", "in"))
        return [
            _LIKE.sum().cast(pl.Int64).alias("attempts"),
            (~_LIKE).sum().cast(pl.Int64).alias("others"),
            sent.sum().alias("sent"),
            (sent**2).sum().alias("sent_squared"),
            got.sum().alias("got"),
            (got**2).sum().alias("got_squared"),
            pl.col("begun").filter(_LIKE).min().alias("from"),
            pl.col("begun").filter(_LIKE).max().alias("until"),
            pl.col("connection_info.direction_id").max().alias("direction"),
            *clock_parts(pl.col("begun").filter(_LIKE)),
        ]

    def merge(self) -> list[pl.Expr]:
        return [
            *(pl.col(c).sum() for c in _COUNTS),
            pl.col("from").min(),
            pl.col("until").max(),
            pl.col("direction").max(),
            *merge_clock(),
        ]

    def telling(self) -> pl.Expr:
        return pl.col("attempts") >= FEW

    def finish(self) -> list[pl.Expr]:
        names = {port: row[0] for port, row in SERVICES.items()}
        seconds = (pl.col("until") - pl.col("from")).dt.total_microseconds() / 1e6
        return [
            *(pl.col(c) for c in ("attempts", "others", "direction")),
            pl.col("dst_endpoint.port").replace_strict(names, default="?", return_dtype=pl.String).alias("service"),
            (pl.col("sent") / pl.col("attempts")).fill_nan(0.0).alias("sent_mean"),
            (pl.col("got") / pl.col("attempts")).fill_nan(0.0).alias("got_mean"),
            _spread("sent").alias("sent_spread"),
            _spread("got").alias("got_spread"),
            (seconds / (pl.col("attempts") - 1).clip(lower_bound=1)).fill_null(0.0).alias("gap_seconds"),
            pl.col("window").replace_strict(EXPECTED, default=None, return_dtype=pl.Float64).alias("expected"),
            clock_lock().alias("clock_lock"),
        ]


def _bound(column: int) -> pl.Expr:
    """The row's limit from the table of services."""
    limits = {port: row[column] for port, row in SERVICES.items()}
    return pl.col("dst_endpoint.port").replace_strict(limits, default=None, return_dtype=pl.Int64)


def _spread(column: str) -> pl.Expr:
    """The coefficient of variation; 0 for fewer than two connections."""
    n = pl.col("attempts")
    mean = pl.col(column) / n
    variance = (pl.col(f"{column}_squared") / n - mean**2).clip(lower_bound=0.0)
    return pl.when(n >= _ENOUGH).then(variance.sqrt() / mean).otherwise(0.0)

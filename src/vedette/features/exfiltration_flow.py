"""Which flows carry something out of our network: what was sent beyond what came back, flow by flow.

The measure is the *surplus*: bytes out less bytes in. It is nothing for what is read (the acknowledgements of a download of ten gigabytes
weigh two hundred megabytes) and little for a call, where both sides send; it is nearly everything for a file that leaves. It is the
numerator of the producer/consumer ratio (out - in) / (out + in): Bullard and Gerth, "PCR: a new flow metric", FloCon 2014.
"""

from __future__ import annotations

import polars as pl

from vedette.features.beacon_pair import place

REQUIRES = ("src_endpoint.ip", "dst_endpoint.ip", "connection_info.protocol_name")
USES = (
    "connection_info.direction_id",
    "traffic.bytes_out",
    "traffic.bytes_in",
    "traffic.packets_out",
    "traffic.packets_in",
    "vedette.payload_bytes_out",
    "vedette.payload_bytes_in",
)
LEAST_BYTES = 1_000
"""Surplus below which a flow carries nothing: a request, a handshake."""
MOST_BYTES = 1 << 44
"""No flow carries more; a sensor that says so has lost count."""

_OUTBOUND, _PACKET = 2, 65_535


def uploads(events: pl.LazyFrame) -> pl.LazyFrame:
    """Keep answered TCP and UDP flows to outside that sent ``LEAST_BYTES`` more than they got; add ``sent``, ``got`` and ``surplus``.

    What nobody answered is a flood, and carries nothing. More bytes than the packets can hold are a sensor's mistake.
    """
    ways = {way: pl.coalesce(f"traffic.bytes_{way}", f"vedette.payload_bytes_{way}") for way in ("out", "in")}
    answered = pl.coalesce("traffic.packets_in", "traffic.bytes_in", "vedette.payload_bytes_in") > 0
    leaves = (pl.col("connection_info.direction_id") == _OUTBOUND) & (ways["out"] >= LEAST_BYTES)
    carried = leaves & pl.col("connection_info.protocol_name").is_in(("tcp", "udp")) & answered.fill_null(value=True)
    most = (pl.col("traffic.packets_out").clip(0, MOST_BYTES // _PACKET) * _PACKET).fill_null(MOST_BYTES)
    return (
        events.filter(carried.fill_null(value=False))
        .with_columns(
            sent=pl.min_horizontal(ways["out"].clip(upper_bound=MOST_BYTES), most),
            got=ways["in"].fill_null(0).clip(0, MOST_BYTES),
        )
        .with_columns(surplus=pl.col("sent") - pl.col("got"))
        .filter(pl.col("surplus") >= LEAST_BYTES)
    )


def network(address: pl.Expr) -> pl.Expr:
    """Return the network that an address lies in: a /24, an IPv6 /48."""
    return place(address).list.last()

"""Two one-way flow records of one conversation -> one flow with both directions.

A record pairs with the nearest one of mirrored addresses, ports and protocol whose start lies within ``REACH``; each record pairs
once. Pairs are looked for in windows of ``WINDOW`` records: what found no partner waits for one more window. Memory is bounded, and
the result does not depend on how the input was split.

The originator is the side with a SYN and no ACK or, failing that, not the one that answers (SYN and ACK, or RST, and no SYN of its
own); then the earlier one; then the one with the higher port.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

import polars as pl

from vedette.sources.netflow.flow_names import FLOWS, ICMP

WINDOW = 1 << 16
REACH = timedelta(seconds=10)
ROUNDS = 4
_SYN, _RST, _ACK = 2, 4, 16
_MIRROR = {"src": "dst", "src_port": "dst_port", "dst": "src", "dst_port": "src_port"}
_ECHO = (0, 8, 128, 129)
_ECHO_REPLY = (0, 129)


def windows(frames: Iterable[pl.DataFrame], size: int = WINDOW) -> Iterator[pl.DataFrame]:
    """Yield the rows of ``frames`` in frames of exactly ``size`` rows; the last may have fewer."""
    held: list[pl.DataFrame] = []
    count = 0
    for frame in frames:
        held.append(frame)
        count += len(frame)
        while count >= size:
            whole = pl.concat(held)
            yield whole.head(size)
            held, count = [whole.slice(size)], count - size
    if count:
        yield pl.concat(held)


def paired(frames: Iterable[pl.DataFrame], size: int = WINDOW) -> Iterator[pl.DataFrame]:
    """Yield frames of ``FLOWS`` and ``records``, how many records a row stands for (1 or 2)."""
    waiting = pl.DataFrame(schema=FLOWS)
    for window in windows(frames, size):
        whole = window.filter("both_ways")
        single = pl.concat([waiting, window.filter(~pl.col("both_ways"))])
        pairs, left = pair(single)
        old = left["sequence"].is_in(waiting["sequence"].implode())
        waiting = left.filter(~old)
        yield _single(pl.concat([whole, left.filter(old)])).vstack(pairs).sort("sequence")
    if len(waiting):
        yield _single(waiting)


def _single(flows: pl.DataFrame) -> pl.DataFrame:
    return flows.with_columns(records=pl.lit(1, pl.Int64))


def pair(flows: pl.DataFrame, rounds: int = ROUNDS) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return (pairs, the others) of one-way ``flows``; both sorted by sequence."""
    found = []
    for _ in range(rounds):  # two records may have the same nearest one: the farther of them looks again
        pairs, flows = _nearest(flows)
        found.append(pairs)
        if pairs.is_empty():
            break
    return pl.concat(found).sort("sequence"), flows


def _nearest(flows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    requests = _as_requests(flows.sort("start", "sequence"))
    forward = (pl.col("src") < pl.col("dst")) | (
        (pl.col("src") == pl.col("dst")) & (pl.col("src_port") < pl.col("dst_port"))
    )
    near = requests.with_columns(forward=forward)
    key = ["protocol", "src", "src_port", "dst", "dst_port"]
    left = near.filter("forward").select(*key, "start", a="sequence")
    right = (
        near.filter(~pl.col("forward"))
        .select(*key, "start", "sequence")
        .rename(_MIRROR)
        .select(*key, began="start", start="start", b="sequence")
    )
    found = (
        left.join_asof(right, on="start", by=key, strategy="nearest", tolerance=REACH, check_sortedness=False)
        .drop_nulls("b")
        .with_columns(gap=(pl.col("start") - pl.col("began")).abs())
        .sort("gap", "a")
        .unique("b", keep="first", maintain_order=True)
        .select("a", "b")
    )
    first = (
        found.join(flows, left_on="a", right_on="sequence", how="left", maintain_order="left")
        .rename({"a": "sequence"})
        .drop("b")
        .select(*FLOWS)
    )
    second = (
        found.join(flows, left_on="b", right_on="sequence", how="left", maintain_order="left")
        .rename({"b": "sequence"})
        .drop("a")
        .select(*FLOWS)
    )
    taken = pl.concat([found["a"], found["b"]])
    return _merged(first, second), flows.filter(~pl.col("sequence").is_in(taken.implode())).sort("sequence")


def _as_requests(flows: pl.DataFrame) -> pl.DataFrame:
    """Give ICMP records the ports that mirror: nothing for echo and its reply, so that only the addresses count."""
    icmp = pl.col("protocol").is_in(ICMP)
    echo = icmp & pl.col("src_port").is_in(_ECHO)
    ports = {
        c: pl.when(echo).then(-1).when(icmp).then(pl.lit(-2) - pl.col("sequence")).otherwise(c)
        for c in ("src_port", "dst_port")
    }
    return flows.with_columns(**{c: e.cast(pl.Int64).fill_null(-1) for c, e in ports.items()})


def _merged(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Return one row a pair: the originator's record, with the other's counts as its incoming direction."""
    pairs = pl.concat(
        [first.select(pl.all().name.prefix("a.")), second.select(pl.all().name.prefix("b."))], how="horizontal"
    )
    turned = _second_originates()
    merged = {c: pl.when(turned).then(pl.col(f"b.{c}")).otherwise(pl.col(f"a.{c}")) for c in FLOWS}
    for what in ("flags", "packets", "bytes"):
        merged[f"{what}_in"] = pl.when(turned).then(pl.col(f"a.{what}_out")).otherwise(pl.col(f"b.{what}_out"))
    merged["sequence"] = pl.min_horizontal("a.sequence", "b.sequence")
    merged["start"] = pl.min_horizontal("a.start", "b.start")
    merged["end"] = pl.max_horizontal("a.end", "b.end")
    merged["both_ways"] = pl.lit(value=True)
    return pairs.select(*(e.alias(c) for c, e in merged.items()), pl.lit(2, pl.Int64).alias("records")).sort("sequence")


def _second_originates() -> pl.Expr:
    def asks(side: str) -> pl.Expr:
        flags = pl.col(f"{side}.flags_out").fill_null(0)
        pure_syn = (flags & (_SYN | _ACK)) == _SYN
        answers = ((flags & (_SYN | _ACK)) == (_SYN | _ACK)) & ((flags & ~(_SYN | _ACK)) == 0) | (
            ((flags & _RST) > 0) & ((flags & _SYN) == 0)
        )
        replies = pl.col(f"{side}.protocol").is_in(ICMP) & pl.col(f"{side}.src_port").is_in(_ECHO_REPLY).fill_null(
            value=False
        )
        return pure_syn.cast(pl.Int8) - (answers | replies).cast(pl.Int8)

    sense = asks("b") - asks("a")
    earlier = pl.col("a.start").cast(pl.Int64) - pl.col("b.start").cast(pl.Int64)
    port = pl.col("b.src_port").fill_null(0) - pl.col("a.src_port").fill_null(0)
    order = pl.col("a.sequence") - pl.col("b.sequence")
    return (
        pl.when(sense != 0)
        .then(sense > 0)
        .when(earlier != 0)
        .then(earlier > 0)
        .when(port != 0)
        .then(port > 0)
        .otherwise(order > 0)
    )

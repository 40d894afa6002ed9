"""Four flow sets under the columns that every source of flows has: is what one set calls an attack one in another?

Duration, payload bytes and packets both ways, what follows from them, the transport, and whether anybody answered. No address, no port,
no life of packets, no time. Bytes of UNSW-NB15 include headers: 40 bytes a packet are taken off.
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl

from vedette.learning.tabular.flow_tables import FILES as TABLES
from vedette.learning.tabular.table import NORMAL, Table, opened, table

_ZEEK = "net/zeek-labelled/zeek-labelled.tar.zst"
FILES = {**TABLES, _ZEEK: "608f4fabd5de6abc85f2174fc5ee131c2c06b373118c94790c86c6802088ef29"}
"""Path below the data folder -> sha256."""
NUMBERS = (
    *("duration", "bytes_out", "bytes_in", "packets_out", "packets_in"),
    *("size_out", "size_in", "share_out", "rate_out", "rate_in"),
)
WORDS = ("transport", "answered")
_MEMBERS = (
    "001-zeek-scenario-malicious/labeled-conn.log",
    "008-zeek-mixed/data/conn.log.labeled",
    "010-zeek-mixed/data/conn.log.labeled",
)
_HEADER = 40
_IOT = {0: "tcp", 1: "udp", 2: "icmp"}
_BENIGN = ("Benign", "Background")


def shared(flows: pl.DataFrame) -> Table:
    """Return flows with columns ``kind transport duration`` (seconds) and bytes and packets both ways, without exact duplicates."""
    out, back = pl.col("bytes_out"), pl.col("bytes_in")
    seconds = pl.col("duration").clip(lower_bound=0.001)
    plain = flows.with_columns(
        pl.col(c).cast(pl.Float64, strict=False).fill_null(0).clip(lower_bound=0) for c in NUMBERS[:5]
    )
    rows = plain.with_columns(
        size_out=out / pl.col("packets_out").clip(lower_bound=1),
        size_in=back / pl.col("packets_in").clip(lower_bound=1),
        share_out=out / (out + back).clip(lower_bound=1),
        rate_out=pl.col("packets_out") / seconds,
        rate_in=pl.col("packets_in") / seconds,
        duration=pl.col("duration") * 1000,
        answered=(pl.col("packets_in") > 0).cast(pl.String),
    )
    return table(rows.unique([*NUMBERS, *WORDS, "kind"], keep="first", maintain_order=True), NUMBERS, WORDS, "kind")


def cic(root: Path) -> Table:
    """Return CIC-IDS2017."""
    raw = pl.read_parquet(opened(root, FILES, "net/cic-ids2017-improved/flows_mon_wed.parquet"))
    names = ("Total Length of Fwd Packet", "Total Length of Bwd Packet", "Total Fwd Packet", "Total Bwd packets")
    transport = pl.col("Protocol").replace_strict({6: "tcp", 17: "udp"}, default="other", return_dtype=pl.String)
    kind = pl.col("Label").replace({"BENIGN": NORMAL})
    return shared(raw.select(*_sides(names), duration=pl.col("Flow Duration") / 1e6, transport=transport, kind=kind))


def unsw(root: Path) -> Table:
    """Return UNSW-NB15."""
    raw = pl.read_csv(opened(root, FILES, "net/unsw-nb15/UNSW_NB15_training-set.csv.zst"), infer_schema_length=None)
    payload = [pl.col(f"{s}bytes") - _HEADER * pl.col(f"{s}pkts") for s in "sd"]
    kind = pl.when(pl.col("label") == 0).then(pl.lit(NORMAL)).otherwise("attack_cat")
    transport = pl.when(pl.col("proto").is_in(["tcp", "udp"])).then("proto").otherwise(pl.lit("other"))
    sides = {
        "bytes_out": payload[0],
        "bytes_in": payload[1],
        "packets_out": pl.col("spkts"),
        "packets_in": pl.col("dpkts"),
    }
    return shared(raw.select(duration="dur", transport=transport, kind=kind, **sides))


def iot23(root: Path) -> Table:
    """Return the sample of IoT-23 (Garcia, Parmisano and Erquiaga, 2020)."""
    raw = pl.read_parquet(opened(root, FILES, "net/iot23-sample/iot23_dedup.parquet"))
    kind = pl.when(pl.col("label") == 0).then(pl.lit(NORMAL)).otherwise("detailed_name")
    transport = pl.col("proto").replace_strict(_IOT, default="other", return_dtype=pl.String)
    names = ("orig_bytes", "resp_bytes", "orig_pkts", "resp_pkts")
    return shared(raw.select(*_sides(names), "duration", transport=transport, kind=kind))


def zeek(root: Path) -> Table:
    """Return the labelled Zeek logs of Stratosphere that have a label for each flow."""
    with tarfile.open(fileobj=opened(root, FILES, _ZEEK)) as archive:
        texts = [
            found.read().decode("utf-8", "replace") for m in _MEMBERS if (found := archive.extractfile(m)) is not None
        ]
    return shared(pl.concat(map(of_zeek_log, texts)))


def of_zeek_log(text: str) -> pl.DataFrame:
    """Return the flows of a labelled ``conn.log``."""
    lines = text.splitlines()
    fields = next(line for line in lines if line.startswith("#fields")).split("\t")[1:]
    body = "\n".join(line for line in lines if not line.startswith("#"))
    raw = pl.read_csv(
        body.encode(),
        separator="\t",
        has_header=False,
        new_columns=fields,
        infer_schema=False,
        quote_char=None,
        truncate_ragged_lines=True,
    )
    kind = pl.when(pl.col("label").is_in(_BENIGN)).then(pl.lit(NORMAL)).otherwise("detailedlabel")
    transport = pl.when(pl.col("proto").is_in(["tcp", "udp"])).then("proto").otherwise(pl.lit("other"))
    sides = _sides(("orig_bytes", "resp_bytes", "orig_pkts", "resp_pkts"))
    numbers = [e.cast(pl.Float64, strict=False) for e in (*sides, pl.col("duration"))]
    return raw.select(*numbers, transport=transport, kind=kind)


SETS: Mapping[str, Callable[[Path], Table]] = {
    "CIC-IDS2017": cic,
    "UNSW-NB15": unsw,
    "IoT-23": iot23,
    "zeek-labelled": zeek,
}


def _sides(names: Sequence[str]) -> list[pl.Expr]:
    return [pl.col(n).alias(c) for n, c in zip(names, NUMBERS[1:5], strict=True)]

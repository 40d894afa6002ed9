"""Loads NSL-KDD, UNSW-NB15 and CIC-IDS2017, without what gives an answer away: addresses, ports, lives of packets (TTL), time, row numbers.

Exact duplicates (of what a model sees, and of the label) are dropped where the official protocol does not forbid it, and so are rows of
UNSW-NB15 that are attack and normal at once.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from vedette.learning.tabular.table import NORMAL, Table, opened, table

FILES = {
    "net/nsl-kdd/KDDTrain+_20Percent.txt.zst": "1fc2775c14264596bde5bd6ef5a5f0f5a821591c4bf84196e9d627bc6905fdd0",
    "net/nsl-kdd/KDDTest+.txt.zst": "9ea8e171a18219feed50555244b139bc4d67ace1d81a04d45a5f2592698ac865",
    "net/nsl-kdd/KDDTest-21.txt.zst": "2fa48ade0163241736e3062cac146e1268ab385dfd1ae8dac1a8c83a4fa9be2a",
    "net/unsw-nb15/UNSW_NB15_training-set.csv.zst": "c89badc136f18a2e52c0c909e2638cfd1881cf5ce03ebc713be1094132e2a446",
    "net/cic-ids2017-improved/flows_mon_wed.parquet": "cafee3163571192d08ff1dd71ca3b6e3783826f396fb17ede34e9c595cd4a94c",
    "net/iot23-sample/iot23_dedup.parquet": "2cec717319916ac74fc36db0e391671b208603df423a1ad1838006fc8b500055",
}
"""Path below the data folder -> sha256."""
_NSL_WORDS = ("protocol_type", "service", "flag")
_NSL = (
    *(
        "duration",
        *_NSL_WORDS,
        "src_bytes",
        "dst_bytes",
        "land",
        "wrong_fragment",
        "urgent",
        "hot",
        "num_failed_logins",
    ),
    *("logged_in", "num_compromised", "root_shell", "su_attempted", "num_root", "num_file_creations", "num_shells"),
    *("num_access_files", "num_outbound_cmds", "is_host_login", "is_guest_login", "count", "srv_count", "serror_rate"),
    *("srv_serror_rate", "rerror_rate", "srv_rerror_rate", "same_srv_rate", "diff_srv_rate", "srv_diff_host_rate"),
    *("dst_host_count", "dst_host_srv_count", "dst_host_same_srv_rate", "dst_host_diff_srv_rate"),
    *("dst_host_same_src_port_rate", "dst_host_srv_diff_host_rate", "dst_host_serror_rate", "dst_host_srv_serror_rate"),
    *("dst_host_rerror_rate", "dst_host_srv_rerror_rate"),
)
"""The columns, in order (Tavallaee et al., "A detailed analysis of the KDD CUP 99 data set", 2009); then come attack and difficulty."""
_UNSW_WORDS = ("proto", "service", "state")
_UNSW_LEFT_OUT = ("id", "label", "attack_cat", "sttl", "dttl", "ct_state_ttl", "stcpb", "dtcpb", "is_sm_ips_ports")
_PROTOCOLS = ("tcp", "udp", "arp", "ospf", "sctp", "icmp", "igmp")
"""Others are called "other": a hundred rare ones occur in attacks alone, and are a mark of the tool that made them."""
_CIC_LEFT_OUT = (
    "id",
    "Flow ID",
    "Src IP",
    "Src Port",
    "Dst IP",
    "Dst Port",
    "Timestamp",
    "Label",
    "Attempted Category",
)
_CIC_MARKS = ("FWD Init Win Bytes", "Bwd Init Win Bytes", "Fwd Seg Size Min", "Protocol")
"""What tells of an operating system of the testbed; the protocol is a word."""


def nsl_kdd(root: Path, part: str) -> Table:
    """Return NSL-KDD: ``part`` is ``KDDTrain+_20Percent``, ``KDDTest+`` or ``KDDTest-21``, every row as published."""
    raw = opened(root, FILES, f"net/nsl-kdd/{part}.txt.zst")
    names = [*_NSL, "attack", "difficulty"]
    rows = pl.read_csv(raw, has_header=False, new_columns=names, infer_schema_length=None)
    return table(rows, [c for c in _NSL if c not in (*_NSL_WORDS, "num_outbound_cmds")], _NSL_WORDS, "attack")


def unsw_nb15(root: Path) -> Table:
    """Return the part of UNSW-NB15 that is there (Moustafa and Slay, 2015), without duplicates and contradictions."""
    raw = pl.read_csv(opened(root, FILES, "net/unsw-nb15/UNSW_NB15_training-set.csv.zst"), infer_schema_length=None)
    told = raw.columns
    seen = [c for c in told if c not in _UNSW_LEFT_OUT]
    rows = raw.unique([*seen, "attack_cat"], keep="first", maintain_order=True)
    rows = rows.filter(pl.col("label").n_unique().over(seen) == 1).with_columns(
        kind=pl.when(pl.col("label") == 0).then(pl.lit(NORMAL)).otherwise("attack_cat"),
        proto=pl.when(pl.col("proto").is_in(_PROTOCOLS)).then("proto").otherwise(pl.lit("other")),
    )
    return table(rows, [c for c in seen if c not in _UNSW_WORDS], _UNSW_WORDS, "kind")


def cic_ids2017(root: Path) -> Table:
    """Return Monday to Wednesday of CIC-IDS2017 (Sharafaldin et al., 2018; labels of CNS 2022); ``about``: source, target, time, day."""
    raw = pl.read_parquet(opened(root, FILES, "net/cic-ids2017-improved/flows_mon_wed.parquet"))
    seen = [c for c in raw.columns if c not in (*_CIC_LEFT_OUT, *_CIC_MARKS)]
    rows = raw.with_columns(
        kind=pl.col("Label").replace({"BENIGN": NORMAL}),
        source="Src IP",
        target="Dst IP",
        time=pl.col("Timestamp").cast(pl.Datetime("us", "UTC")),
        day=pl.col("Timestamp").dt.date().cast(pl.String),
    )
    return table(rows, seen, ("Protocol",), "kind", ("source", "target", "time", "day"))

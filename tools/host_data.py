"""The host tables of the shared data as files that a product would write, so that ``vedette scan`` reads them.

``python -m tools.host_data evtx-attack-samples --out FOLDER`` writes a file per recording; ``--out -`` writes all of them to standard
output; ``--list`` names the sets and, with a set, its recordings. What a table dropped (the rendered message of an event) stays dropped.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import zstandard

DATA = Path(__file__).parents[2] / "shared" / "data" / "host"
Lines = Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Recording:
    """One file to write.

    Attributes:
        name: its path, safe as a file name.
        label: what the set says of it: tactic, technique, title; what the set has.
        records: how many events.
        data: its bytes.
    """

    name: str
    label: dict[str, str]
    records: int
    data: bytes


def _safe(name: str) -> str:
    return re.sub(r"[^\w./-]+", "_", name).strip("./")


def _lines(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n" for row in rows)


def _event(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the parsed EVTX sets as evtx_dump writes an event."""
    data = json.loads(row["event_data"] or "{}")
    is_user = len(data) == 1 and isinstance(next(iter(data.values())), dict) and "Data" not in data
    return {
        "Event": {
            "System": {
                "Provider": {"#attributes": {"Name": row["provider"]}},
                "EventID": row["event_id"],
                "Level": row["level"],
                "Task": row["task"],
                "TimeCreated": {"#attributes": {"SystemTime": row["timestamp"].removesuffix(" UTC")}},
                "EventRecordID": row["record_id"],
                "Channel": row["channel"],
                "Computer": row["computer"],
            },
            "UserData" if is_user else "EventData": data,
        }
    }


def _evtx(name: str) -> Iterator[Recording]:
    table = pl.read_parquet(DATA / name / "events.parquet")
    names: Counter[str] = Counter()
    for frame in table.partition_by("sample_id", maintain_order=True):
        first = frame.row(0, named=True)
        names[first["file"]] += 1
        again = f"-{n}" if (n := names[first["file"]]) > 1 else ""
        label = {k: str(first.get(k) or "") for k in ("tactic", "technique")}
        rows = [_event(row) for row in frame.iter_rows(named=True)]
        label["title"] = first["file"]
        yield Recording(f"{_safe(first['file'])}{again}.jsonl", label, len(rows), _lines(rows))


def _otrf(name: str, pattern: str = "") -> Iterator[Recording]:
    source = pl.scan_parquet(DATA / "otrf" / f"{name}.parquet")
    sets = source.select("dataset", "technique", "title").unique(maintain_order=True).collect()
    for dataset in sets["dataset"].unique(maintain_order=True):
        if pattern and pattern not in dataset:
            continue
        label = sets.filter(pl.col("dataset") == dataset).row(0, named=True)
        raw = source.filter(pl.col("dataset") == dataset).select("raw").collect()["raw"].to_list()
        said = {"technique": str(label["technique"] or ""), "title": str(label["title"] or "")}
        file = _safe(dataset.removesuffix(".zip").removesuffix(".Zip"))
        yield Recording(f"{file}.jsonl", said, len(raw), "\n".join(raw).encode("utf-8", "replace") + b"\n")


def _honeybucket() -> Iterator[Recording]:
    """CloudTrail data events that a honeypot kept as a table, as CloudTrail writes them."""
    rows = []
    for row in pl.read_parquet(DATA / "otrf" / "aws_s3_honeybucket.parquet").iter_rows(named=True):
        identity, parameters = (_python_object(row[k]) for k in ("User ID", "Request Parameters"))
        rows.append(
            {
                "eventVersion": "1.08",
                "eventTime": row["Event DateTime"],
                "eventSource": "s3.amazonaws.com",
                "eventName": row["Event Name"],
                "eventType": row["Event Type"],
                "eventID": row["Event ID"],
                "requestID": row["Request ID"],
                "sourceIPAddress": row["Source IP"],
                "userAgent": row["Request User Agent"],
                "userIdentity": identity,
                "requestParameters": parameters,
            }
        )
    yield Recording("aws_s3_honeybucket.jsonl", {"title": "public bucket"}, len(rows), _lines(rows))


def _python_object(text: str | None) -> object:
    """Return an object that a table holds as Python wrote it."""
    import ast  # noqa: PLC0415 - a literal of the data set, parsed, not run

    try:
        found: object = ast.literal_eval(text or "None")
    except (ValueError, SyntaxError):
        return None
    return found


def _o365() -> Iterator[Recording]:
    """The records that have their JSON; the table has one row without."""
    rows = pl.read_parquet(DATA / "o365-invictus" / "ual.parquet")["AuditData"].drop_nulls().to_list()
    yield Recording("ual.jsonl", {"title": "Microsoft 365 audit log"}, len(rows), "\n".join(rows).encode() + b"\n")


def _stratus() -> Iterator[Recording]:
    """CloudTrail per technique, without the tool's name, which role names and agents carry."""
    table = pl.read_parquet(DATA / "stratus-detonation" / "detonation_logs.parquet")
    for frame in table.partition_by("technique", maintain_order=True):
        first = frame.row(0, named=True)
        raw = [re.sub(r"(?i)stratus[-_ ]?red[-_ ]?team", "example", text) for text in frame["raw"]]
        label = {"technique": str(first["attack"] or ""), "title": first["technique"]}
        yield Recording(f"{_safe(first['technique'])}.jsonl", label, len(raw), "\n".join(raw).encode() + b"\n")


def _panther() -> Iterator[Recording]:
    """Logs of rule tests: a file per kind of log, for the reader; labels are in the table."""
    table = pl.read_parquet(DATA / "panther-tests" / "tests.parquet")
    for frame in table.partition_by("log_type", maintain_order=True):
        name = frame["log_type"][0] or "none"
        rows = [json.loads(text) for text in frame["log"]]
        yield Recording(f"{_safe(name)}.jsonl", {"title": name}, len(rows), _lines(rows))


def _archive(name: str) -> Iterator[Recording]:
    """The members of a packed set, as they are."""
    with (DATA / name / f"{name}.tar.zst").open("rb") as packed:
        data = io.BytesIO(zstandard.ZstdDecompressor().stream_reader(packed).read())
    with tarfile.open(fileobj=data) as archive:
        for member in archive:
            if file := archive.extractfile(member) if member.isfile() else None:
                text = file.read()
                yield Recording(_safe(member.name), {}, text.count(b"\n"), text)


SETS: dict[str, Callable[[], Iterator[Recording]]] = {
    "evtx-attack-samples": lambda: _evtx("evtx-attack-samples"),
    "evtx-benign": lambda: _evtx("evtx-benign"),
    "otrf": lambda: _otrf("atomic_windows"),
    "otrf-aws": lambda: _otrf("aws_linux"),
    "otrf-compound": lambda: _otrf("compound_small"),
    "otrf-honeybucket": _honeybucket,
    "o365-invictus": _o365,
    "stratus-detonation": _stratus,
    "panther-tests": _panther,
    "loghub-2k": lambda: _archive("loghub-2k"),
    "linux-audit-2k": lambda: _archive("linux-audit-2k"),
    "hdfs-deeplog": lambda: _archive("hdfs-deeplog"),
    "openstack-sequences": lambda: _archive("openstack-sequences"),
    "purdue-unix": lambda: _archive("purdue-unix"),
}
"""Name -> its recordings, one after the other."""


def recordings(name: str, pattern: str = "") -> Iterator[Recording]:
    """Yield the recordings of a set whose name holds ``pattern``."""
    found = _otrf("atomic_windows", pattern) if name == "otrf" and pattern else SETS[name]()
    return (r for r in found if pattern in r.name or pattern in r.label.get("title", ""))


def main() -> None:
    """Write a set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(SETS))
    parser.add_argument("--out", help="a folder, or - for standard output")
    parser.add_argument("--only", default="", help="recordings whose name holds this")
    parser.add_argument("--list", action="store_true", help="names, labels and sizes only")
    asked = parser.parse_args()
    if not asked.name:
        print("\n".join(sorted(SETS)))
        return
    for recording in recordings(asked.name, asked.only):
        if asked.list:
            print(f"{recording.records:>8,}  {recording.name}  {recording.label}")
        elif asked.out == "-":
            sys.stdout.buffer.write(recording.data)
        elif asked.out:
            path = Path(asked.out) / recording.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(recording.data)
        else:
            parser.error("--out FOLDER, --out - or --list")


if __name__ == "__main__":
    main()

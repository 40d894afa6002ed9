"""Sigma rules for tests: text in, rules out; and events of Windows' log to hold them against."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, UNMAPPED, EventClass
from vedette.intel.sigma.read import Read, read_rules
from vedette.testing.events import START

SYSMON = {
    "unmapped.Channel": "Microsoft-Windows-Sysmon/Operational",
    "metadata.log_provider": "Microsoft-Windows-Sysmon",
    "metadata.event_code": "1",
    "device.hostname": "ws7",
}
"""What every process creation of Sysmon says."""


def rules_of(*texts: str, placeholders: Mapping[str, Sequence[str]] | None = None) -> Read:
    """Return what files of these texts hold; their names are ``0.yml``, ``1.yml`` ...

    Example:
        >>> [issue] = rules_of("title: [").issues
        >>> issue.line
        1
    """
    with tempfile.TemporaryDirectory() as folder:
        for n, text in enumerate(texts):
            Path(folder, f"{n}.yml").write_text(dedent(text), "utf-8")
        return read_rules([folder], placeholders)


def rule_text(
    detection: str, *, title: str = "A rule", source: str = "category: process_creation", more: str = ""
) -> str:
    """Return a rule for Windows with this detection (YAML, not indented)."""
    indented = "\n".join("    " + line for line in dedent(detection).strip().split("\n"))
    head = f"title: {title}\n{dedent(more).strip()}\nlogsource:\n    product: windows\n    {source}\ndetection:\n"
    return f"{head}{indented}\n"


def process_events(*rows: Mapping[str, Any], heads: Mapping[str, Any] = SYSMON) -> EventBatch:
    """Return process creations, a second apart; each row gives columns by their path, or by ``unmapped.NAME``."""
    full = [{**heads, **row} for row in rows]
    names = dict.fromkeys(name for row in full for name in row)
    schema = SCHEMAS[EventClass.PROCESS_ACTIVITY]
    types = {n: pl.String() if n.startswith(UNMAPPED) else schema[n] for n in names}
    frame = pl.DataFrame([{n: row.get(n) for n in names} for row in full], schema=types, orient="row")
    seconds = pl.int_range(frame.height, dtype=pl.Int64)
    return EventBatch(
        EventClass.PROCESS_ACTIVITY,
        frame.with_columns(
            (pl.lit(START).cast(pl.Datetime("us", "UTC")) + pl.duration(seconds=seconds)).alias("time"),
            seconds.alias("metadata.sequence"),
            pl.lit("events.json").alias("metadata.log_name"),
        ),
    )

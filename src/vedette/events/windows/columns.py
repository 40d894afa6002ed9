"""Fields of many events as columns of text, bounded in number and in the length of their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import polars as pl

from vedette.events.schema import UNMAPPED

CHANNEL = f"{UNMAPPED}Channel"
"""Where every row says from which log it is."""
REST = "unmapped"
OWN_CHANNEL = "EventData.Channel"
"""The name of a field that an event calls Channel, as every event calls its log."""

MOST_COLUMNS = 160
"""Of one batch; the fields of the fewest rows go into the JSON text ``unmapped``."""
LONGEST_NAME = 96


def text_of(value: object) -> str | None:
    """Return a value as the product's tools write it: lists line by line, objects as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(v, (str, int)) for v in value):
        return "\n".join(map(str, value))
    try:
        return msgspec.json.encode(value).decode() if isinstance(value, (list, dict)) else str(value)
    except (RecursionError, ValueError):  # nested too deep; a number of thousands of digits
        return None


def as_columns(rows: Sequence[Mapping[str, object]], skip: frozenset[str] = frozenset()) -> pl.DataFrame:
    """Return (n, k) String columns ``unmapped.NAME``, one per field but ``skip`` that any row has; too many, or odd ones, as JSON."""
    names = sorted(set().union(*rows) - skip)
    if len(names) > MOST_COLUMNS or any(len(n) > LONGEST_NAME or not n.isprintable() for n in names):
        return _bounded([{k: v for k, v in row.items() if k not in skip} for row in rows], names)
    return pl.DataFrame([s for s in (_column(rows, n) for n in names) if s.null_count() < len(s)])


def _column(rows: Sequence[Mapping[str, object]], name: str) -> pl.Series:
    values = [row.get(name) for row in rows]
    column = UNMAPPED + (OWN_CHANNEL if name == "Channel" else name)
    try:
        return pl.Series(column, values, dtype=pl.String)
    except TypeError:  # some are numbers or objects
        return pl.Series(column, [text_of(v) for v in values], dtype=pl.String)


def _bounded(rows: Sequence[Mapping[str, object]], names: list[str]) -> pl.DataFrame:
    """Do as ``as_columns``, and put what has no column into one JSON text per row."""
    held = [n for n in names if len(n) <= LONGEST_NAME and n.isprintable()]
    counts = {n: sum(n in row for row in rows) for n in held} if len(held) > MOST_COLUMNS else {}
    kept = set(sorted(held, key=lambda n: (-counts.get(n, 0), n))[:MOST_COLUMNS])
    rest = [{k: v for k, v in row.items() if k not in kept} for row in rows]
    texts = [msgspec.json.encode(r).decode("utf-8", "replace") if r else None for r in rest]
    columns = [_column(rows, n) for n in sorted(kept)]
    return pl.DataFrame([*columns, pl.Series(REST, texts, dtype=pl.String)])


def narrowed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame of bounded width: the columns with the fewest values become one JSON text."""
    raw = [c for c in frame.columns if c.startswith(UNMAPPED) and c != CHANNEL]
    if len(raw) <= MOST_COLUMNS:
        return frame
    filled = {c: frame.height - frame[c].null_count() for c in raw}
    out = sorted(raw, key=lambda c: (-filled[c], c))[MOST_COLUMNS:]
    rows = frame.select(pl.col(c).alias(c.removeprefix(UNMAPPED)) for c in out).to_dicts()
    # row by row: each becomes one JSON object of what it holds; Polars would write the nulls too
    rest = [{k: v for k, v in row.items() if v is not None} for row in rows]
    texts = [msgspec.json.encode(r).decode() if r else None for r in rest]
    more = pl.Series(REST, texts, dtype=pl.String)
    if REST in frame.columns:
        both = pl.concat_str(pl.col(REST).str.strip_suffix("}"), pl.lit(","), more.str.strip_prefix("{"))
        more = frame.select(pl.coalesce(both, more, REST).alias(REST)).to_series()
    return frame.drop(out).with_columns(more)

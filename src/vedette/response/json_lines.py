"""Frames as JSON lines: one nested object a row, made column by column in Polars.

Each leaf column becomes a column of JSON text, and objects are made by joining the members that are not null. Events are streamed by
the million; a Python object per row would cost ten times as much.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from typing import TypeAlias

import orjson
import polars as pl
from polars.datatypes import DataTypeClass

_LINE_ENDS = {n: f"\\u{n:04x}" for n in (0x7F, 0x85, 0x2028, 0x2029)}
_ESCAPES: dict[str, str] = {
    **{chr(n): f"\\u{n:04x}" for n in (*range(0x20), *_LINE_ENDS)},
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}
"""What JSON demands (RFC 8259, section 7), and the other characters that some reader takes for the end of a line."""
MEMBERS = "*"
"""Name, at the end of a path, of a text column that holds a JSON object: its members stand there."""

Tree: TypeAlias = "dict[str, Tree | str]"


def json_lines(rows: pl.DataFrame, paths: Mapping[str, str], arrays: Collection[str]) -> bytes:
    """Return a line per row, whatever stands in it; what is null is left out.

    Args:
        rows: (n, columns); columns that are null throughout cost time and can be left out before.
        paths: column -> where its value stands: names of members, apart by points. Of a text column whose path ends in
            ``.*``, the texts are JSON objects whose members stand there.
        arrays: paths of objects that are arrays: the List columns below are their members, index by index; other columns make an
            array of one. Lists elsewhere are plain arrays.
    """
    if not rows.height:
        return b""
    tree = _tree(paths)
    texts = rows.select(**{column: _leaf(rows[column], path, arrays) for column, path in paths.items()})
    texts = _gathered(texts, tree, arrays)
    out = io.BytesIO()
    texts.select(_object(tree)).write_csv(out, include_header=False, quote_style="never")  # one text column: its lines
    return out.getvalue()


def one_line(text: bytes) -> bytes:
    """Return a JSON text, made by orjson, as one line for any reader."""
    return text.decode().translate(_LINE_ENDS).encode() + b"\n"


def _tree(paths: Mapping[str, str]) -> Tree:
    """Return the nested object that the columns make; leaves are column names."""
    root: Tree = {}
    for column, path in paths.items():
        *parents, last = path.split(".")
        node = root
        for name in parents:
            child = node.setdefault(name, {})
            node = child if isinstance(child, dict) else node
        node[last] = column
    return root


def _leaf(column: pl.Series, path: str, arrays: Collection[str]) -> pl.Series | pl.Expr:
    """Return a column as JSON text; below an array of objects, as lists of JSON texts."""
    if path.endswith(f".{MEMBERS}"):
        return _inlined(column)
    of = pl.col(column.name)
    if not isinstance(column.dtype, pl.List):
        return _json(of, column.dtype)
    texts = of.list.eval(_json(pl.element(), column.dtype.inner))
    if any(path.startswith(f"{array}.") for array in arrays):
        return texts
    joined = texts.list.eval(pl.element().fill_null("null")).list.join(",")
    return pl.when(of.list.len() > 0).then(pl.lit("[") + joined + pl.lit("]"))


def _json(of: pl.Expr, dtype: pl.DataType | DataTypeClass) -> pl.Expr:
    """Return JSON text, null where there is no value or it is not a number."""
    if dtype == pl.String:
        return pl.concat_str(pl.lit('"'), of.str.replace_many(_ESCAPES), pl.lit('"'))
    if dtype == pl.Datetime:
        return of.dt.timestamp("ms").cast(pl.String)
    if dtype in (pl.Float32, pl.Float64):
        return pl.when(of.is_finite()).then(of).cast(pl.String)
    return of.cast(pl.String)


def _inlined(texts: pl.Series) -> pl.Series:
    """Return the members of the JSON objects in ``texts``, without braces.

    A loop over distinct texts, because only parsing shows that a text is one JSON object, and on one line.
    """
    distinct = texts.drop_nulls().unique()
    members = pl.Series([_members(t) for t in distinct], dtype=pl.String)
    return texts.replace_strict(distinct, members, default=None, return_dtype=pl.String)


def _members(text: str) -> str | None:
    try:
        parsed = orjson.loads(text)
        fields = {f"{k}_" if k == "vedette" else k: v for k, v in parsed.items()}
        found = orjson.dumps(fields)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError, AttributeError):  # not JSON, too deep, not an object
        found = orjson.dumps({"raw": text})
    return found.decode().translate(_LINE_ENDS)[1:-1] or None


def _gathered(rows: pl.DataFrame, tree: Tree, arrays: Collection[str], path: str = "") -> pl.DataFrame:
    """Add a column of JSON text for every array of objects, and put its name in the place of the array in ``tree``."""
    for name, node in tree.items():
        here = f"{path}.{name}" if path else name
        if isinstance(node, dict) and here in arrays:
            rows, tree[name] = rows.with_columns(_array(rows, node).alias(here)), here
        elif isinstance(node, dict):
            rows = _gathered(rows, node, arrays, here)
    return rows


def _array(rows: pl.DataFrame, tree: Tree) -> pl.Series:
    """Return JSON arrays of the objects in ``tree``, null where empty."""
    lists = rows.select(c for c in _columns(tree) if isinstance(rows.schema[c], pl.List))
    if not lists.width:
        return rows.select(pl.lit("[") + _object(tree) + pl.lit("]")).to_series()
    longest = pl.max_horizontal(pl.col(c).list.len().fill_null(0) for c in lists.columns)
    padded = (
        pl.all()
        .fill_null(pl.lit([], dtype=pl.List(pl.String)))
        .list.gather(pl.int_ranges(0, longest), null_on_oob=True)
    )
    flat = lists.select(padded, pl.int_range(pl.len()).alias("row")).filter(pl.first().list.len() > 0)
    objects = flat.explode(lists.columns).select("row", _object(tree).fill_null("{}").alias("object"))
    arrays = objects.group_by("row", maintain_order=True).agg(pl.col("object").str.join(","))
    numbered = pl.DataFrame({"row": range(rows.height)}, schema={"row": pl.Int64})
    joined = numbered.join(arrays, on="row", how="left", maintain_order="left")
    return joined.select(pl.lit("[") + pl.col("object") + pl.lit("]")).to_series()


def _columns(tree: Tree) -> list[str]:
    return [c for node in tree.values() for c in (_columns(node) if isinstance(node, dict) else [node])]


def _object(tree: Tree) -> pl.Expr:
    """Return JSON objects of the members that are not null; null where none is left."""
    members = pl.concat_str([_member(name, node) for name, node in tree.items()], separator=",", ignore_nulls=True)
    some = pl.any_horizontal(pl.col(c).is_not_null() for c in _columns(tree))  # cheaper than looking at the text
    return pl.when(some).then(pl.concat_str(pl.lit("{"), members, pl.lit("}")))


def _member(name: str, node: Tree | str) -> pl.Expr:
    value = _object(node) if isinstance(node, dict) else pl.col(node)
    return value if name == MEMBERS else pl.concat_str(pl.lit(f'"{name}":'), value)

"""Erases somebody from a running service: from what it holds in memory, from its checkpoints, and from what it learned.

A checkpoint is written with a token in every place of the name, those before it are removed, and the service goes on from it, as after a
restart. So nothing need know what each stage holds: texts in frames, lists and tables are rewritten wherever they stand.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
from polars._typing import PolarsDataType

from vedette.app import checkpoint
from vedette.app.baselines import stored
from vedette.app.checkpoint import Part, Snapshot
from vedette.app.engine import Engine
from vedette.errors import StoreError
from vedette.store.profiles import Shelf
from vedette.store.profiles.erasing import erase as forget
from vedette.store.state.erasure import Rewrite

_ROWS_KEPT_IN = ".arrow"
"""How the files of a checkpoint end that hold rows; those of baselines were written anew before."""


def save(engine: Engine, folder: Path, extra: Mapping[str, bytes], rewrite: Rewrite) -> Path:
    """Write a checkpoint in which a name is replaced, and remove all before it; the engine itself goes on holding the name.

    Args:
        engine: what is to be written; nothing waits in it.
        folder: of the checkpoints.
        extra: what the caller adds: frames of the engine's own are rewritten as well.
        rewrite: puts the token in the place of the name.

    Raises:
        StoreError: it cannot be written; the checkpoints before are there, and hold the name.
    """
    for stage in engine.working():
        if stage.profile is not None:
            forget(stage.profile, rewrite)
    snapshot = checkpoint.take(engine, folder)
    try:
        parts = [_part(part, snapshot.folder, rewrite) for part in snapshot.parts]
        final = checkpoint.write(Snapshot(snapshot.folder, parts), {n: _bytes(n, d, rewrite) for n, d in extra.items()})
        for old in folder.iterdir():
            if old != final:
                shutil.rmtree(old)
    except OSError as error:
        shutil.rmtree(snapshot.folder, ignore_errors=True)
        raise StoreError(f"a checkpoint cannot be replaced: {error.strerror}", where=str(folder)) from error
    return final


def unlearn(like: Shelf, rewrite: Rewrite) -> int:
    """Forget a name in the stored baselines, as ``vedette learn`` left them; return how many entities and values that were.

    Args:
        like: of the running service, whose own memory is not touched: it was forgotten there before.
        rewrite: changes the texts that hold the name.

    Raises:
        BaselineError: one is damaged, or another process holds them.
    """
    shelf = Shelf(like.folder, like.limit, like.groups, like.temporary)
    try:
        if not shelf.names():
            return 0
        count = sum(forget(shelf.profile(features), rewrite) for features in stored(shelf))
        if count:
            shelf.save()
        return count
    finally:
        shelf.close()


def _part(part: Part, folder: Path, rewrite: Rewrite) -> Part:
    for name in part.files:
        if name.endswith(_ROWS_KEPT_IN):
            _file(folder / f"{part.name}.{name}", rewrite)
    frames = {n: f if isinstance(f, bytes) else _frame(f, rewrite) for n, f in part.frames.items()}
    return replace(part, frames=frames)


def _file(path: Path, rewrite: Rewrite) -> None:
    """Rewrite a file of rows; where it holds the name it becomes another file, because it is linked from elsewhere."""
    before = pl.read_ipc(path)
    after = _frame(before, rewrite)
    if after is not before:
        path.unlink()
        after.write_ipc(path)


def _bytes(name: str, data: bytes, rewrite: Rewrite) -> bytes:
    """Rewrite what the engine adds to a checkpoint: frames; other things are the caller's."""
    if not name.startswith("known."):
        return data
    stream = io.BytesIO()
    _frame(pl.read_ipc(io.BytesIO(data)), rewrite).write_ipc(stream)
    return stream.getvalue()


def _frame(frame: pl.DataFrame, rewrite: Rewrite) -> pl.DataFrame:
    """Return a frame with every text rewritten that holds the name, however deep; the same one where none does."""
    changed = []
    for column in frame.get_columns():
        texts = {t for leaf in _leaves(column) for t in leaf.drop_nulls().unique().to_list()}
        names = {old: new for old in texts if (new := rewrite(old)) != old}
        if names:
            changed.append(_replaced(pl.col(column.name), column.dtype, names).alias(column.name))
    return frame.with_columns(changed) if changed else frame


def _leaves(values: pl.Series) -> Iterator[pl.Series]:
    """Yield the columns of texts inside a column."""
    if values.dtype == pl.String:
        yield values
    elif isinstance(values.dtype, (pl.List, pl.Array)):
        yield from _leaves(values.explode())
    elif isinstance(values.dtype, pl.Struct):
        for field in values.dtype.fields:
            yield from _leaves(values.struct.field(field.name))


def _replaced(column: pl.Expr, kind: PolarsDataType, names: Mapping[str, str]) -> pl.Expr:
    if kind == pl.String:
        return column.replace(names)
    if isinstance(kind, pl.List):
        return column.list.eval(_replaced(pl.element(), kind.inner, names))
    if isinstance(kind, pl.Struct):
        fields = [_replaced(column.struct.field(f.name), f.dtype, names).alias(f.name) for f in kind.fields]
        return pl.when(column.is_not_null()).then(pl.struct(fields))
    return column

"""Entities that were not seen for long lie in files until they are seen again.

A segment is what was set aside at one day boundary: ``entities.parquet`` and a file of values per set. Segments are never changed; of an
entity that is in several the newest counts, and none where it is in memory. Hashes of the keys stay in memory: files
are read for those alone that were set aside.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from vedette.store.profiles.members import SEEN, Hashes, hashed

SEGMENTS = 8
"""Segments beyond which they are made one."""
ENTITIES = "entities.parquet"


class Cold:
    """The entities set aside of one feature set.

    Args:
        keys: the columns that name an entity.
        sets: how many sets of values it has.
        folder: where a temporary folder is made when it is needed; removed by ``close``.
    """

    def __init__(self, keys: Sequence[str], sets: int, folder: Path | None = None) -> None:
        self._keys, self._sets, self._folder = list(keys), sets, folder
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._made = 0
        self._known: Hashes = np.zeros(0, dtype=np.uint64)
        self.segments: list[Path] = []

    def __bool__(self) -> bool:
        return bool(self.segments)

    def put(self, entities: pl.DataFrame, members: Sequence[pl.DataFrame], hot: pl.Series) -> None:
        """Set entities aside.

        Args:
            entities: keys, ``entity`` and whatever they have.
            members: per set, their values.
            hot: (n,) Int64 ids of the entities that stay in memory.
        """
        segment = self._new()
        entities.write_parquet(segment / ENTITIES)
        self._note(entities)
        for i, frame in enumerate(members):
            frame.write_parquet(segment / _values(i))
        self.segments.append(segment)
        if len(self.segments) > SEGMENTS:
            self._unite(hot)

    def adopt(self, segment: Sequence[Path | None]) -> None:
        """Take files of another store as a segment: ``entities``, then those of the sets (None: no values). They may go away there."""
        target = self._new()
        for path, name in zip(segment, (ENTITIES, *map(_values, range(self._sets))), strict=True):
            if path is None:
                pl.DataFrame(schema=SEEN).write_parquet(target / name)
                continue
            try:
                (target / name).hardlink_to(path)
            except OSError:  # another file system
                shutil.copyfile(path, target / name)
        self.segments.append(target)
        self._note(pl.read_parquet(target / ENTITIES, columns=self._keys))

    def take(self, keys: pl.DataFrame, since: int) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
        """Return what is known of those of some entities that were set aside, and their values that were had at ``since`` or later.

        Args:
            keys: of entities that are not in memory.
            since: microseconds since the epoch.
        """
        found: list[pl.DataFrame] = []
        values: list[list[pl.DataFrame]] = [[] for _ in range(self._sets)]
        left = keys.select(self._keys)
        left = left.filter(np.isin(self._hashes(left), self._known))
        for segment in reversed(self.segments if left.height else ()):
            here = (
                pl.scan_parquet(segment / ENTITIES)
                .join(left.lazy(), on=self._keys, how="semi", nulls_equal=True)
                .collect()
            )
            if not here.height:
                continue
            found.append(here)
            for i, of in enumerate(values):
                lines = pl.scan_parquet(segment / _values(i)).filter(pl.col("last") >= since)
                of.append(lines.join(here.lazy().select("entity"), on="entity", how="semi").collect())
            left = left.join(here, on=self._keys, how="anti", nulls_equal=True)
        entities = pl.concat(found, how="diagonal") if found else pl.DataFrame()
        return entities, [pl.concat(v) if v else pl.DataFrame(schema=SEEN) for v in values]

    def values(self, hot: pl.Series, number: int, since: int, until: int | None = None) -> pl.DataFrame:
        """Return the values of one set last had from ``since`` on and before ``until``, of all entities that are not in memory."""
        live = self._live(hot)
        found = []
        for segment in self.segments:
            lines = pl.scan_parquet(segment / _values(number)).filter(pl.col("last") >= since)
            if until is not None:
                lines = lines.filter(pl.col("last") < until)
            of = live.filter(pl.col("segment") == segment.name)
            found.append(lines.join(of.lazy().select("entity"), on="entity", how="semi").collect())
        return pl.concat(found) if found else pl.DataFrame(schema=SEEN)

    def entities(self, hot: pl.Series, columns: Sequence[str]) -> pl.DataFrame:
        """Return columns of all entities that are not in memory."""
        live = self._live(hot)
        parts = [
            pl.scan_parquet(s / ENTITIES)
            .join(live.lazy().filter(pl.col("segment") == s.name), on="entity", how="semi")
            .select(columns)
            .collect()
            for s in self.segments
        ]
        return pl.concat(parts) if parts else pl.DataFrame()

    def named(self, hot: pl.Series, names: Sequence[str]) -> pl.DataFrame:
        """Return the keys of the entities not in memory that have all of ``names`` among their keys."""
        keys = self.entities(hot, [*self._keys, "entity"]) if self.segments else pl.DataFrame()
        return keys.filter(called(self._keys, names)) if keys.height else keys

    def drop(self, entities: pl.Series) -> None:
        """Forget entities."""
        for segment in self.segments:
            for path in sorted(segment.iterdir()):
                frame = pl.read_parquet(path)
                gone = frame["entity"].is_in(entities.implode())
                if gone.any():
                    path.unlink()  # it may be a link to a file of the store, which must not change
                    frame.filter(~gone).write_parquet(path)

    def forget(self, before: float, hot: pl.Series) -> int:
        """Forget the entities not in memory whose last window is older than number ``before``; return how many."""
        told = self.entities(hot, ["entity", "at"])
        old = told.filter(pl.col("at") < before)["entity"] if told.height else pl.Series([], dtype=pl.Int64)
        if len(old):
            self.drop(old)
            self.renew()
        return len(old)

    def __len__(self) -> int:
        """Return of how many entities the files may tell, those in memory among them."""
        return len(self._known)

    def _live(self, hot: pl.Series) -> pl.DataFrame:
        """Return ``entity`` and the name of the ``segment`` that counts, of all entities that are not in memory."""
        each = [
            pl.scan_parquet(s / ENTITIES).select("entity", segment=pl.lit(s.name)).collect()
            for s in reversed(self.segments)
        ]
        if not each:
            return pl.DataFrame(schema={"entity": pl.Int64, "segment": pl.String})
        newest = pl.concat(each).unique("entity", keep="first", maintain_order=True)
        return newest.filter(~pl.col("entity").is_in(hot.implode()))

    def _unite(self, hot: pl.Series) -> None:
        live, target = self._live(hot), self._new()
        for name in (ENTITIES, *map(_values, range(self._sets))):
            parts = [
                pl.scan_parquet(s / name).join(live.lazy().filter(pl.col("segment") == s.name), on="entity", how="semi")
                for s in self.segments
            ]
            pl.concat(parts, how="diagonal").collect().write_parquet(target / name)
        for segment in self.segments:
            shutil.rmtree(segment)
        self.segments = [target]
        self.renew()

    def _hashes(self, keys: pl.DataFrame) -> Hashes:
        return hashed(keys.select(pl.struct(self._keys)).to_series())

    def _note(self, entities: pl.DataFrame) -> None:
        self._known = np.union1d(self._known, self._hashes(entities.select(self._keys)))

    def renew(self) -> None:
        """Make the hashes anew, of whom the files tell now."""
        self._known = np.zeros(0, dtype=np.uint64)
        for segment in self.segments:
            self._note(pl.read_parquet(segment / ENTITIES, columns=self._keys))

    def files(self) -> Iterator[list[Path]]:
        """Yield the files of each segment, oldest first: entities, then the sets."""
        for segment in self.segments:
            yield [segment / ENTITIES, *(segment / _values(i) for i in range(self._sets))]

    def _new(self) -> Path:
        if self._temporary is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="vedette-", dir=self._folder)
        segment = Path(self._temporary.name) / f"{self._made:06}"
        self._made += 1
        segment.mkdir()
        return segment

    def close(self) -> None:
        """Forget everything and remove the files."""
        self.segments, self._known = [], np.zeros(0, dtype=np.uint64)
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None


def called(keys: Sequence[str], names: Sequence[str]) -> pl.Expr:
    """Return whether an entity has all of ``names`` among its keys."""
    each = [pl.any_horizontal(pl.col(list(keys)).cast(pl.String).eq_missing(pl.lit(name))) for name in names]
    return pl.all_horizontal(each)


def _values(number: int) -> str:
    return f"values-{number}.parquet"

"""Baselines on disk: a folder of Parquet files, each with its hash, and one list of them.

::

    baselines.json                  what there is: of each feature set its version, what it learned, when, and its files with their sha256
    NAME-HASH.parquet               entities (a row each), or the values of a set, named by their hash
    lock                            held while the folder changes

Files are written first, the list is replaced whole after them, what it no longer names is removed last: whoever is interrupted leaves
either the old baselines or the new ones. Nothing runs when they are read.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from vedette.abc import Dump, WindowFeatures
from vedette.errors import BaselineError
from vedette.store.lock import alone
from vedette.store.profiles.members import SEEN
from vedette.store.profiles.profile import Groups, Profile
from vedette.store.profiles.quota import Quota

FORMAT = 1
"""Of a baseline. Raised when its files change; ``MIGRATIONS`` gains the way from the one before."""
LIST_FORMAT = 1
LIST = "baselines.json"
_KIND = "vedette baselines"
_FILE = re.compile(r"[a-z][a-z0-9_]*-[0-9a-f]{24}\.parquet")


@dataclass(slots=True)
class Stored:
    """One baseline as it was read: what a migration changes.

    Attributes:
        about: what the list says: ``version``, ``keys``, ``window_seconds``, ``numbers``, ``hourly``, ``sets``, ``learned`` ...
        entities: a row each.
        values: set -> who had what.
    """

    about: dict[str, Any]
    entities: pl.DataFrame
    values: dict[str, pl.DataFrame]


Migration = Callable[[Stored], Stored]
MIGRATIONS: Mapping[int, Migration] = {}
"""Format -> the way to the next one. The first format has no predecessor."""


@dataclass(slots=True)
class _Held:
    profile: Profile
    before: dict[str, Any] | None


@dataclass(slots=True)
class Shelf:
    """The stored baselines of one place.

    Attributes:
        folder: where they lie; it need not exist.
        limit: entities held in memory, of all feature sets together.
        groups: peer groups that the operator named.
        temporary: where files of a run go.
        migrations: by format.
        notices: what is to be told about what was read.
    """

    folder: Path
    limit: int
    groups: Groups = field(default_factory=dict)
    temporary: Path | None = None
    migrations: Mapping[int, Migration] = field(default_factory=lambda: MIGRATIONS)
    notices: list[str] = field(default_factory=list)
    _held: dict[str, _Held] = field(default_factory=dict)
    _quota: Quota = field(init=False)

    def __post_init__(self) -> None:
        self._quota = Quota(self.limit)

    # ------------------------------------------------------------------------------------------------------------ look

    def names(self) -> dict[str, dict[str, Any]]:
        """Return what the list says of each baseline that is here.

        Raises:
            BaselineError: the list is damaged or of a newer format.
        """
        path = self.folder / LIST
        try:
            found: Any = json.loads(path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            raise BaselineError(
                f"the list of baselines cannot be read: {error}", where=str(path), hint=_ANEW
            ) from error
        if not isinstance(found, dict) or found.get("kind") != _KIND or not isinstance(found.get("profiles"), dict):
            raise BaselineError("this is no list of Vedette's baselines", where=str(path), hint=_ANEW)
        if found.get("format") != LIST_FORMAT:
            self._check(found.get("format"))
        profiles: dict[str, dict[str, Any]] = found["profiles"]
        return profiles

    def _check(self, found: object) -> None:
        path = self.folder / LIST
        if isinstance(found, int) and found > FORMAT:
            raise BaselineError(
                f"these baselines are of format {found}, and this Vedette knows up to {FORMAT}",
                where=str(path),
                hint="upgrade vedette, or name another folder with --profiles",
            )
        if not isinstance(found, int) or any(step not in self.migrations for step in range(found, FORMAT)):
            raise BaselineError(f"these baselines are of an unknown format: {found!r}", where=str(path), hint=_ANEW)

    def profile(self, features: WindowFeatures) -> Profile:
        """Return the baseline of a feature set: what is stored, or a new one; the same each time.

        Raises:
            BaselineError: what is stored is damaged or of a newer format.
        """
        name = features.name
        if name not in self._held:
            about = self.names().get(name)
            profile = self._read(features, about) if about is not None else self.new(features)
            self._held[name] = _Held(profile, about)
        return self._held[name].profile

    def new(self, features: WindowFeatures) -> Profile:
        """Return an empty baseline, which is not kept."""
        return Profile(features, self._quota, self.groups, self.temporary)

    def _read(self, features: WindowFeatures, about: dict[str, Any]) -> Profile:
        try:
            self._check(about["format"])
            files = about["files"]
            stored = Stored(
                about,
                self._table(files["entities"]),
                {name: self._table(file) for name, file in files["values"].items()},
            )
            for step in range(about["format"], FORMAT):
                stored = self.migrations[step](stored)
            aside = [
                [
                    self._checked(part["entities"]),
                    *(self._checked(part["values"][s]) if s in part["values"] else None for s in _sets(features)),
                ]
                for part in files.get("aside", [])
            ]
            return self._made(features, stored, aside)
        except (KeyError, TypeError, ValueError, AttributeError, pl.exceptions.PolarsError) as error:
            raise BaselineError(
                f"the baseline of {features.name!r} cannot be read: {error!r}", where=str(self.folder), hint=_ANEW
            ) from error

    def _made(self, features: WindowFeatures, stored: Stored, aside: list[list[Path | None]]) -> Profile:
        profile, about = self.new(features), stored.about
        if what := _unlike(features, stored):
            self.notices.append(f"the baseline of {features.name!r} begins anew: {what}")
            return profile
        if about["version"] != features.version:
            self.notices.append(
                f"{features.name!r} has changed since its baseline was learned: {_changes(features, about)}"
            )
        for segment in aside:
            profile.cold.adopt(segment)
        empty = pl.DataFrame(schema=SEEN)
        profile.restore(about["learned"], stored.entities, [stored.values.get(s, empty) for s in profile.normal.sets])
        return profile

    def _table(self, file: dict[str, Any]) -> pl.DataFrame:
        return pl.read_parquet(io.BytesIO(self._checked(file).read_bytes()))

    def _checked(self, file: dict[str, Any]) -> Path:
        """Return where a file lies, its hash checked.

        Raises:
            BaselineError: it is absent or was changed.
        """
        path = self.folder / str(file["file"])
        if not _FILE.fullmatch(str(file["file"])):
            raise BaselineError(f"not a baseline's file: {file['file']!r}", where=str(self.folder), hint=_ANEW)
        try:
            with path.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise BaselineError(
                f"a baseline's file cannot be read: {error.strerror}", where=str(path), hint=_ANEW
            ) from error
        if found != file["sha256"]:
            raise BaselineError("a baseline's file is damaged or was changed", where=str(path), hint=_ANEW)
        return path

    def resume(self, features: WindowFeatures, dump: Dump) -> Profile:
        """Return the baseline of a feature set as ``dumped`` wrote it down, in place of what is stored: the same from now on.

        Raises:
            BaselineError: it was written by another format of baselines, or cannot be read.
        """
        try:
            profile = self._resumed(features, dump)
        except (KeyError, TypeError, ValueError, AttributeError, OSError, pl.exceptions.PolarsError) as error:
            raise BaselineError(
                f"the baseline of {features.name!r} cannot be read: {error!r}", where="the last checkpoint", hint=_ANEW
            ) from error
        held = self._held.get(features.name)
        if held is not None:
            held.profile.close()
        self._held[features.name] = _Held(profile, held.before if held is not None else None)
        return profile

    def _resumed(self, features: WindowFeatures, dump: Dump) -> Profile:
        if dump.mark != _MARK:
            raise ValueError(f"it is of the format {dump.mark!r}, not {_MARK!r}")
        told, frames, files = dump.told, dump.frames, dump.files
        sets: list[str] = told["sets"]
        places = [sets.index(s) if s in sets else None for s in _sets(features)]
        aside: list[list[Path | None]] = [
            [
                files[f"aside.{n}.entities.parquet"],
                *(None if at is None else files[f"aside.{n}.{at}.parquet"] for at in places),
            ]
            for n in range(told["segments"])
        ]
        values = {s: frames[f"values.{s}"] for s in sets}
        profile = self._made(features, Stored(dict(told), frames["entities"], values), aside)
        if profile.stored is not None:  # it did not begin anew
            profile.stored = told["stored"]
            profile.tally.again, profile.tally.forgotten = told["again"], told["forgotten"]
        return profile

    # ---------------------------------------------------------------------------------------------------------- change

    def save(self) -> None:
        """Write every baseline that was asked for; the others stay.

        Raises:
            BaselineError: another process has changed one of them meanwhile, or holds the folder.
        """
        with self._alone():
            have = self.names()
            for name, held in self._held.items():
                if have.get(name) != held.before:
                    raise BaselineError(
                        f"the baseline of {name!r} was changed by another process meanwhile",
                        where=str(self.folder),
                        hint="learn again: what is stored is whole",
                    )
                if held.profile.windows:
                    have[name] = json.loads(json.dumps(self._written(held.profile)))  # as it will be read
                    held.before = have[name]
            self._replace(have)

    def forget(self, name: str) -> None:
        """Remove a baseline; damaged ones too."""
        with self._alone():
            have = self.names()
            have.pop(name, None)
            self._held.pop(name, None)
            self._replace(have)

    def clear(self) -> None:
        """Remove everything, whatever state it is in."""
        with self._alone():
            self._held.clear()
            self._replace({})

    def _written(self, profile: Profile) -> dict[str, Any]:
        name, normal = profile.features.name, profile.normal
        files = {
            "entities": self._write(name, profile.kept()),
            "values": {m.column: self._write(name, m.seen.sort("entity", "member")) for m in profile.members},
            "aside": [
                {
                    "entities": self._copy(name, entities),
                    "values": {s: self._copy(name, path) for s, path in zip(normal.sets, values, strict=True)},
                }
                for entities, *values in profile.cold.files()
            ],
        }
        saved = datetime.now(UTC).isoformat(timespec="seconds")
        return {"format": FORMAT, **_about(profile), "saved": saved, "files": files}

    def _write(self, name: str, frame: pl.DataFrame) -> dict[str, Any]:
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        return self._put(name, buffer.getvalue())

    def _copy(self, name: str, path: Path) -> dict[str, Any]:
        return self._put(name, path.read_bytes())

    def _put(self, name: str, data: bytes) -> dict[str, Any]:
        digest = hashlib.sha256(data).hexdigest()
        file = f"{name}-{digest[:24]}.parquet"
        if not (self.folder / file).exists():
            _write(self.folder / file, data)
        return {"file": file, "sha256": digest, "bytes": len(data)}

    def _replace(self, have: dict[str, dict[str, Any]]) -> None:
        profiles = dict(sorted(have.items()))
        text = json.dumps({"kind": _KIND, "format": LIST_FORMAT, "profiles": profiles})
        _write(self.folder / LIST, text.encode() + b"\n")
        named = set(_files(profiles))
        for path in self.folder.iterdir():
            if _FILE.fullmatch(path.name) and path.name not in named:
                path.unlink(missing_ok=True)

    def _alone(self) -> AbstractContextManager[None]:
        """Let one process at a time change the folder."""
        return alone(self.folder, BaselineError, "the baselines", mode=0o700)

    def close(self) -> None:
        """Remove the files of this run."""
        for held in self._held.values():
            held.profile.close()


_ANEW = "learn anew: vedette learn --fresh PATH"
_MARK = f"baseline {FORMAT}"


def dumped(profile: Profile) -> Dump:
    """Return all that a baseline is, to go on from to the bit."""
    seen = {f"values.{m.column}": m.seen for m in profile.members}
    files: dict[str, Path] = {}
    segments = list(profile.cold.files())
    for n, (entities, *values) in enumerate(segments):
        files[f"aside.{n}.entities.parquet"] = entities
        files |= {f"aside.{n}.{at}.parquet": path for at, path in enumerate(values)}
    tally = {"again": profile.tally.again, "forgotten": profile.tally.forgotten, "stored": profile.stored}
    told = {**_about(profile), **tally, "segments": len(segments)}
    return Dump(_MARK, told, {"entities": profile.kept(), **seen}, files)


def _about(profile: Profile) -> dict[str, Any]:
    """Return what a baseline is of, and what it learned beside its entities."""
    normal = profile.normal
    return {
        "version": profile.features.version,
        "keys": list(profile.features.keys),
        "window_seconds": normal.window.total_seconds(),
        "numbers": list(normal.numbers),
        "hourly": list(normal.hourly),
        "sets": list(normal.sets),
        "learned": profile.told(),
    }


def _sets(features: WindowFeatures) -> tuple[str, ...]:
    return features.normal.sets if features.normal is not None else ()


def _unlike(features: WindowFeatures, stored: Stored) -> str:
    """Return why a stored baseline says nothing about a feature set's rows as they are now, or nothing."""
    normal, schema = features.normal, features.schema()
    if normal is None:
        return "it has none any more"
    if stored.about["keys"] != list(features.keys) or any(
        stored.entities.schema[k] != schema[k] for k in features.keys
    ):
        return f"it was learned per {', '.join(stored.about['keys'])}, and is now per {', '.join(features.keys)}"
    if stored.about["window_seconds"] != normal.window.total_seconds():
        return f"it was learned from windows of {stored.about['window_seconds']:g} s, which are now {normal.window.total_seconds():g} s"
    return ""


def _changes(features: WindowFeatures, about: dict[str, Any]) -> str:
    normal = features.normal
    now = (*normal.numbers, *normal.sets) if normal else ()
    before = (*about["numbers"], *about["sets"])
    parts = (
        ("kept", [n for n in now if n in before]),
        ("new", [n for n in now if n not in before]),
        ("gone", [n for n in before if n not in now]),
    )
    return "; ".join(f"{word} {', '.join(names)}" for word, names in parts if names)


def _files(value: object) -> Iterator[str]:
    """Yield every file that a list names, however deep."""
    if isinstance(value, dict):
        if isinstance(file := value.get("file"), str):
            yield file
        for part in value.values():
            yield from _files(part)
    elif isinstance(value, list):
        for part in value:
            yield from _files(part)


def _write(target: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    number, fresh = tempfile.mkstemp(prefix=".new-", dir=target.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).replace(target)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise

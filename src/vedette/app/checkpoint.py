"""Checkpoints: all that an engine remembers, in a folder, to go on from as if nothing had been between.

::

    000000000007/
        manifest.json, manifest.sha256     what there is, of which version, and the sha256 of each file
        NAME.work                          of a feature set: open windows or waiting events, history, hits of its detectors
        NAME.normal                        its baseline
        NAME.work.FILE, NAME.normal.FILE   what it keeps in files itself: linked, not written again
        extra                              what the caller adds

A file is a row of Arrow IPC streams; the manifest says where each begins. What did not change since the checkpoint before is linked from
it. A checkpoint is written to ``NUMBER.new``, made safe on disk, then renamed: who is interrupted leaves the one before. Two are kept;
where the newest is damaged, the other is taken. Events are not in it (they are in the lake), nor models.

A stage that does not fit any more (its feature set has other columns, or sums up in another way) begins anew, and that is told; its
baseline stays, as far as it means the same. So does what detectors keep that are gone.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

import vedette
from vedette.abc import Dump, FeatureSet
from vedette.app.engine import Engine
from vedette.app.findings import Hits
from vedette.app.stage import Stage
from vedette.errors import BaselineError, StoreError
from vedette.features.window import adopted
from vedette.store.profiles.shelf import dumped
from vedette.store.settle import settle

FORMAT = 1
"""Raised when files change; a checkpoint of another format is passed over."""
KEPT = 2
"""Checkpoints that are kept."""
EXTRA = "extra"
_KIND = "vedette checkpoint"
_NUMBER = re.compile(r"\d{12}")
_log = logging.getLogger("vedette.live")


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes one file, and the files linked beside it.

    Attributes:
        name: of the file.
        told: what the manifest says of it.
        frames: name -> rows, or bytes as they are.
        files: names of what was linked.
    """

    name: str
    told: Mapping[str, Any]
    frames: Mapping[str, pl.DataFrame | bytes]
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What an engine remembered at a moment. It does not change when the engine goes on.

    Attributes:
        folder: where it is being written: ``NUMBER.new``.
        parts: what is to be written.
    """

    folder: Path
    parts: list[Part] = field(default_factory=list)


def save(engine: Engine, folder: Path, extra: Mapping[str, bytes] | None = None) -> Path:
    """Write a checkpoint into ``folder``, beside the one before; return its own folder.

    Raises:
        StoreError: the disk is full or cannot be written; the checkpoints before are whole.
    """
    return write(take(engine, folder), extra)


def take(engine: Engine, folder: Path) -> Snapshot:
    """Return what the engine remembers now, to be given to ``write``, also by another thread while the engine goes on.

    To be called when the one before is written.

    Raises:
        StoreError: the folder cannot be written.
    """
    snapshot = None
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        last = max((int(p.stem) for p in folder.iterdir() if _NUMBER.fullmatch(p.stem)), default=0)
        snapshot = Snapshot(folder / f"{last + 1:012}.new")
        snapshot.folder.mkdir(mode=0o700)
        for stage in engine.working():
            _take(stage, snapshot)
    except OSError as error:
        if snapshot is not None:
            shutil.rmtree(snapshot.folder, ignore_errors=True)
        raise _unwritten(folder, error) from error
    return snapshot


def write(snapshot: Snapshot, extra: Mapping[str, bytes] | None = None) -> Path:
    """Write what ``take`` returned and what the caller adds; return the checkpoint's folder.

    Raises:
        StoreError: the disk is full or cannot be written; the checkpoints before are whole.
    """
    folder, final = snapshot.folder, snapshot.folder.with_suffix("")
    before = next(iter(_made(folder.parent)), None)
    known = _known(before) if before is not None else _Known()
    try:
        parts = [_write(part, folder, known) for part in (*snapshot.parts, Part(EXTRA, {}, dict(extra or {})))]
        body = {"kind": _KIND, "format": FORMAT, "vedette": vedette.__version__, "parts": parts}
        text = json.dumps(body).encode()
        _put(folder / "manifest.json", text)
        _put(folder / "manifest.sha256", hashlib.sha256(text).hexdigest().encode())
        settle(folder)
        folder.rename(final)
        settle(folder.parent)
        for old in _made(folder.parent)[KEPT:]:
            shutil.rmtree(old)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise _unwritten(folder.parent, error) from error
    return final


def load(engine: Engine, folder: Path) -> dict[str, bytes]:
    """Give a new engine what the newest whole checkpoint holds; return what the caller had added, nothing where there is none.

    What could not be taken is told in the log. What an interrupted writing left is removed, and damaged ones are, once an older one is
    taken: two whole ones are kept.
    """
    damaged: list[Path] = []
    for left in folder.glob("*.new"):
        shutil.rmtree(left, ignore_errors=True)
    for path in _made(folder):
        try:
            manifest = _read_manifest(path)
            opened = [_Opened(path, part) for part in manifest["parts"]]
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            _log.error("checkpoint %s is passed over: %s", path, error)
            damaged.append(path)
            continue
        same = manifest["vedette"] == vedette.__version__
        parts = {part.name: part for part in opened}
        for name in sorted({p.rpartition(".")[0] for p in parts if p != EXTRA}):
            _resume(engine, name, parts, same=same)
        for gone in damaged:
            shutil.rmtree(gone, ignore_errors=True)
        return {name: bytes(content) for name, content in parts[EXTRA].sections()}
    return {}


# --------------------------------------------------------------------------------------------------------------- take


def _take(stage: Stage, snapshot: Snapshot) -> None:
    name = stage.features.name
    state = stage.state.dump() if stage.state is not None else None
    hits = {h.detector.name: _hits(h) for h in stage.hits}
    told = {
        "rows": _rows(stage.features),
        "state": {"mark": state.mark, "told": state.told} if state is not None else None,
        "looked_at": stage.looked_at,
        "passed_over": stage.passed_over,
        "lacking": sorted(stage.lacking),
        "broken": dict(stage.broken),
        "hits": {n: about for n, (about, _) in hits.items()},
    }
    frames = {f"state.{n}": f for n, f in state.frames.items()} if state is not None else {}
    frames |= {f"hits.{n}.{kind}": frame for n, (_, held) in hits.items() for kind, frame in held.items()}
    files = _linked(f"{name}.work", state.files if state is not None else {}, snapshot.folder)
    snapshot.parts.append(Part(f"{name}.work", told, frames, files))
    if stage.profile is not None:
        learned = dumped(stage.profile)
        files = _linked(f"{name}.normal", learned.files, snapshot.folder)
        snapshot.parts.append(
            Part(f"{name}.normal", {"mark": learned.mark, "told": learned.told}, learned.frames, files)
        )


def _hits(hits: Hits) -> tuple[dict[str, Any], dict[str, pl.DataFrame]]:
    """Return what a detector found: numbers, and frames."""
    held = {"frames": hits.frames, "weak": hits.weak, "warm": [hits.warm] if hits.warm.height else []}
    frames = {name: pl.concat(some, rechunk=True) for name, some in held.items() if some}
    return {"judged": sorted(hits.judged.items()), "changes": hits.changes}, frames


def _rows(features: FeatureSet) -> str:
    """Return what the rows of hits are: their columns, in order."""
    return hashlib.blake2b(repr(list(features.schema().items())).encode(), digest_size=8).hexdigest()


def _linked(part: str, files: Mapping[str, Path], folder: Path) -> tuple[str, ...]:
    for name, path in files.items():
        adopted(path, folder / f"{part}.{name}")
    return tuple(files)


# -------------------------------------------------------------------------------------------------------------- write


@dataclass(frozen=True, slots=True)
class _Known:
    """What the checkpoint before knows of its files: by name, and by what is linked."""

    folder: Path = Path()
    parts: Mapping[str, Any] = field(default_factory=dict)
    linked: Mapping[int, str] = field(default_factory=dict)


def _known(folder: Path) -> _Known:
    try:
        parts = {p["name"]: p for p in _read_manifest(folder)["parts"]}
        linked = {(folder / f"{p}.{n}").stat().st_ino: d for p, told in parts.items() for n, d in told["files"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        return _Known()
    return _Known(folder, parts, linked)


def _write(part: Part, folder: Path, known: _Known) -> dict[str, Any]:
    """Write one file; return what the manifest says of it."""
    stream, sections = io.BytesIO(), {}
    for name, content in part.frames.items():
        begin = stream.tell()
        stream.write(content if isinstance(content, bytes) else _ipc(content))
        sections[name] = [begin, stream.tell() - begin]
    digest = hashlib.sha256(stream.getbuffer()).hexdigest()
    before = known.parts.get(part.name)
    if before is not None and before["sha256"] == digest:
        (folder / part.name).hardlink_to(known.folder / part.name)
    else:
        _put(folder / part.name, stream.getbuffer())
    files = {name: _digest(folder / f"{part.name}.{name}", known) for name in part.files}
    return {"name": part.name, "sha256": digest, "sections": sections, "files": files, "told": part.told}


def _ipc(frame: pl.DataFrame) -> memoryview:
    stream = io.BytesIO()
    frame.write_ipc(stream, compression="lz4")
    return stream.getbuffer()


def _digest(path: Path, known: _Known) -> str:
    """Return the sha256 of a linked file, which is safe on disk then; one that was linked before was read before."""
    with path.open("rb") as file:
        number = os.fstat(file.fileno()).st_ino
        if number in known.linked:
            return known.linked[number]
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put(path: Path, content: bytes | memoryview) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _unwritten(folder: Path, error: OSError) -> StoreError:
    return StoreError(
        f"a checkpoint cannot be written: {error.strerror}",
        where=str(folder),
        hint="make room on the disk: nothing is lost meanwhile, but a restart will take longer",
    )


# --------------------------------------------------------------------------------------------------------------- load


def _made(folder: Path) -> list[Path]:
    """Return the checkpoints of a folder, newest first."""
    return sorted((p for p in folder.glob("*") if _NUMBER.fullmatch(p.name)), reverse=True)


def _read_manifest(folder: Path) -> dict[str, Any]:
    text = (folder / "manifest.json").read_bytes()
    if hashlib.sha256(text).hexdigest() != (folder / "manifest.sha256").read_text("ascii"):
        raise ValueError("its manifest is damaged")
    manifest: dict[str, Any] = json.loads(text)
    if manifest["kind"] != _KIND or manifest["format"] != FORMAT:
        raise ValueError(f"its format is {manifest['format']!r}, and this Vedette knows {FORMAT}")
    return manifest


class _Opened:
    """A part as it was read: whole, or there is an error."""

    def __init__(self, folder: Path, about: Mapping[str, Any]) -> None:
        self.name: str = about["name"]
        self.told: dict[str, Any] = about["told"]
        self._sections: dict[str, list[int]] = about["sections"]
        self._path = folder / self.name
        self.files = {name: folder / f"{self.name}.{name}" for name in about["files"]}
        for path, digest in ((self._path, about["sha256"]), *((self.files[n], d) for n, d in about["files"].items())):
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    raise ValueError(f"{path.name} is damaged")

    def sections(self) -> Iterator[tuple[str, bytes]]:
        with self._path.open("rb") as file:
            for name, (begin, size) in self._sections.items():
                file.seek(begin)
                yield name, file.read(size)

    def frames(self) -> dict[str, pl.DataFrame]:
        return {name: pl.read_ipc(content) for name, content in self.sections()}


def _resume(engine: Engine, name: str, parts: Mapping[str, _Opened], *, same: bool) -> None:
    """Give a stage what it had."""
    stage = engine.wake(name)
    if stage is None:
        _log.warning("%s: nothing needs it any more; what was held of it is dropped", name)
        return
    learned = parts.get(f"{name}.normal")
    if learned is not None:
        try:
            engine.recall(stage, Dump(learned.told["mark"], learned.told["told"], learned.frames(), learned.files))
        except BaselineError as error:
            _log.warning("%s: its baseline begins anew: %s", name, error.message)
    work = parts[f"{name}.work"]
    try:
        _give(stage, work)
    except ValueError as error:
        _log.warning("%s: its open windows and hits begin anew: %s", name, error)
        return
    if same:  # another version may have mended what broke
        stage.broken |= work.told["broken"]


def _give(stage: Stage, work: _Opened) -> None:
    told = work.told
    if told["rows"] != _rows(stage.features):
        raise ValueError("its columns have changed")
    frames = work.frames()
    if stage.state is not None:
        head = "state."
        own = {n.removeprefix(head): f for n, f in frames.items() if n.startswith(head)}
        stage.state.load(Dump(told["state"]["mark"], told["state"]["told"], own, work.files))
    stage.looked_at, stage.passed_over, stage.lacking = told["looked_at"], told["passed_over"], set(told["lacking"])
    for hits in stage.hits:
        about = told["hits"].get(hits.detector.name)
        if about is not None:
            held = {kind: frames.get(f"hits.{hits.detector.name}.{kind}") for kind in ("frames", "weak", "warm")}
            hits.frames = [held["frames"]] if held["frames"] is not None else []
            hits.weak = [held["weak"]] if held["weak"] is not None else []
            hits.warm = held["warm"] if held["warm"] is not None else pl.DataFrame()
            hits.judged, hits.changes = Counter(dict(about["judged"])), about["changes"]

"""A model on disk: a folder of open formats, each file with its hash, nothing that runs when it is read.

``model.json`` names everything else: format, model name and version, the detector it is for, the version of what it reads, the data's
fingerprint, and the sha256 of each file. ``parameters.npz`` are the weights, ``calibration.json`` the tables, ``known.npz`` which pieces of
text training has seen, ``card.json`` what the model card is drawn from; ``anchors.npz``, where a model has it, is a sample of malicious
items as hashes.
"""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from vedette.errors import ModelError
from vedette.scoring.additive import Additive, Block
from vedette.scoring.calibration import Calibration

FORMAT = 1
"""Raised when an older Vedette could misread a folder."""
MANIFEST = "model.json"
LARGEST = 64 << 20
"""Bytes of one file of a model."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A trained model, ready to score.

    Attributes:
        name: what it is called in the registry; ``version``: made from its parameters.
        encoder: version of the detector's evidence: a model whose encoder differs from its detector's is refused.
        form: the parameters.
        calibration: what a margin is worth.
        known: (slots,) which pieces of the detector's ``familiar`` block training has seen.
        recipe: the recipe it was trained from, as read; ``data``: data set name -> fingerprint of what was used.
        card: figures and texts of the model card.
        anchors: the evidence of some malicious items it was trained on, which a site's own benign items are held against; or nothing.
        notice: what its user must be told (no part of the artefact), or nothing.
    """

    name: str
    version: str
    encoder: str
    form: Additive
    calibration: Calibration
    known: npt.NDArray[np.bool_]
    recipe: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    card: Mapping[str, Any] = field(default_factory=dict)
    anchors: tuple[Block, ...] = ()
    notice: str = ""


def version_of(form: Additive) -> str:
    """Return twelve hex digits of the parameters."""
    return hashlib.sha256(form.dump()).hexdigest()[:12]


def write(model: Model, folder: Path) -> None:
    """Write a model into a new or empty folder; the manifest comes last, so that a half-written folder is no model.

    Raises:
        ModelError: there is something in the folder already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ModelError("the folder of a new model is not empty", where=str(folder))
    known = io.BytesIO()
    np.savez_compressed(known, bits=np.packbits(model.known), slots=np.array(len(model.known), np.int64))
    files = {
        "parameters.npz": model.form.dump(),
        "calibration.json": _json(model.calibration.dump()),
        "known.npz": known.getvalue(),
        "recipe.json": _json(model.recipe),
        "card.json": _json(model.card),
    }
    if model.anchors:
        files["anchors.npz"] = _packed(model.anchors)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    manifest = {
        "format": FORMAT,
        "kind": "vedette model",
        "name": model.name,
        "version": model.version,
        "encoder": model.encoder,
        "form": "additive",
        "data": dict(model.data),
        "files": {n: {"sha256": hashlib.sha256(d).hexdigest(), "bytes": len(d)} for n, d in files.items()},
    }
    (folder / MANIFEST).write_bytes(_json(manifest))


def manifest(folder: Path) -> dict[str, Any]:
    """Read what a folder says about itself, without its parameters.

    Raises:
        ModelError: it is no model, or of a newer format.
    """
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ModelError("no model here: model.json is absent", where=str(folder)) from error
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"model.json cannot be read: {error}", where=str(path)) from error
    if not isinstance(found, dict) or found.get("kind") != "vedette model":
        raise ModelError("model.json is not that of a Vedette model", where=str(path))
    if found.get("format") != FORMAT:
        raise ModelError(
            f"the model is of format {found.get('format')!r}; this version reads {FORMAT}",
            where=str(path),
            hint="upgrade vedette, or retrain: vedette train NAME",
        )
    if not (
        isinstance(found.get("files"), dict)
        and all(isinstance(found.get(k), str) for k in ("name", "version", "encoder"))
    ):
        raise ModelError("model.json lacks its files, name, version or encoder", where=str(path))
    return found


def read(folder: Path) -> Model:
    """Read a model; every file is checked against its hash before it is looked at.

    The tables of a model that was read before are shared, and cannot be written to; the files are read and checked each time.

    Raises:
        ModelError: it is no model, damaged, or of a newer format.
    """
    told = manifest(folder)
    files = {name: _checked(folder, name, about) for name, about in told["files"].items()}
    try:
        if told.get("form") != "additive":
            raise ModelError(f"no such form of model: {told.get('form')!r}", where=str(folder))
        return replace(
            _tables(_Files(json.dumps(told, sort_keys=True), files)),
            recipe=json.loads(files["recipe.json"]),
            card=json.loads(files["card.json"]),
            data=told.get("data", {}),
        )
    except (KeyError, ValueError, OSError, BadZipFile, zlib.error) as error:
        raise ModelError(f"the model lacks a part, or one cannot be read: {error}", where=str(folder)) from error


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a model, checked: what their manifest says, hashes and all, tells them apart."""

    told: str
    data: Mapping[str, bytes] = field(compare=False)


@lru_cache(maxsize=16)
def _tables(files: _Files) -> Model:
    """Return the model without what a user of it might change."""
    told, data = json.loads(files.told), files.data
    with np.load(io.BytesIO(data["known.npz"]), allow_pickle=False) as known:
        seen = np.unpackbits(known["bits"])[: int(known["slots"])].astype(np.bool_)
    model = Model(
        name=told["name"],
        version=told["version"],
        encoder=told["encoder"],
        form=Additive.load(data["parameters.npz"]),
        calibration=Calibration.load(json.loads(data["calibration.json"])),
        known=seen,
        anchors=_unpacked(data["anchors.npz"]) if "anchors.npz" in data else (),
    )
    table = model.calibration
    shared = (seen, *model.form.weights.values(), table.benign, table.above, table.knots, table.confidence)
    of_anchors = (a for b in model.anchors for a in (b.starts, b.slot, b.value))
    for array in (*shared, *of_anchors):
        if array is not None:
            array.flags.writeable = False
    return model


def _packed(blocks: Sequence[Block]) -> bytes:
    """Return blocks, without what explains them, as an npz file: the same bytes for the same blocks."""
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for at, block in enumerate(blocks):
        arrays |= {
            f"{at}/{block.name}/slots": np.array(block.slots, np.int64),
            f"{at}/{block.name}/starts": block.starts.astype(np.uint32),
            f"{at}/{block.name}/slot": block.slot.astype(np.uint32),
            f"{at}/{block.name}/value": block.values().astype(np.float32),
        }
    out = io.BytesIO()
    np.savez_compressed(out, **dict(sorted(arrays.items())))  # type: ignore[arg-type]
    return out.getvalue()


def _unpacked(data: bytes) -> tuple[Block, ...]:
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        names = sorted({n.rpartition("/")[0] for n in arrays.files}, key=lambda n: int(n.partition("/")[0]))
        return tuple(
            Block(
                n.partition("/")[2],
                int(arrays[f"{n}/slots"]),
                arrays[f"{n}/starts"].astype(np.int64),
                arrays[f"{n}/slot"],
                arrays[f"{n}/value"],
            )
            for n in names
        )


def _checked(folder: Path, name: str, about: object) -> bytes:
    if "/" in name or "\\" in name or name.startswith("."):
        raise ModelError(f"a model's file may not be called {name!r}", where=str(folder))
    path = folder / name
    try:
        if path.stat().st_size > LARGEST:
            raise ModelError("too large for a model's file", where=str(path))
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"a file of the model cannot be read: {error.strerror}", where=str(path)) from error
    if not isinstance(about, dict) or hashlib.sha256(data).hexdigest() != about.get("sha256"):
        raise ModelError(
            "the file is damaged or was changed: its sha256 differs from model.json",
            where=str(path),
            hint="reinstall vedette, or go back: vedette models rollback NAME",
        )
    return data


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, default=float) + "\n").encode()

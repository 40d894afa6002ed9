"""Which model is in use: those that ship, those of the site, a site's calibrations, and the way back.

Shipped models lie in ``content/models/NAME``. A site's own lie below its home, ``$VEDETTE_HOME`` or the user's data folder (XDG)::

    models/NAME/VERSION/                 a model as ``scoring.artefact`` writes it
    models/NAME/calibrations/ID.json     a calibration of the site, named by its hash; the model's own files are never changed
    models/NAME/uses.json                what was put into use, oldest first: the last one counts, ``rollback`` takes it away
    models/NAME/lock                     held while that list changes

Loading checks every hash. What does not fit is a ``ModelError`` that says the way out; nothing else is taken in its place.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from vedette.abc import Detector, Learned
from vedette.errors import ContentError, ModelError
from vedette.intel.content import content
from vedette.plugins import discover
from vedette.scoring.artefact import MANIFEST, Model, manifest, read, write
from vedette.scoring.calibration import Calibration
from vedette.store.lock import alone

VARIABLE = "VEDETTE_HOME"
SHIPPED = "shipped"
"""In place of a version: the model that came with this Vedette, also after an upgrade."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_VERSION = re.compile(r"[0-9a-zA-Z][0-9a-zA-Z_-]{0,63}")
_USES, _CALIBRATIONS = "uses.json", "calibrations"
_LARGEST = 16 << 20
"""Bytes of a calibration or a list of uses."""


class Use(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was put into use.

    Attributes:
        version: of the model, or ``SHIPPED``.
        calibration: id of the site's calibration; empty: the model's own.
        since: when it was put into use.
    """

    version: str = SHIPPED
    calibration: str = ""
    since: datetime | None = None


class _Uses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    uses: list[Use]


@dataclass(frozen=True, slots=True)
class Version:
    """A model that is here.

    Attributes:
        origin: ``shipped`` or ``site``.
        folder: where it lies.
    """

    name: str
    version: str
    origin: str
    folder: Path


def home() -> Path:
    """Return where the site's own models lie: ``$VEDETTE_HOME``, or ``vedette`` in the user's data folder."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    return Path(os.environ.get("XDG_DATA_HOME") or Path("~/.local/share").expanduser()) / "vedette"


# ------------------------------------------------------------------------------------------------------------------ look


def names() -> list[str]:
    """Return the names of all models that are here."""
    try:
        shipped = [p.name for p in content("models").iterdir() if (p / MANIFEST).is_file()]
    except ContentError:
        shipped = []
    own = home() / "models"
    site = [p.name for p in own.iterdir() if p.is_dir() and _NAME.fullmatch(p.name)] if own.is_dir() else []
    return sorted({*shipped, *site})


def versions(name: str) -> list[Version]:
    """Return the versions of a model that are here, the shipped one first; what is in them is not checked.

    Raises:
        ModelError: the name is none.
    """
    found = [shipped] if (shipped := _shipped(name)) else []
    own = _folder(name)
    inside = sorted(p for p in own.iterdir() if (p / MANIFEST).exists()) if own.is_dir() else []
    return [*found, *(Version(name, p.name, "site", p) for p in inside if _VERSION.fullmatch(p.name))]


def uses(name: str) -> list[Use]:
    """Return what was put into use, oldest first; empty: the shipped one, and nothing else ever.

    Raises:
        ModelError: the list is damaged.
    """
    path = _folder(name) / _USES
    if not path.is_file():
        return []
    try:
        found = msgspec.json.decode(_bounded(path), type=_Uses)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ModelError(
            f"the list of models in use is damaged: {error}",
            where=str(path),
            hint=f"choose again: vedette models use {name} {SHIPPED}",
        ) from error
    if found.format != 1:
        raise ModelError(
            f"the list of models in use is of format {found.format}", where=str(path), hint="upgrade vedette"
        )
    return found.uses


def in_use(name: str) -> Use:
    """Return what is in use.

    Raises:
        ModelError: the list is damaged.
    """
    found = uses(name)
    return found[-1] if found else Use()


def version_named(name: str, version: str) -> Version:
    """Return the version of a model, or the shipped one where ``version`` is ``SHIPPED``.

    Raises:
        ModelError: it is not here.
    """
    have = versions(name)
    chosen = [v for v in have if version == (SHIPPED if v.origin == "shipped" else v.version)]
    chosen += [v for v in have if v.version == version]
    if not chosen:
        raise ModelError(_absent(name, version, have), hint=_way_out(name, version, have))
    return chosen[0]


# ------------------------------------------------------------------------------------------------------------------ load


def load(name: str) -> Model:
    """Return the model in use under ``name``, with the site's calibration where it has one.

    Raises:
        ModelError: there is none, or it or its calibration is absent, damaged, foreign or of a newer format.
    """
    return open_use(name, in_use(name))


def open_use(name: str, use: Use) -> Model:
    """Return the model of a use.

    A site's calibration that was made for another version says nothing about this one: the model comes with its own, and a ``notice``.

    Raises:
        ModelError: as for ``load``.
    """
    model = open_version(version_named(name, use.version))
    if not use.calibration:
        return model
    made_for, calibration = _calibration(name, use.calibration)
    if made_for != model.version:
        return replace(model, notice=_stale(name, made_for, model.version))
    return replace(model, calibration=calibration)


def open_version(version: Version) -> Model:
    """Return the model of a version, its files checked.

    Raises:
        ModelError: it is damaged, foreign or of a newer format.
    """
    model = read(version.folder)
    if model.name != version.name or (version.origin == "site" and model.version != version.version):
        raise ModelError(
            f"the folder holds another model: {model.name} {model.version}, not {version.name} {version.version}",
            where=str(version.folder),
            hint=f"remove the folder, or choose another: vedette models use {version.name} VERSION",
        )
    return model


def equip(detector: type[Detector]) -> Detector:
    """Return the detector, with its model in use where it is a learned one.

    Raises:
        ModelError: its model is absent, damaged, or made for another version of it.
    """
    return detector(load(detector.model_of())) if issubclass(detector, Learned) else detector()


def check(model: Model) -> None:
    """See that a model fits the detectors that use it.

    Raises:
        ModelError: it was made for another version of one.
    """
    for detector in discover(Detector).values():
        if issubclass(detector, Learned) and detector.model_of() == model.name:
            detector(model)


# ---------------------------------------------------------------------------------------------------------------- change


def add(model: Model) -> Version:
    """Keep a model among the site's; it is not put into use by that.

    Raises:
        ModelError: another model of this version is there, or the name is none.
    """
    if not _VERSION.fullmatch(model.version):
        raise ModelError(f"not a version: {model.version!r}")
    target = _folder(model.name) / model.version
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    try:
        write(model, fresh)
        if not target.exists():
            fresh.rename(target)
        elif manifest(fresh) != manifest(target):
            raise ModelError(
                f"version {model.version} of {model.name!r} is here already, with another calibration or card",
                where=str(target),
                hint="remove that folder first",
            )
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Version(model.name, model.version, "site", target)


def use(name: str, version: str) -> Model:
    """Put a version into use, with its own calibration; nothing changes where it cannot be used.

    Raises:
        ModelError: it is not here, or damaged, foreign, of a newer format or made for another version of its detector.
    """
    model = open_version(version_named(name, version))
    check(model)
    with _alone(name):
        try:
            before = uses(name)
        except ModelError:
            before = []  # this is the way out of a damaged list
        _keep(name, [*before, Use(version, "", datetime.now(UTC))])
    return model


def calibrate(name: str, calibration: Calibration, made_for: str = "") -> Use:
    """Put a site's calibration of the model in use into use.

    Args:
        name: of the model.
        calibration: the site's.
        made_for: the version whose margins it was made from; empty: that in use.

    Raises:
        ModelError: the model in use cannot be read, or is another one by now.
    """
    with _alone(name):
        before = uses(name)
        now = before[-1] if before else Use()
        version = open_use(name, now).version
        if made_for not in {"", version}:
            raise ModelError(
                f"the model {name!r} was replaced meanwhile: {version} is in use, and the calibration was made for {made_for}",
                hint=f"calibrate anew: vedette calibrate {name} PATH",
            )
        told = {"format": 1, "model": version, "calibration": calibration.dump()}
        data = (json.dumps(told, sort_keys=True, indent=1) + "\n").encode()
        uid = hashlib.sha256(data).hexdigest()[:16]
        _write(_folder(name) / _CALIBRATIONS / f"{uid}.json", data)
        made = Use(now.version, uid, datetime.now(UTC))
        _keep(name, [*before, made])
    return made


def rollback(name: str) -> Use:
    """Go back to what was in use before, and return that; nothing changes where it cannot be used.

    Raises:
        ModelError: nothing was in use before, or it cannot be used.
    """
    with _alone(name):
        found = uses(name)
        if not found:
            raise ModelError(
                f"nothing else was ever in use for {name!r}", hint="vedette models list shows what is here"
            )
        before = found[-2] if len(found) > 1 else Use()
        check(open_use(name, before))
        _keep(name, found[:-1])
    return before


# --------------------------------------------------------------------------------------------------------------- private


def _folder(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ModelError(f"not a model's name: {name!r}", hint=f"there are: {', '.join(names())}")
    return home() / "models" / name


def _shipped(name: str) -> Version | None:
    _folder(name)  # refuses names that lead elsewhere
    try:
        folder = content(f"models/{name}")
    except ContentError:
        return None
    if not (folder / MANIFEST).exists():
        return None
    try:
        told = str(manifest(folder)["version"])
    except ModelError:
        told = "unreadable"  # loading it says why
    return Version(name, told, "shipped", folder)


def _absent(name: str, version: str, have: list[Version]) -> str:
    if version != SHIPPED:
        return f"version {version!r} of the model {name!r} is not here"
    return f"no model {name!r} ships" if have else f"no model is called {name!r}"


def _way_out(name: str, version: str, have: list[Version]) -> str:
    if not have or version == SHIPPED:
        return f"train it: vedette train {name}"
    return (
        f"choose one that is: vedette models use {name} {SHIPPED if have[0].origin == 'shipped' else have[0].version}"
    )


def _stale(name: str, made_for: str, version: str) -> str:
    return (
        f"this site's calibration of {name!r} was made for version {made_for} and is not used: {version} runs with the calibration that"
        f" it came with. Calibrate anew: vedette calibrate {name} PATH --apply"
    )


def _calibration(name: str, uid: str) -> tuple[str, Calibration]:
    """Return a site's calibration and the version it was made for; its name is its hash."""
    path = _folder(name) / _CALIBRATIONS / f"{uid}.json"
    if not re.fullmatch(r"[0-9a-f]{16}", uid):
        raise ModelError(f"not a calibration's id: {uid!r}", where=str(path))
    hint = f"go back: vedette models rollback {name}; then calibrate anew: vedette calibrate {name} PATH"
    try:
        data = _bounded(path)
    except OSError as error:
        raise ModelError(
            f"the site's calibration cannot be read: {error.strerror}", where=str(path), hint=hint
        ) from error
    if hashlib.sha256(data).hexdigest()[:16] != uid:
        raise ModelError("the site's calibration is damaged or was changed", where=str(path), hint=hint)
    found = json.loads(data)
    if not isinstance(found, dict) or found.get("format") != 1:
        raise ModelError("the site's calibration is of another format", where=str(path), hint=hint)
    return str(found["model"]), Calibration.load(found["calibration"])


def _alone(name: str) -> AbstractContextManager[None]:
    """Let one process at a time change what is in use: the list is read, and written anew."""
    return alone(_folder(name), ModelError, f"the model {name!r}")


def _keep(name: str, found: list[Use]) -> None:
    _write(_folder(name) / _USES, msgspec.json.format(msgspec.json.encode(_Uses(1, found)), indent=1) + b"\n")


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise ModelError("too large", where=str(path))
    return data


def _write(target: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    number, fresh = tempfile.mkstemp(prefix=".new-", dir=target.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        Path(fresh).replace(target)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise


def every() -> Iterator[Version]:
    """Yield all models that are here, by name."""
    for name in names():
        yield from versions(name)

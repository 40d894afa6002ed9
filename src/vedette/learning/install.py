"""Writes a model into a folder of its own, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from vedette.errors import ModelError
from vedette.scoring.artefact import MANIFEST, Model, manifest, write


def install(model: Model, folder: Path) -> None:
    """Write a model into ``folder``, in place of the model that may be there; whole, or not at all.

    Raises:
        ModelError: there is something else than a model.
    """
    if folder.exists() and any(folder.iterdir()) and manifest(folder)["name"] != model.name:
        raise ModelError("the folder holds another model", where=str(folder / MANIFEST))
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        write(model, fresh)
        fresh.chmod(0o755)  # mkdtemp's folder is the user's alone; a model is for all
        if folder.exists():
            shutil.rmtree(folder)
        fresh.replace(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)

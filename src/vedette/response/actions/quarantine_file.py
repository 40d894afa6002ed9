"""Seals a file of this machine away."""

from __future__ import annotations

import platform
import re
from pathlib import PurePosixPath
from typing import Any, ClassVar

from pydantic import Field, field_validator

from vedette.abc import Action
from vedette.abc.response import Rows
from vedette.abc.settings import Settings
from vedette.errors import ActionError, Refused
from vedette.incidents.words import visible
from vedette.model import Entity, EntityKind, Incident, Plan, Receipt
from vedette.response.because import because
from vedette.response.sealed import Sealed, SealError

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_LONGEST = 1_024
_HOST = ("device.hostname", "device.name")


class QuarantineSettings(Settings):
    """Where sealed files lie, and from where they may be taken."""

    folder: str = ""
    """Folder of sealed files, on the file system of those that it takes; only its owner may read it."""

    below: tuple[str, ...] = ()
    """Folders whose files may be sealed: ``["/home", "/srv/upload"]``. Nothing else is ever touched."""

    minutes: int = Field(default=1_440, ge=1, le=525_600)
    """After this it no longer counts as in force; it stays sealed until a person takes it back."""

    @field_validator("folder", "below")
    @classmethod
    def _absolute(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for path in (value,) if isinstance(value, str) else value:
            if path and not _plain(path):
                raise ValueError(f"should be an absolute path without '..', not {path!r}")
        return value


class QuarantineFile(Action):
    """Moves a file of this machine into a folder that nobody else can read, and takes its rights away; undoing puts it back as it was.

    Beside it a note keeps path, sha256, size, rights and owner. Where the event names a sha256, only a file with these bytes is moved. No
    link is followed on the way, what is moved is what was hashed, and a file that comes back never takes another's place.

    Refused: what is not on this machine (by the host that the event names), not below ``below``, or no absolute path. Not moved: folders,
    links, devices, files on another file system than ``folder``.
    """

    name = "quarantine_file"
    targets = (EntityKind.FILE,)
    reversible = True
    disruptive = True
    stays = True
    options = QuarantineSettings
    settings: QuarantineSettings
    example: ClassVar[dict[str, Any]] = {"folder": "/var/lib/vedette/sealed", "below": ["/srv", "/tmp"]}  # noqa: S108 - an example

    def ready(self) -> str:
        missing = next((n for n in ("folder", "below") if not getattr(self.settings, n)), "")
        return f"actions.{self.name}.{missing} is not set" if missing else ""

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        path = self._ours(target)
        _is_here(rows)
        digest = _digest(rows)
        seconds = self.settings.minutes * 60
        shown = visible(path, _LONGEST)
        return Plan(
            action=self.name,
            target=target,
            steps=(f"move {shown} to {self.settings.folder}{f', if its sha256 is {digest}' if digest else ''}",),
            undo=(f"move it back to {shown}",),
            disruptive=self.disruptive,
            ttl_seconds=seconds,
            why=because(incident),
            parameters={"sha256": digest} if digest else {},
        )

    def apply(self, plan: Plan) -> Receipt:
        path = self._ours(plan.target)
        try:
            digest = Sealed(self.settings.folder).put(path, plan.parameters.get("sha256", ""))
        except (SealError, OSError) as error:
            raise Refused(f"{visible(path, 200)} was not moved: {error}", where=self.name) from error
        return Receipt(plan, "done", {"sha256": digest})

    def undo(self, receipt: Receipt) -> Receipt:
        path = receipt.plan.target.value
        try:
            Sealed(self.settings.folder).give_back(path)
        except (SealError, OSError) as error:
            raise ActionError(f"{visible(path, 200)} was not put back: {error}", where=self.name) from error
        return Receipt(receipt.plan, "undone")

    def in_force(self, plan: Plan) -> bool | None:
        try:
            return Sealed(self.settings.folder).holds(plan.target.value)
        except OSError:
            return None

    def _ours(self, target: Entity) -> str:
        path = target.value
        if target.kind is not EntityKind.FILE or not _plain(path):
            raise Refused(f"{visible(path, 80)!r} is not the path of a file", where=self.name)
        inside = any(PurePosixPath(path).is_relative_to(folder) for folder in self.settings.below)
        if not inside or PurePosixPath(path).is_relative_to(self.settings.folder or "/"):
            raise Refused(f"{visible(path, 80)!r} is not below the folders of the settings", where=self.name)
        return path


def _plain(path: str) -> bool:
    """Say whether this is an absolute path of plain characters, written in one way only."""
    whole = path.startswith("/") and path.isprintable() and len(path) <= _LONGEST
    return whole and str(PurePosixPath(path)) == path and ".." not in PurePosixPath(path).parts and path != "/"


def _is_here(rows: Rows) -> None:
    """Refuse what events of another machine name."""
    here = platform.node().partition(".")[0].casefold()
    named = {str(row[column]).partition(".")[0].casefold() for row in rows for column in _HOST if row.get(column)}
    if named != {here}:
        where = f"on {visible(sorted(named)[0], 80)}" if named else "on no host that is named"
        raise Refused(f"it lies {where}, not on this machine", where=QuarantineFile.name)


def _digest(rows: Rows) -> str:
    """Return the one sha256 that the events name; empty where they name none, or several."""
    found = {
        str(word).lower() for row in rows for word in row.get("file.hashes.value") or () if _SHA256.fullmatch(str(word))
    }
    return found.pop() if len(found) == 1 else ""

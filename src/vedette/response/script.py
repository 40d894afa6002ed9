"""Scripts of the administrator: run only if their bytes are those that the settings vouch for.

What is checked is what is run: the bytes are read once, checked, and run from memory, so nobody can change the file in between.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import hmac
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

import orjson
from pydantic import Field, field_validator

from vedette.abc import Action
from vedette.abc.response import Rows
from vedette.abc.settings import Settings
from vedette.errors import ActionError, Refused
from vedette.incidents.words import visible
from vedette.model import Entity, EntityKind, Incident, Plan, Receipt
from vedette.response.because import because
from vedette.response.command import Ran, run

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 1 << 20
"""Of a script."""
MOST_SAID = 65_536
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
_SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL


class ScriptSettings(Settings):
    """Which script, and who vouches for it: its sha256, or an ed25519 signature of its bytes."""

    path: str = ""
    """The script: it gets what is wanted as one line of JSON on its standard input, and no arguments."""

    sha256: str = Field(default="", pattern=r"^(?:[0-9a-fA-F]{64})?$")
    """The sha256 of its bytes: ``sha256sum``."""

    signature: str = ""
    """In its place, a file that holds the ed25519 signature of its bytes (64 bytes, or base64 of these)."""

    public_key: str = ""
    """The ed25519 public key of who signs, in base64."""

    answers: bool = False
    """It also takes ``"do": "ask"``, and ends with 0 where it is in force, 1 where it is not."""

    seconds: float = Field(default=30, gt=0, le=600)
    """How long it may run; then it is ended, with all that it began."""

    minutes: int = Field(default=60, ge=1, le=525_600)
    """How long its effect lasts; then it is run with ``"do": "undo"``."""

    @field_validator("path", "signature")
    @classmethod
    def _absolute(cls, value: str) -> str:
        if value and not value.startswith("/"):
            raise ValueError(f"should be an absolute path, not {value!r}")
        return value

    @field_validator("public_key")
    @classmethod
    def _key(cls, value: str) -> str:
        if value and len(_decoded(value)) != 32:  # noqa: PLR2004 - RFC 8032: an ed25519 public key
            raise ValueError("should be the base64 of an ed25519 public key (32 bytes)")
        return value


class ScriptAction(Action):
    """Runs a script of the administrator's."""

    targets: ClassVar[tuple[EntityKind, ...]] = tuple(EntityKind)
    disruptive = True
    options = ScriptSettings
    settings: ScriptSettings
    example: ClassVar[dict[str, Any]] = {"path": "/usr/local/libexec/vedette-contain", "sha256": "0" * 64}

    def ready(self) -> str:
        said = self.settings
        missing = "" if said.path else "path"
        if not missing and not said.sha256 and not (said.signature and said.public_key):
            missing = "sha256"
        return f"actions.{self.name}.{missing} is not set" if missing else ""

    def plan(self, incident: Incident, target: Entity, rows: Rows = ()) -> Plan:
        if not target.value or target.kind not in self.targets:
            raise Refused("nobody to act on", where=self.name)
        said = self.settings
        by = f"sha256 {said.sha256[:12].lower()}..." if said.sha256 else "signed"
        how = f'{said.path} ({by}), with {{"do": "%s", ...}} and the target on its standard input'
        seconds = said.minutes * 60
        return Plan(
            action=self.name,
            target=target,
            steps=(how % "apply",),
            undo=(how % "undo",) if self.reversible else (),
            disruptive=self.disruptive,
            ttl_seconds=seconds,
            why=because(incident),
            causes=self.causes,
            parameters={"incident": incident.uid},
        )

    def apply(self, plan: Plan) -> Receipt:
        ran = self._run("apply", plan)
        if ran.code != 0:
            raise ActionError(f"the script failed: {visible(ran.why, 200)}", where=self.name)
        return Receipt(plan, "done", {"said": _text(ran.out)})

    def undo(self, receipt: Receipt) -> Receipt:
        if not self.reversible:
            raise ActionError("this script has no way back", where=self.name)
        try:
            ran = self._run("undo", receipt.plan)
        except Refused as error:
            raise ActionError(error.message, where=self.name) from error
        if ran.code != 0:
            raise ActionError(f"the script did not take it back: {visible(ran.why, 200)}", where=self.name)
        return Receipt(receipt.plan, "undone", {"said": _text(ran.out)})

    def in_force(self, plan: Plan) -> bool | None:
        if not self.settings.answers:
            return None
        try:
            code = self._run("ask", plan).code
        except Refused:
            return None
        return code == 0 if code in (0, 1) else None

    def _run(self, do: str, plan: Plan) -> Ran:
        """Run the script.

        Raises:
            Refused: it is not the one that the settings vouch for, or cannot be read; nothing was run.
        """
        given = {
            "do": do,
            "action": self.name,
            "target": {"kind": plan.target.kind.value, "value": plan.target.value},
            "ttl_seconds": plan.ttl_seconds,
            "why": plan.why,
            "parameters": plan.parameters,
        }
        data = orjson.dumps(given, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
        with _in_memory(self._checked()) as file:
            return run(
                [f"/proc/self/fd/{file}"],
                data,
                seconds=self.settings.seconds,
                most_bytes=MOST_SAID,
                environment=ENVIRONMENT,
                held=(file,),
            )

    def _checked(self) -> bytes:
        said = self.settings
        data = self._read(said.path)
        if said.sha256:
            good = hmac.compare_digest(hashlib.sha256(data).hexdigest(), said.sha256.lower())
        else:
            good = _is_signed(data, self._read(said.signature), said.public_key)
        if not good:
            raise Refused(f"{said.path} is not the script that the settings vouch for", where=self.name)
        return data

    def _read(self, path: str) -> bytes:
        try:
            file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(file, "rb") as stream:
                data = stream.read(MOST_BYTES + 1)
        except OSError as error:
            raise Refused(f"cannot read {path}: {error.strerror}", where=self.name) from error
        if len(data) > MOST_BYTES:
            raise Refused(f"{path} is larger than {MOST_BYTES:,} bytes", where=self.name)
        return data


@contextmanager
def _in_memory(data: bytes) -> Iterator[int]:
    """Give a file in memory that nobody can change any more."""
    file = os.memfd_create("vedette-script", os.MFD_ALLOW_SEALING | os.MFD_CLOEXEC)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, _SEALS)
        yield file
    finally:
        os.close(file)


def _is_signed(data: bytes, signature: bytes, key: str) -> bool:
    from nacl.exceptions import BadSignatureError  # noqa: PLC0415 - only where something is signed
    from nacl.signing import VerifyKey  # noqa: PLC0415

    raw = signature if len(signature) == 64 else _decoded(signature.decode("ascii", "replace").strip())  # noqa: PLR2004 - RFC 8032
    try:
        VerifyKey(_decoded(key)).verify(data, raw)
    except (BadSignatureError, ValueError):
        return False
    return True


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _text(said: bytes) -> str:
    return visible(said[:800].decode("utf-8", "replace").strip(), 200)

r"""Where the secret lies, who stands behind a token, and who asked.

::

    token.key      32 bytes that tokens are made with: whoever has them can test a name, not read one
    seal.pub       with it names are put into the list: libsodium's sealed box (X25519, XSalsa20-Poly1305)
    reader.key     with it the list is read; it may be kept elsewhere
    names.jsonl    a line per run: {"tokens": [...], "sealed": "..."}
    audit.jsonl    a line per question, with who, when and why, each with the hash of the line before

Every file is its owner's alone (0600). The running product needs the first two and can read nobody's name.
"""

from __future__ import annotations

import base64
import getpass
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vedette.errors import PrivacyError
from vedette.trust.privacy.tokens import KEY_BYTES

TOKEN_KEY, SEAL, READER, NAMES, AUDIT = "token.key", "seal.pub", "reader.key", "names.jsonl", "audit.jsonl"
REASON_LEAST = 5
"""Letters of a reason."""
BLOCK = 10_000
"""Names sealed together."""


@dataclass(frozen=True, slots=True)
class Question:
    """Somebody asked who stands behind tokens.

    Attributes:
        at: when, ISO 8601, UTC.
        by: the operating system's name of who asked.
        tokens: what was asked for.
        reason: why, in their words.
        before: hash of the line before.
    """

    at: str
    by: str
    tokens: tuple[str, ...]
    reason: str
    before: str


class Vault:
    """The secrets and the list of one place.

    Args:
        folder: where they lie; made, with new secrets, by ``open``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._listed: set[str] | None = None

    def open(self) -> bytes:
        """Return the secret that tokens are made with; the first time, make all secrets.

        Raises:
            PrivacyError: the folder cannot be written, or a secret is damaged.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not (self.folder / SEAL).exists():
                self._make_seal()
            path = self.folder / TOKEN_KEY
            if not path.exists():
                _write(path, secrets.token_bytes(KEY_BYTES))
            key = path.read_bytes()
        except OSError as error:
            raise PrivacyError(
                f"cannot keep the secret of pseudonyms: {error.strerror}", where=str(self.folder), hint=_HINT
            ) from error
        if len(key) != KEY_BYTES:
            raise PrivacyError("the secret of pseudonyms is damaged", where=str(path), hint=_HINT)
        return key

    def _make_seal(self) -> None:
        from nacl.public import PrivateKey  # noqa: PLC0415 - only with pseudonyms

        reader = PrivateKey.generate()
        _write(self.folder / READER, bytes(reader))
        _write(self.folder / SEAL, bytes(reader.public_key))

    # ----------------------------------------------------------------------------------------------------------- write

    def remember(self, names: Mapping[str, str]) -> None:
        """Add token -> name to the sealed list; those that are in it already are left out.

        Raises:
            PrivacyError: the list cannot be written.
        """
        from nacl.public import PublicKey, SealedBox  # noqa: PLC0415

        try:
            if self._listed is None:
                self._listed = {t for tokens, _ in self._lines() for t in tokens}
            fresh = [(t, n) for t, n in sorted(names.items()) if t not in self._listed]
            if not fresh:
                return
            box = SealedBox(PublicKey((self.folder / SEAL).read_bytes()))
            for at in range(0, len(fresh), BLOCK):
                part = fresh[at : at + BLOCK]
                sealed = box.encrypt(json.dumps([n for _, n in part]).encode())
                line = {"tokens": [t for t, _ in part], "sealed": base64.b64encode(sealed).decode()}
                _append(self.folder / NAMES, json.dumps(line))
            self._listed |= {t for t, _ in fresh}
        except OSError as error:
            raise PrivacyError(
                f"cannot write the list of pseudonyms: {error.strerror}", where=str(self.folder), hint=_HINT
            ) from error

    # ------------------------------------------------------------------------------------------------------------ read

    def names(self, tokens: tuple[str, ...], reason: str, reader: Path | None = None) -> dict[str, str]:
        """Return token -> name of those in the list; the question is written down first.

        Args:
            tokens: what is asked for.
            reason: why.
            reader: the file of the reader's key, where it is kept elsewhere.

        Raises:
            PrivacyError: there is no reason, no key, or it does not fit; the question cannot be written down.
        """
        key = self._reader(reader)
        self.note(tokens, reason)
        wanted, found = set(tokens), dict[str, str]()
        for listed, sealed in self._lines():
            if not wanted & set(listed):
                continue
            names = _unsealed(sealed, key, self.folder / NAMES)
            found |= {t: n for t, n in zip(listed, names, strict=False) if t in wanted}
        return found

    def note(self, tokens: tuple[str, ...], reason: str) -> None:
        """Write a question into the audit log.

        Raises:
            PrivacyError: the reason is missing, or it cannot be written.
        """
        if len(reason.strip()) < REASON_LEAST:
            raise PrivacyError(
                "a name is told for a reason only", hint='say why: --reason "case 2026-114, account taken over"'
            )
        path = self.folder / AUDIT
        last = path.read_text("utf-8").rstrip("\n").rpartition("\n")[2] if path.exists() else ""
        line = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "by": _whoami(),
            "tokens": tokens,
            "reason": reason,
            "before": _hash(last),
        }
        try:
            _append(path, json.dumps(line, ensure_ascii=False))
        except OSError as error:
            raise PrivacyError(
                f"the question cannot be written down, so it is not answered: {error.strerror}", where=str(path)
            ) from error

    def questions(self) -> list[Question]:
        """Return who asked what, oldest first.

        Raises:
            PrivacyError: a line was changed or taken out.
        """
        path = self.folder / AUDIT
        before, out = "", list[Question]()
        for number, text in enumerate(path.read_text("utf-8").splitlines() if path.exists() else ()):
            try:
                line = json.loads(text)
                asked = Question(line["at"], line["by"], tuple(line["tokens"]), line["reason"], line["before"])
            except (ValueError, KeyError, TypeError) as error:
                raise PrivacyError("the audit log is damaged", where=f"{path}:{number + 1}") from error
            if asked.before != _hash(before):
                raise PrivacyError("a line before this one was changed or taken out", where=f"{path}:{number + 1}")
            before = text
            out.append(asked)
        return out

    def _reader(self, path: Path | None) -> bytes:
        path = path or self.folder / READER
        try:
            key = path.read_bytes()
        except OSError as error:
            raise PrivacyError(
                f"cannot read the reader's key: {error.strerror}",
                where=str(path),
                hint="name the file with --key, if it is kept elsewhere",
            ) from error
        if len(key) != KEY_BYTES:
            raise PrivacyError("this is no reader's key", where=str(path))
        return key

    def _lines(self) -> Iterator[tuple[list[str], str]]:
        path = self.folder / NAMES
        if not path.exists():
            return
        with path.open(encoding="utf-8") as lines:
            for number, text in enumerate(lines):
                try:
                    line = json.loads(text)
                    yield line["tokens"], line["sealed"]
                except (ValueError, KeyError, TypeError) as error:
                    raise PrivacyError(
                        "the list of pseudonyms is damaged", where=f"{path}:{number + 1}", hint=_DAMAGED
                    ) from error


_HINT = "see the folder's rights, or switch [privacy] pseudonyms off"
_DAMAGED = "take the damaged line out: the tokens in it stay tokens"


def _unsealed(sealed: str, key: bytes, where: Path) -> list[str]:
    from nacl.exceptions import CryptoError  # noqa: PLC0415
    from nacl.public import PrivateKey, SealedBox  # noqa: PLC0415

    try:
        names = json.loads(SealedBox(PrivateKey(key)).decrypt(base64.b64decode(sealed)))
    except (CryptoError, ValueError, TypeError) as error:
        raise PrivacyError("this key does not open the list, or the list is damaged", where=str(where)) from error
    return [str(n) for n in names]


def _write(path: Path, data: bytes) -> None:
    """Write a new file that is its owner's alone; one that is there stays."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _append(path: Path, line: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write(line.encode("utf-8", "surrogatepass") + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest() if line else ""


def _whoami() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without an entry
        return str(os.getuid())

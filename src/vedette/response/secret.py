"""Secrets of settings: said beside others, or by the name of an environment variable or of a file that holds them."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import SecretStr

from vedette.abc import Settings
from vedette.errors import ConfigError

MOST_BYTES = 65_536
"""Of a file that holds a secret."""


def secret(settings: Settings, name: str, where: str = "") -> str:
    """Return a secret: the setting ``name``, or what the variable ``name_env`` or the file ``name_file`` holds; empty where none is set.

    A file is read anew at each call, so that a secret can be changed while the service runs.

    Raises:
        ConfigError: it is said twice, or the variable or file that it names is absent or empty.
    """
    plain = getattr(settings, name)
    said = plain.get_secret_value() if isinstance(plain, SecretStr) else str(plain)
    variable, file = (str(getattr(settings, f"{name}_{kind}")) for kind in ("env", "file"))
    given = [key for key, value in ((name, said), (f"{name}_env", variable), (f"{name}_file", file)) if value]
    if len(given) > 1:
        raise ConfigError(f"the same secret twice: {given[0]} and {given[1]}", where=where, hint="keep one of them")
    if variable:
        return _found(os.environ.get(variable, ""), f"the environment variable {variable!r}", where)
    if file:
        return _found(_read(Path(file), where), f"the file {file!r}", where)
    return said


def _read(path: Path, where: str) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES).decode("utf-8", "strict").strip()
    except (OSError, UnicodeDecodeError) as error:
        told = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(f"cannot read the secret in {str(path)!r}: {told}", where=where) from error


def _found(value: str, holder: str, where: str) -> str:
    if not value.strip():
        raise ConfigError(f"{holder} holds no secret", where=where, hint="set it, or name another")
    return value.strip()

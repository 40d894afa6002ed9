"""``vedette token``: who may ask the API."""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.table import Table

from vedette.app.api.roles import Role
from vedette.app.api.secrets import fresh
from vedette.app.store_command import store_url
from vedette.app.terminal import OUT, say, warn, write_json
from vedette.config import load
from vedette.errors import QueryError
from vedette.incidents.words import visible
from vedette.store.state.state import State
from vedette.store.state.stored import StoredToken

DONE = 0
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_TAKEN = ("loopback", "nobody", "vedette")
"""Names by which the audit log calls others."""


def add(name: str, role: Role, days: float | None, config_file: Path | None, *, as_json: bool) -> int:
    """Make a token, keep its hash, and show it.

    Raises:
        QueryError: the name is none, or taken.
    """
    if not _NAME.fullmatch(name) or name in _TAKEN:
        hint = "letters, digits and . _ @ -, at most 64"
        raise QueryError(f"no name for a token: {name[:80]!r}", where="name", hint=hint)
    made, now = fresh(), datetime.now(UTC)
    expires = now + timedelta(days=days) if days else None
    with _opened(config_file, create=True) as state:
        state.add_token(StoredToken(made.uid, name, role.value, made.kept, now, expires))
        state.note(_who(), "token added", name, role.value)
    if as_json:
        write_json({"uid": made.uid, "name": name, "role": role.value, "expires": expires, "token": made.text})
        return DONE
    until = f"until {expires:%Y-%m-%d %H:%M} UTC" if expires else "until it is revoked"
    warn(
        f"the token of {name}, {role.value}, {until}. It is shown this once; send it as `Authorization: Bearer TOKEN`:"
    )
    OUT.print(made.text, soft_wrap=True)
    return DONE


def show(config_file: Path | None, *, as_json: bool) -> int:
    """Show all tokens, without their secrets."""
    with _opened(config_file) as state:
        found = state.tokens()
    if as_json:
        fields = ("uid", "name", "role", "made", "expires", "revoked")
        write_json([{**{f: getattr(t, f) for f in fields}, "counts": _counts(t)} for t in found])
        return DONE
    if not found:
        say("There is no token: vedette token add NAME --role ROLE")
        return DONE
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in ("Name", "Role", "Id", "Made (UTC)", "Counts"):
        table.add_column(heading, overflow="fold")
    for t in found:
        table.add_row(visible(t.name), visible(t.role), t.uid, f"{t.made:%Y-%m-%d %H:%M}", _told(t))
    OUT.print(table)
    return DONE


def revoke(name: str, config_file: Path | None) -> int:
    """Revoke a token.

    Raises:
        QueryError: there is none of this name in use.
    """
    with _opened(config_file) as state:
        if not state.revoke_token(name):
            raise QueryError(f"no token in use is called {name[:80]!r}", where="name", hint="`vedette token list`")
        state.note(_who(), "token revoked", name)
    say(f"Revoked: {visible(name)}. It counts no more.")
    return DONE


@contextmanager
def _opened(config_file: Path | None, *, create: bool = False) -> Iterator[State]:
    state = State.open(store_url(load(config_file)), create=create)
    try:
        yield state
    finally:
        state.close()


def _counts(token: StoredToken) -> bool:
    return token.revoked is None and (token.expires is None or token.expires > datetime.now(UTC))


def _told(token: StoredToken) -> str:
    if token.revoked is not None:
        return f"no: revoked {token.revoked:%Y-%m-%d %H:%M}"
    if token.expires is None:
        return "yes"
    return f"{'until' if _counts(token) else 'no: over since'} {token.expires:%Y-%m-%d %H:%M}"


def _who() -> str:
    """Return who runs this program."""
    return getpass.getuser()

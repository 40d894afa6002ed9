"""Tokens of the API, the audit log, and small values that other parts keep."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from vedette.errors import QueryError
from vedette.store.state.reading import MOST_ITEMS, place, placed
from vedette.store.state.rows import Kept, when
from vedette.store.state.stored import Note, Page, StoredToken
from vedette.store.state.tables import NOTES, TOKENS, VALUES
from vedette.store.state.texts import micros, moment, sound

LONGEST_DETAIL = 10_000
LONGEST_VALUE = 1 << 20


def add_token(connection: Connection, token: StoredToken) -> None:
    """Keep a token.

    Raises:
        QueryError: there is one of this name that was not revoked, or of this uid.
    """
    same = select(TOKENS).where(
        ((TOKENS.c.name == token.name) & TOKENS.c.revoked.is_(None)) | (TOKENS.c.uid == token.uid)
    )
    if connection.execute(same).first():
        raise QueryError(f"there is a token called {token.name!r} already", where="token", hint="revoke it first")
    times = {"made": micros(token.made), "expires": token.expires and micros(token.expires), "revoked": None}
    row = {"uid": token.uid, "name": token.name, "role": token.role, "secret_hash": token.secret_hash}
    connection.execute(insert(TOKENS), {**row, **times})


def tokens(connection: Connection) -> list[StoredToken]:
    """Return every token, also those that were revoked, oldest first."""
    return list(map(_token, connection.execute(select(TOKENS).order_by(TOKENS.c.made, TOKENS.c.uid))))


def token(connection: Connection, uid: str) -> StoredToken | None:
    """Return the token of this public part."""
    row = connection.execute(select(TOKENS).where(TOKENS.c.uid == sound(uid))).first()
    return None if row is None else _token(row)


def revoke_token(connection: Connection, name: str, at: int) -> bool:
    """Revoke the token of this name or uid; return whether there was one in use."""
    called = (TOKENS.c.name == sound(name)) | (TOKENS.c.uid == sound(name))
    done = connection.execute(update(TOKENS).where(called, TOKENS.c.revoked.is_(None)).values(revoked=at))
    return bool(done.rowcount)


def _token(row: Kept) -> StoredToken:
    times = moment(row.made), when(row.expires), when(row.revoked)
    return StoredToken(row.uid, row.name, row.role, row.secret_hash, *times)


def note(connection: Connection, at: int, words: Sequence[str]) -> None:
    """Add a line to the audit log: who, what, about, detail."""
    who, what, about, detail = words
    row = {"at": at, "who": sound(who), "what": sound(what), "about": sound(about)}
    connection.execute(insert(NOTES), {**row, "detail": sound(detail, LONGEST_DETAIL)})


def audit(connection: Connection, after: str, limit: int) -> Page[Note]:
    """Return lines of the audit log, newest first.

    Raises:
        QueryError: ``after`` is no place in the log.
    """
    most = max(1, min(limit, MOST_ITEMS))
    query = select(NOTES).order_by(NOTES.c.number.desc()).limit(most + 1)
    if after:
        query = query.where(NOTES.c.number < place(after)[1])
    found = connection.execute(query).all()
    items = tuple(Note(r.number, moment(r.at), r.who, r.what, r.about, r.detail) for r in found[:most])
    return Page(items, placed(0, items[-1].number) if len(found) > most else "")


def value(connection: Connection, key: str) -> str:
    """Return what is kept under a key; "" where there is nothing."""
    return connection.execute(select(VALUES.c.value).where(VALUES.c.key == sound(key))).scalar() or ""


def set_value(connection: Connection, key: str, kept: str) -> None:
    """Keep a small text; "" forgets it."""
    connection.execute(delete(VALUES).where(VALUES.c.key == sound(key)))
    if kept:
        connection.execute(insert(VALUES), {"key": sound(key), "value": sound(kept, LONGEST_VALUE)})

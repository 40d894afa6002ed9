"""Which erasures wait for the running service, and which were done: a backup that is put back must not bring a name back.

An erasure that waits holds the name, until the service has let go of it too. Of one that was done only a keyed hash is kept
(BLAKE2b, with a key of chance beside it): no name can be read from it, but who holds the store can test a guess.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import reduce
from hashlib import blake2b

import msgspec
from sqlalchemy import Connection, select

from vedette.model import EntityKind
from vedette.store.state import access
from vedette.store.state.erasure import Rewrite, new_token, rewriter
from vedette.store.state.tables import ENTITIES
from vedette.store.state.texts import LONGEST_VALUE, sound

MOST = 10_000
"""Erasures that are remembered; of more, the oldest are let go."""
_WAITING, _DONE, _KEY = "erasures.waiting", "erasures.done", "erasures.key"
_PAGE = 1_000


class Erasure(msgspec.Struct, frozen=True):
    """Whom to erase: what is called so, its name, and what takes the place of it."""

    kind: EntityKind
    value: str
    token: str


class Done(msgspec.Struct, frozen=True):
    """The erasures that were done: keyed hashes of the names, oldest first."""

    key: str = ""
    hashes: tuple[str, ...] = ()


def waiting(connection: Connection) -> list[Erasure]:
    """Return the erasures that were begun and are not done, oldest first."""
    text = access.value(connection, _WAITING)
    return msgspec.json.decode(text, type=list[Erasure]) if text else []


def begin(connection: Connection, kind: EntityKind, value: str) -> Erasure:
    """Note that somebody is to be erased; the same erasure again where it waits already."""
    there = waiting(connection)
    for one in there:
        if (one.kind, one.value) == (kind, value):
            return one
    made = Erasure(kind, value, new_token())
    access.set_value(connection, _WAITING, msgspec.json.encode([*there, made]).decode())
    return made


def end(connection: Connection, kind: EntityKind, value: str) -> None:
    """Note that an erasure is done: its name is forgotten, its hash is kept."""
    left = [e for e in waiting(connection) if (e.kind, e.value) != (kind, value)]
    access.set_value(connection, _WAITING, msgspec.json.encode(left).decode() if left else "")
    before = done(connection)
    key = before.key or secrets.token_hex(16)
    _keep(connection, Done(key, (*before.hashes, _hash(key, value))))


def done(connection: Connection) -> Done:
    """Return the erasures that were done."""
    text = access.value(connection, _DONE)
    return Done(access.value(connection, _KEY), tuple(msgspec.json.decode(text, type=list[str])) if text else ())


def take(connection: Connection, of: Done) -> None:
    """Keep the erasures of the store that was here before a backup was put back."""
    if of.hashes:
        _keep(connection, of)


def named(connection: Connection, of: Done) -> list[tuple[EntityKind, str]]:
    """Return the entities of the store that were erased once: kind and value."""
    hashes, found, at = set(of.hashes), [], -1
    while hashes:
        page = select(ENTITIES.c.id, ENTITIES.c.kind, ENTITIES.c.value).where(ENTITIES.c.id > at)
        rows = connection.execute(page.order_by(ENTITIES.c.id).limit(_PAGE)).all()
        found += [(EntityKind(r.kind), r.value) for r in rows if _hash(of.key, r.value) in hashes]
        if len(rows) < _PAGE:
            break
        at = rows[-1].id
    return found


def rewriter_of(erasures: Sequence[Erasure]) -> Rewrite:
    """Return what puts the tokens of several erasures in the places of their names."""
    each = [rewriter(e.value, e.token) for e in erasures]
    return lambda text: reduce(lambda left, one: one(left), each, text)


def _keep(connection: Connection, of: Done) -> None:
    hashes = list(dict.fromkeys(of.hashes))[-MOST:]
    access.set_value(connection, _KEY, of.key)
    access.set_value(connection, _DONE, msgspec.json.encode(hashes).decode())


def _hash(key: str, value: str) -> str:
    """Return the hash of a name, in any case."""
    name = sound(value, LONGEST_VALUE).casefold()
    return blake2b(name.encode(), key=key.encode(), digest_size=16).hexdigest()

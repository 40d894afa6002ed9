"""Erases somebody: a name is replaced by a token wherever it is stored, and nothing that is left tells what the name was.

The token is made of chance: no key and no guess leads from it to the name. Replaced are the name as an entity, and as a whole word, in any
case, in texts of findings, incidents, plans, evidence, notes on verdicts and the audit log. A name of one or two letters is replaced
where it is the whole of a text alone. What comes in later is stored anew; uids stay, and are hashes of names among other things.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    text,
    update,
)

from vedette.errors import QueryError
from vedette.model import EntityKind
from vedette.store.state.connect import Database
from vedette.store.state.tables import (
    ENTITIES,
    EVIDENCE,
    FINDING_ENTITIES,
    FINDINGS,
    INCIDENT_ENTITIES,
    INCIDENTS,
    NOTES,
    VERDICTS,
)
from vedette.store.state.texts import LONGEST_VALUE, digest, sound

SHORTEST_WORD = 3
"""Characters of a name that is looked for inside texts."""
BATCH = 500
"""Rows of one transaction."""
KEPT = frozenset(
    {"uid", "detector", "kind", "techniques", "action", "causes", "first_seen", "last_seen", "analytic", "severity"}
)
"""Keys of findings, incidents and plans whose values are words of ours: a name that is called like one changes none."""

Rewrite = Callable[[str], str]
"""Puts a token in the place of a name in a text."""
_CONTENTS: tuple[tuple[Table, str, frozenset[str]], ...] = (
    (FINDINGS, "content", KEPT),
    (EVIDENCE, "content", frozenset()),
    (INCIDENTS, "content", KEPT),
    (INCIDENTS, "plans", KEPT),
)
_WORDS: tuple[tuple[Table, str], ...] = (
    (FINDINGS, "title"),
    (INCIDENTS, "title"),
    (VERDICTS, "note"),
    (NOTES, "about"),
    (NOTES, "detail"),
)


def new_token() -> str:
    """Return what may stand in the place of a name."""
    return f"erased-{secrets.token_hex(6)}"


def erase(database: Database, kind: EntityKind, value: str, token: str = "") -> int:
    """Replace a name wherever it is stored; return in how many stored things it was.

    Args:
        database: the store. Others may write meanwhile; what they add of the name after it was looked for stays.
        kind: what is called so.
        value: its name.
        token: what takes its place; by default a new one.

    Raises:
        QueryError: the name is empty.
    """
    if not value.strip():
        raise QueryError("a name to erase is needed", where=kind.value)
    spellings = _spellings(value)
    rewrite, near = _rewriter(spellings, token or new_token()), _near(spellings)
    touched: set[tuple[str, int]] = set()
    for table, column, kept in _CONTENTS:

        def content(old: str, kept: frozenset[str] = kept) -> str:
            return msgspec.json.encode(walk(msgspec.json.decode(old), rewrite, kept)).decode()

        touched |= _column(database, table.c[column], near, content)
    for table, column in _WORDS:
        touched |= _column(database, table.c[column], near, rewrite)
    touched |= _column(database, ENTITIES.c.value, near, rewrite)
    return len(touched)


def rewriter(value: str, token: str) -> Rewrite:
    """Return what puts a token in the place of a name, as ``erase`` does in the store."""
    return _rewriter(_spellings(value), token)


def _spellings(value: str) -> list[str]:
    return sorted({value, sound(value, LONGEST_VALUE)}, key=len, reverse=True)


def _rewriter(spellings: Sequence[str], token: str) -> Rewrite:
    """Return what puts the token in the place of a name."""
    words = "|".join(rf"(?<!\w){re.escape(s)}(?!\w)" for s in spellings if len(s) >= SHORTEST_WORD)
    whole = "|".join(rf"\A{re.escape(s)}\Z" for s in spellings)
    pattern = re.compile(f"{whole}|{words}" if words else whole, re.IGNORECASE)
    return lambda text: pattern.sub(token, text)


def _near(spellings: Sequence[str]) -> re.Pattern[str]:
    """Return what every JSON and every text with a name in it shows: most need not be read."""
    forms = set(spellings)
    for spelling in spellings:
        with suppress(UnicodeEncodeError):  # half a character is in no JSON
            forms.add(msgspec.json.encode(spelling).decode()[1:-1])
    return re.compile("|".join(map(re.escape, forms)), re.IGNORECASE)


def walk(value: Any, rewrite: Rewrite, kept: frozenset[str] = frozenset()) -> Any:  # noqa: ANN401 - JSON
    """Return a value of lists and tables with every text in it rewritten, but for keys, and what ``kept`` names."""
    if isinstance(value, str):
        return rewrite(value)
    if isinstance(value, list):
        return [walk(v, rewrite, kept) for v in value]
    if isinstance(value, dict):
        return {k: v if k in kept else walk(v, rewrite, kept) for k, v in value.items()}
    return value


def _column(
    database: Database, column: ColumnElement[Any], near: re.Pattern[str], rewrite: Rewrite
) -> set[tuple[str, int]]:
    """Rewrite a column of texts; return table and key of the rows in which it changed."""
    table: Table = column.table
    key = next(iter(table.primary_key.columns))
    touched: set[tuple[str, int]] = set()
    at = -1
    while True:
        with database.write() as connection:
            page = select(key.label("key"), column.label("text")).where(key > at).order_by(key).limit(BATCH)
            rows = connection.execute(page).all()
            hits = [(row.key, row.text) for row in rows if near.search(row.text)]
            changed = {k: new for k, old in hits if (new := rewrite(old)) != old}
            _write(connection, table, column.key or "", changed)
        touched |= {(table.name, k) for k in changed}
        if len(rows) < BATCH:
            return touched
        at = rows[-1].key


def _write(connection: Connection, table: Table, column: str, changed: dict[int, str]) -> None:
    if table is ENTITIES:
        for number, value in changed.items():
            _rename(connection, number, value)
        return
    key = next(iter(table.primary_key.columns))
    hashed = column == "content" and "digest" in table.c
    rows = [{"b_key": k, "b_text": new, **({"b_digest": digest(new)} if hashed else {})} for k, new in changed.items()]
    if rows:
        values: dict[str, Any] = {column: bindparam("b_text"), **({"digest": bindparam("b_digest")} if hashed else {})}
        connection.execute(update(table).where(key == bindparam("b_key")).values(values), rows)


def _rename(connection: Connection, number: int, value: str) -> None:
    """Give an entity another name; where there is one of this name, it goes into that."""
    kind = select(ENTITIES.c.kind).where(ENTITIES.c.id == number).scalar_subquery()
    same = select(ENTITIES.c.id).where(ENTITIES.c.value == value, ENTITIES.c.kind == kind)
    other = connection.execute(same).scalar()
    if other is None:
        connection.execute(update(ENTITIES).where(ENTITIES.c.id == number).values(value=value))
        return
    for links in (FINDING_ENTITIES, INCIDENT_ENTITIES):
        mine, its = links.alias(), links.alias()
        there = exists().where(and_(its.c.owner_id == mine.c.owner_id, its.c.entity_id == other))
        rest = select(mine.c.owner_id, text(str(int(other)))).where(mine.c.entity_id == number, ~there)
        connection.execute(insert(links).from_select(["owner_id", "entity_id"], rest))
        connection.execute(delete(links).where(links.c.entity_id == number))
    spans = select(func.min(ENTITIES.c.first_seen), func.max(ENTITIES.c.last_seen)).where(
        ENTITIES.c.id.in_((number, other))
    )
    first, last = connection.execute(spans).one()
    connection.execute(update(ENTITIES).where(ENTITIES.c.id == other).values(first_seen=first, last_seen=last))
    connection.execute(delete(ENTITIES).where(ENTITIES.c.id == number))


def sweep(database: Database) -> None:
    """Remove what the database still keeps of the old rows: SQLite's write-ahead log, PostgreSQL's dead rows."""
    with database.told(), database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)" if database.sqlite else "VACUUM"))

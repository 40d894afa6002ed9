"""``vedette privacy``: who stands behind a token, which token stands for a name, and who asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from vedette.app import terminal
from vedette.app.door import vault
from vedette.app.terminal import OUT, write_json
from vedette.errors import PrivacyError
from vedette.incidents.words import visible
from vedette.trust.privacy.tokens import TOKEN, Tokens

FOUND, NOTHING = 0, 1


def who(texts: Sequence[str], reason: str, key: Path | None, *, as_json: bool) -> int:
    """Tell which names stand behind the tokens in ``texts``; 1 where none is known.

    Raises:
        PrivacyError: there is no token, no reason or no key.
    """
    tokens = tuple(dict.fromkeys(m[0] for text in texts for m in TOKEN.finditer(text)))
    if not tokens:
        raise PrivacyError(f"no token in {texts[0][:60]!r}", hint="a token looks like user-bcdfghjklmnpqrs")
    found = vault().names(tokens, reason, key)
    if as_json:
        write_json([{"token": t, "name": found.get(t)} for t in tokens])
    else:
        _show([(t, found.get(t, "(not in the list)")) for t in tokens], ("Token", "Name"))
    return FOUND if found else NOTHING


def token(names: Sequence[str], reason: str, *, as_json: bool) -> int:
    """Tell which tokens stand for names.

    Raises:
        PrivacyError: there is no reason.
    """
    store = vault()
    if not store.folder.exists():
        raise PrivacyError(
            "no pseudonyms were made here", where=str(store.folder), hint="switch [privacy] pseudonyms on"
        )
    tokens = Tokens(store.open())
    made = [(n, tokens.of_name(n)) for n in names]
    store.note(tuple(t for _, t in made), reason)
    if as_json:
        write_json([{"name": n, "token": t} for n, t in made])
    else:
        _show(made, ("Name", "Token"))
    return FOUND


def audit(*, as_json: bool) -> int:
    """Show who asked for which names.

    Raises:
        PrivacyError: the log was changed.
    """
    asked = vault().questions()
    if as_json:
        write_json([{"at": q.at, "by": q.by, "tokens": list(q.tokens), "reason": q.reason} for q in asked])
        return FOUND
    if not asked:
        terminal.say("Nobody has asked.")
        return FOUND
    rows = [(q.at, q.by, q.reason, f"{len(q.tokens)}: {', '.join(q.tokens[:3])}") for q in asked]
    _show(rows, ("When", "Who", "Why", "Tokens"))
    return FOUND


def _show(rows: Sequence[tuple[str, ...]], headings: Sequence[str]) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(visible, row))
    OUT.print(table)

"""A model card as a page: what the model was made from, what it can do, and where it fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vedette.learning.summary import COLUMNS, WORST, evasion_table, spread_table

Card = Mapping[str, Any]


def page(name: str, version: str, card: Card) -> str:
    """Return the card as Markdown, below a heading of the second level."""
    parts = [
        f"## `{name}` {{ #{name} }}",
        f"Version `{version}`, for the detector [`{card['detector']}`](detectors.md#{card['detector']}), where its blind spots stand.",
        *_data(card),
        *_left_out(card),
        *(part for protocol, told in card.get("protocols", {}).items() for part in _protocol(name, protocol, told)),
        *_selection(card),
        *_answers(card),
        *_made(card),
    ]
    return "\n\n".join(parts) + "\n"


def _data(card: Card) -> Iterable[str]:
    yield "**Trained on**"
    yield _table(
        ("data set", "licence as its origin states it", "origin"),
        [(f"`{d['set']}`: {d['title']}", d["licence"], d["origin"]) for d in card["data"]],
    )
    yield _table(
        ("collection", "label", "items"), [(i["@corpus"], i["@label"], f"{i['items']:,}") for i in card["items"]]
    )
    if card["copies"]:
        yield (
            f"Beside them {card['copies']:,} malicious items trained as evaders would write them "
            f"({', '.join(f'`{e}`' for e in card.get('evasions', ()))})."
        )


def _left_out(card: Card) -> Iterable[str]:
    told = card["left_out"]
    yield (
        f"**On items it was not trained on**, a share of the data left out at a time by `{card['left_out_by']}`. "
        f"It calls an item malicious where at most {card['false_positive_rate']:.2%} of benign items look so bad."
    )
    rows = [(heading, _figure(told.get(name))) for name, (heading, _) in COLUMNS.items()]
    yield _table(("figure", "value"), rows)


def _protocol(name: str, protocol: str, told: Card) -> Iterable[str]:
    yield f"**Protocol `{protocol}`**: `vedette evaluate {name} --protocol {protocol}`, {told['seeds']} seeds, median and worst."
    cases = told["cases"]
    yield spread_table("tested", {**cases, "worst of all": told["worst"]} if len(cases) > 1 else cases)
    for case, values in told["by"].items():
        if len(values) > 1:
            shown = dict(list(values.items())[:WORST])
            yield f"Part by part, worst first ({case}{_of(shown, values)}):"
            yield spread_table("part", shown)
    if told["evasions"]:
        yield "Under evasion, at a threshold that 1 % of the benign items reach:"
        yield evasion_table(told["evasions"])


def _selection(card: Card) -> Iterable[str]:
    told = card.get("selection")
    if told:
        agree = f"at least {told['stable']:.0%} of {told['fits']} fits (by `{told['by']}`) agree on what it says, and "
        yield f"**Selection**: a piece was kept where {agree if told['fits'] else ''}at least {told['least']} items have it."
        rows = [(f"`{b}`", f"{k['kept']:,}", f"{k['dropped']:,}") for b, k in told["blocks"].items()]
        yield _table(("block", "kept", "dropped"), rows)


def _answers(card: Card) -> Iterable[str]:
    answers = dict(card["answers"])
    for protocol, told in card.get("protocols", {}).items():
        answers |= {f"{protocol}:{uid}": text for uid, text in told["answers"].items()}
    if answers:
        yield "**Leaks that were looked at and answered**"
        yield "\n".join(f"- `{uid}`: {text}" for uid, text in answers.items())


def _made(card: Card) -> Iterable[str]:
    weights = ", ".join(f"`{name}` {count:,}" for name, count in card["weights"].items())
    made = ", ".join(f"{name} {version}" for name, version in card.get("made_with", {}).items())
    yield f"**Made** in {card['seconds']:.0f} s with {made}. Weights that are not zero: {weights}."


def _of(shown: Sequence[str] | Mapping[str, Any], values: Mapping[str, Any]) -> str:
    return f"; {len(shown)} of {len(values)} parts" if len(shown) < len(values) else ""


def _figure(value: float | None) -> str:
    return "" if value is None or value != value else f"{value:.4f}"  # noqa: PLR0124 - not a number


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    cells = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(c).replace('|', '/') for c in row)} |" for row in cells)

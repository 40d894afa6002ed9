"""pySigma's condition becomes our tree.

By then pySigma has done what needs no data: lists, ``all``, ``windash``, ``base64``, ``base64offset``, ``wide``, ``utf16``, ``contains``
and the like are values and wildcards; selectors such as ``1 of selection_*`` are resolved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from vedette.errors import ContentError
from vedette.intel.sigma.tree import (
    Absent,
    Atom,
    Compare,
    Network,
    Node,
    Pattern,
    Present,
    SameAs,
    Test,
    Text,
    TimePart,
    Wild,
    both,
    either,
    negated,
)

Placeholders = Mapping[str, Sequence[str]]
Parsed = Any
"""An object of pySigma, told by the name of its class: its modules take a third of a second to import."""

MOST_VALUES = 1_000
"""Values that the placeholders of one text may become."""

_OPERATORS = {"LT": "<", "LTE": "<=", "GT": ">", "GTE": ">=", "NEQ": "!="}


def tree_of(condition: Parsed, placeholders: Placeholders) -> Node:
    """Return the tree of a parsed condition.

    Args:
        condition: what ``sigma.conditions.SigmaCondition.parsed`` gives.
        placeholders: name -> the values that ``%name%`` stands for.

    Raises:
        ContentError: a value is of a kind that we do not know, or a placeholder has no values.
    """
    name = type(condition).__name__
    if name == "ConditionAND":
        return both(*(tree_of(a, placeholders) for a in condition.args))
    if name == "ConditionOR":
        return either(*(tree_of(a, placeholders) for a in condition.args))
    if name == "ConditionNOT":
        return negated(tree_of(condition.args[0], placeholders))
    if name == "ConditionFieldEqualsValueExpression":
        return _leaf(condition.field, condition.value, placeholders)
    if name == "ConditionValueExpression":
        return _leaf(None, condition.value, placeholders)
    raise ContentError(f"a condition without meaning: {name}")


def _leaf(field: str | None, value: Parsed, placeholders: Placeholders) -> Node:
    if type(value).__name__ == "SigmaExpansion":
        return either(*(_leaf(field, v, placeholders) for v in value.values))
    return either(*(Atom(field, test) for test in _tests(field, value, placeholders)))


def _tests(field: str | None, value: Parsed, placeholders: Placeholders) -> Iterator[Test]:
    kind = type(value).__name__
    if kind in ("SigmaString", "SigmaCasedString"):
        for parts in _filled(value.s, placeholders):
            yield Text(_keyword(parts) if field is None else parts, kind == "SigmaCasedString")
    elif kind == "SigmaRegularExpression":
        yield from (Pattern(text, _flags(value)) for text in _filled_regex(value, placeholders))
    elif kind in _READERS:
        yield _READERS[kind](value, field is None)
    else:
        raise ContentError(f"a value of a kind that is not known: {kind}")


def _number(value: Parsed, keyword: bool) -> Test:
    parts = (str(value.number),)
    return Text(_keyword(parts) if keyword else parts)


_READERS: dict[str, Callable[[Parsed, bool], Test]] = {
    "SigmaNumber": _number,
    "SigmaBool": lambda v, _: Text((str(v.boolean).lower(),)),
    "SigmaNull": lambda _v, _: Absent(),
    "SigmaExists": lambda v, _: Present() if v.exists else Absent(),
    "SigmaCIDRExpression": lambda v, _: Network(str(v.network)),
    "SigmaCompareExpression": lambda v, _: Compare(_OPERATORS[v.op.name], float(v.number.number)),
    "SigmaFieldReference": lambda v, _: SameAs(v.field, v.starts_with, v.ends_with),
    "SigmaTimestampPart": lambda v, _: TimePart(v.timestamp_part.name.lower(), int(v.number)),
}


def _keyword(parts: tuple[str | Wild, ...]) -> tuple[str | Wild, ...]:
    """Return a text that is looked for anywhere: a keyword is found inside of what the event says."""
    head = () if parts and parts[0] is Wild.MANY else (Wild.MANY,)
    tail = () if parts and parts[-1] is Wild.MANY else (Wild.MANY,)
    return (*head, *parts, *tail)


def _filled(parts: Sequence[Any], placeholders: Placeholders) -> list[tuple[str | Wild, ...]]:
    """Return the texts that parts stand for: one, but for each value of a placeholder another."""
    texts: list[tuple[str | Wild, ...]] = [()]
    for part in parts:
        texts = [(*text, *more) for text in texts for more in _meanings(part, placeholders)]
        if len(texts) > MOST_VALUES:
            raise ContentError(f"placeholders of one text make more than {MOST_VALUES:,} values")
    return [_merged(text) for text in texts]


def _meanings(part: Parsed, placeholders: Placeholders) -> list[tuple[str | Wild, ...]]:
    if isinstance(part, str):
        return [(part,)]
    if type(part).__name__ == "Placeholder":
        return [_parsed(value) for value in _values(part.name, placeholders)]
    return [(Wild.MANY if part.name == "WILDCARD_MULTI" else Wild.ONE,)]


def _values(name: str, placeholders: Placeholders) -> Sequence[str]:
    if name not in placeholders:
        raise ContentError(
            f"the placeholder %{name}% has no values", hint=f'[sigma.placeholders] {name} = ["..."] in vedette.toml'
        )
    return placeholders[name]


def _parsed(text: str) -> tuple[str | Wild, ...]:
    """Return a text of the settings with its wildcards."""
    return tuple({"*": Wild.MANY, "?": Wild.ONE}.get(c, c) for c in text)


def _merged(parts: tuple[str | Wild, ...]) -> tuple[str | Wild, ...]:
    """Return the parts with neighbouring texts joined and repeated ``*`` said once."""
    merged: list[str | Wild] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, str) and isinstance(last, str):
            merged[-1] = last + part
        elif part and not (part is Wild.MANY and last is Wild.MANY):
            merged.append(part)
    return tuple(merged)


def _filled_regex(value: Parsed, placeholders: Placeholders) -> Iterator[str]:
    if not value.contains_placeholder():
        yield str(value.regexp)
        return
    names = {p.name for p in value.regexp.s if type(p).__name__ == "Placeholder"}
    for name in names:
        _values(name, placeholders)
    for filled in value.replace_placeholders(lambda p: iter(_values(p.name, placeholders))):
        yield str(filled.regexp)


def _flags(value: Parsed) -> str:
    return "".join(sorted({"IGNORECASE": "i", "MULTILINE": "m", "DOTALL": "s"}[f.name] for f in value.flags))

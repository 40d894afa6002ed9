"""pySigma's correlation rules become ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from vedette.errors import ContentError
from vedette.intel.sigma.convert import Parsed
from vedette.intel.sigma.rule import Correlation

KINDS = ("event_count", "value_count", "temporal", "temporal_ordered")


def correlation_of(made: Parsed, names: Mapping[str, str], common: Mapping[str, Any]) -> Correlation:
    """Return a correlation.

    Args:
        made: pySigma's ``SigmaCorrelationRule``.
        names: name or id of a rule -> its uid.
        common: what it has in common with other rules: uid, title, author ...

    Raises:
        ContentError: it is of a kind that we do not match, or refers to a rule that is not there.
    """
    kind = made.type.name.lower()
    if kind not in KINDS or type(made.condition).__name__ != "SigmaCorrelationCondition":
        raise ContentError(
            f"a correlation of the kind {kind} with such a condition is not matched (only {', '.join(KINDS)})"
        )
    rules = tuple(_known(r.reference, names) for r in made.rules)
    low, high = _bounds(made.condition.op.name, made.condition.count, kind, len(rules))
    counted = made.condition.fieldref
    aliases = {
        a.alias: {_known(ref.reference, names): str(column) for ref, column in a.mapping.items()} for a in made.aliases
    }
    return Correlation(
        kind=kind,
        rules=rules,
        group_by=tuple(made.group_by or ()),
        span=timedelta(seconds=made.timespan.seconds),
        low=low,
        high=high,
        counted=counted if isinstance(counted, str) else "",
        aliases=aliases,
        **common,
    )


def _known(reference: str, names: Mapping[str, str]) -> str:
    if reference not in names:
        raise ContentError(f"it refers to the rule {reference!r}, which is not there")
    return names[reference]


def _bounds(operator: str, count: float, kind: str, rules: int) -> tuple[int | None, int | None]:
    """Return how many at least and at most; of temporal kinds all rules, unless it says otherwise."""
    number = int(count)
    if kind.startswith("temporal") and operator == "GTE" and number <= 1:
        return rules, None
    return {
        "GTE": (number, None),
        "GT": (number + 1, None),
        "LTE": (None, number),
        "LT": (None, number - 1),
        "EQ": (number, number),
    }.get(operator, (None, None))

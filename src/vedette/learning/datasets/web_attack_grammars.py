"""Grammars of web attacks in the manners of different people and tools; written by us after public documentation, no payload list copied.

Each grammar is a way of writing, and one group: a model is measured on a grammar that it was not trained on.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from vedette.learning.datasets.web_attack_injections import (
    documents,
    evader,
    lister,
    manual,
    sqltool,
    templater,
    xsstool,
)
from vedette.learning.datasets.web_attack_scans import botnet, intruder, nuisance
from vedette.learning.datasets.web_carrier import Request

ATTACKS: dict[str, Callable[[Random], Request]] = {
    "manual": manual,
    "sqltool": sqltool,
    "xsstool": xsstool,
    "lister": lister,
    "templater": templater,
    "documents": documents,
    "evader": evader,
    "nuisance": nuisance,
    "botnet": botnet,
    "intruder": intruder,
}

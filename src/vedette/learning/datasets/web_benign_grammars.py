"""Grammars of ordinary web requests that look dangerous: people who search, applications that talk, and words that are also commands.

Each grammar is a way of writing, and one group; written by us. A model that never saw one of them must leave it alone.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from vedette.learning.datasets.web_benign_people import forms, questions, searches, shopping, visits
from vedette.learning.datasets.web_benign_programs import (
    assets,
    interfaces,
    machines,
    managing,
    measures,
    sessions,
    tracking,
)
from vedette.learning.datasets.web_carrier import Request

BENIGN: dict[str, Callable[[Random], Request]] = {
    "searches": searches,
    "questions": questions,
    "shopping": shopping,
    "interfaces": interfaces,
    "measures": measures,
    "sessions": sessions,
    "tracking": tracking,
    "assets": assets,
    "forms": forms,
    "managing": managing,
    "machines": machines,
    "visits": visits,
}

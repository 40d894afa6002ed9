"""Detectors of many analytics at once, which the operator brings."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from vedette.abc.detector import Detector
from vedette.abc.features import WindowFeatures


class Matches(WindowFeatures):
    """What somebody's rules hold of: a row per rule, entity and minute, over events of any class.

    It is made from the rules that the settings name, once, when the first event comes; without rules it does not run.

    Attributes:
        section: the section of the settings that names the rules; it has ``paths``.
    """

    section: ClassVar[str]

    @classmethod
    @abstractmethod
    def load(cls, paths: Sequence[str], settings: Mapping[str, object]) -> tuple[Self, tuple[str, ...]]:
        """Return the set with the rules of ``paths``, and what is to be told of rules that cannot be used.

        Args:
            paths: files and folders.
            settings: the whole section.

        Raises:
            ConfigError: a path does not exist.
        """

    @abstractmethod
    def only(self, rules: Sequence[str]) -> Self:
        """Return the set with these rules alone (by the key ``rule``): looking up what a few found shall not cost what all cost."""


class Matcher(Detector):
    """Many analytics in one pass over events of any class; each hit names its own: title, author, level, techniques, place.

    The score is what the rule's author says of it, tempered by how far it was tried: nobody else has measured it.
    """

    needs: ClassVar[type[Matches]]

"""What ``vedette evaluate masquerade`` does: who types these commands, by habits and by the plain ways."""

from __future__ import annotations

from vedette.app.learn_command import Evaluation
from vedette.app.tabular_command import run
from vedette.learning.masquerade.evaluate import PROTOCOLS

NAME = "masquerade"


def evaluate(wanted: Evaluation) -> int:
    """Run the protocols that are wanted, by default all.

    Raises:
        DataError: a protocol is not known, or its data is not here.
    """
    return run(NAME, PROTOCOLS, wanted)

"""What ``vedette evaluate sequences`` does: sequences of events and shapes of log lines, every configuration beside the plain ones."""

from __future__ import annotations

from vedette.app.learn_command import Evaluation
from vedette.app.tabular_command import run
from vedette.learning.sequences.evaluate import PROTOCOLS as OF_SEQUENCES
from vedette.learning.sequences.log_lines import PROTOCOLS as OF_LINES

NAME = "sequences"
PROTOCOLS = {**OF_SEQUENCES, **OF_LINES}


def evaluate(wanted: Evaluation) -> int:
    """Run the protocols that are wanted, by default all.

    Raises:
        DataError: a protocol is not known, or its data is not here.
    """
    return run(NAME, PROTOCOLS, wanted)

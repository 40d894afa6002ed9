"""What to say about payments, by detector: predicate, the same as a second half, next steps, how it ended (see ``guidance``)."""

from __future__ import annotations

_CHECK = (
    "Ask the holder of {a}, by a way that is known already, whether these payments were meant.",
    "Hold what has not been booked yet, and block {a} for payments of this kind until the answer is there.",
    "Look at other accounts that paid to {v} in these days: one abused terminal has many victims.",
)

PAYMENTS: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "fraud": (
        "made payments like known frauds",
        "made payments like known frauds",
        _CHECK,
        "Whether it was fraud is known when the holder has answered; put the label into the next table.",
    ),
    "payment_anomaly": (
        "made unusual payments",
        "made unusual payments",
        _CHECK,
        "Unusual is not fraud: no label was looked at.",
    ),
}

"""Makes sequences: normal ones walk a ring of events, attacks jump, or use an event of their own."""

from __future__ import annotations

import numpy as np

from vedette.learning.sequences.traces import NORMAL, Traces

RING = 8


def made(normal: int = 120, attacks: int = 30, seed: int = 0) -> Traces:
    """Return ``normal`` sequences of the part train, as many of the part val, and ``attacks`` of two kinds."""
    rng = np.random.default_rng(seed)

    def walk(*, jumps: bool) -> list[int]:
        size, start = int(rng.integers(20, 40)), int(rng.integers(RING))
        steps = rng.choice([1, 3, 5], size) if jumps else np.where(rng.random(size) < 0.05, 2, 1)
        return [int(n) for n in (start + np.cumsum(steps)) % RING]

    usual = [walk(jumps=False) for _ in range(2 * normal)]
    jumping = [walk(jumps=True) for _ in range(attacks)]
    foreign = [[*walk(jumps=False)[:-2], RING, RING + 1] for _ in range(attacks)]
    kinds = [NORMAL] * len(usual) + ["jump"] * attacks + ["foreign"] * attacks
    parts = ["train"] * normal + ["val"] * normal + ["attack"] * 2 * attacks
    return Traces.of([*usual, *jumping, *foreign], kinds, parts)

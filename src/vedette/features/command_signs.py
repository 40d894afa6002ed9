"""All signs that a command line may hold: one table, in this order the slots of the model's block ``facts``."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vedette.features.command_keep import KEEP_SIGNS
from vedette.features.command_look import DISCOVERY, LOOK_SIGNS
from vedette.features.command_run import RUN_SIGNS
from vedette.features.sign import Sign

__all__ = ["DISCOVERY", "OTHER", "SIGNS", "STRENGTH"]

SIGNS: tuple[Sign, ...] = (*RUN_SIGNS, *KEEP_SIGNS, *LOOK_SIGNS)
OTHER = "Suspicious command"
"""What a finding is called where no sign leads."""
STRENGTH: npt.NDArray[np.float32] = np.array([s.strength for s in SIGNS], np.float32)

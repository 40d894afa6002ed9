"""Runs a script that the administrator vouches for, which has no way back."""

from __future__ import annotations

from vedette.response.script import ScriptAction


class RunScriptOnce(ScriptAction):
    """Runs a script of yours whose effect cannot be taken back: two people must approve.

    As ``run_script``, but ``do`` is never ``undo``.
    """

    name = "run_script_once"
    reversible = False

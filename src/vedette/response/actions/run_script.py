"""Runs a script that the administrator vouches for, and takes its effect back."""

from __future__ import annotations

from vedette.response.script import ScriptAction


class RunScript(ScriptAction):
    """Runs a script of yours, and later runs it again to take its effect back.

    The script gets one line of JSON on its standard input: ``do`` (``apply``, ``undo``, and with ``answers`` also ``ask``), ``action``,
    ``target`` (kind and value), ``ttl_seconds``, ``why`` and ``parameters``. No argument, no variable and no shell carries anything out of
    an event; the values in the JSON are as the attacker wrote them, so treat them so. It must end with 0, in time; ``undo`` must succeed
    where nothing is left to undo.

    Its bytes must be those that ``sha256`` or ``signature`` vouch for: they are read once, checked, and run from memory. Who may change
    the settings may run anything; who may change the script may not.
    """

    name = "run_script"
    reversible = True

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from vedette.errors import ActionError
from vedette.response.actions.run_script_once import RunScriptOnce
from vedette.response.script import ScriptSettings
from vedette.testing.incidents import some_incident
from vedette.testing.made import entity


def test_there_and_never_back(tmp_path: Path) -> None:
    path = tmp_path / "wipe"
    path.write_text(f"#!/bin/sh\n/bin/cat >> {tmp_path}/told\n")
    script = RunScriptOnce(ScriptSettings(path=str(path), sha256=hashlib.sha256(path.read_bytes()).hexdigest()))
    plan = script.plan(some_incident(), entity("198.51.100.7"))
    assert plan.undo == ()
    receipt = script.apply(plan)
    with pytest.raises(ActionError, match="no way back"):
        script.undo(receipt)
    assert (tmp_path / "told").read_text().count('"do":"apply"') == 1

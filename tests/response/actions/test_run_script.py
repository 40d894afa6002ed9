from __future__ import annotations

import hashlib
from pathlib import Path

from vedette.response.actions.run_script import RunScript
from vedette.response.script import ScriptSettings
from vedette.testing.incidents import some_incident
from vedette.testing.made import entity
from vedette.testing.responses import there_and_back

SCRIPT = """\
#!/usr/bin/env python3
import json, os, pathlib, sys
told = json.load(sys.stdin)
held = pathlib.Path("{folder}/held")
names = set(held.read_text().split()) if held.exists() else set()
if told["do"] == "ask":
    raise SystemExit(told["target"]["value"] not in names)
names = (names | {told["target"]["value"]}) if told["do"] == "apply" else names - {told["target"]["value"]}
held.write_text(" ".join(names))
"""


def test_there_and_back(tmp_path: Path) -> None:
    path = tmp_path / "contain"
    path.write_text(SCRIPT.replace("{folder}", str(tmp_path)))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    script = RunScript(ScriptSettings(path=str(path), sha256=digest, answers=True))
    plan = script.plan(some_incident(), entity("198.51.100.7"))
    assert plan.steps == (
        f'{path} (sha256 {digest[:12]}...), with {{"do": "apply", ...}} and the target on its standard input',
    )
    there_and_back(script, plan)
    script.apply(plan)
    assert (tmp_path / "held").read_text() == "198.51.100.7"

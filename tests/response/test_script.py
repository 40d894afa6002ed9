from __future__ import annotations

import base64
import hashlib
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey
from pydantic import ValidationError

from vedette.errors import ActionError, Refused
from vedette.model import Entity, EntityKind, Receipt
from vedette.response.actions.run_script import RunScript
from vedette.response.script import ScriptSettings
from vedette.testing.incidents import some_incident
from vedette.testing.made import entity

ECHO = "#!/bin/sh\n/bin/cat > {folder}/told\n/usr/bin/env > {folder}/environment\necho well\n"
WHO = entity("198.51.100.7")


def made(folder: Path, text: str = ECHO, **settings: object) -> RunScript:
    path = folder / "script"
    path.write_text(text.replace("{folder}", str(folder)))  # never made executable: its bytes are run, not the file
    vouched = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()} if "public_key" not in settings else {}
    return RunScript(ScriptSettings.model_validate({"path": str(path), **vouched, **settings}))


def applied(script: RunScript, target: Entity = WHO) -> Receipt:
    return script.apply(script.plan(some_incident(), target))


def test_it_is_told_in_json_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEDETTE_PASSWORD", "secret")
    assert applied(made(tmp_path)).details == {"said": "well"}
    assert json.loads((tmp_path / "told").read_text()) == {
        "do": "apply",
        "action": "run_script",
        "target": {"kind": "address", "value": "198.51.100.7"},
        "ttl_seconds": 3600,
        "why": "Password guessing by 198.51.100.7 (high, 90% sure).",
        "parameters": {"incident": "i1"},
    }
    assert "secret" not in (tmp_path / "environment").read_text()


@given(value=st.text(min_size=1, max_size=60))
def test_whatever_a_target_is_called_it_is_data(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    folder = tmp_path_factory.mktemp("script")
    text = "#!/bin/sh\n/bin/cat > {folder}/told\n[ $# = 0 ]\n"
    try:
        value.encode()
    except UnicodeEncodeError:
        return
    applied(made(folder, text), Entity(EntityKind.FILE, value))
    assert json.loads((folder / "told").read_text())["target"]["value"] == value


def test_a_script_that_was_changed_is_not_run(tmp_path: Path) -> None:
    script = made(tmp_path)
    (tmp_path / "script").write_text(f"#!/bin/sh\ntouch {tmp_path}/owned\n")
    with pytest.raises(Refused, match="not the script that the settings vouch for"):
        applied(script)
    assert not (tmp_path / "owned").exists()


def test_signed_by_the_key_of_the_settings_and_by_no_other(tmp_path: Path) -> None:
    key, other = SigningKey.generate(), SigningKey.generate()
    settings = {
        "public_key": base64.b64encode(bytes(key.verify_key)).decode(),
        "signature": str(tmp_path / "script.sig"),
    }
    script = made(tmp_path, **settings)
    data = (tmp_path / "script").read_bytes()
    for signature in (key.sign(data).signature, base64.b64encode(key.sign(data).signature) + b"\n"):
        (tmp_path / "script.sig").write_bytes(signature)
        assert applied(script).status == "done"
    for bad in (other.sign(data).signature, key.sign(data + b" ").signature, b"", b"x" * 64):
        (tmp_path / "script.sig").write_bytes(bad)
        with pytest.raises(Refused, match="vouch"):
            applied(script)


def test_a_failure_is_told_and_one_that_never_ends_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ActionError, match="the script failed: no such switch"):
        applied(made(tmp_path, "#!/bin/sh\necho no such switch >&2\nexit 3\n"))
    begun = time.monotonic()
    with pytest.raises(ActionError, match="took too long"):
        applied(made(tmp_path, "#!/bin/sh\nsleep 60\n", seconds=0.3))
    with pytest.raises(ActionError, match="said more than"):
        applied(
            made(tmp_path, "#!/bin/sh\nwhile :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done\n", seconds=20)
        )
    assert time.monotonic() - begun < 15


def test_what_is_no_script_or_absent(tmp_path: Path) -> None:
    with pytest.raises(ActionError, match="cannot be run"):
        applied(made(tmp_path, "#!/no/such/interpreter\n"))
    script = made(tmp_path)
    (tmp_path / "script").unlink()
    with pytest.raises(Refused, match="cannot read"):
        applied(script)
    with pytest.raises(Refused, match="larger than"):
        applied(made(tmp_path, "#" * ((1 << 20) + 1)))
    script = made(tmp_path)
    (tmp_path / "script").write_text("other")
    done = Receipt(script.plan(some_incident(), WHO), "done")
    with pytest.raises(ActionError, match="vouch"):
        script.undo(done)


def test_what_it_answers(tmp_path: Path) -> None:
    for code, told in ((0, True), (1, False), (2, None)):
        script = made(tmp_path, f"#!/bin/sh\nexit {code}\n", answers=True)
        assert script.in_force(script.plan(some_incident(), WHO)) is told
    assert made(tmp_path).in_force(script.plan(some_incident(), WHO)) is None


def test_what_is_missing_is_said() -> None:
    assert "path" in RunScript().ready()
    assert "sha256" in RunScript(ScriptSettings(path="/x")).ready()
    assert "sha256" in RunScript(ScriptSettings(path="/x", signature="/x.sig")).ready()
    for bad in ({"path": "x"}, {"sha256": "12"}, {"public_key": "AAAA"}):
        with pytest.raises(ValidationError):
            ScriptSettings.model_validate(bad)

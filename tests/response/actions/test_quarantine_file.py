from __future__ import annotations

import hashlib
import platform
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from vedette.errors import ActionError, Refused
from vedette.model import Entity, EntityKind, Receipt
from vedette.response.actions.quarantine_file import QuarantineFile, QuarantineSettings
from vedette.testing.incidents import some_incident
from vedette.testing.responses import there_and_back

HERE: dict[str, Any] = {"device.hostname": platform.node()}
SHA = hashlib.sha256(b"MZ").hexdigest()


def made(folder: Path) -> QuarantineFile:
    return QuarantineFile(QuarantineSettings(folder=str(folder / "sealed"), below=(str(folder / "home"),)))


def file(path: object) -> Entity:
    return Entity(EntityKind.FILE, str(path))


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "bad"
    path.parent.mkdir()
    path.write_bytes(b"MZ")
    return path


@pytest.mark.parametrize(
    "rows", [[HERE], [{**HERE, "file.hashes.value": ["d41d8cd98f00b204e9800998ecf8427e", SHA.upper()]}]]
)
def test_moved_and_put_back(bad: Path, tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    quarantine = made(tmp_path)
    plan = quarantine.plan(some_incident(), file(bad), rows)
    assert plan.parameters == ({"sha256": SHA} if len(rows[0]) > 1 else {})
    assert there_and_back(quarantine, plan).details == {"sha256": SHA}
    assert bad.read_bytes() == b"MZ"


def test_other_bytes_than_the_event_names_stay(bad: Path, tmp_path: Path) -> None:
    quarantine = made(tmp_path)
    plan = quarantine.plan(some_incident(), file(bad), [{**HERE, "file.hashes.value": ["ab" * 32]}])
    with pytest.raises(Refused, match="not the file that was seen"):
        quarantine.apply(plan)
    assert bad.exists()


def test_what_cannot_be_put_back_is_told(bad: Path, tmp_path: Path) -> None:
    quarantine = made(tmp_path)
    plan = quarantine.plan(some_incident(), file(bad), [HERE])
    quarantine.apply(plan)
    bad.write_text("new")
    with pytest.raises(ActionError, match="something else"):
        quarantine.undo(Receipt(plan, "done"))


@pytest.mark.parametrize(
    "rows", [[], [{}], [{"device.hostname": "elsewhere"}], [HERE, {"device.hostname": "elsewhere"}]]
)
def test_what_lies_elsewhere_is_refused(bad: Path, tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    with pytest.raises(Refused, match="not on this machine"):
        made(tmp_path).plan(some_incident(), file(bad), rows)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "home/bad",
        "{}/home/../etc",
        "{}/home2/x",
        "{}/sealed/x",
        "{}//home/bad",
        "{}/home/a\nb",
        "C:\\x",
        "",
    ],
)
def test_what_is_not_below_the_folders_of_the_settings_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(Refused):
        made(tmp_path).plan(some_incident(), file(path.replace("{}", str(tmp_path))), [HERE])


@given(path=st.from_regex(r"/home(?:/[a-z.]{1,3}){1,5}", fullmatch=True) | st.text(max_size=30))
def test_whatever_it_is_called_nothing_outside_is_planned(path: str) -> None:
    quarantine = QuarantineFile(QuarantineSettings(folder="/var/sealed", below=("/home/a",)))
    try:
        plan = quarantine.plan(some_incident(), file(path), [HERE])
    except Refused:
        return
    assert Path(plan.target.value).resolve().is_relative_to("/home/a")


def test_what_is_missing_is_said() -> None:
    assert "folder" in QuarantineFile().ready()
    assert "below" in QuarantineFile(QuarantineSettings(folder="/x")).ready()
    for bad_one in ({"folder": "x"}, {"below": ("/a/../b",)}):
        with pytest.raises(ValidationError, match="absolute"):
            QuarantineSettings.model_validate(bad_one)

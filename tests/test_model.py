from __future__ import annotations

import dataclasses
import inspect

import msgspec
import pytest

from vedette import model
from vedette.testing.incidents import some_incident

NOUNS = [c for _, c in inspect.getmembers(model, dataclasses.is_dataclass) if inspect.isclass(c)]


@pytest.mark.parametrize("noun", NOUNS, ids=lambda n: n.__name__)
def test_nouns_are_frozen_and_have_no_dict(noun: type) -> None:
    assert noun.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(noun)


def test_an_incident_survives_json() -> None:
    incident = some_incident()
    assert msgspec.json.decode(msgspec.json.encode(incident), type=model.Incident) == incident

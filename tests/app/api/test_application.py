"""The whole API: its schema is true, and nothing that it allows breaks anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.app.api.served import APPROVE, URL, Served, incidents, served

from vedette.app.api import events
from vedette.app.api.application import Json, create, runner_of
from vedette.app.api.rates import Buckets
from vedette.app.api.roles import Role
from vedette.app.meters import Meters
from vedette.config import parse
from vedette.errors import ConfigError

EXAMPLES = 20
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("asked")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VEDETTE_HOME", str(folder / "home"))
        patch.setattr(events, "LONGEST_SECONDS", 0.01)
        generous = APPROVE.model_copy(update={"api": parse("[api]\nper_minute = 1000000\n").api})
        api = served(folder, generous)
        api.app.state.parts.access.failed = Buckets(1e9, 1e9)
        api.add(*incidents(3))
        yield api
        api.state.close()


@pytest.fixture(scope="module")
def told_schema(asked: Served) -> schemathesis.BaseSchema:
    told = schemathesis.openapi.from_dict(asked.app.openapi())
    told.app = asked.app
    return told


def operations(told: schemathesis.BaseSchema) -> list[Any]:
    """Return all operations; one that the schema gets wrong fails here."""
    return [found.ok() for found in told.get_all_operations()]  # type: ignore[union-attr]


TAGS = ["incidents", "findings", "entities", "actions", "models", "events", "service", "administration"]


@pytest.mark.parametrize("tag", TAGS)
def test_whatever_is_asked_is_answered_as_the_schema_says(
    told_schema: schemathesis.BaseSchema, asked: Served, tag: str
) -> None:
    """Schemathesis asks what the schema allows, and what it does not; bounded, and the same every time."""
    headers = {"Authorization": f"Bearer {asked.token(Role.ADMIN)}"}
    count = 0
    for operation in operations(told_schema.include(tag=tag)):
        count += 1

        @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
        @given(case=operation.as_strategy() | operation.as_strategy(GenerationMode.NEGATIVE))
        def ask(case: Any) -> None:  # noqa: ANN401 - of schemathesis
            case.call_and_validate(base_url=URL, headers=headers, checks=CHECKS)

        ask()
    assert count


def test_every_operation_is_asked(told_schema: schemathesis.BaseSchema) -> None:
    assert {t for operation in operations(told_schema) for t in operation.tags or []} == set(TAGS)


def test_the_schema_is_of_this_version_and_names_every_error(api: Served) -> None:
    told = api.app.openapi()
    assert told["openapi"].startswith("3.1")
    names = [operation["operationId"] for methods in told["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))
    for methods in told["paths"].values():
        for operation in methods.values():
            error = operation["responses"]["default"]["content"]["application/json"]["schema"]
            assert error == {"$ref": "#/components/schemas/Error"}
            assert operation["summary"]
            assert operation["description"].endswith(".")


def test_everything_that_can_be_asked_for_is_said_in_words(api: Served) -> None:
    for methods in api.app.openapi()["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                assert parameter.get("description", "").rstrip().endswith((".", "...")), (
                    operation["operationId"],
                    parameter,
                )


def test_its_pages_load_nothing_from_elsewhere(api: Served) -> None:
    for path in ("/docs", "/redoc"):
        assert api.client(Role.ADMIN).get(path).status_code == 404


def test_numbers_that_are_none_are_null() -> None:
    assert Json({"a": float("nan"), "b": float("inf"), 3: "x"}).body == b'{"a":null,"b":null,"3":"x"}'


def test_by_default_responses_are_those_of_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert runner_of(parse("")).journal.path == tmp_path / "vedette" / "response" / "journal.jsonl"
    with pytest.raises(ConfigError, match="no such action"):
        runner_of(parse("[actions.nothing]\n"))


def test_without_a_runner_it_makes_one(api: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    app = create(api.state, api.service, parse(""), Meters())
    assert app.state.parts.runner.world().requests == {}

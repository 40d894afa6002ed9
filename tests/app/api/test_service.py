from __future__ import annotations

from pathlib import Path

from tests.app.api.served import Served

from vedette.app.api.service import Condition, Health, Service
from vedette.testing.made import NOON


def test_what_works_needs_no_words() -> None:
    assert Health(Condition.OK, 0, 0.0, 0, NOON).problems == ()


def test_the_fake_is_a_service_as_the_contract_says(api: Served) -> None:
    service: Service = api.service
    assert isinstance(service.baselines, Path)
    assert service.wait(0, 5) == api.state.last_change()
    assert service.wait(api.state.last_change(), 0.01) == api.state.last_change()
    assert service.health().status is Condition.OK

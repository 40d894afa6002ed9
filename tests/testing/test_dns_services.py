from __future__ import annotations

from random import Random

import pytest

from vedette.testing.dns_services import SERVICES
from vedette.testing.dns_tunnels import LABEL, NAME


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("count", [1, 300])
def test_a_service_is_asked_within_an_hour_below_one_domain(service: str, count: int) -> None:
    made = SERVICES[service](Random(1), count)
    assert made
    assert all(0 <= at < 3600 for at, *_ in made)
    assert len({".".join(name.split(".")[-2:]) for _, name, *_ in made}) == 1
    assert all(len(name) <= NAME and max(map(len, name.split("."))) <= LABEL for _, name, *_ in made)
    assert made == SERVICES[service](Random(1), count)

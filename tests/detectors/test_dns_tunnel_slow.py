from __future__ import annotations

from random import Random

import pytest

from vedette.detectors.dns_tunnel_slow import DnsTunnelSlow
from vedette.events.batch import EventBatch
from vedette.testing.dns_services import SERVICES
from vedette.testing.dns_tunnels import Session, iodine, seen, slow
from vedette.testing.rows import hits_of

HOURS = 15.0
"""The simulated day begins at eight in the morning."""


def exfiltration(seed: int, hours: float = HOURS, size: int = 20) -> EventBatch:
    """Return a question a minute, with jitter, each with new data."""
    return seen(slow(Session(Random(seed), seconds=3600 * hours), size=size))


def office() -> list[EventBatch]:
    """Return a day of twelve clients and the services they use."""
    rng, out = Random(5), []
    for n in range(12):
        for kind, ask in SERVICES.items():
            asked = [(at * HOURS, *each) for at, *each in ask(rng, 300)]
            out.append(seen(asked, src=f"10.0.1.{n}", log=f"{n} {kind}"))  # type: ignore[arg-type]
    return out


def test_a_question_a_minute_is_found_among_others_and_nothing_else_is() -> None:
    hits = hits_of(DnsTunnelSlow, exfiltration(1), *office())
    assert hits.select("src_endpoint.ip", "domain").rows() == [("10.0.0.5", "relay-example.net")]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_longer_names_are_found_alone(seed: int) -> None:
    assert hits_of(DnsTunnelSlow, exfiltration(seed, size=40)).height == 1


@pytest.mark.parametrize(
    "batch",
    [
        pytest.param(exfiltration(1, hours=2.0, size=60), id="two hours"),
        pytest.param(seen(iodine(Session(Random(1), up=50_000))), id="fast"),
        pytest.param(seen(iodine(Session(Random(1), up=400_000, seconds=15 * 3600.0))), id="fast all day"),
        pytest.param(exfiltration(1, hours=4.0, size=4), id="little"),
    ],
)
def test_what_hours_tell_and_what_is_too_little_is_left(batch: EventBatch) -> None:
    assert hits_of(DnsTunnelSlow, batch).height == 0


def test_it_tells_how_long() -> None:
    hit = hits_of(DnsTunnelSlow, exfiltration(1, size=40)).row(0, named=True)
    assert "in 15.0 hours (A): about" in hit["summary"], hit["summary"]

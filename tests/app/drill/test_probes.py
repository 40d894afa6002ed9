"""Probes try what they say: no more, in the order of chance, at the pace that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from pydantic import ValidationError

from vedette.app.drill.stage import Stage

ALL_DAY = {"start": "00:00", "until": "24:00", "count": "30"}
FLOOD = {"do": "flood", "who": "crowd", "to": "server", "port": "80", "at": "10:00", "lasts": "2s", "rate": "200"}


def syns(stage: Stage) -> list[tuple[int, int]]:
    """Return time and port of every first packet, in order of time."""
    return sorted((t, int.from_bytes(f[36:38], "big")) for t, f in stage.packets if f[47] == 2)


def test_a_port_named_twice_is_tried_once(play: Callable[..., Stage]) -> None:
    stage = play(do="scan", who="out", to="server", ports=["3", "80"], first_ports="80", at="10:00", pause="1s")
    ports = [port for _, port in syns(stage)]
    assert sorted(ports) == list(range(1, 81))
    assert ports != sorted(ports)


def test_a_scan_keeps_its_pause_and_its_limit(play: Callable[..., Stage]) -> None:
    stage = play(do="scan", who="out", to="server", first_ports="200", at="10:00", pause="2s", limit="40")
    times = [t for t, _ in syns(stage)]
    assert len(times) == 40
    assert all(1_000_000 <= b - a <= 3_000_000 for a, b in pairwise(times))


def test_no_stranger_knocks_twice_and_there_are_no_more_than_there_are(play: Callable[..., Stage]) -> None:
    stage = play(do="noise", who="crowd", to="server", ports=["23", "445"], when=ALL_DAY)
    assert len({f[26:30] for _, f in stage.packets}) == len(syns(stage)) == 5


@pytest.mark.parametrize(("answered", "least", "most"), [("0", 0, 0), ("1", 400, 400), ("0.5", 60, 140)])
def test_a_flooded_victim_answers_its_share(play: Callable[..., Stage], answered: str, least: int, most: int) -> None:
    stage = play(**FLOOD, answered=answered)
    assert len(syns(stage)) == 400
    assert least <= sum(f[47] == 18 for _, f in stage.packets) <= most


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "noise", "who": "crowd", "to": "server", "ports": [], "when": ALL_DAY},
        {"do": "scan", "who": "out", "to": "server", "ports": ["65536"], "at": "10:00", "pause": "1s"},
        {"do": "scan", "who": "out", "to": "server", "ports": ["1"], "at": "10:00", "pause": "0s"},
        {**FLOOD, "rate": "5001"},
        {**FLOOD, "answered": "1.1"},
        {**FLOOD, "victim": "server"},
    ],
)
def test_what_cannot_be_played_is_refused_before(play: Callable[..., Stage], fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        play(**fields)

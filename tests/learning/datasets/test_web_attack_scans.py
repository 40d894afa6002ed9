from __future__ import annotations

from random import Random

from vedette.learning.datasets.web_attack_scans import botnet, intruder, nuisance
from vedette.learning.datasets.web_attack_words import PROBE, SHELL


def test_scanners_give_themselves_away_by_path_or_by_name() -> None:
    rng = Random(1)
    made = [nuisance(rng) for _ in range(400)]
    assert {m.kind for m in made} == {PROBE}
    assert any("sqlmap" in (m.agent or "") for m in made)
    assert any(m.path.endswith("/.env") for m in made)


def test_worms_and_intruders_come_with_commands() -> None:
    rng = Random(1)
    assert sum("tmp" in m.path + (m.query or "") for m in (botnet(rng) for _ in range(400))) > 40
    calls = [intruder(rng) for _ in range(400)]
    assert {m.kind for m in calls} == {SHELL}
    assert sum("=" in (m.query or "") for m in calls) > 300

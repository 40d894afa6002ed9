"""Every detector of clouds has words, and they are whole."""

from __future__ import annotations

import pytest

from vedette.abc import Detector
from vedette.features.cloud_act import CloudAct
from vedette.features.cloud_work import CloudWork
from vedette.incidents.guidance import GUIDANCE
from vedette.incidents.guidance_cloud import CLOUD
from vedette.plugins import discover


def test_each_detector_of_clouds_has_words() -> None:
    ours = {name for name, d in discover(Detector).items() if d.needs in (CloudAct, CloudWork)}
    assert set(CLOUD) == ours
    assert set(CLOUD) <= set(GUIDANCE)


@pytest.mark.parametrize("name", CLOUD)
def test_sentences_are_whole(name: str) -> None:
    did, then, checks, outcome = CLOUD[name]
    assert did
    assert then
    assert all(c.format(a="ada", v="x").endswith((".", "?")) for c in checks)
    assert not outcome or outcome.endswith(".")

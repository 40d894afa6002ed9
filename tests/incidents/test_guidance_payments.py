"""Words about payments are for detectors that exist."""

from __future__ import annotations

from vedette.abc import Detector
from vedette.incidents.guidance_payments import PAYMENTS
from vedette.plugins import discover


def test_every_key_is_a_detector() -> None:
    assert set(PAYMENTS) <= set(discover(Detector))

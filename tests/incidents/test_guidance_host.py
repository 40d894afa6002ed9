from vedette.abc import Detector
from vedette.incidents.guidance import GUIDANCE
from vedette.incidents.guidance_host import HOST
from vedette.plugins import discover


def test_every_entry_is_about_a_detector_and_is_used() -> None:
    assert HOST.keys() <= discover(Detector).keys()
    assert all(GUIDANCE[name].did == words[0] for name, words in HOST.items())

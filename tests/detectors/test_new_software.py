from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.detectors.made_software import asked, shook

from vedette.detectors.new_software import NewSoftware
from vedette.events.batch import EventBatch
from vedette.testing.rows import hits_of

DAYS, LAST = 10, 9
TOOL, PRINT = "rclone/v1.66.0", "t13d190900_9dc949149365_97f8aa674fd9"


def office(hosts: int = 15) -> list[EventBatch]:
    """Return hosts with the same five programs each day, in versions that change."""
    return [
        asked([f"Browser/{100 + d}.0 Engine/5.{d}", f"Updater/{d}.1", "Mail"], f"10.0.0.{n + 5}", d)
        for d in range(DAYS)
        for n in range(hosts)
    ] + [
        shook(["t13d1516h2_8daaf6152771_02713d6af862"], f"10.0.0.{n + 5}", d) for d in range(DAYS) for n in range(hosts)
    ]


CASES: dict[str, tuple[Callable[[], list[EventBatch]], bool]] = {
    "a tool's user agent": (lambda: [asked([TOOL], day=LAST)], True),
    "a tool's handshake": (lambda: [shook([PRINT], day=LAST)], True),
    "a new version": (lambda: [asked(["Browser/200.1.7 Engine/7.0"], day=LAST)], False),
    "a roll-out": (lambda: [asked(["Agent/2"], f"10.0.0.{n + 5}", LAST) for n in range(15)], False),
    "everything new at once": (lambda: [shook([f"{n:032x}" for n in range(30)], day=LAST, ja4=False)], False),
    "before anything is known": (lambda: [asked([TOOL], day=2)], False),
    "a host that is new itself": (lambda: [asked([TOOL], "10.0.0.99", LAST)], False),
}


@pytest.mark.parametrize("case", CASES)
def test_rows(case: str) -> None:
    made, notable = CASES[case]
    hits = hits_of(NewSoftware, *office(), *made())
    assert bool(hits.height) is notable, hits.select("src_endpoint.ip", "score", "summary").to_dicts()


def test_the_words() -> None:
    hit = hits_of(NewSoftware, *office(), asked([TOOL], day=LAST)).row(0, named=True)
    assert (
        hit["summary"] == "10.0.0.5 used programs (rclone/v0) that neither it, in 9 days, nor any other host ever used."
    )


def test_a_client_that_shuffles_its_extensions_is_left_alone() -> None:
    shuffled = [shook([f"{d:016x}{k:016x}" for k in range(12)], day=d, ja4=False) for d in range(DAYS)]
    assert hits_of(NewSoftware, *office(), *shuffled).height == 0

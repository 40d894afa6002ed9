from __future__ import annotations

import pytest

from vedette.detectors.log_cleared_remotely import LogClearedRemotely
from vedette.testing.calls import ATTACKER, VICTIM, calls
from vedette.testing.rows import hits_of


@pytest.mark.parametrize(
    "call", ["eventlog::ElfrClearELFW", "eventlog::ElfrClearELFA", "IEventService::EvtRpcClearLog"]
)
def test_a_log_is_cleared(call: str) -> None:
    (hit,) = hits_of(LogClearedRemotely, calls("eventlog::ElfrOpenELW", call)).iter_rows(named=True)
    assert (hit["source"], hit["clearing_targets"]) == (ATTACKER, [VICTIM])
    assert VICTIM in hit["summary"]


def test_a_log_is_read() -> None:
    assert hits_of(LogClearedRemotely, calls("eventlog::ElfrOpenELW", *["eventlog::ElfrReadELW"] * 50)).is_empty()

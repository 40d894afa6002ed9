"""Which single acts are findings of cloud_command, and which are not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.detectors.made_cloud import call, calls

from vedette.detectors.cloud_command import CloudCommand
from vedette.testing.rows import hits_of

CASES: list[tuple[dict[str, Any], bool]] = [
    (call("SendCommand"), True),
    (call("ModifyInstanceAttribute", request='{"instanceId":"i","userData":"x"}'), True),
    (call("ModifyInstanceAttribute", request='{"instanceId":"i","instanceType":"t3.micro"}'), False),
    (call("RunInstances", request='{"instanceType":"p4d.24xlarge"}'), True),
    (call("RunInstances", request='{"instanceType":"t3.micro","maxCount":1}'), False),
    (call("MICROSOFT.COMPUTE/VIRTUALMACHINES/RUNCOMMAND/ACTION", log="azure"), True),
    (call("EnableSerialConsoleAccess"), True),
    (call("DescribeInstances"), False),
]


@pytest.mark.parametrize(
    ("made", "found"), CASES, ids=[f"{i} {c['metadata.event_code']}" for i, (c, _) in enumerate(CASES)]
)
def test_one_act(made: dict[str, Any], found: bool) -> None:
    hits = hits_of(CloudCommand, calls([made]))
    assert bool(hits.height) is found
    assert all(s.startswith(made["actor.user.name"]) for s in hits["summary"])


def test_other_topics_are_left_to_others() -> None:
    assert hits_of(CloudCommand, calls([call("StopLogging")])).height == 0

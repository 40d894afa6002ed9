"""Which single acts are findings of cloud_secrets, and which are not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.detectors.made_cloud import call, calls

from vedette.detectors.cloud_secrets import CloudSecrets
from vedette.testing.rows import hits_of

CASES: list[tuple[dict[str, Any], bool]] = [
    (call("BatchGetSecretValue"), True),
    (call("GetSecretValue", to="one"), False),
    (call("GetPasswordData", to="i-1"), True),
    (call("DescribeInstanceAttribute", to="i", request='{"instanceId":"i","attribute":"userData"}'), True),
    (call("DescribeInstanceAttribute", to="i", request='{"attribute":"instanceType"}'), False),
    (call("GetCredentialReport"), True),
]


@pytest.mark.parametrize(
    ("made", "found"), CASES, ids=[f"{i} {c['metadata.event_code']}" for i, (c, _) in enumerate(CASES)]
)
def test_one_act(made: dict[str, Any], found: bool) -> None:
    hits = hits_of(CloudSecrets, calls([made]))
    assert bool(hits.height) is found
    assert all(s.startswith(made["actor.user.name"]) for s in hits["summary"])


def test_other_topics_are_left_to_others() -> None:
    assert hits_of(CloudSecrets, calls([call("StopLogging")])).height == 0

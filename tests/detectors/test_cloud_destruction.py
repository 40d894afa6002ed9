"""Which single acts are findings of cloud_destruction, and which are not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.detectors.made_cloud import call, calls

from vedette.detectors.cloud_destruction import CloudDestruction
from vedette.testing.rows import hits_of

CASES: list[tuple[dict[str, Any], bool]] = [
    (call("ScheduleKeyDeletion"), True),
    (call("PutBucketVersioning", request='{"VersioningConfiguration":{"Status":"Suspended"}}'), True),
    (call("PutBucketVersioning", request='{"VersioningConfiguration":{"Status":"Enabled"}}'), False),
    (call("PutBucketLifecycle", request='{"Rule":{"Expiration":{"Days":1}}}'), True),
    (call("PutBucketLifecycle", request='{"Rule":{"Expiration":{"Days":90}}}'), False),
    (call("DeleteDBSnapshot", to="a"), True),
    (call("TerminateInstances", to="i-1"), False),
]


@pytest.mark.parametrize(
    ("made", "found"), CASES, ids=[f"{i} {c['metadata.event_code']}" for i, (c, _) in enumerate(CASES)]
)
def test_one_act(made: dict[str, Any], found: bool) -> None:
    hits = hits_of(CloudDestruction, calls([made]))
    assert bool(hits.height) is found
    assert all(s.startswith(made["actor.user.name"]) for s in hits["summary"])


def test_other_topics_are_left_to_others() -> None:
    assert hits_of(CloudDestruction, calls([call("StopLogging")])).height == 0

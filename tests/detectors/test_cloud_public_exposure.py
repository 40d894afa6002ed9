"""Which single acts are findings of cloud_public_exposure, and which are not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.detectors.made_cloud import call, calls

from vedette.detectors.cloud_public_exposure import CloudPublicExposure
from vedette.testing.rows import hits_of

CASES: list[tuple[dict[str, Any], bool]] = [
    (call("ModifySnapshotAttribute", request='{"createVolumePermission":{"add":{"items":[{"group":"all"}]}}}'), True),
    (call("ModifyImageAttribute", request='{"launchPermission":{"add":{"items":[{"userId":"1"}]}}}'), True),
    (
        call("AuthorizeSecurityGroupIngress", request='{"items":[{"fromPort":22,"toPort":22,"cidrIp":"0.0.0.0/0"}]}'),
        True,
    ),
    (
        call("AuthorizeSecurityGroupIngress", request='{"items":[{"fromPort":443,"toPort":443,"cidrIp":"0.0.0.0/0"}]}'),
        False,
    ),
    (
        call(
            "PutBucketPolicy",
            request='{"bucketPolicy":{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}]}}',
        ),
        True,
    ),
    (
        call(
            "PutBucketPolicy",
            request='{"bucketPolicy":{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:role/x"}}]}}',
        ),
        False,
    ),
    (call("repo.access", log="github", request='{"visibility":"public"}'), True),
    (call("repo.access", log="github", request='{"visibility":"private"}'), False),
    (call("storage.setIamPermissions", log="gcp", request='{"bindings":[{"members":["allUsers"]}]}'), True),
]


@pytest.mark.parametrize(
    ("made", "found"), CASES, ids=[f"{i} {c['metadata.event_code']}" for i, (c, _) in enumerate(CASES)]
)
def test_one_act(made: dict[str, Any], found: bool) -> None:
    hits = hits_of(CloudPublicExposure, calls([made]))
    assert bool(hits.height) is found
    assert all(s.startswith(made["actor.user.name"]) for s in hits["summary"])


def test_other_topics_are_left_to_others() -> None:
    assert hits_of(CloudPublicExposure, calls([call("StopLogging")])).height == 0

"""Which single acts are findings of cloud_privilege_escalation, and which are not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.detectors.made_cloud import call, calls

from vedette.detectors.cloud_privilege_escalation import CloudPrivilegeEscalation
from vedette.testing.rows import hits_of

CASES: list[tuple[dict[str, Any], bool]] = [
    (
        call(
            "AttachUserPolicy", request='{"policyArn":"arn:aws:iam::aws:policy/AdministratorAccess","userName":"eve"}'
        ),
        True,
    ),
    (call("AttachUserPolicy", request='{"policyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}'), False),
    (call("CreateAccessKey", to="bob", request='{"userName":"bob"}'), True),
    (
        call(
            "UpdateAssumeRolePolicy",
            request='{"policyDocument":"{\\"Principal\\": {\\"AWS\\": \\"arn:aws:iam::1:root\\"}}"}',
        ),
        True,
    ),
    (call("Add member to role", log="azure", request='{"newValue":"Global Administrator"}'), True),
    (
        call(
            "create clusterrolebindings",
            log="kubernetes",
            request='{"roleRef":{"kind":"ClusterRole","name":"cluster-admin"}}',
        ),
        True,
    ),
    (call("system.api_token.create", log="okta"), True),
    (call("GetUser"), False),
    (call("ListRoles"), False),
]


@pytest.mark.parametrize(
    ("made", "found"), CASES, ids=[f"{i} {c['metadata.event_code']}" for i, (c, _) in enumerate(CASES)]
)
def test_one_act(made: dict[str, Any], found: bool) -> None:
    hits = hits_of(CloudPrivilegeEscalation, calls([made]))
    assert bool(hits.height) is found
    assert all(s.startswith(made["actor.user.name"]) for s in hits["summary"])


def test_other_topics_are_left_to_others() -> None:
    assert hits_of(CloudPrivilegeEscalation, calls([call("StopLogging")])).height == 0

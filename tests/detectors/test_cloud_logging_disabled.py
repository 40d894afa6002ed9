"""What blinds a cloud, and what does not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.detectors.made_cloud import call, calls

from vedette.detectors.cloud_logging_disabled import CloudLoggingDisabled
from vedette.testing.rows import hits_of

CASES: list[tuple[dict[str, Any], bool]] = [
    (call("StopLogging", to="main"), True),
    (call("DeleteTrail", to="main"), True),
    (call("PutEventSelectors", request='{"eventSelectors":[{"includeManagementEvents":false}]}'), True),
    (
        call(
            "Set-AdminAuditLogConfig", log="m365", request='{"Parameters":{"UnifiedAuditLogIngestionEnabled":"False"}}'
        ),
        True,
    ),
    (call("Set-AdminAuditLogConfig", log="m365", request='{"Parameters":{"AdminAuditLogEnabled":"True"}}'), False),
    (call("google.logging.v2.ConfigServiceV2.DeleteSink", log="gcp"), True),
    (call("MICROSOFT.INSIGHTS/DIAGNOSTICSETTINGS/DELETE", log="azure"), True),
    (call("DescribeTrails"), False),
    (call("CreateTrail", to="main"), False),
    (call("StartLogging", to="main"), False),
]


@pytest.mark.parametrize(
    ("made", "found"), CASES, ids=[f"{i} {c['metadata.event_code']}" for i, (c, _) in enumerate(CASES)]
)
def test_one_act(made: dict[str, Any], found: bool) -> None:
    hits = hits_of(CloudLoggingDisabled, calls([made]))
    assert bool(hits.height) is found
    assert all(s.startswith(made["actor.user.name"]) for s in hits["summary"])


def test_other_topics_are_left_to_others() -> None:
    assert hits_of(CloudLoggingDisabled, calls([call("GetPasswordData")])).height == 0

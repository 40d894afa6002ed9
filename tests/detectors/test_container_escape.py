"""Which single acts are findings of container_escape, and which are not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.detectors.made_cloud import call, calls

from vedette.detectors.container_escape import ContainerEscape
from vedette.testing.rows import hits_of

CASES: list[tuple[dict[str, Any], bool]] = [
    (
        call(
            "create pods", log="kubernetes", request='{"spec":{"containers":[{"securityContext":{"privileged":true}}]}}'
        ),
        True,
    ),
    (call("create pods", log="kubernetes", request='{"spec":{"volumes":[{"hostPath":{"path":"/"}}]}}'), True),
    (call("create pods", log="kubernetes", request='{"spec":{"hostPID":true}}'), True),
    (call("create pods", log="kubernetes", request='{"spec":{"containers":[{"image":"web"}]}}'), False),
    (call("create pods/exec", log="kubernetes"), True),
    (call("io.k8s.core.v1.pods.exec.create", log="gcp"), True),
    (call("list pods", log="kubernetes", who="system:anonymous", actor__user__type="Anonymous"), True),
    (call("list pods", log="kubernetes"), False),
    (call("create pods/exec", log="kubernetes", actor__user__type="System"), False),
]


@pytest.mark.parametrize(
    ("made", "found"), CASES, ids=[f"{i} {c['metadata.event_code']}" for i, (c, _) in enumerate(CASES)]
)
def test_one_act(made: dict[str, Any], found: bool) -> None:
    hits = hits_of(ContainerEscape, calls([made]))
    assert bool(hits.height) is found
    assert all(s.startswith(made["actor.user.name"]) for s in hits["summary"])


def test_other_topics_are_left_to_others() -> None:
    assert hits_of(ContainerEscape, calls([call("StopLogging")])).height == 0

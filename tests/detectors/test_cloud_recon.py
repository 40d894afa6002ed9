"""Who looks around, and who only works."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.detectors.made_cloud import START, call, calls

from vedette.detectors.cloud_recon import CloudRecon
from vedette.testing.rows import hits_of

SURVEY = (
    "GetCallerIdentity",
    "ListUsers",
    "ListRoles",
    "ListBuckets",
    "DescribeInstances",
    "ListSecrets",
    "ListFunctions",
    "DescribeRegions",
)


def _made(operations: tuple[str, ...], **given: object) -> list[dict[str, Any]]:
    return [call(o, minutes=i, activity_id=2, **given) for i, o in enumerate(operations)]


REFUSED = {"status_id": 2, "api__response__error": "AccessDenied"}
CASES = {
    "surveys and is refused": (_made(SURVEY, **REFUSED), True),
    "surveys and is let": (_made(SURVEY), False),
    "is refused the same call all day": ([call("GetObject", minutes=i / 10, **REFUSED) for i in range(300)], False),
    "works": (_made(("GetObject", "PutObject", "ListObjects") * 50), False),
    "a person at the console": (_made(tuple(f"Describe{i}" for i in range(40))), False),
    "many kinds refused": (_made(tuple(f"Describe{i}" for i in range(20)), **REFUSED), True),
}


@pytest.mark.parametrize("name", CASES)
def test_one_hour(name: str) -> None:
    made, found = CASES[name]
    assert bool(hits_of(CloudRecon, calls(made)).height) is found


def test_who_is_refused_always_has_too_few_rights() -> None:
    operations = tuple(f"Describe{i}" for i in range(9))
    first, later = (
        hits_of(
            CloudRecon,
            calls(
                [
                    {**c, "time": c["time"].replace(day=2 + h // 24, hour=h % 24)}
                    for h in range(n)
                    for c in _made(operations, **REFUSED)
                ]
            ),
        )
        for n in (1, 40)
    )
    assert first.height == 1
    assert later.filter(later["age"] > 20).height == 0


def test_a_program_that_leaves_its_habit() -> None:
    usual = [
        {**call("GetObject", who=w, activity_id=2), "time": START + timedelta(hours=h)}
        for h in range(60)
        for w in ("bot", "web")
    ]
    then = [
        {**c, "actor.user.name": "bot", "time": START + timedelta(hours=61)}
        for c in _made((*SURVEY, "ListKeys", "ListTables"))
    ]
    hits = hits_of(CloudRecon, calls([*usual, *then]))
    assert hits["principal"].to_list() == ["bot"]

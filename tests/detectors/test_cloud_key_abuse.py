"""A key in the wrong hands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.detectors.made_cloud import START, call, calls

from vedette.detectors.cloud_key_abuse import CloudKeyAbuse
from vedette.testing.rows import hits_of

MACHINE = "arn:aws:sts::111122223333:assumed-role/Web/i-0abcdef1234567890"
REFUSED = {"status_id": 2, "api__response__error": "AccessDenied"}


def _machine(*addresses: str) -> list[dict[str, Any]]:
    return [
        call(o, actor__user__uid=MACHINE, src_endpoint__ip=a)
        for a in addresses
        for o in ("GetCallerIdentity", "ListBuckets")
    ]


CASES = {
    "a machine's credentials elsewhere": (_machine("10.0.0.5", "198.51.100.9"), True),
    "a machine at home": (_machine("10.0.0.5"), False),
    "asks who it is, tries and is refused": (
        [call("GetCallerIdentity"), *(call(f"Describe{i}", api__service__name=f"s{i}", **REFUSED) for i in range(12))],
        True,
    ),
    "asks who it is and works": ([call("GetCallerIdentity"), call("DescribeInstances")], False),
    "reads a few objects": ([call("GetObject", minutes=i) for i in range(50)], False),
}


@pytest.mark.parametrize("name", CASES)
def test_one_hour(name: str) -> None:
    made, found = CASES[name]
    assert bool(hits_of(CloudKeyAbuse, calls(made)).height) is found


def test_far_more_objects_than_ever() -> None:
    usual = [{**call("GetObject", who="bot"), "time": START + timedelta(hours=h)} for h in range(50) for _ in range(3)]
    many = [{**call("GetObject", who="bot"), "time": START + timedelta(hours=51)} for _ in range(20_000)]
    hits = hits_of(CloudKeyAbuse, calls([*usual, *many]))
    assert hits["objects"].to_list() == [20_000]

"""What a principal does in an hour."""

from __future__ import annotations

import pytest
from tests.detectors.made_cloud import call, calls

from vedette.features.cloud_work import KEPT, CloudWork
from vedette.testing.rows import rows_of

READ = {"activity_id": 2}
REFUSED = {"status_id": 2, "api__response__error": "AccessDenied"}


def test_kinds_are_counted_once() -> None:
    rows = rows_of(
        CloudWork,
        calls(
            [
                call("GetCallerIdentity", **READ),
                call("ListUsers", **READ, **REFUSED, api__service__name="iam.amazonaws.com"),
                call("ListUsers", **READ, **REFUSED, api__service__name="iam.amazonaws.com", minutes=1),
                call("RunInstances", api__service__name="ec2.amazonaws.com", cloud__region="eu-west-1"),
                call("GetObject", **READ, status_id=1),
            ]
        ),
    )
    (row,) = rows.to_dicts()
    counted = (
        "kinds",
        "read_kinds",
        "refused_kinds",
        "survey_kinds",
        "services",
        "regions_count",
        "calls",
        "refusals",
        "objects",
    )
    assert [row[c] for c in counted] == [4, 3, 1, 2, 2, 1, 5, 2, 1]
    assert row["identity"] is True
    assert row["refused_shown"] == ["ListUsers"]


def test_a_failure_that_is_no_refusal_is_none() -> None:
    (row,) = rows_of(CloudWork, calls([call("GetObject", status_id=2, api__response__error="NoSuchKey")])).to_dicts()
    assert (row["refused_kinds"], row["refusals"]) == (0, 0)


@pytest.mark.parametrize(
    ("address", "network"), [("192.0.2.7", "192.0.0.0/16"), ("2001:db8::7", "2001:db8::/32"), (None, None)]
)
def test_networks(address: str | None, network: str | None) -> None:
    (row,) = rows_of(CloudWork, calls([call("ListUsers", src_endpoint__ip=address)])).to_dicts()
    assert row["networks"] == ([network] if network else [])


def test_versions_of_a_program_are_one_program() -> None:
    made = [call("ListUsers", http_request__user_agent=f"aws-cli/2.{n}.1 Python/3.11.{n} Linux") for n in range(3)]
    (row,) = rows_of(CloudWork, calls(made)).to_dicts()
    assert row["agents"] == ["aws-cli/0 Python/0"]


def test_credentials_of_a_machine_by_network() -> None:
    machine = "arn:aws:sts::111122223333:assumed-role/Web/i-0abcdef1234567890"
    made = [call("ListBuckets", actor__user__uid=machine, src_endpoint__ip=a) for a in ("10.0.0.5", "198.51.100.9")]
    (row,) = rows_of(CloudWork, calls(made)).to_dicts()
    assert row["instance_networks"] == 2
    (row,) = rows_of(CloudWork, calls([{**m, "actor.user.uid": "arn:aws:iam::1:user/ada"} for m in made])).to_dicts()
    assert row["instance_networks"] == 0


@pytest.mark.parametrize("itself", [{"actor__user__type": "AWSService"}, {"actor__invoked_by": "config.amazonaws.com"}])
def test_the_cloud_itself_is_left_out(itself: dict[str, str]) -> None:
    assert rows_of(CloudWork, calls([call("ListUsers", **itself)])).height == 0


def test_it_is_bounded() -> None:
    (row,) = rows_of(CloudWork, calls([call(f"Get{n}", **READ) for n in range(1000)])).to_dicts()
    assert len(row["operations"]) == KEPT
    assert row["kinds"] == pytest.approx(1000, rel=0.3)

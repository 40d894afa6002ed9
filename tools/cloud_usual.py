"""A made-up fortnight of a company's calls of AWS, without any attack: what the cloud detectors say of it by mistake.

``python -m tools.cloud_usual [seed ...]``. Twelve programs, one tool that manages infrastructure, fifteen people at the console. It is
simpler than life: no new programs come, and nobody is ill-equipped with rights for long.
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from vedette.abc import Detector
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features.cloud_act import CloudAct
from vedette.features.cloud_work import CloudWork
from vedette.plugins import discover
from vedette.testing.rows import rows_of

START, DAYS, PROGRAMS, PEOPLE = datetime(2026, 3, 2, tzinfo=UTC), 14, 12, 15
_NOUNS = (
    *(
        "Instances",
        "Volumes",
        "Subnets",
        "Vpcs",
        "SecurityGroups",
        "Images",
        "Buckets",
        "Roles",
        "Users",
        "Policies",
        "Functions",
    ),
    *(
        "Alarms",
        "LogGroups",
        "Tables",
        "Clusters",
        "Keys",
        "Topics",
        "Queues",
        "Certificates",
        "HostedZones",
        "Repositories",
    ),
    *("TaskDefinitions", "Snapshots", "KeyPairs", "Regions"),
)
READS = [f"{verb}{noun}" for verb in ("Describe", "List", "Get") for noun in _NOUNS]
CHANGES = {
    "PutRolePolicy": "{}",
    "AttachRolePolicy": '{"policyArn":"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}',
    "AuthorizeSecurityGroupIngress": '{"items":[{"fromPort":443,"cidrIp":"0.0.0.0/0"}]}',
    "UpdateFunctionCode": "{}",
    "CreateRole": '{"assumeRolePolicyDocument":"{\\"Principal\\":{\\"Service\\":\\"lambda.amazonaws.com\\"}}"}',
    "PutBucketPolicy": '{"Principal":{"AWS":"arn:aws:iam::111122223333:role/x"}}',
    "CreatePolicy": "{}",
    "RunInstances": '{"instanceType":"t3.small"}',
    "TerminateInstances": "{}",
    "PutBucketVersioning": '{"VersioningConfiguration":{"Status":"Enabled"}}',
}
BY_HAND = (
    *(
        "StartSession",
        "CreateAccessKey",
        "DeleteSnapshot",
        "RunInstances",
        "CreateUser",
        "ModifyInstanceAttribute",
        "StopInstances",
    ),
    *("GetSecretValue", "UpdateFunctionConfiguration"),
)
REFUSED_SHARE, BY_HAND_SHARE, AWAY_SHARE = 0.03, 0.15, 0.2

Rows = list[dict[str, Any]]


def fortnight(seed: int) -> EventBatch:
    """Return the calls of a fortnight."""
    rng = random.Random(seed)  # noqa: S311 - made-up calls
    rows: Rows = []
    for number in range(DAYS):
        day = START + timedelta(days=number)
        _programs(rng, day, rows)
        if day.weekday() < 5:
            _tool(rng, day, rows)
            _people(rng, day, rows)
    schema = {c: SCHEMAS[EventClass.API_ACTIVITY][c] for c in dict.fromkeys(c for r in rows for c in r)}
    frame = pl.DataFrame(sorted(rows, key=lambda r: r["time"]), schema=schema)
    return EventBatch(
        EventClass.API_ACTIVITY, frame.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("metadata.sequence"))
    )


def _call(operation: str, who: str, time: datetime, address: str, **more: object) -> dict[str, Any]:
    return {
        "time": time,
        "metadata.event_code": operation,
        "metadata.log_provider": "cloudtrail",
        "metadata.log_name": "made",
        "api.service.name": operation[-4:],
        "actor.user.name": who,
        "src_endpoint.ip": address,
        "cloud.region": "eu-west-1",
        "status_id": 1,
        "activity_id": 2 if operation in READS or operation.startswith("Get") else 99,
        **{k.replace("__", "."): v for k, v in more.items()},
    }


def _programs(rng: random.Random, day: datetime, rows: Rows) -> None:
    for n in range(PROGRAMS):
        for hour in range(24):
            time = day + timedelta(hours=hour, minutes=rng.random() * 59)
            calls = min(60, max(1, int(rng.lognormvariate(0, 0.5) * 2 ** (n % 5))))
            rows += [_call("GetObject" if i % 3 else "PutObject", f"app{n}", time, f"10.{n}.0.5") for i in range(calls)]
            if hour % 6 == 0:
                rows.append(_call("GetSecretValue", f"app{n}", time, f"10.{n}.0.5", resources__name=[f"secret{n}"]))


def _tool(rng: random.Random, day: datetime, rows: Rows) -> None:
    for run in range(4):
        time = day + timedelta(hours=9 + 2 * run, minutes=rng.random() * 50)
        rows += [_call(o, "tool", time, "10.99.0.1") for o in ("GetCallerIdentity", *rng.sample(READS, 45))]
        for operation in rng.sample(sorted(CHANGES), 3):
            target = [f"r{rng.randrange(30)}"]
            rows.append(
                _call(
                    operation, "tool", time, "10.99.0.1", api__request__data=CHANGES[operation], resources__name=target
                )
            )


def _people(rng: random.Random, day: datetime, rows: Rows) -> None:
    for n in range(PEOPLE):
        for _ in range(rng.choice((0, 0, 1, 2, 3))):
            time = day + timedelta(hours=8 + rng.random() * 9)
            away = rng.random() < AWAY_SHARE
            address = f"{rng.choice((81, 94, 178))}.{rng.randrange(250)}.3.4" if away else f"203.0.113.{n}"
            for operation in rng.sample(READS, rng.randrange(5, 40)):
                refused = (
                    {"status_id": 2, "api__response__error": "AccessDenied"} if rng.random() < REFUSED_SHARE else {}
                )
                rows.append(
                    {
                        **_call(operation, f"person{n}", time, address),
                        **{k.replace("__", "."): v for k, v in refused.items()},
                    }
                )
            if rng.random() < BY_HAND_SHARE:
                target = [f"x{rng.randrange(9)}"]
                rows.append(
                    _call(
                        rng.choice(BY_HAND),
                        f"person{n}",
                        time,
                        address,
                        api__request__data="{}",
                        resources__name=target,
                    )
                )


def found(seed: int) -> tuple[int, dict[str, tuple[int, int]]]:
    """Return how many calls a fortnight has, and per detector how many findings, and how many of them alert by themselves."""
    batch = fortnight(seed)
    told = {}
    for features in (CloudAct, CloudWork):
        rows = rows_of(features, batch)
        for name, kind in discover(Detector).items():
            if kind.needs is features:
                detector = kind()
                scores = detector.score(rows)
                alerts = (
                    0 if detector.corroborates else int((scores >= max(detector.alert_from, detector.threshold)).sum())
                )
                told[name] = (int((scores >= detector.threshold).sum()), alerts)
    return len(batch), {name: counts for name, counts in told.items() if counts[0]}


def main() -> None:
    """Print the findings of each seed."""
    for seed in map(int, sys.argv[1:] or ("1", "2", "3")):
        calls, told = found(seed)
        print(f"seed {seed}: {calls:,} calls")
        for name, (findings, alerts) in told.items():
            print(f"  {name}: {findings} findings, {alerts} alert by themselves")


if __name__ == "__main__":
    main()

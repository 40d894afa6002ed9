"""What kind of act an operation is, by its name."""

from __future__ import annotations

import polars as pl
import pytest

from vedette.events.operations import CREATE, DELETE, OTHER, READ, UPDATE, activity, reads

NAMES = {
    "ListBuckets": READ,
    "BatchGetSecretValue": READ,
    "v1.compute.instances.list": READ,
    "google.iam.admin.v1.CreateServiceAccountKey": CREATE,
    "storage.setIamPermissions": UPDATE,
    "Add member to role.": CREATE,
    "Hard Delete application.": DELETE,
    "New-InboxRule": CREATE,
    "MICROSOFT.COMPUTE/VIRTUALMACHINES/DELETE": DELETE,
    "user.session.start": UPDATE,
    "StopLogging": UPDATE,
    "": OTHER,
}


@pytest.mark.parametrize("name", NAMES)
def test_kinds(name: str) -> None:
    assert pl.select(activity(pl.lit(name)).fill_null(OTHER)).item() == NAMES[name]


def test_reading() -> None:
    assert [pl.select(reads(pl.lit(n))).item() for n in ("GetObject", "PutObject")] == [True, False]

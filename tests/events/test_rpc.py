"""Procedures by name."""

from __future__ import annotations

from uuid import UUID

import polars as pl

from vedette.events.rpc import CALLS, CLASSES, INTERFACES, OPERATIONS, PIPES, interface_of, operation_of


def test_the_tables_agree() -> None:
    assert all(str(UUID(uuid)) == uuid for uuid in (*INTERFACES, *CLASSES))
    assert set(OPERATIONS) <= set(INTERFACES.values())
    assert set(PIPES.values()) <= set(INTERFACES.values())
    assert all(len(set(names.values())) == len(names) for names in OPERATIONS.values())
    assert CALLS["367abb81-9844-35f1-ad32-98f038001003:12"] == ("svcctl", "CreateServiceW")


def test_names_of_columns() -> None:
    uuids = ["E3514235-4B06-11D1-AB04-00C04FC2DCD2", "e3514235-4b06-11d1-ab04-00c04fc2dcd2", "no uuid", None]
    frame = pl.DataFrame({"uuid": uuids, "number": [3, 250, 3, 3]})
    named = frame.select(
        interface_of(pl.col("uuid")).alias("of"), operation_of(pl.col("uuid"), pl.col("number")).alias("what")
    )
    assert named.rows() == [("drsuapi", "DRSGetNCChanges"), ("drsuapi", None), (None, None), (None, None)]

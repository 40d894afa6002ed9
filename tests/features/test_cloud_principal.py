"""Who acts in a cloud."""

from __future__ import annotations

import polars as pl

from vedette.features.cloud_principal import named, principal


def test_the_name_or_else_the_id_or_else_the_address() -> None:
    rows = pl.DataFrame(
        {
            "actor.user.name": ["ada", None, None],
            "actor.user.uid": ["1", "2", None],
            "src_endpoint.ip": ["192.0.2.7"] * 3,
            "cloud.account.uid": ["a"] * 3,
        }
    )
    assert rows.select(p=principal())["p"].to_list() == ["ada", "2", "192.0.2.7"]


def test_an_address_is_told_as_one() -> None:
    rows = pl.DataFrame(
        {"principal": ["ada", "192.0.2.7", "2001:db8::7", "arn:aws:iam::1:user/x", "system:serviceaccount:a:b"]}
    )
    told = rows.select(named())
    assert told["user"].to_list() == ["ada", None, None, "arn:aws:iam::1:user/x", "system:serviceaccount:a:b"]
    assert told["address"].to_list() == [None, "192.0.2.7", "2001:db8::7", None, None]

"""Who acts in a cloud."""

from __future__ import annotations

import polars as pl

from vedette.features.cloud_principal import principal


def test_the_name_or_else_the_id() -> None:
    rows = pl.DataFrame({"actor.user.name": ["ada", None], "actor.user.uid": ["1", "2"]})
    assert rows.select(p=principal())["p"].to_list() == ["ada", "2"]

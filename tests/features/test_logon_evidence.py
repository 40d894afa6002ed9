from __future__ import annotations

import polars as pl
import pytest

from vedette.features.logon_evidence import fewest, news, novelty, shown


def row(*, had: list[bool], others: list[int], age: int, entities: int = 100) -> pl.DataFrame:
    return pl.DataFrame(
        {"s": [["a", "b"][: len(had)]], "had.s": [had], "others.s": [others], "age": [age], "entities": [entities]},
        schema_overrides={"had.s": pl.List(pl.Boolean), "others.s": pl.List(pl.Int64), "s": pl.List(pl.String)},
    )


def nats(**of: object) -> float:
    return float(row(**of).select(novelty("s", likely=0.05)).item())  # type: ignore[arg-type]


def test_the_rarest_new_member_counts() -> None:
    frame = row(had=[False, False], others=[50, 0], age=20)
    assert frame.select(fewest("s")).item() == 0
    assert frame.select(shown("s")).item() == "a, b"
    assert row(had=[True, False], others=[50, 0], age=20).select(news("s")).item().to_list() == ["b"]


def test_it_grows_with_the_history_and_falls_with_company() -> None:
    young, old = nats(had=[False], others=[0], age=6), nats(had=[False], others=[0], age=40)
    common = nats(had=[False], others=[60], age=40)
    assert 0 < young < old
    assert common < old / 2


@pytest.mark.parametrize("of", [{"had": [True], "others": [0], "age": 40}, {"had": [False], "others": [0], "age": 3}])
def test_nothing_new_or_nothing_known_is_no_evidence(of: dict[str, object]) -> None:
    assert nats(**of) == 0

"""What is new, and what is more than ever."""

from __future__ import annotations

import polars as pl

from vedette.features.cloud_work_evidence import KNOWN_HOURS, KNOWN_WINDOWS, more, new_members, newness, source


def _row(**given: object) -> pl.DataFrame:
    usual: dict[str, object] = {
        "age": KNOWN_HOURS,
        "windows": KNOWN_WINDOWS,
        "regions": ["a", "b"],
        "had.regions": [True, False],
        "others.regions": [0, 0],
        "addresses": ["192.0.2.7"],
    }
    return pl.DataFrame({k: [v] for k, v in (usual | given).items()})


def _nats(row: pl.DataFrame) -> float | None:
    found: float | None = row.select(newness("regions", "regions", own=1.0, everyone=3.0).evidence).item()
    return found


def test_new_to_all_is_worth_more_than_new_to_one() -> None:
    assert _nats(_row()) == 3.0
    assert _nats(_row(**{"others.regions": [0, 4]})) == 1.0
    assert _nats(_row(**{"had.regions": [True, True]})) is None


def test_without_a_history_nothing_is_new() -> None:
    assert _nats(_row(age=0)) is None
    assert _nats(_row(windows=KNOWN_WINDOWS - 1)) is None


def test_the_longer_it_is_known_the_more() -> None:
    assert (_nats(_row(age=100 * KNOWN_HOURS)) or 0.0) > 4.0


def test_which_members_are_new() -> None:
    assert _row().select(new_members("regions", to_all=False)).item().to_list() == ["b"]


def test_more_than_usual() -> None:
    rows = pl.DataFrame(
        {"n": [50.0, 50.0, 5.0], "normal.n.deviation": [3.0, -2.0, 3.0], "normal.n.mean": [1.0, 1.0, 1.0]}
    )
    term = more("n", "{} where {} are usual", least=10.0)
    assert rows.select(term.evidence).to_series().to_list() == [4.5, 0.0, None]
    assert rows.select(term.text).to_series()[0] == "50 where 2 are usual"


def test_from_where() -> None:
    assert _row().select(source()).item() == " from 192.0.2.7"
    assert _row(addresses=pl.Series([], dtype=pl.String)).select(source()).item() == ""

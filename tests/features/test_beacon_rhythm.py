from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.features.beacon_rhythm import (
    BLOCK,
    FEWEST,
    FIELDS,
    KEPT,
    RATIOS,
    bound,
    field,
    merged,
    moments,
    rhythms,
)

DAY = 86_400
MIDNIGHT = 1_772_409_600


def _told(*rows: list[float]) -> pl.DataFrame:
    """Return the fields of contacts at these seconds of a day."""
    events = pl.DataFrame(
        {
            "row": [n for n, row in enumerate(rows) for _ in row],
            "at": [(MIDNIGHT + s) * 1e6 for row in rows for s in row],
        }
    ).with_columns(pl.from_epoch(pl.col("at").cast(pl.Int64), time_unit="us").dt.replace_time_zone("UTC"))
    codes = events.group_by("row").agg(moments(pl.col("at")).unique().alias("codes"))
    whole = codes.group_by("row").agg(merged(pl.col("codes"))).sort("row")
    held = whole.with_columns(rhythm=rhythms(whole["codes"]))
    return held.select(field(name).alias(name) for name in FIELDS)


def _jittered(interval: float, jitter: float, seed: int = 0, loss: float = 0.0, until: float = DAY) -> list[float]:
    rng = np.random.default_rng(seed)
    at = np.cumsum(interval * (1 + rng.uniform(-jitter, jitter, int(3 * until / interval) + 9)))
    return list(at[(at < until) & (rng.random(len(at)) >= loss)])


@pytest.mark.parametrize("interval", [5, 10, 60, 300, 900, 3600])
@pytest.mark.parametrize("jitter", [0.0, 0.2, 0.4, 0.6])
def test_jitter_up_to_sixty_percent_leaves_a_rhythm(interval: float, jitter: float) -> None:
    told = _told(_jittered(interval, jitter)).row(0, named=True)
    assert told["nats"] > 8, told
    assert told["regular"] >= (0.8 if interval > 5 else 0.7) * told["gaps"], told  # whole seconds blur the shortest
    assert interval * (1 - jitter) - 1 <= told["low"] <= told["period"] <= told["high"] <= interval * (1 + jitter) + 1


@pytest.mark.parametrize(("loss", "jitter", "least"), [(0.2, 0.3, 20), (0.4, 0.1, 50), (0.4, 0.3, 5)])
def test_missing_beats_and_nights_leave_a_rhythm(loss: float, jitter: float, least: float) -> None:
    at = [s for s in _jittered(300, jitter, loss=loss) if 8 * 3600 <= s < 18 * 3600]
    told = _told(at).row(0, named=True)
    assert told["nats"] > least, told
    assert (told["hours"], told["days"]) == (10, 1)


def test_two_periods_leave_the_commoner() -> None:
    minutes = [s + burst for s in np.arange(0, DAY, 3600.0) for burst in np.arange(0, 600, 60.0)]
    told = _told(list(minutes)).row(0, named=True)
    assert (told["period"], told["regular"], told["gaps"]) == (60, 216, 239)


def test_bursts_at_every_beat_are_one_beat() -> None:
    at = [s + extra for s in _jittered(900, 0.3, seed=3) for extra in (0.0, 4.0, 5.0, 11.0)]
    told = _told(at).row(0, named=True)
    assert told["nats"] > 8, told
    assert 500 < told["period"] < 1300, told


@pytest.mark.parametrize("seed", range(8))
def test_random_visits_have_none(seed: int) -> None:
    """Poisson visits, bursts of them, sessions, and heavy tails: mixtures of Poisson processes all."""
    rng = np.random.default_rng(seed)
    poisson = np.cumsum(rng.exponential(200, 400))
    mixed = np.cumsum(rng.exponential(rng.choice([2.0, 60.0, 4000.0], 400, p=[0.6, 0.3, 0.1])))
    sessions = np.concatenate([start + np.cumsum(rng.exponential(20, 60)) for start in rng.uniform(0, DAY, 6)])
    pareto = np.cumsum(10 * rng.pareto(1.1, 400))
    told = _told(*(sorted(a[a < DAY]) for a in (poisson, mixed, sessions, pareto)))
    assert told["nats"].to_list() == pytest.approx([0.0] * 4, abs=2.0)


def test_the_bound_holds_for_mixtures_and_is_reached() -> None:
    for ratio in RATIOS:
        rates = np.geomspace(1e-4, 1e3, 20_000)
        reached = (np.exp(-rates) - np.exp(-ratio * rates)).max()  # the share of Poisson gaps in [1, ratio]
        assert reached == pytest.approx(bound(ratio), rel=1e-4)


def test_too_few_contacts_say_nothing() -> None:
    assert _told([60.0 * k for k in range(FEWEST)])["nats"].to_list() == [None]
    assert _told([60.0 * k for k in range(FEWEST + 1)])["nats"][0] >= 0


def test_what_is_left_out_makes_no_gaps() -> None:
    """A contact a second is more than is kept: whole blocks go, and no gap reaches across them."""
    told = _told([float(s) for s in range(DAY)], [float(s) for s in range(0, DAY, 5)])
    every, fifth = told.rows(named=True)
    assert every["beats"] == fifth["beats"] == KEPT
    assert every["nats"] == 0
    assert (fifth["low"], fifth["high"], fifth["regular"]) == (5, 5, fifth["gaps"])
    assert fifth["gaps"] > KEPT * 0.9
    assert fifth["hours"] >= 12


@given(
    st.lists(st.lists(st.integers(0, 2 * DAY), max_size=80), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_a_row_stands_by_itself_and_any_split_is_the_same(rows: list[list[int]], random: object) -> None:
    base = pl.DataFrame({"row": range(len(rows))})
    codes = pl.DataFrame(
        {"row": [n for n, r in enumerate(rows) for _ in r], "at": [s for r in rows for s in r]},
        schema={"row": pl.Int64, "at": pl.Int64},
    ).with_columns(codes=moments(pl.from_epoch("at", time_unit="s")))
    one = codes.group_by("row").agg(pl.col("codes").unique())
    parts = codes.with_columns(part=pl.col("at") % 3).group_by("row", "part").agg(pl.col("codes").unique())
    whole, again = (
        base.join(frame.group_by("row").agg(merged(pl.col("codes"))), on="row", how="left").sort("row")["codes"]
        for frame in (one, parts)
    )
    assert whole.to_list() == again.to_list()
    told = rhythms(whole).to_list()
    alone = [rhythms(whole[n : n + 1]).to_list()[0] for n in range(len(rows))]
    assert str(told) == str(alone)  # NaN is equal to itself as text


def test_blocks_are_kept_in_a_scattered_order() -> None:
    at = pl.DataFrame({"at": [MIDNIGHT + k * BLOCK for k in range(96)]})
    codes = at.select(moments(pl.from_epoch("at", time_unit="s"))).to_series()
    order = codes.arg_sort()
    first = sorted(order.head(24).to_list())
    assert max(np.diff(first)) <= 8

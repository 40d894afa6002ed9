from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from vedette.learning import items as labelled
from vedette.learning.items import encoded
from vedette.testing.learned import Toy, ToyText

Made = Callable[..., pl.DataFrame]


def test_items_are_encoded_as_live_events_are(made: Made) -> None:
    events = made(20, corpora=("north",))
    got = encoded(Toy, ToyText.needs, events, ["bad"])
    assert len(got) == events.height
    assert got.known.columns == ["@label", "@group", "@corpus", "@time"]
    assert got.malicious.tolist() == (events["@label"] == "bad").to_list()
    assert got.rows["text"].to_list() == [v[0] for v in events["osint.value"]]
    alone = Toy.encode(got.rows)[0]
    np.testing.assert_array_equal(got.blocks[0].slot, alone.slot)


def test_events_that_cannot_be_judged_are_left_out_with_what_is_known(made: Made) -> None:
    events = made(20, corpora=("north",))
    gaps = events.with_columns(pl.when(pl.col("metadata.sequence") % 3 > 0).then("osint.value").alias("osint.value"))
    got = encoded(Toy, ToyText.needs, gaps, ["bad"])
    kept = gaps.filter(pl.col("osint.value").is_not_null())
    assert got.known["@group"].to_list() == kept["@group"].to_list()
    assert got.rows["text"].to_list() == [v[0] for v in kept["osint.value"]]


def test_a_time_that_nobody_knows_is_no_obstacle(made: Made) -> None:
    events = made(5, corpora=("north",))
    for none in (events.drop("time"), events.with_columns(pl.lit(None, events.schema["time"]).alias("time"))):
        assert set(encoded(Toy, ToyText.needs, none, ["bad"]).rows["time"]) == {labelled.UNKNOWN_TIME}


def test_some_items(made: Made) -> None:
    got = encoded(Toy, ToyText.needs, made(20, corpora=("north",)), ["bad"])
    some = got.take(np.array([5, 1]))
    assert some.rows["text"].to_list() == [got.rows["text"][5], got.rows["text"][1]]
    np.testing.assert_array_equal(some.blocks[0].slot, Toy.encode(some.rows)[0].slot)
    assert not len(encoded(Toy, ToyText.needs, made(5, corpora=("north",)).clear(), ["bad"]))

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from vedette.learning.datasets.phishing_pot import PhishingPot


@pytest.mark.data
def test_the_set_is_read_whole_and_without_repetitions(shared_data: Path) -> None:
    rows = PhishingPot().read(shared_data)
    many, labels = 956, {"phishing": 956}
    assert len(rows) == many
    assert dict(rows["@label"].value_counts().rows()) == labels
    assert rows.select(pl.struct("@label", "@group")).is_duplicated().sum() == 0
    years = rows["@time"].dt.year()
    assert (years.min(), years.max()) == (2022, 2025)


@pytest.mark.data
def test_nothing_tells_the_collector(shared_data: Path) -> None:
    rows = PhishingPot().read(shared_data)
    texts = rows.select(pl.concat_str("email.raw_header", "vedette.body_text", separator=" ")).to_series()
    links = rows["email.urls.url_string"].explode(empty_as_null=False)
    for leak in ("phishing@pot", "phishing%40pot", "cGhpc2hpbmdAcG90"):
        assert not texts.str.contains(leak, literal=True).any()
        assert not links.str.contains(leak, literal=True).any()
    assert not texts.str.contains("(?im)^X-MS-").any()


@pytest.mark.data
def test_what_the_receiver_found_out_is_known(shared_data: Path) -> None:
    rows = PhishingPot().read(shared_data)
    assert rows["email_auth.spf"].null_count() < 0.1 * len(rows)


def test_its_licence_lets_no_model_ship_that_was_trained_on_it() -> None:
    assert not PhishingPot.trains

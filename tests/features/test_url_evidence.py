from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from vedette.features.url import Url
from vedette.features.url_evidence import CROSSED, EDGES, WORDS, binned, crossed, measures
from vedette.scoring.ngrams import corpus
from vedette.testing.urls import url_events


def _measures(*urls: str) -> dict[str, list[int]]:
    made = Url()
    rows = made.compute(made.take(url_events(urls))).collect()
    sizes = rows["host"].str.len_bytes().cast(pl.Int64) - rows["suffix_size"]
    bodies = [h[:n] for h, n in zip(rows["host"], sizes, strict=True)]
    found = measures(rows, corpus(pl.Series(bodies, dtype=pl.String)), corpus(rows["tail"].str.to_lowercase()))
    return {k: v.tolist() for k, v in found.items()}


CASES = {
    "host_size": ("a.example.com/x", 13),
    "name_size": ("sub.example.co.uk", 7),
    "labels": ("a.b.example.com", 2),
    "name_digits": ("a1.ab12c3.com", 3),
    "name_digit_percent": ("ab12.com", 50),
    "name_hyphens": ("x-y.a-b-c.com", 2),
    "name_vowel_percent": ("banana.com", 50),
    "name_variety": ("aaaaaa.com", 0),
    "sub_size": ("abc.d.example.com", 6),
    "sub_digits": ("a12.example9.com", 2),
    "sub_hyphens": ("a-b.c-d.com", 1),
    "consonant_run": ("abcdfgh.com", 6),
    "digit_run": ("a1234b12.com", 4),
    "switches": ("a1b2.com", 3),
    "tail_size": ("example.com/abc", 4),
    "depth": ("example.com/a/b/c", 3),
    "queries": ("example.com/a?b?c", 2),
    "parameters": ("example.com/?a=1&b=2", 2),
    "tail_digits": ("example9.com/a1/22", 3),
    "tail_hyphens": ("example.com/a-b-c", 2),
    "tail_underscores": ("example.com/a_b", 1),
    "tail_dots": ("example.com/a.b.html", 2),
    "tail_run": ("example.com/abc/abcdef", 6),
    "tail_consonant_run": ("example.com/abcdfe", 4),
    "capitals": ("EXAMPLE.com/aBC", 2),
    "escapes": ("example.com/%41%42c", 2),
    "depth of no path": ("example.com", -1),
    "name_vowel_percent of few letters": ("ab1.com", -1),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_measured(case: str) -> None:
    url, expected = CASES[case]
    assert _measures(url)[case.partition(" ")[0]] == [expected]


def test_a_row_is_measured_by_itself() -> None:
    urls = [url for url, _ in CASES.values()]
    together = _measures(*urls)
    assert all([together[k][i] for k in EDGES] == [_measures(u)[k][0] for k in EDGES] for i, u in enumerate(urls))


def test_every_measure_has_bins_and_words() -> None:
    found = {k: np.array(v) for k, v in _measures("a.example.com/x", "example.com", "192.0.2.1/" + "x" * 2000).items()}
    assert list(found) == list(EDGES) == list(WORDS)
    block = binned(found)
    assert block.slots == sum(len(e) + 2 for e in EDGES.values())
    assert len(np.unique(block.slot[: len(EDGES)])) == len(EDGES)
    together = crossed(block, np.zeros(3, np.uint64))
    assert len(together.slot) == 3 * len(CROSSED)
    assert int(together.slot.max()) < together.slots

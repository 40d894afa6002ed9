from __future__ import annotations

from random import Random

import polars as pl

from vedette.trust.evasions.domain_generators import letters
from vedette.trust.evasions.domain_renamed import renamed


def test_the_suffix_stays() -> None:
    events = pl.DataFrame({"query.hostname": ["shop.co.uk", None, "news.ddns.net"], "n": [1, 2, 3]})
    made = renamed(events, "query.hostname", letters, Random(1))
    assert made["n"].to_list() == [1, 2, 3]
    names = made["query.hostname"].to_list()
    assert names[1] is None
    assert names[0].endswith(".co.uk")
    assert names[2].endswith(".ddns.net")
    assert names[0] != "shop.co.uk"

from __future__ import annotations

from random import Random

from vedette.features.web_request import WebRequest
from vedette.testing.requests import requests
from vedette.testing.rows import rows_of
from vedette.trust.evasions.web_sentence import WebSentence

QUERY = "http_request.url.query_string"


def test_an_application_still_reads_the_attack_behind_words() -> None:
    batch = requests(31, **{QUERY: ["id=1%27+union+select+null--+-&page=2"] * 30 + [None]})  # type: ignore[arg-type]
    made = WebSentence().rewrite(batch.frame, Random(1))
    assert made.columns == batch.frame.columns
    assert made[QUERY].null_count() == 1
    assert made[QUERY].n_unique() > 2
    rows = rows_of(WebRequest, type(batch)(batch.kind, made)).head(30)
    assert all(t.endswith(" 1' union select null-- -\x1epage\x1f2") for t in rows["text"])
    plain = rows_of(WebRequest, batch)["clear"][0]
    assert (rows["clear"] < plain).all()
    assert (rows["clear"] > 0).all()

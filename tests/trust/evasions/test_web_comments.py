from __future__ import annotations

from random import Random

from vedette.features.web_request import WebRequest
from vedette.testing.requests import requests
from vedette.testing.rows import rows_of
from vedette.trust.evasions.web_comments import WebComments

QUERY = "http_request.url.query_string"


def test_an_application_still_reads_the_attack() -> None:
    batch = requests(31, **{QUERY: ["id=1%27+union+select+null--+-&page=2"] * 30 + [None]})  # type: ignore[arg-type]
    made = WebComments().rewrite(batch.frame, Random(1))
    assert made.columns == batch.frame.columns
    assert made[QUERY].null_count() == 1
    assert made[QUERY].n_unique() > 2
    texts = rows_of(WebRequest, type(batch)(batch.kind, made))["text"].to_list()[:30]
    assert all("1' union select null" in " ".join(t.replace("\n", " ").split()) for t in texts)
    assert all("page\x1f2" in t for t in texts)

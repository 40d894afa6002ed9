"""Every trouble has a status, and a word when to come again."""

from __future__ import annotations

import orjson

from vedette.transports.http.http_request import STATUS, Answer, Trouble, retry


def test_every_trouble_has_its_status() -> None:
    assert set(STATUS) == set(Trouble)
    assert {t: s for t, s in STATUS.items() if s < 400} == {}


def test_only_what_passes_is_tried_again() -> None:
    again = {t for t in Trouble if "retry-after" in retry(t)}
    assert again == {Trouble.BUSY, Trouble.FULL, Trouble.BROKEN}
    assert {STATUS[t] for t in again} == {429, 503}
    assert retry(Trouble.NO_TOKEN) == {"www-authenticate": "Bearer"}


def test_answers_of_json() -> None:
    answer = Answer.json(200, {"errors": False}, {"x": "y"})
    assert answer.body == b'{"errors":false}'  # Fluent Bit looks for these very bytes
    assert orjson.loads(answer.body) == {"errors": False}
    assert answer.headers == {"content-type": "application/json", "x": "y"}

from __future__ import annotations

import re

from tests.app.api.served import Served


def test_the_page_needs_no_token_and_holds_nothing(api: Served) -> None:
    answer = api.client().get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "198.51.100" not in answer.text


def test_only_what_has_this_answers_nonce_runs(api: Served) -> None:
    answers = [api.client().get("/") for _ in range(2)]
    nonces = []
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        nonces += re.findall(r"script-src 'nonce-([\w-]{20,})'", policy)
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "{{" not in answer.text
        assert re.findall(r"<(?:script|style)[^>]*>", answer.text) == [
            f'<{tag} nonce="{nonces[-1]}">' for tag in ("style", "script")
        ]
    assert nonces[0] != nonces[1]


def test_nothing_comes_from_elsewhere_and_nothing_is_markup(api: Served) -> None:
    page = api.client().get("/").text
    assert not re.findall(r"https?://|//\w+\.\w+|@import|url\(", page)
    assert not re.findall(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|\son\w+=|style=", page
    )

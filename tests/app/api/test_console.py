from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from tests.app.api.served import Served, incidents

from vedette.app.api.listener import Listener
from vedette.config import parse


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


@pytest.mark.browser
@pytest.mark.slow
def test_a_browser_shows_what_was_found_as_text(api: Served, tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium here")
    hostile = "<img src=x onerror=alert(1)> \u202egnp.exe"
    api.add(replace(incidents(1)[0], title=hostile, story=(hostile,), next_steps=(hostile,)))
    listener = Listener(api.app, parse("[api]\nport = 0\n").api)
    url = listener.start()
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--virtual-time-budget=8000",
        f"--user-data-dir={tmp_path / 'c'}",
    ]
    try:
        shown = subprocess.run(  # noqa: S603 - a browser, at our own page
            [chromium, *flags, "--dump-dom", f"{url}/#incident-0000"],
            capture_output=True,
            text=True,
            timeout=90,
            check=True,
        ).stdout
    finally:
        listener.stop()
    page = unescape(re.sub(r"<script.*?</script>|<style.*?</style>", "", shown, flags=re.S))
    assert page.count("<img src=x onerror=alert(1)> \\u{202e}gnp.exe") >= 4, (
        "in the list, as heading, in the story, as a step"
    )
    assert "<img" not in re.sub(r"<script.*?</script>", "", shown, flags=re.S)
    assert page.count('class="row') == 12
    assert "198.51.100.12" in page
    assert "loopback (viewer)" in page
    assert "block: 198.51.100.1" in page

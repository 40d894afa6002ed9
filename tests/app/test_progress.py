from __future__ import annotations

import pytest

from vedette.app.progress import Progress


def test_where_output_is_no_terminal_there_is_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as bar:
        bar.bytes(10, 100)
        bar.stage("judging")
        bar.done()
    got = capsys.readouterr()
    assert got.out == got.err == ""

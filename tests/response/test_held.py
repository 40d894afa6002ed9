from __future__ import annotations

import threading
from pathlib import Path

import pytest

from vedette.errors import Busy
from vedette.response.held import held


def test_only_one_at_a_time_and_nothing_is_left(tmp_path: Path) -> None:
    with held(tmp_path, "a"), held(tmp_path, "b"), pytest.raises(Busy), held(tmp_path, "a", patience=0):
        pass
    with held(tmp_path, "a", patience=0):
        pass
    assert list(tmp_path.iterdir()) == []


def test_many_who_wait_come_one_after_the_other(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def act() -> None:
        for _ in range(20):
            with held(tmp_path, "a"):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(most), max(most)) == (80, 1)

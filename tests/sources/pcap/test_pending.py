"""What waits: bounded in number and time, oldest first."""

from __future__ import annotations

from vedette.sources.pcap.pending import Pending


def test_put_get_pop() -> None:
    waiting: Pending[str] = Pending()
    assert waiting.put(1, "one", 0) == []
    assert (waiting.get(1), waiting.get(2), waiting.pop(1), waiting.pop(1), len(waiting)) == (
        "one",
        None,
        "one",
        None,
        0,
    )


def test_the_oldest_makes_room() -> None:
    waiting: Pending[str] = Pending(limit=2)
    assert [waiting.put(n, str(n), n) for n in (1, 2, 1, 3)] == [[], [], [], ["2"]]


def test_what_waited_too_long_is_given_up() -> None:
    waiting: Pending[str] = Pending(patience_us=10)
    for time in (0, 5, 10):
        waiting.put(time, str(time), time)
    assert list(waiting.expire(15)) == ["0", "5"]
    assert list(waiting.drain()) == ["10"]
    assert len(waiting) == 0


def test_bytes_are_bounded() -> None:
    waiting: Pending[str] = Pending(limit_bytes=10)
    assert [waiting.put(n, str(n), 0, size) for n, size in ((1, 6), (2, 4), (1, 5), (3, 3))] == [[], [], [], ["2"]]
    assert waiting.put(4, "4", 0, 99) == ["1", "3", "4"]
    assert waiting.put(5, "5", 0, 10) == []

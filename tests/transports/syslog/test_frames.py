from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.transports.syslog.frames import MESSAGE_BYTES, Frames, one_line


def fed(*parts: bytes) -> tuple[list[bytes], Frames]:
    frames = Frames()
    return [m for part in parts for m in frames.feed(part)], frames


def counted(message: bytes) -> bytes:
    return b"%d %s" % (len(message), message)


def test_lines() -> None:
    found, frames = fed(b"<13>one\r\n<14>two\n\n<15>thr", b"ee\n<1")
    assert found == [b"<13>one", b"<14>two", b"<15>three"]
    assert frames.waits
    assert frames.rest() == [b"<1"]
    assert frames.cut == 0


def test_counted_octets_with_breaks_inside() -> None:
    found, frames = fed(counted(b"<13>one\ntwo") + counted(b"<14>three\n"), counted(b"<15>four")[:5])
    assert found == [b"<13>one#012two", b"<14>three"]
    assert frames.rest() == [b"<15"]
    assert frames.cut == 1  # it broke off


def test_both_on_one_connection_are_told_apart() -> None:
    data = (
        b"<1>a\n" + counted(b"<2>b") + b"<3>c\n" + counted(b"<4>d\n5 <no count") + counted(b"<6>e") + b"7 is a line\n"
    )
    assert fed(data)[0] == [b"<1>a", b"<2>b", b"<3>c", b"<4>d#0125 <no count", b"<6>e", b"7 is a line"]


@pytest.mark.parametrize(
    "line", [b"2026-03-05T08:01:12Z host a: b", b"12 Mar 2026 words", b"0 <13>a", b"1234567890 <a"]
)
def test_lines_that_begin_with_digits_are_lines(line: bytes) -> None:
    assert fed(line + b"\n<1>x\n")[0] == [line, b"<1>x"]


MESSAGES = st.lists(
    st.tuples(st.booleans(), st.binary(min_size=1, max_size=40).map(lambda b: b"<13>" + b.replace(b"\n", b"."))),
    max_size=12,
)


@given(MESSAGES, st.data())
def test_however_a_stream_is_split_the_messages_are_the_same(
    messages: list[tuple[bool, bytes]], data: st.DataObject
) -> None:
    stream = b"".join(counted(m) if count else m + b"\n" for count, m in messages)
    places = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    parts = [stream[a:b] for a, b in zip([0, *places], [*places, len(stream)], strict=True)]
    found, frames = fed(*parts)
    assert found == [m.rstrip(b"\r\0") if not count else one_line(m) for count, m in messages]
    assert not frames.waits
    assert fed(*(stream[i : i + 1] for i in range(len(stream))))[0] == found


@given(st.lists(st.binary(max_size=60), max_size=20))
def test_hostile_bytes_give_lines_and_little_is_held(parts: list[bytes]) -> None:
    found, frames = fed(*parts)
    found += frames.rest()
    assert not any(b"\n" in m or not m for m in found)
    assert sum(map(len, found)) <= 4 * sum(map(len, parts))


@pytest.mark.parametrize("more", [0, 1, 70_000])
def test_a_long_message_is_cut_and_the_next_is_whole(more: int) -> None:
    long = b"<13>" + b"x" * (MESSAGE_BYTES - 4 + more)
    for data in (long + b"\n<14>next\n", counted(long) + b"<14>next\n"):
        for size in (len(data), 50_000, 4096):
            found, frames = fed(*(data[i : i + size] for i in range(0, len(data), size)))
            assert found == [long[:MESSAGE_BYTES], b"<14>next"]
            assert frames.cut == (more > 0)


def test_a_message_that_never_ends_holds_little() -> None:
    frames = Frames()
    found = [m for _ in range(300) for m in frames.feed(b"y" * 5000)]
    assert [len(m) for m in found] == [MESSAGE_BYTES]
    frames = Frames()
    found = [m for _ in range(300) for m in frames.feed(b"999999999 <" + b"y" * 5000)]
    assert [len(m) for m in found] == [MESSAGE_BYTES]
    assert frames.waits


def test_one_line_of_any_message() -> None:
    assert one_line(b"<13>a\nb\n\nc\0\r\n") == b"<13>a#012b#012#012c"
    assert one_line(b"\n\0\n") == b""

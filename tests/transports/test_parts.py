from __future__ import annotations

import random

import pytest

from vedette.abc import Source
from vedette.plugins import discover
from vedette.transports.parts import LONGEST_BYTES, Parts


def taken(parts: Parts, *, still: bool = False, last: bool = False) -> list[tuple[bytes, bytes]]:
    found = []
    while part := parts.take(still=still, last=last):
        found.append(part)
    return found


def test_whole_lines_and_at_the_end_the_rest() -> None:
    parts = Parts("")
    parts.feed(b"one\ntw")
    assert taken(parts) == [(b"", b"one\n")]
    parts.feed(b"o\nth")
    assert taken(parts) == [(b"", b"two\n")]
    assert parts.waits
    assert taken(parts, still=True) == []
    assert taken(parts, last=True) == [(b"", b"th\n")]
    assert not parts.waits


@pytest.mark.parametrize("name", ["zeek", "netflow", "transactions"])
def test_a_header_stands_before_every_part(name: str) -> None:
    source = discover(Source)[name]
    lines = source.example().data.splitlines(keepends=True)
    parts = Parts("")
    parts.feed(b"".join(lines[:-2]))
    ((before, first),) = taken(parts)
    assert (before, first) == (b"", b"".join(lines[:-2]))
    parts.feed(lines[-2])
    assert taken(parts) == [(source.preamble(first), lines[-2])]
    assert source.preamble(first)
    assert parts.source == name


@pytest.mark.parametrize("more", [1, 5, LONGEST_BYTES])
def test_a_line_too_long_is_cut_and_the_next_is_whole(more: int) -> None:
    data = b"x" * (LONGEST_BYTES + more) + b"\nnext\n"
    for size in (len(data), 70_000):
        parts, found = Parts("logline"), []
        for at in range(0, len(data), size):
            parts.feed(data[at : at + size])
            found += taken(parts)
        found += taken(parts, last=True)
        assert [len(line) for _, part in found for line in part.splitlines()] == [LONGEST_BYTES, 4]
        assert parts.cut == 1


def test_a_document_is_given_at_its_end() -> None:
    document = b'{"Records":[{"eventVersion":"1.08","eventSource":"s",\n"eventName":"n","awsRegion":"r"}]}\n'
    parts = Parts("cloudtrail")
    parts.feed(document)
    assert taken(parts) == []
    assert taken(parts, last=True) == [(b"", document)]


def test_what_might_go_on_is_given_once_it_is_still() -> None:
    parts = Parts("auditd")
    line = b"type=SYSCALL msg=audit(1767261600.123:41): arch=c000003e syscall=59\n"
    parts.feed(line)
    assert taken(parts) == []
    assert taken(parts, still=True) == [(b"", line)]


def test_the_parts_are_the_whole_however_it_is_fed() -> None:
    data = b"".join(b"%d %s\n" % (i, b"y" * (i % 90)) for i in range(3000))
    rng = random.Random(7)
    parts, found, at = Parts(""), b"", 0
    while at < len(data):
        size = rng.choice((1, 100, 5000))
        parts.feed(data[at : at + size])
        at += size
        found += b"".join(part for _, part in taken(parts, still=rng.random() < 0.1))
    assert found + b"".join(part for _, part in taken(parts, last=True)) == data

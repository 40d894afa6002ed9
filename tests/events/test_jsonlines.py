from __future__ import annotations

import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.events.jsonlines import TOO_LONG, Int64, JsonLines, one, pieces, whole
from vedette.events.lines import LINE_LIMIT_BYTES, Block, blocks


class Record(msgspec.Struct):
    a: Int64


DECODER = msgspec.json.Decoder(Record)


def read(data: bytes, size: int = 1 << 20) -> tuple[list[int], list[int], JsonLines]:
    lines = JsonLines("test")
    found = [
        (r.a, n)
        for block in blocks(io.BytesIO(data), size)
        for rows, numbers in lines.read(block, DECODER)
        for r, n in zip(rows, numbers, strict=True)
    ]
    return [a for a, _ in found], [n for _, n in found], lines


def test_blank_lines_are_no_records() -> None:
    values, numbers, lines = read(b'\n{"a":1}\r\n \n{"a":2}')
    assert (values, numbers, lines.records) == ([1, 2], [0, 1], 2)
    assert not lines.rejects


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"oops", "not a JSON object"),
        (b"[1]", "not a JSON object"),
        (b'{"a":1} {"a":1}', "not a JSON object"),
        (b'{"a":"x"}', "a field is not of its type or out of range"),
        (b'{"a":99999999999999999999}', "a field is not of its type or out of range"),
        (b'{"a":1,"b":' + b"[" * 100_000 + b"}", "nested too deep"),
    ],
)
def test_a_bad_line_is_a_reject_with_its_place_and_costs_no_other(bad: bytes, reason: str) -> None:
    good = b'{"a":1}\n'
    values, numbers, lines = read(good + bad + b"\n" + good)
    assert (values, numbers) == ([1, 1], [0, 2])
    row = lines.rejects.batch().frame.row(0, named=True)
    assert (row["status_detail"], row["metadata.sequence"], row["count"]) == (
        f"{reason} (first at byte {len(good)})",
        1,
        1,
    )


def test_text_that_is_no_utf8_has_its_own_reason() -> None:
    assert one(b'"\xff"', msgspec.json.Decoder(str)) == "not UTF-8"


def test_an_overlong_line_is_a_reject() -> None:
    lines = JsonLines("test")
    assert [rows for rows, _ in lines.read(Block(0, 0, b'{"a":1}', overlong=True), DECODER)] == [[]]
    assert TOO_LONG in lines.rejects.batch().frame["status_detail"][0]


@pytest.mark.parametrize(
    "data", [b'{"a":1}\n\n', b'{"a":1} {"a":2}\n\n', b' {"a":1}\n', b'{"a":\n1}\n', b'{"a":1}\nx\n', b"\n"]
)
def test_a_piece_is_only_taken_whole_when_each_line_is_one_object(data: bytes) -> None:
    assert whole(data, DECODER) is None
    assert whole(b'{"a":1}\n{"a":2}\n', DECODER) == [Record(1), Record(2)]
    assert whole(b'{"a":1}\n{"a":2}', DECODER) == [Record(1), Record(2)]


@given(st.binary(max_size=60), st.integers(1, 20))
def test_pieces_are_the_block_in_whole_lines(data: bytes, size: int) -> None:
    parts = list(pieces(Block(0, 7, data), size))
    assert b"".join(p.data for p in parts) == data
    assert all(p.data.endswith(b"\n") for p in parts[:-1])
    assert all(data[p.offset - 7 :].startswith(p.data) for p in parts)


@given(st.lists(st.sampled_from([b'{"a":1}', b'{"a":2}', b"", b"x", b'{"a":"y"}']), max_size=20), st.integers(1, 40))
def test_rows_and_numbers_do_not_depend_on_the_blocks(lines: list[bytes], size: int) -> None:
    data = b"\n".join(lines)
    assert read(data, size)[:2] == read(data)[:2]
    assert read(data, size)[2].records == sum(bool(line) for line in lines)


def test_texts_are_found_by_number() -> None:
    _, _, lines = read(b'{"a":1}\n\n{"a":2}\n')
    block = Block(0, 100, b'{"a":1}\n\n{"a":2}\n')
    assert list(lines.texts(block, {1})) == [(1, 109, b'{"a":2}')]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_two_objects_on_a_line_cannot_hide_one_on_two_lines(end: bytes) -> None:
    lines = end.join([b'{"a":', b'{"b":1}}', b'{"a":2}{"a":3}', b""])
    anything: msgspec.json.Decoder[dict[str, object]] = msgspec.json.Decoder(dict[str, object])
    assert whole(lines, anything) is None
    assert whole(end.join([b'{"a":1}', b'{"a":2}', b'{"a":3}', b""]), anything) is not None


def test_an_overlong_line_is_named_by_the_limit_that_holds() -> None:
    assert f"{LINE_LIMIT_BYTES:,} bytes" in TOO_LONG

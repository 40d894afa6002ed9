from __future__ import annotations

import io

from vedette.events.lines import Block, blocks
from vedette.sources.weblog.numbered import LINE, ROWS, SEQUENCE, Numbered


def test_blank_lines_are_no_records_and_rejects_say_where() -> None:
    data = b"\xef\xbb\xbfone\r\n\r\n  \ntwo \xff\nthree"
    numbered = Numbered("weblog")
    (block,) = blocks(io.BytesIO(data))
    (part,) = numbered.records(numbered.lines(block))
    assert part.select(SEQUENCE, LINE).rows() == [(0, "one"), (1, "two \ufffd"), (2, "three")]
    numbered.reject(block, part[1:], "odd")
    row = numbered.rejects.batch().frame.row(0, named=True)
    assert (row["metadata.sequence"], row["count"], row["raw_data"]) == (1, 2, "two \\xff")
    assert row["status_detail"] == f"odd (first at byte {data.index(b'two')})"


def test_records_are_numbered_over_blocks_and_parts() -> None:
    numbered = Numbered("weblog")
    sizes, last = [], -1
    for block in (Block(0, 0, b"x\n" * (ROWS + 1)), Block(ROWS + 1, 9, b"y\n")):
        for part in numbered.records(numbered.lines(block)):
            sizes.append(len(part))
            assert part[SEQUENCE][0] == last + 1
            last = part[SEQUENCE][-1]
    assert sizes == [ROWS, 1, 1]


def test_an_overlong_line_is_a_reject() -> None:
    numbered = Numbered("weblog")
    assert not list(numbered.records(numbered.lines(Block(0, 0, b"x" * 5000, overlong=True))))
    (part,) = numbered.records(numbered.lines(Block(1, 5001, b"y\n")))
    assert part[SEQUENCE].to_list() == [1]
    assert numbered.rejects.batch().records == 1

from __future__ import annotations

import pytest

from vedette.sources.lists.list_tables import Columns, cells, cut, fields, header, keys


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        ("url", Columns(",", 1, 0, None, hosts=False)),
        ("id;first seen;Host", Columns(";", 3, 2, 1, hosts=True)),
        ("domain,url,date", Columns(",", 3, 1, 2, hosts=False)),
        ("a,b", None),
        ("url,method", None),
        ("http://a.example/url,x", None),
    ],
)
def test_headers(line: str, columns: Columns | None) -> None:
    assert header(line) == columns


def test_cells_of_bad_lines() -> None:
    columns = Columns(",", 3, 0, 2, hosts=False)
    assert cells(['"a,b",x,1', "a", '"open,x,2', "a,b,c,d"], columns) == (
        ["a,b", None, None, "a"],
        ["1", None, None, "c"],
    )
    assert cut('"' + "x" * 200_000 + '"', ",") == []


def test_objects() -> None:
    assert keys(b'{"a": 1, "url": 2}') == ["a", "url"]
    assert keys(b"[1]") == keys(b"{") == keys(b"[" * 10_000) == []
    assert fields([]) == ([], [], [])

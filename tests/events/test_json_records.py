"""However a file frames its objects, each comes out once, whole, on a line of its own."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable

import pytest

from vedette.errors import SourceError
from vedette.events import json_records
from vedette.events.json_records import first_record, framing, records, whole_records
from vedette.events.lines import LINE_LIMIT_BYTES
from vedette.testing.laws.source import ShortReads

_RNG = random.Random(1)
_SCALARS = ("x", 'a\\"b', "\\", "\\\\", '"}{][', "\n", 1, None, True, "é")


def _value(depth: int = 0) -> object:
    kind = _RNG.randrange(7)
    if kind == 0 and depth < 3:
        return {_RNG.choice('abc"\\{') * 2: _value(depth + 1) for _ in range(3)}
    if kind == 1 and depth < 3:
        return [_value(depth + 1) for _ in range(3)]
    return _RNG.choice(_SCALARS)


MADE = [{f"k{i}": _value() for i in range(4)} for _ in range(60)]
FORMS: dict[str, Callable[[], str]] = {
    "envelope": lambda: json.dumps({"Records": MADE}),
    "array": lambda: json.dumps(MADE),
    "array over lines": lambda: json.dumps(MADE, indent=2),
    "envelope after other keys": lambda: json.dumps({"@odata.context": "x", "kind": {"a": 1}, "value": MADE}, indent=1),
    "an envelope a line": lambda: "\n".join(json.dumps({"records": MADE[i : i + 10]}) for i in range(0, 60, 10)),
    "objects over lines": lambda: "".join(json.dumps(r, indent=1) for r in MADE),
    "lines": lambda: "\n".join(map(json.dumps, MADE)),
    "array after a mark": lambda: "\ufeff" + json.dumps(MADE),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("piece", [64, 1 << 18])
def test_every_object_comes_out_once(form: str, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_records, "PIECE_BYTES", piece)
    stream = ShortReads(FORMS[form]().encode(), seed=3)
    lines = [line for block in records(stream) for line in block.data.split(b"\n") if line.strip()]  # type: ignore[arg-type]
    assert [json.loads(line) for line in lines] == MADE


def test_offsets_are_those_of_the_input() -> None:
    data = json.dumps({"Records": MADE}, indent=1).encode()
    (block,) = records(io.BytesIO(data))
    assert data[block.offset :].startswith(b"{")
    at = block.data.index(b'"k3"')
    assert data[block.offset + at :].startswith(b'"k3"')


def test_brackets_that_close_too_much_end_the_input_after_what_was_whole() -> None:
    got: list[bytes] = []
    with pytest.raises(SourceError, match="never opened"):
        got.extend(b.data for b in records(io.BytesIO(b'[{"a":1}, {"a":2}]]] {"a":3}')))
    assert b"".join(got).split() == [b'{"a":1}', b'{"a":2}']


def test_an_object_without_end_is_bounded_and_the_rest_is_passed_over() -> None:
    data = b'[{"a":1},{"b":"' + b"x" * (2 * LINE_LIMIT_BYTES) + b'"},{"c":3}]'
    blocks = list(records(io.BytesIO(data)))
    assert [b.overlong for b in blocks] == [False, True, False]
    assert max(len(b.data) for b in blocks) <= LINE_LIMIT_BYTES
    assert blocks[-1].data.strip() == b'{"c":3}'


def test_what_is_cut_off_comes_out_as_far_as_it_goes() -> None:
    lines = b"".join(b.data for b in records(io.BytesIO(b'{"Records":[{"a":1},{"b":')))
    assert lines.split() == [b'{"a":1}', b'{"b":']


@pytest.mark.parametrize(
    ("head", "depth"),
    [
        (b'{"a":1}\n{"a":2}', None),
        (b'{"a":1}', None),
        (b"{\n", 0),
        (b" [\n{", 1),
        (b'{"value":[', 2),
        (b"plain\n", None),
    ],
)
def test_the_head_says_how_it_is_framed(head: bytes, depth: int | None) -> None:
    assert framing(head) == depth


def test_the_first_record_stands_without_its_frame() -> None:
    assert first_record(b'\xef\xbb\xbf{"Records": [\n {"a":1}').startswith(b'{"a":1}')
    assert first_record(b'[{"a":1}').startswith(b'{"a":1}')


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (b"", 0),
        (b'{"a":', 0),
        (b'{"a":1}\n{"b', 8),
        (b'{"a":1}\nnot json {\n', 19),
        (b'[{"a":1},\n', -1),
        (b'{"Records":[{"a":1},\n', -1),
        (b'{\n "a": 1\n}\n', -1),
    ],
)
def test_lines_grow_and_documents_do_not(data: bytes, size: int) -> None:
    assert whole_records(data) == size

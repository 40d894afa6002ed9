from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vedette.intel.sigma.literals import Literals
from vedette.intel.sigma.tree import Text, Wild
from vedette.intel.sigma.values import text_check

PARTS = st.lists(st.sampled_from(["a", "B", "ab", "ba", "é", Wild.MANY, Wild.ONE]), max_size=5)
TEXTS = st.lists(st.tuples(PARTS, st.booleans()), max_size=8)


@given(TEXTS, st.lists(st.text("abABéÉ", max_size=6), unique=True, max_size=10))
def test_one_pass_finds_what_each_text_finds_alone(
    texts: list[tuple[list[str | Wild], bool]], values: list[str]
) -> None:
    asked = {n: Text(tuple(parts), cased) for n, (parts, cased) in enumerate(texts)}
    found = Literals(asked).found(values, [v.lower() for v in values])
    for number, text in asked.items():
        check = text_check(text)
        assert list(found.get(number, ())) == [n for n, v in enumerate(values) if check(v)]


def test_where_a_literal_stands() -> None:
    many = Wild.MANY
    texts = {
        1: Text((many, "\\cmd.exe")),
        2: Text(("c:", many)),
        3: Text((many, "cmd", many)),
        4: Text(("c:\\cmd.exe",)),
        5: Text((many,)),
        6: Text(()),
    }
    values = ["C:\\CMD.exe", "D:\\cmd.exe.bak", ""]
    found = Literals(texts).found(values, [v.lower() for v in values])
    assert {n: where.tolist() for n, where in sorted(found.items())} == {
        1: [0],
        2: [0],
        3: [0, 1],
        4: [0],
        5: [0, 1, 2],
        6: [2],
    }

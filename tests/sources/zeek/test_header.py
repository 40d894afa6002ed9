r"""The ``#`` lines, as Zeek writes them and as an attacker would."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.zeek.header import MOST_FIELDS, Header, header_of


def after(*lines: bytes) -> Header:
    return reduce(Header.after, lines, Header())


@pytest.mark.parametrize(
    ("lines", "name", "value"),
    [
        ([rb"#separator \x2c", b"#path,conn"], "path", "conn"),
        ([b"#separator |", b"#fields|ts|uid\r"], "fields", ("ts", "uid")),
        ([rb"#separator \x09", b"#set_separator\t\\x7c"], "set_separator", "|"),
        ([b"#empty_field\tEMPTY"], "empty", "EMPTY"),
        ([b"#unset_field\tNIL"], "unset", "NIL"),
        ([b"#unset_field\t"], "unset", "-"),  # nothing said is nothing changed
        ([b"#path\tcaf\xe9"], "path", "caf\ufffd"),
        ([b"#open\t2026-01-01", b"#types\ttime", b"#", b"##path\tx"], "path", ""),
        ([b"#path\tconn", b"#fields\tts", rb"#separator \x09"], "fields", ()),  # all begins anew
    ],
)
def test_each_line_says_one_thing(lines: list[bytes], name: str, value: object) -> None:
    assert getattr(after(*lines), name) == value


@pytest.mark.parametrize("said", [b"ab", b"", rb"\x00", rb"\x0a", rb"\x22", rb"\x23", b"\xff", rb"\xc3\xa9", rb"\x7f"])
def test_a_separator_that_cannot_part_fields_is_none(said: bytes) -> None:
    assert after(b"#separator " + said).separator == ""


@pytest.mark.parametrize(
    ("names", "distinct"),
    [
        ("a b a", ("a", "b", "a#2")),
        ("a#3 a a#2 a", ("a#3", "a", "a#2", "a#3#3")),
        (" ".join(["x"] * MOST_FIELDS), None),
        (" ".join(["x"] * (MOST_FIELDS + 1)), ()),
    ],
)
def test_no_name_stands_twice_and_no_column_is_lost(names: str, distinct: tuple[str, ...] | None) -> None:
    found = after(b"#fields\t" + names.replace(" ", "\t").encode()).fields
    assert len(set(found)) == len(found)
    assert found == distinct if distinct is not None else len(found) == MOST_FIELDS


@given(st.lists(st.text("a#12", max_size=4), max_size=40))
def test_any_names_come_out_distinct_with_the_first_as_it_was(names: list[str]) -> None:
    found = after(b"#fields\t" + "\t".join(names).encode()).fields
    assert len(set(found)) == len(found) == max(1, len(names))
    assert found[0] == "".join(names[:1])


@given(
    st.lists(
        st.sampled_from(
            [b"#path\ta", b"#fields\tts\tuid", b"#fields\tts", b"#close\tx", rb"#separator \x2c", b"1,2", b"1\t2"]
        )
    )
)
def test_the_header_that_is_carried_on_reads_like_all_lines_before_it(lines: list[bytes]) -> None:
    data = b"".join(line + b"\n" for line in lines)
    carried = header_of(data)
    assert after(*carried.splitlines()) == after(*(x for x in lines if x.startswith(b"#")))
    assert header_of(carried) == carried
    assert len(carried.splitlines()) <= 7

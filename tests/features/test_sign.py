from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from vedette.features.sign import (
    FIELD,
    Sign,
    fields,
    person,
    piece,
    reading,
    shown,
    signs_of,
    strongest,
    techniques,
    terms,
)

TABLE = (
    Sign("cat", "animals", "a cat", ("cat",), r"\bcat\b", 2, ("T1033",)),
    Sign("dog", "animals", "a dog", ("dog",), r"\bdog\b", 5, ("T1082", "T1016"), unless="hot dog"),
    Sign("car", "things", "a car", ("car", "auto"), r"\b(?:car|auto)\b", 4, ("T1057",)),
)


def test_signs_stand_in_the_order_of_the_table() -> None:
    texts = pl.Series(["a dog and a cat", "hot dog", None, "auto", "category", "a dog and a cat"])
    assert signs_of(texts, TABLE).to_list() == [[0, 1], [], [], [2], [], [0, 1]]


@given(st.lists(st.one_of(st.none(), st.text(max_size=40)), max_size=20))
def test_each_text_is_read_by_itself(texts: list[str | None]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    one_by_one = [signs_of(column.slice(i, 1), TABLE).to_list()[0] for i in range(len(texts))]
    assert signs_of(column, TABLE).to_list() == one_by_one


def test_what_is_read_names_kind_and_strongest() -> None:
    frame = pl.DataFrame({"t": ["cat dog car", "cat", "none"]})
    said = frame.select(reading(pl.col("t"), TABLE).alias("r")).unnest("r")
    assert said["kind"].to_list() == ["animals", "animals", None]
    assert said["told"].to_list() == ["a dog", "a cat", None]


def test_the_piece_is_shown_on_one_line() -> None:
    assert piece("see the\ndog run", TABLE[1]) == "dog"
    assert piece("nothing", TABLE[1]) == ""
    assert shown("a\x1b  b`c" + "x" * 200, 10) == "a b'cxxxx…"


def test_fields_cannot_be_forged() -> None:
    frame = pl.DataFrame({"a": [f"X{FIELD}by=me", None], "b": ["Y", "Z"]})
    said = frame.select(fields(a=pl.col("a"), by=pl.col("b")).alias("t"))["t"].to_list()
    assert said == [f"a=x by=me{FIELD}by=y{FIELD}", f"a={FIELD}by=z{FIELD}"]


def test_techniques_are_those_of_strong_signs() -> None:
    assert techniques(TABLE, [0, 1, 2]) == ("T1082", "T1016", "T1057")
    assert techniques(TABLE, None) == ()
    assert [s.name for s in strongest(TABLE, [0, 1, 99])] == ["dog", "cat"]


def test_a_term_counts_where_its_sign_holds() -> None:
    rows = pl.DataFrame({"signs": pl.Series([[0], [1, 2], []], dtype=pl.List(pl.UInt8))})
    nats = [rows.select(t.evidence.alias("e"))["e"].fill_null(0.0).to_list() for t in terms(TABLE)]
    assert nats == [[2.0, 0.0, 0.0], [0.0, 5.0, 0.0], [0.0, 4.0, 0.0]]


def test_accounts_that_every_host_has_are_nobody() -> None:
    names = ["SYSTEM", "NETWORK SERVICE", "WS1$", "DWM-2", "-", "", "ann", "systemd", None]
    assert pl.DataFrame({"a": names}).select(person(pl.col("a")))["a"].to_list() == [None] * 6 + [
        "ann",
        "systemd",
        None,
    ]

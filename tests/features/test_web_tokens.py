from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.features import web_tokens
from vedette.features.web_tokens import BITS, prose, runs, tokens
from vedette.scoring.ngrams import corpus


def _slots(text: str) -> set[int]:
    return set(runs(corpus(pl.Series([text]))).slot.tolist())


def test_words_count_by_their_shape_and_keywords_by_themselves() -> None:
    assert _slots("\x1c/zz\x1eq\x1f7' union select zebra,0x41--") == _slots(
        "\x1c/xy\x1ez\x1f42' union  select lemon,0xfe--"
    )
    assert _slots("\x1c/a\x1eq\x1f7' union select zebra") != _slots("\x1c/a\x1eq\x1f7' zebra select union")


def test_plain_words_say_nothing() -> None:
    assert not _slots("\x1c/shop/item\x1eq\x1fblue shoes, size 42\x1esize\x1fen-gb")


def test_a_run_stays_within_its_part() -> None:
    parts = _slots("\x1c/a\x1ep\x1f'\x1eq\x1f;")
    assert parts == _slots("\x1c/a\x1ep\x1f'") | _slots("\x1c/a\x1eq\x1f;")


def test_nothing_beside_takes_anything_away() -> None:
    """What the detector cannot be talked out of: more text, more runs."""
    assert _slots("\x1c/a\x1eq\x1f' or 1=1") <= _slots(
        "\x1c/a\x1ex\x1fgood day, dear friends of bread\x1eq\x1f' or 1=1\x1ey\x1f1"
    )


def test_sentences_have_words_of_prose() -> None:
    texts = [
        "\x1c/a b c\x1eq\x1fbread and butter for friends",
        "\x1c/a\x1eq\x1funion select user from users",
        "\x1c/a\x1eq\x1fbread",
        "\x1c/a\x1eq\x1f1 or 2=2-- klmn",
        "\x1c/a\x1eq\x1f{{ bread.butter }}",
        "\x1c/a\x1eq\x1fbread, butter.",
        "",
    ]
    assert prose(corpus(pl.Series(texts))).tolist() == [4, 0, 0, 0, 0, 1, 0]


def test_pieces_point_at_their_bytes() -> None:
    texts = corpus(pl.Series(["\x1c/é\x1eq\x1fmüller' or 1=1", "\x1c/x\x1eq\x1f<script>"]))
    pieces = runs(texts)
    said = {
        texts.data[b : b + n].tobytes().decode("utf-8", "replace")
        for b, n in zip(pieces.begin, np.asarray(pieces.length), strict=True)
    }
    assert {"' or 1=", "script", "<script>\x03"} <= said


@settings(deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_texts(texts: list[str]) -> None:
    clean = [
        t.encode("utf-8", "replace").decode("utf-8", "replace").replace("\x02", "").replace("\x03", "") for t in texts
    ]
    read = corpus(pl.Series(clean, dtype=pl.String))
    pieces = runs(read)
    assert len(pieces.starts) == len(texts) + 1
    assert len(prose(read)) == len(texts)
    assert not len(pieces.slot) or pieces.slot.max() < 1 << BITS
    ids, begin, end, marks = tokens(read)
    assert len(ids) == len(begin) == len(end) == len(marks)
    for i, text in enumerate(clean):
        alone = runs(corpus(pl.Series([text])))
        assert alone.slot.tolist() == pieces.slot[pieces.starts[i] : pieces.starts[i + 1]].tolist()


def test_in_parts_or_at_once_the_runs_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pl.Series(["\x1c/a\x1eq\x1f1' or 1=1", "", "\x1c/b", "\x1c/\u00e9\x1eq\x1f<script>"] * 5)
    whole = runs(corpus(texts))
    monkeypatch.setattr(web_tokens, "ROWS", 3)
    parts = web_tokens.runs_of(texts)
    for name in ("slot", "begin", "length", "starts"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name)), name
    assert len(web_tokens.runs_of(texts.head(0)).slot) == 0

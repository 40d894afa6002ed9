"""What the fuzzer checks can fail, and holds of its own examples."""

from __future__ import annotations

import io

import polars as pl
import pytest
from tools import fuzz_targets
from tools.fuzz_targets import TARGETS, of_source, outlook_file, requests_of

from vedette.features import web_decode
from vedette.sources.lists import Lists
from vedette.sources.mail import Mail
from vedette.testing.laws.source import mutated, read_all


@pytest.mark.parametrize("name", TARGETS)
def test_the_examples_and_some_changes_of_them_pass(name: str) -> None:
    target = TARGETS[name]()
    for example in target.seeds:
        for data in (example, *(mutated(example, seed) for seed in range(10))):
            target.check(data)


def test_pieces_become_a_message_of_outlooks() -> None:

    pieces, container = TARGETS["outlook"]().seeds
    assert outlook_file(container) == container == outlook_file(pieces)
    found = {b.kind.name: len(b) for b in read_all(Mail, io.BytesIO(container))}
    assert found == {"EMAIL_ACTIVITY": 1, "EMAIL_URL_ACTIVITY": 1, "EMAIL_FILE_ACTIVITY": 1}


def test_lines_become_requests() -> None:
    assert requests_of(b"/a\tx=1\n/b").rows() == [("/a", "x=1", None, None), ("/b", None, None, None)]
    assert requests_of(b"").rows() == [("", None, None, None)]


def test_a_decoder_that_mixes_rows_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    decode = web_decode.decode

    def mixing(texts: pl.Series) -> pl.DataFrame:
        return decode(texts).with_columns(pl.col("layers").max())

    monkeypatch.setattr(web_decode, "decode", mixing)
    with pytest.raises(AssertionError, match="read otherwise among others"):
        TARGETS["web_decode"]().check(b"/%2541\n/b")


def test_a_decoder_that_lets_a_mark_through_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    decode = web_decode.decode

    def forging(texts: pl.Series) -> pl.DataFrame:
        return decode(texts).with_columns(pl.col("text").str.replace("x", web_decode.PATH))

    monkeypatch.setattr(web_decode, "decode", forging)
    with pytest.raises(AssertionError, match="a mark is forged"):
        TARGETS["web_decode"]().check(b"/x")


def test_a_source_that_reads_otherwise_in_pieces_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    target = of_source(Lists)
    target.check(target.seeds[0])
    monkeypatch.setattr(fuzz_targets, "_outcome", lambda _, stream: type(stream).__name__)
    with pytest.raises(AssertionError, match="splits change the outcome"):
        target.check(target.seeds[0])

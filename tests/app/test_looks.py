from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.app.looks import looks_like


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"ElfFile\0" + bytes(100), "Windows event log, not supported yet"),
        (b"\x89PNG\r\n", "image"),
        (b"%PDF-1.7", "PDF document"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip archive, not supported: unpack it first"),
        (b"LPKSHHRH", "systemd journal: export it with `journalctl --file FILE -o json`"),
        (bytes(range(256)), "unknown binary data"),
        (b'{"a":1,"b":2}\n{"a":1}\n', "JSON lines of unknown keys (a, b)"),
        (b'{"a":\n', "JSON"),
        (b"[1,2]\n", "JSON"),
        (b"[main] started\n", "text of unknown format"),
        (b"<?xml version='1.0'?>", "XML"),
        (b"<!DOCTYPE html>", "web page"),
        (b"From: a\nTo: b\nSubject: c\n\nhi\n", "mail or headers"),
        (
            b"http://a.example/x\nhxxp://b.example/y\nsome prose\n",
            "list of URLs, but too many of its lines are something else",
        ),
        (b"#!/bin/sh\n", "script"),
        (b"a,b,c,d\n1,2,3,4\n", "CSV of unknown columns"),
        (b"a\tb\tc\td\n", "tab-separated text of unknown columns"),
        ("\ufeffhällo wörld\n".encode(), "text of unknown format"),
    ],
)
def test_words(head: bytes, words: str) -> None:
    assert looks_like(head) == words


@given(st.binary(max_size=4096))
def test_there_is_always_a_word(head: bytes) -> None:
    assert looks_like(head)

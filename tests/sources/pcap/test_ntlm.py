"""Who logs on by NTLM."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.pcap.ntlm import Logon, logon, readable
from vedette.testing.windows import ntlm


@pytest.mark.parametrize("before", [b"", b"\x60\x48\x06" * 30])
def test_the_user_is_read_wherever_the_message_is(before: bytes) -> None:
    assert logon(before + ntlm("bob", "CORP", "PC1")) == Logon("bob", "CORP", "PC1")
    assert logon(before + ntlm("", "", "")) == Logon("", "", "")


@pytest.mark.parametrize("size", [0, 12, 40, 63])
def test_half_a_message_is_none(size: int) -> None:
    assert logon(ntlm("bob")[:size]) is None


def test_readable() -> None:
    assert readable("bób".encode("utf-16-le")) == "bób"
    assert readable("bob\0rest".encode("utf-16-le")) == "bob"
    assert readable("bo\u202eb".encode("utf-16-le")) == "bo?b"
    assert readable(b"bob", wide=False) == "bob"
    assert readable(b"\xff") == "\ufffd"


@given(st.binary(max_size=200))
def test_noise_is_no_error(noise: bytes) -> None:
    logon(b"NTLMSSP\0\3\0\0\0" + noise)
    logon(noise)
    assert readable(noise).isprintable()

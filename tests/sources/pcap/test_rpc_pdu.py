"""Messages of remote procedure calls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.pcap.rpc_pdu import begins, is_activation, pdus, read, returned, texts
from vedette.testing import windows as w

SHELL = bytes.fromhex("1a79b249aeb1904c9b8ee860ba07f889")
ORPC = b"\x05\x00\x07\x00" + b"\0" * 28


def test_a_bind_names_interfaces() -> None:
    pdu = read(w.bind(w.SVCCTL, context=3))
    assert pdu.bound == ((3, w.SVCCTL),)
    assert read(w.bind(w.SVCCTL)[:50]).bound == ()


def test_a_call() -> None:
    pdu = read(w.request(12, b"stub", call=9, context=2))
    assert (pdu.kind, pdu.call, pdu.context, pdu.number, pdu.stub, pdu.level) == (0, 9, 2, 12, b"stub", 0)
    assert read(w.request(12, b"stub", level=w.PRIVACY))[-4:] == (6, 0, (), False)
    assert read(w.request(12, b"stub", of=b"o" * 16)).stub == b"stub"
    assert read(w.request(12, b"stub", of=b"o" * 16)).has_object
    assert not read(w.request(12, flags=2)).first
    assert not read(w.request(12, flags=1)).whole


def test_what_is_not_seen_is_not_read() -> None:
    cut = w.request(12, w.wide("secret words"), level=5)[:-3]
    assert read(cut).level == w.PRIVACY
    assert texts(read(cut)) == []


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (w.request(1), True),
        (b"", False),
        (b"\5" * 16, False),
        (w.request(1)[:15], False),
        (b"\4" + w.request(1)[1:], False),
    ],
)
def test_begins(raw: bytes, wanted: bool) -> None:
    assert begins(raw) is wanted


def test_several_stand_one_behind_the_other() -> None:
    assert [p.number for p in pdus(w.request(1) + w.request(2) + b"rest")] == [1, 2]
    assert len(list(pdus(w.request(1) * 500))) == 64


@pytest.mark.parametrize(
    ("stub", "wanted"),
    [
        (w.wide("cmd /c whoami"), ["cmd /c whoami"]),
        (b"\1\0\0\0" + w.wide("one") + b"\0\0\7\0" + w.wide("two") + b"\0\0", ["one", "two"]),
        (b"plain text", ["plain text"]),
        (b"\1\2\3", []),
        (b"MEOW" + SHELL, ["MMC20.Application"]),
        (w.wide("x" * 900), ["x" * 200]),
    ],
)
def test_texts_of_arguments(stub: bytes, wanted: list[str]) -> None:
    assert texts(read(w.request(1, stub))) == wanted
    assert texts(read(w.request(1, stub, level=w.PRIVACY))) == []


def test_activation() -> None:
    assert is_activation(read(w.request(4, ORPC + b"MEOW")))
    assert not is_activation(read(w.request(4, ORPC)))
    assert not is_activation(read(w.request(4, b"MEOW" * 20)))
    assert not is_activation(read(w.request(4, ORPC + b"MEOW", of=b"o" * 16)))


def test_what_a_call_returned() -> None:
    assert returned(read(w.response(b"xx\5\0\0\0"))) == 5
    assert returned(read(w.response(b"x"))) is None
    assert returned(read(w.response(level=w.PRIVACY))) is None
    assert read(w.fault(0x1C010002)).code == 0x1C010002


@given(st.binary(max_size=120), st.sampled_from([0, 2, 3, 11, 12, 14, 16]))
def test_noise_is_no_error(noise: bytes, kind: int) -> None:
    for raw in (noise, w.pdu(kind, noise), w.pdu(kind, noise, level=5), w.request(1, noise)[: len(noise)]):
        for pdu in pdus(raw):
            texts(pdu)
            is_activation(pdu)
            returned(pdu)

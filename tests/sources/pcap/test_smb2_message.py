"""SMB 2, message by message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.pcap import smb_message as m
from vedette.sources.pcap.smb2_message import messages
from vedette.testing import windows as w

FILE = b"0123456789abcdef"


def one(raw: bytes) -> m.Message:
    (message,) = messages(raw[4:])
    return message


def test_requests() -> None:
    assert one(w.smb2(3, w.connect("\\\\a\\IPC$"), ident=5)).name == "\\\\a\\IPC$"
    made = one(w.smb2(5, w.create("dir\\x.exe", 5), tree=9))
    assert (made.command, made.name, made.activity, made.tree, made.is_response) == (
        m.CREATE,
        "dir\\x.exe",
        6,
        9,
        False,
    )
    wrote = one(w.smb2(9, w.write(FILE, b"MZ..", 4096)))
    assert (wrote.file, wrote.data, wrote.offset, wrote.size) == (FILE, b"MZ..", 4096, 4)
    assert one(w.smb2(8, w.read(FILE))).file == FILE
    assert one(w.smb2(11, w.transceive(FILE, b"rpc"))).data == b"rpc"
    assert one(w.smb2(1, w.ntlm("bob"))).raw.endswith(w.ntlm("bob"))


def test_responses() -> None:
    made = one(w.smb2(5, w.created(FILE), ident=5, status=0))
    assert (made.file, made.is_response, made.status, made.ident) == (FILE, True, 0, 5)
    assert one(w.smb2(5, b"\x09\0" + b"\0" * 8, status=0xC0000022)).status == 0xC0000022
    assert one(w.smb2(3, w.connected(2), status=0)).share_type == "pipe"
    assert one(w.smb2(8, w.got(b"data"), status=0)).data == b"data"
    assert one(w.smb2(11, w.transceived(FILE, b"rpc"), status=0)).data == b"rpc"
    assert one(w.smb2(0, b"\x41\0\1\0\x11\3", status=0)).name == "3.1.1"


def test_other_commands_and_controls_tell_nothing() -> None:
    assert list(messages(w.smb2(13, b"\4\0\0\0")[4:])) == []
    other = bytearray(w.smb2(11, w.transceive(FILE, b"x")))
    other[4 + 68] ^= 1
    assert list(messages(bytes(other)[4:])) == []


def test_a_chain_is_read_and_bounded() -> None:
    first = bytearray(w.smb2(5, w.create("a"))[4:])
    first += b"\0" * (-len(first) % 8)
    first[20:24] = len(first).to_bytes(4, "little")
    assert [x.name for x in messages(bytes(first) + w.smb2(5, w.create("b"))[4:])] == ["a", "b"]
    assert len(list(messages(bytes(first) * 99))) == 32
    first[20:24] = (1).to_bytes(4, "little")  # found by the fuzzer
    assert [x.name for x in messages(bytes(first))] == ["a"]


@pytest.mark.parametrize("command", [0, 1, 3, 5, 6, 8, 9, 11])
@given(st.binary(max_size=90), st.sampled_from([None, 0, 0xC0000022]))
def test_noise_is_no_error(command: int, noise: bytes, status: int | None) -> None:
    list(messages(w.smb2(command, noise, status=status)[4:]))
    list(messages(b"\xfeSMB" + noise))

"""SMB 1, message by message."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.pcap import smb_message as m
from vedette.sources.pcap.smb1_message import read
from vedette.testing import windows as w

ANDX = b"\xff\0\0\0"


def one(raw: bytes) -> m.Message:
    message = read(raw[4:])
    assert message is not None
    return message


def test_a_share() -> None:
    words = ANDX + struct.pack("<HH", 8, 1)
    assert one(w.smb1(0x75, words, b"\0" + b"\0" * (1 - 1) + w.wide("\\\\a\\C$\0") + b"?????\0")).name == "\\\\a\\C$"
    assert one(w.smb1(0x75, ANDX + b"\0" * 10, b"IPC\0", status=0)).share_type == "pipe"


def test_a_file() -> None:
    name = w.wide("\\svcctl\0")
    words = ANDX + struct.pack("<BHIIIQIIIIIB", 0, len(name), 0, 0, 2, 0, 0, 7, 5, 0, 2, 0) + b"\0"
    padding = b"" if (32 + 3 + len(words)) % 2 == 0 else b"\0"
    made = one(w.smb1(0xA2, words, padding + name))
    assert (made.command, made.name, made.activity) == (m.CREATE, "\\svcctl", 6)
    answer = one(w.smb1(0xA2, ANDX + b"\0\x07\x40" + b"\0" * 61, status=0))
    assert (answer.file, answer.is_response) == (b"\x07\x40", True)


def test_pipes() -> None:
    content = w.request(12)
    at = 32 + 1 + 32 + 2
    words = (
        struct.pack("<HHHHBBHIHHHHHBB", 0, len(content), 0, 0, 0, 0, 0, 0, 0, 0, 0, len(content), at, 2, 0)
        + b"\x26\0\x07\x40"
    )
    sent = one(w.smb1(0x25, words, content))
    assert (sent.command, sent.file, sent.data) == (m.PIPE, b"\x07\x40", content)
    words = struct.pack("<HHHHHHHHHBB", 0, len(content), 0, 0, 0, 0, len(content), 32 + 1 + 20 + 2, 0, 0, 0)
    assert one(w.smb1(0x25, words, content, status=0)).data == content


def test_reads_and_writes() -> None:
    content = b"MZ rest"
    words = ANDX + b"\x07\x40" + struct.pack("<IIHHHHHI", 0, 0, 0, 0, 0, len(content), 32 + 1 + 28 + 2, 0)
    wrote = one(w.smb1(0x2F, words, content))
    assert (wrote.file, wrote.data, wrote.size) == (b"\x07\x40", content, len(content))
    words = ANDX + struct.pack("<HHHHH", 0, 0, 0, len(content), 32 + 1 + 14 + 2)
    assert one(w.smb1(0x2E, words, content, status=0)).data == content
    assert one(w.smb1(0x2E, ANDX + b"\x07\x40")).file == b"\x07\x40"
    assert one(w.smb1(0x04, b"\x07\x40")).file == b"\x07\x40"


def test_logons_and_refusals() -> None:
    assert w.ntlm("bob") in one(w.smb1(0x73, b"", w.ntlm("bob"))).raw
    assert one(w.smb1(0xA2, b"", status=0xC0000022)).status == 0xC0000022
    assert read(w.smb1(0x32, b"ab")[4:]) is None
    assert read(b"\xffSMB") is None


@pytest.mark.parametrize("command", [0x72, 0x73, 0x75, 0xA2, 0x04, 0x2E, 0x2F, 0x25])
@given(st.binary(max_size=60), st.binary(max_size=60), st.sampled_from([None, 0]))
def test_noise_is_no_error(command: int, words: bytes, content: bytes, status: int | None) -> None:
    read(w.smb1(command, words[: len(words) & ~1], content, status=status)[4:])
    read(b"\xffSMB" + bytes((command,)) + words)

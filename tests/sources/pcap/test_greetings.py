"""First words that protocols share."""

from __future__ import annotations

import pytest

from vedette.sources.pcap.firstbytes import CODES, GREETING, LOGIN, TPKT
from vedette.sources.pcap.greetings import Greetings


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ([(GREETING, b"220 mail.example ESMTP Postfix\r\n")], "smtp"),
        ([(GREETING, b"220 ProFTPD Server\r\n")], "ftp"),
        ([(GREETING, b"220 ready\r\n"), (LOGIN, b"USER joe\r\n")], "ftp"),
        ([(LOGIN, b"USER joe 0 * :Joe Doe\r\n")], "irc"),
        ([(LOGIN, b"USER joe\r\n")], None),
        ([(GREETING, b"220 ready\r\n")], None),
        ([(TPKT, bytes.fromhex("0300001300e000000000000100080003000000"))], "rdp"),
        ([(TPKT, bytes.fromhex("0300000b06e00000000000"))], "rdp"),
        ([(TPKT, bytes.fromhex("0300001611e00000000200c1020100c2020102c0010a"))], "iso-transport"),
        ([(CODES["vnc"], b"RFB 003.008\n")], "vnc"),
    ],
)
def test_names(words: list[tuple[int, bytes]], name: str | None) -> None:
    greetings = Greetings()
    codes = [greetings.name(1, code, raw) for code, raw in words]
    assert codes[-1] == (CODES[name] if name else 0)


def test_hints_are_of_their_flow_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vedette.sources.pcap.greetings.HINT_LIMIT", 2)
    greetings = Greetings()
    for flow in (1, 2, 3):
        greetings.name(flow, GREETING, b"220 ready\r\n")
    assert [greetings.name(flow, LOGIN, b"USER joe\r\n") for flow in (1, 3, 4)] == [0, CODES["ftp"], 0]

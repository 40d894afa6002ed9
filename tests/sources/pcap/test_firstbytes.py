"""First bytes of many payloads at once, against one at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.sources.pcap.firstbytes import (
    CODES,
    DNS,
    GREETING,
    HTTP,
    NAMES,
    SSH,
    TLS,
    FirstBytes,
    tcp_codes,
    udp_codes,
)
from vedette.testing.payloads import dns_message


@settings(deadline=5_000)
@given(st.lists(st.binary(max_size=20), min_size=1, max_size=12))
def test_words_are_the_first_bytes(payloads: list[bytes]) -> None:
    data = np.frombuffer(b"".join(payloads), np.uint8)
    length = np.array([len(p) for p in payloads], np.int64)
    first = FirstBytes(data, np.cumsum(length) - length, length)
    rows = np.arange(len(payloads))
    assert first.first.tolist() == [int.from_bytes(p[:8].ljust(8, b"\0"), "big") for p in payloads]
    assert first.second(rows).tolist() == [int.from_bytes(p[8:16].ljust(8, b"\0"), "big") for p in payloads]


def one(payload: bytes, *, udp: bool, port: int = 9_999) -> int:
    """Return the code of one packet to ``port``."""
    data = np.frombuffer(payload, np.uint8)
    first = FirstBytes(data, np.zeros(1, np.int64), np.array([len(payload)]))
    rows, src, dst = np.zeros(1, np.int64), np.array([40_000]), np.array([port])
    return int((udp_codes(first, rows, src, dst) if udp else tcp_codes(first, rows, dst == 53, dst == 88))[0])


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"GET / HTTP/1.1\r\n", HTTP),
        (b"HTTP/1.1 200 OK\r\n", HTTP),
        (b"\x16\x03\x01\x00\x05\x01\0\0\x01\0", TLS),
        (b"\x16\x03\x01\x00\x05\x0b\0\0\x01\0", 0),
        (b"\x15\x03\x03\x00\x02\x02\x28", TLS),
        (b"\x15\x03\x03\x00\x20\x02\x28", 0),
        (b"SSH-2.0-x", SSH),
        (b"SSH_", 0),
        (b"220 x", GREETING),
        (b"\0\0\0\x10\xfeSMB", CODES["smb"]),
        (b"\0\0\0\x10\xfdSMB", CODES["smb"]),
        (b"\0\0\0\x10\xfaSMB", 0),
        (b"\5\0\x0b\3\x10\0\0\0", CODES["dce_rpc"]),
        (b"\5\0\0\3" + bytes(12), CODES["dce_rpc"]),
        (b"\5\0\x63\3\x10\0\0\0", 0),
        (b"\5\0", 0),
        (b"\5\0\0\1\x7f\0\0\1\0\x50", 0),
        (b"\0\0\1\0\x6a\x81", 0),
        (b"\x17\x03\x03\0\x10", 0),
        (b"GE", HTTP),
        (b"GA", 0),
        (b"\x16\x03", TLS),
    ],
)
def test_tcp(payload: bytes, code: int) -> None:
    assert one(payload, udp=False) == code


def test_dns_over_tcp_is_looked_for_on_its_port_only() -> None:
    raw = dns_message("a.example")
    framed = len(raw).to_bytes(2, "big") + raw
    assert [one(framed, udp=False, port=port) for port in (53, 54)] == [DNS, 0]
    assert one(framed[:2], udp=False, port=53) == DNS
    assert one(b"\0\x05" + raw, udp=False, port=53) == 0


@pytest.mark.parametrize(
    ("payload", "port", "code"),
    [
        (dns_message("a.example"), 53, DNS),
        (dns_message("a.example"), 4_000, DNS),
        (dns_message("a.example", flags=0x8180), 4_000, DNS),
        (dns_message("a.example", flags=0x0140), 4_000, 0),
        (dns_message("a.example", 32), 137, CODES["netbios-ns"]),
        (b"\0" * 12, 5_353, DNS),
        (b"\0" * 11, 5_353, 0),
        (b"\xff" * 200, 4_000, 0),
        (b"\x1b" + bytes(47), 4_000, CODES["ntp"]),
    ],
)
def test_udp(payload: bytes, port: int, code: int) -> None:
    assert one(payload, udp=True, port=port) == code


def test_names_and_codes_agree() -> None:
    assert all(NAMES[code] == name for name, code in CODES.items())
    assert [NAMES[code] for code in (HTTP, TLS, SSH, DNS, GREETING)] == ["http", "tls", "ssh", "dns", ""]

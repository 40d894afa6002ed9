"""TLS hellos: from bytes to names and fingerprints, whole or not."""

from __future__ import annotations

import hashlib

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.sources.pcap.messages import Mark
from vedette.sources.pcap.tls import Tls, handshake, read_hello
from vedette.testing.payloads import FIRST_TIME, alpn, client_hello, server_hello, server_name, tls_extension, words

ENDS = ("10.0.0.1", 40_000, "192.0.2.44", 443, 6, 1)
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
EXTENSIONS = [
    tls_extension(0x2A2A, b""),
    server_name("Shop.Example"),
    tls_extension(10, words([0x3A3A, 29, 23])),
    tls_extension(11, b"\x01\x00"),
    tls_extension(13, words([0x0403, 0x0804])),
    alpn(b"h2", b"http/1.1"),
    tls_extension(43, b"\x06\x4a\x4a\x03\x04\x03\x03"),
]
CLIENT = client_hello([0x1A1A, 0x1302, 0xC02F], EXTENSIONS)
SERVER = server_hello(0x1302, [tls_extension(51, b"xx"), tls_extension(43, b"\x03\x04")])


def rows(*messages: tuple[bool, bytes]) -> pl.DataFrame:
    """Return the rows of messages (from the client?, records) of one connection."""
    tls = Tls()
    for n, (orig, buffer) in enumerate(messages):
        tls.take(1, orig, buffer, Mark(FIRST_TIME + n * 1_000, n, ENDS), True)
    tls.close()
    frames = [batch.frame for batch in tls.rows.batches()]
    return pl.concat(frames) if frames else pl.DataFrame()


def test_both_hellos_are_one_row() -> None:
    row = rows((True, CLIENT), (False, SERVER)).row(0, named=True)
    assert (row["tls.sni"], row["vedette.alpn"]) == ("shop.example", ["h2", "http/1.1"])
    assert (row["tls.version"], row["tls.cipher"], row["status_id"]) == ("TLSv13", "TLS_AES_256_GCM_SHA384", 1)
    assert (row["duration"], row["status_detail"], row["activity_id"]) == (1, None, 1)


def test_fingerprints_by_another_way() -> None:
    row = rows((True, CLIENT), (False, SERVER)).row(0, named=True)
    md5 = hashlib.md5(b"771,4866-49199,0-10-11-13-16-43,29-23,0", usedforsecurity=False).hexdigest()
    ciphers, kinds = (
        hashlib.sha256(text).hexdigest()[:12] for text in (b"1302,c02f", b"000a,000b,000d,002b_0403,0804")
    )
    assert row["tls.ja3_hash.value"] == md5
    assert row["tls.ja3s_hash.value"] == hashlib.md5(b"771,4866,51-43", usedforsecurity=False).hexdigest()
    assert row["ja4_fingerprint_list.value"] == [f"t13d0206h2_{ciphers}_{kinds}"]


def test_a_hello_without_extensions() -> None:
    row = rows((True, client_hello([4], [], version=0x0301)), (False, server_hello(4, version=0x0301))).row(
        0, named=True
    )
    assert (row["tls.sni"], row["vedette.alpn"], row["tls.version"]) == (None, None, "TLSv10")
    assert row["tls.ja3_hash.value"] == hashlib.md5(b"769,4,,,", usedforsecurity=False).hexdigest()
    assert row["ja4_fingerprint_list.value"][0].startswith("t10i010000_")


def test_half_handshakes() -> None:
    assert rows((True, CLIENT)).select("tls.cipher", "status_id").rows() == [(None, 0)]
    assert rows((False, SERVER)).select("tls.sni", "status_id", "status_detail").rows() == [
        (None, 1, "client hello not seen")
    ]


@pytest.mark.parametrize(
    ("level", "orig", "status", "detail"),
    [(2, False, 2, "fatal alert: handshake_failure"), (1, False, 0, None), (2, True, 0, None)],
)
def test_alerts(level: int, orig: bool, status: int, detail: str | None) -> None:
    alert = b"\x15\x03\x01\x00\x02" + bytes((level, 40))
    assert rows((True, CLIENT), (orig, alert)).select("status_id", "status_detail").rows() == [(status, detail)]
    assert rows((orig, alert)).is_empty()


def test_a_warning_is_passed_over() -> None:
    tls = Tls()
    tls.take(1, True, CLIENT, Mark(0, 0, ENDS), False)
    assert tls.take(1, False, b"\x15\x03\x01\x00\x02\x01\x70" + SERVER, Mark(1, 1, ENDS), False) == 7


def test_a_retry_request_is_no_answer() -> None:
    frame = rows(
        (True, CLIENT), (False, server_hello(0x1302, random=RETRY)), (True, client_hello([4], [])), (False, SERVER)
    )
    assert frame.select("tls.sni", "tls.cipher").rows() == [("shop.example", "TLS_AES_256_GCM_SHA384")]


def test_a_hello_in_many_records() -> None:
    small = client_hello([0x1A1A, 0x1302, 0xC02F], EXTENSIONS, record_bytes=7)
    whole, parts = rows((True, CLIENT)), rows((True, small))
    assert whole.equals(parts)


def test_a_hello_cut_off_has_a_name_but_no_fingerprint() -> None:
    long = client_hello([0x1302], [server_name("shop.example"), tls_extension(51, bytes(500))])
    row = rows((True, long[:200])).row(0, named=True)
    assert (row["tls.sni"], row["tls.ja3_hash.value"], row["status_detail"]) == (
        "shop.example",
        None,
        "client hello cut off",
    )
    assert Tls().take(1, True, long[:200], Mark(0, 0, ENDS), False) == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x00\x05\x0b\0\0\x01a",
        b"\x17" + CLIENT[1:],
        b"\x16\x02" + CLIENT[2:],
        CLIENT[:5] + b"\x01\xff" + CLIENT[7:],
        b"\x16\x03\x01\0\0",
    ],
)
def test_what_is_no_hello(raw: bytes) -> None:
    assert handshake(raw) is None
    assert rows((True, raw)).is_empty()


def test_a_name_that_is_not_printable_is_escaped() -> None:
    assert rows((True, client_hello([4], [server_name("a\x00\x1b\\")])))["tls.sni"].to_list() == ["a\\x00\\x1b\\\\"]


@settings(deadline=5_000)
@given(st.integers(0, len(CLIENT) - 1), st.binary(max_size=40))
def test_mutated_hellos_are_no_error(place: int, change: bytes) -> None:
    for hello in (CLIENT, SERVER):
        rows((True, hello[:place] + change + hello[place + len(change) :]), (False, hello[: place + 1]))


@settings(deadline=5_000)
@given(st.sampled_from([b"\x01", b"\x02"]), st.binary(min_size=3))
def test_noise_is_no_error(kind: bytes, noise: bytes) -> None:
    read_hello(kind + noise)

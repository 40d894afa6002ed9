"""JA3, JA3S, JA4 and HASSH against published values and a small calculation of our own."""

from __future__ import annotations

import hashlib

import pytest

from vedette.sources.pcap.fingerprints import hassh, ja3, ja3s, ja4, without_grease

PUBLISHED_CIPHERS = [
    0x1301,
    0x1302,
    0x1303,
    0xC02B,
    0xC02F,
    0xC02C,
    0xC030,
    0xCCA9,
    0xCCA8,
    0xC013,
    0xC014,
    0x9C,
    0x9D,
    0x2F,
    0x35,
]
PUBLISHED_EXTENSIONS = [0x1B, 0, 0x33, 0x10, 0x4469, 0x17, 0x2D, 0x0D, 5, 0x23, 0x12, 0x2B, 0xFF01, 0x0B, 0x0A, 0x15]
PUBLISHED_SIGNATURES = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601]
GREASE = [0x0A0A, 0x1A1A, 0x5A5A, 0xFAFA]


def test_ja3_as_published() -> None:
    ciphers = [47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4]
    assert ja3(769, ciphers, [0, 10, 11], [23, 24, 25], [0]) == "ada70206e40642a3e4461f35503241d5"
    assert ja3(769, [4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99], [], [], []) == "de350869b8c85de67a350c8d186f11e6"


def test_ja4_as_published() -> None:
    print_ = ja4(0x0304, PUBLISHED_CIPHERS, PUBLISHED_EXTENSIONS, PUBLISHED_SIGNATURES, [b"h2", b"http/1.1"])
    assert print_ == "t13d1516h2_8daaf6152771_e5627efa2ab1"


def test_grease_changes_nothing() -> None:
    assert without_grease([*GREASE, 0x0A1A, 0x1301]) == [0x0A1A, 0x1301]
    plain = ja4(0x0304, PUBLISHED_CIPHERS, PUBLISHED_EXTENSIONS, PUBLISHED_SIGNATURES, [b"h2"])
    greased = ja4(0x0304, GREASE + PUBLISHED_CIPHERS, GREASE + PUBLISHED_EXTENSIONS, PUBLISHED_SIGNATURES, [b"h2"])
    assert plain == greased
    assert ja3(771, [*GREASE, 4], GREASE, GREASE, [0]) == ja3(771, [4], [], [], [0])
    assert ja3s(771, 4, [0x0A0A, 43]) == hashlib.md5(b"771,4,43", usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(
    ("version", "extensions", "alpn", "head"),
    [
        (0x0303, [0, 16], [b"http/1.1"], "t12d0102h1"),
        (0x0304, [], [], "t13i010000"),
        (0x0302, [0], [], "t11d010100"),
        (0x0300, [], [b"x"], "ts3i0100xx"),
        (0x7F1C, [], [b"\xab\xcd"], "t00i0100ad"),
        (0x0303, [5] * 120, [], "t12i019900"),
    ],
)
def test_ja4_heads(version: int, extensions: list[int], alpn: list[bytes], head: str) -> None:
    assert ja4(version, [4], extensions, [], alpn).split("_")[0] == head


def test_ja4_without_signatures_or_anything() -> None:
    kinds = hashlib.sha256(b"0005,000a").hexdigest()[:12]
    assert ja4(0x0303, [4], [10, 0, 16, 5], [], []).split("_")[2] == kinds
    assert ja4(0x0303, [], [0], [], []).split("_")[1:] == ["0" * 12, "0" * 12]


def test_hassh_joins_lists_with_semicolons() -> None:
    want = hashlib.md5(b"curve25519-sha256;aes128-ctr;hmac-sha2-256;none", usedforsecurity=False).hexdigest()
    assert hassh(["curve25519-sha256", "aes128-ctr", "hmac-sha2-256", "none"]) == want

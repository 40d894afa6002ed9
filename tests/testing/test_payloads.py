"""Messages made from fields, against bytes written by hand."""

from __future__ import annotations

from vedette.testing.payloads import (
    STEP_US,
    Conversation,
    alpn,
    client_hello,
    dns_message,
    server_name,
    ssh_offer,
    words,
)


def test_dns_message() -> None:
    raw = bytes.fromhex("002a8180000100010000000001610162000001 0001c00c0001000100000005000401020304".replace(" ", ""))
    assert dns_message("a.b", ident=42, flags=0x8180, answers=[(1, 5, bytes((1, 2, 3, 4)))]) == raw


def test_hello_lengths_agree() -> None:
    hello = client_hello([0x1301], [server_name("a.b"), alpn(b"h2")])
    assert int.from_bytes(hello[3:5], "big") == len(hello) - 5
    assert int.from_bytes(hello[6:9], "big") == len(hello) - 9
    assert client_hello([4], [], record_bytes=10).count(b"\x16\x03\x01") > 1


def test_small_parts() -> None:
    assert words([1, 0x0203]) == b"\0\4\0\1\2\3"
    assert alpn(b"h2") == b"\0\x10\0\5\0\3\2h2"
    assert int.from_bytes(ssh_offer(["a"] * 10)[:4], "big") == len(ssh_offer(["a"] * 10)) - 4


def test_a_conversation_continues_its_streams() -> None:
    packets = Conversation().add(b"one").add(b"two", orig=False).add(b"three", later_us=5).packets()
    assert packets["seq"].to_list() == [1_000, 1_000, 1_003]
    assert packets["start"].to_list() == [0, 3, 6]
    assert packets["time"].diff().to_list() == [None, STEP_US, STEP_US + 5]

"""Calls and what came of them, as rows."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.sources.pcap.messages import Mark
from vedette.sources.pcap.rpc import WAITING_LIMIT, Association, Calls, Rpc, succeeded
from vedette.testing import windows as w

ENDS = ("10.0.0.1", 40_000, "192.0.2.9", 135, 6, 1)
WHAT = ["vedette.interface", "vedette.operation", "dce_rpc.opnum", "status_id", "status_code"]


def rows(*messages: bytes, connection: int = 1) -> pl.DataFrame:
    """Return the rows of what was said in one connection, whoever said it."""
    rpc = Rpc()
    for n, message in enumerate(messages):
        assert rpc.take(connection, True, message, Mark(n * 5_000, n, ENDS), True) == len(message)
    rpc.close()
    return pl.concat([b.frame for b in rpc.batches()]) if len(rpc.rows) else pl.DataFrame()


def test_a_call_and_its_answer_are_one_row() -> None:
    row = rows(w.bind(w.SVCCTL), w.request(12, call=2), w.response(call=2)).row(0, named=True)
    assert [row[c] for c in WHAT] == ["svcctl", "CreateServiceW", 12, 1, "0x00000000"]
    assert (row["dce_rpc.command_response"], row["duration"], row["metadata.sequence"]) == ("RESPONSE", 5, 1)
    assert (row["app_protocol_name"], row["src_endpoint.ip"]) == ("dce_rpc", "10.0.0.1")


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (w.response(b"\5\0\0\0"), (2, "0x00000005", "RESPONSE")),
        (w.response(level=w.PRIVACY), (0, None, "RESPONSE")),
        (w.fault(0x5), (2, "0x00000005", "FAULT")),
        (w.response(call=77), (0, None, None)),
    ],
)
def test_answers(answer: bytes, wanted: tuple[int, str | None, str | None]) -> None:
    row = rows(w.bind(w.SAMR), w.request(34), answer).row(0, named=True)
    assert (row["status_id"], row["status_code"], row["dce_rpc.command_response"]) == wanted


def test_who_asks_and_what_is_said() -> None:
    token = w.ntlm("bob")
    frame = rows(w.bind(w.SVCCTL, token=token), w.request(12, w.wide("evil.exe")), w.request(12, w.wide("x"), level=6))
    assert frame["actor.user.name"].to_list() == ["bob", "bob"]
    assert frame["vedette.arguments"].to_list() == [["evil.exe"], None]


def test_passwords_are_left_alone() -> None:
    frame = rows(w.bind(w.SAMR), w.request(58, w.wide("new password"), call=1), w.request(17, w.wide("bob"), call=2))
    assert frame.sort("dce_rpc.opnum")["vedette.arguments"].to_list() == [["bob"], None]


def test_an_unknown_interface() -> None:
    known = rows(w.bind("00000000-1111-2222-3333-444444444444"), w.request(3))
    assert known.select(*WHAT, "dce_rpc.rpc_interface.uuid").row(0)[:3] == (None, None, 3)
    orpc = b"\x05\x00\x07\x00" + b"\0" * 28
    unbound = rows(w.request(4, orpc + b"MEOW"), w.request(6, orpc + w.wide("cmd.exe"), of=b"o" * 16, call=2))
    assert unbound["vedette.operation"].to_list() == ["RemoteCreateInstance", "call"]
    assert unbound["vedette.interface"].to_list() == ["IRemoteSCMActivator", "DCOM"]


@pytest.mark.parametrize(
    ("challenge", "said"), [(b"\0" * 8, "null challenge"), (b"\1" * 8, None), (b"\0" * 7 + b"\1", None)]
)
def test_a_null_challenge(challenge: bytes, said: str | None) -> None:
    frame = rows(w.bind(w.NETLOGON), w.request(4, w.wide("PC") + challenge))
    assert frame["status_detail"].to_list() == [said]


def test_pipes_say_what_they_carry() -> None:
    calls = Calls()
    assert calls.take(Association("svcctl"), w.request(12), Mark(0, 0, ENDS)) == 1
    association = Association("spoolss")
    calls.take(association, w.request(65), Mark(0, 0, ENDS))
    calls.close(association)
    assert pl.concat([b.frame for b in calls.rows.batches()])["vedette.interface"].to_list() == ["spoolss"]


def test_fragments_after_the_first_are_no_calls() -> None:
    assert rows(w.bind(w.SAMR), w.request(34, flags=1), w.request(34, flags=0), w.request(34, flags=2)).height == 1


def test_what_waits_is_bounded() -> None:
    rpc = Rpc()
    mark = Mark(0, 0, ENDS)
    for call in range(10 * WAITING_LIMIT):
        rpc.take(1, True, w.request(1, call=call), mark, True)
    assert len(rpc.rows) == 9 * WAITING_LIMIT
    rpc.expire(10**12)
    assert len(rpc.rows) == 10 * WAITING_LIMIT
    for connection in range(60_000):
        rpc.take(connection, True, w.request(1), mark, True)
    assert 10_000 < len(rpc.rows) < 60_000 + 10 * WAITING_LIMIT  # the oldest gave way


def test_waits_for_the_whole_message() -> None:
    rpc, mark, message = Rpc(), Mark(0, 0, ENDS), w.request(1, b"x" * 40)
    assert rpc.take(1, True, message[:12], mark, False) == 0
    assert rpc.take(1, True, message[:30], mark, False) == 0
    assert rpc.take(1, True, message[:30], mark, True) == len(message)
    assert rpc.take(1, True, b"\5\0 something else", mark, False) == -1


@pytest.mark.parametrize(
    ("code", "good"),
    [
        (0, True),
        (1, True),
        (0x105, True),
        (0xEA, True),
        (5, False),
        (0xC0000022, False),
        (0x80004002, False),
        (0x80000005, True),
    ],
)
def test_codes(code: int, good: bool) -> None:
    assert succeeded(code) is good


@settings(deadline=5_000)
@given(st.lists(st.binary(max_size=80), max_size=6))
def test_noise_is_no_error(noise: list[bytes]) -> None:
    rpc = Rpc()
    for n, part in enumerate(noise):
        for message in (part, w.pdu(n % 17, part), w.request(3, part, of=b"o" * 16)):
            rpc.take(1, True, message, Mark(n, n, ENDS), True)
    rpc.close()
    list(rpc.batches())

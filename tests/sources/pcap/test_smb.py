"""What SMB clients open, write, call and log on with."""

from __future__ import annotations

import struct

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.events.schema import EventClass
from vedette.sources.pcap.messages import Mark
from vedette.sources.pcap.smb import PART_BYTES, TABLE_LIMIT, Smb
from vedette.testing import windows as w

ENDS = ("10.0.0.1", 40_000, "192.0.2.9", 445, 6, 1)
FILE, PIPE = b"a-handle-of-file", b"a-handle-of-pipe"
MORE = 0xC0000016
CONNECTED = [(3, w.connect("\\\\h\\ADMIN$"), None), (3, w.connected(1), 0)]


def conversation(*messages: bytes) -> dict[EventClass, pl.DataFrame]:
    """Return the rows by class of what was said in one connection."""
    smb = Smb()
    for n, message in enumerate(messages):
        smb.take(1, True, message, Mark(n * 1_000, n, ENDS), True)
    smb.close()
    return {b.kind: b.frame for b in smb.batches()}


def files(*parts: tuple[int, bytes, int | None]) -> pl.DataFrame:
    """Return the SMB rows of (command, body, status or None for a request), all of one message id but for the pairs."""
    messages = [w.smb2(command, body, ident=n // 2, status=status) for n, (command, body, status) in enumerate(parts)]
    return conversation(*messages)[EventClass.SMB_ACTIVITY]


def test_a_program_is_written_to_a_share() -> None:
    frame = files(
        *CONNECTED,
        *((5, w.create("tool.exe", 5), None), (5, w.created(FILE), 0)),
        *((9, w.write(FILE, b"MZ\x90 program"), None), (9, b"\x11\0", 0)),
        *((9, w.write(FILE, b"MZ again"), None), (9, w.write(FILE, b"MZ", 65_536), None)),
    )
    columns = ["command", "share", "share_type", "file.name", "file.mime_type", "activity_id", "status_id"]
    assert frame.select(columns).rows() == [
        ("SMB2_COMMAND_TREE_CONNECT", "\\\\h\\ADMIN$", "disk", None, None, 99, 1),
        ("SMB2_COMMAND_CREATE", "\\\\h\\ADMIN$", "disk", "tool.exe", None, 6, 1),
        ("SMB2_COMMAND_WRITE", "\\\\h\\ADMIN$", "disk", "tool.exe", "application/x-dosexec", 99, 0),
    ]


def test_what_is_refused_or_never_answered() -> None:
    frame = files(*CONNECTED, (5, w.create("no"), None), (5, b"\x09\0", 0xC0000022), (5, w.create("lost"), None))
    assert frame["status_id"].to_list() == [1, 2, 0]
    assert frame["status_code"].to_list() == ["STATUS_SUCCESS", "STATUS_ACCESS_DENIED", None]


def test_pending_is_no_answer() -> None:
    messages = [w.smb2(5, w.create("x")), w.smb2(5, b"\x09\0", status=0x103), w.smb2(5, w.created(FILE), status=0)]
    assert conversation(*messages)[EventClass.SMB_ACTIVITY]["status_id"].to_list() == [1]


@pytest.mark.parametrize("how", ["write", "transceive"])
def test_calls_through_a_pipe(how: str) -> None:
    bind, call, answer = w.bind(w.SVCCTL), w.request(12, w.wide("evil"), call=2), w.response(call=2)
    opened = [w.smb2(5, w.create("svcctl"), ident=1), w.smb2(5, w.created(PIPE), ident=1, status=0)]
    if how == "write":
        said = [
            w.smb2(9, w.write(PIPE, bind), ident=2),
            w.smb2(9, w.write(PIPE, call), ident=3),
            w.smb2(8, w.read(PIPE), ident=4),
            w.smb2(8, w.got(answer), ident=4, status=0),
        ]
    else:
        said = [
            w.smb2(11, w.transceive(PIPE, bind), ident=2),
            w.smb2(11, w.transceive(PIPE, call), ident=3),
            w.smb2(11, w.transceived(PIPE, answer), ident=3, status=0),
        ]
    row = conversation(*opened, *said)[EventClass.RPC_ACTIVITY].row(0, named=True)
    wanted = ("svcctl", "CreateServiceW", "svcctl", 1, ["evil"])
    assert (
        tuple(row[c] for c in ("vedette.interface", "vedette.operation", "file.name", "status_id", "vedette.arguments"))
        == wanted
    )


def test_the_pipe_tells_the_interface_where_the_bind_was_not_seen() -> None:
    opened = [w.smb2(5, w.create("\\samr"), ident=1), w.smb2(5, w.created(PIPE), ident=1, status=0)]
    frame = conversation(
        *opened, w.smb2(9, w.write(PIPE, w.request(13)), ident=2), w.smb2(6, b"\x18\0" + b"\0" * 6 + PIPE)
    )
    assert frame[EventClass.RPC_ACTIVITY]["vedette.operation"].to_list() == ["SamrEnumerateUsersInDomain"]


@pytest.mark.parametrize(
    ("user", "status", "wanted"),
    [("bob", 0, [1]), ("bob", 0xC000006D, [2]), ("", 0, []), ("bob", MORE, []), ("bob", 0xC000005E, [])],
)
def test_logons(user: str, status: int, wanted: list[int]) -> None:
    found = conversation(w.smb2(1, w.ntlm(user)), w.smb2(1, b"", status=status))
    frame = found.get(EventClass.AUTHENTICATION, pl.DataFrame({"status_id": []}))
    assert frame["status_id"].to_list() == wanted
    if wanted:
        row = frame.row(0, named=True)
        assert (row["user.name"], row["user.domain"], row["src_endpoint.hostname"], row["auth_protocol"]) == (
            "bob",
            "CORP",
            "PC1",
            "NTLM",
        )
        assert row["activity_id"] == 1


def test_the_user_stands_with_what_he_opens() -> None:
    messages = [
        w.smb2(1, w.ntlm("bob")),
        w.smb2(1, b"", status=0),
        w.smb2(5, w.create("x")),
        w.smb2(5, w.created(FILE), status=0),
    ]
    assert conversation(*messages)[EventClass.SMB_ACTIVITY]["actor.user.name"].to_list() == ["bob"]


@pytest.mark.parametrize(
    ("claimed", "offset", "told"), [(100, 0, 0), (0xFFFF_FFFF, 16, 1), (100, 5_000, 1), (1 << 23, 0, 0)]
)
def test_a_compressed_message_of_an_impossible_size(claimed: int, offset: int, told: int) -> None:
    message = w.framed(b"\xfcSMB" + struct.pack("<IHHI", claimed, 1, 0, offset) + b"x" * 100)
    found = conversation(message)
    assert found.get(EventClass.SMB_ACTIVITY, pl.DataFrame()).height == told


def test_what_is_not_smb() -> None:
    smb, mark = Smb(), Mark(0, 0, ENDS)
    assert smb.take(1, True, b"\0\0\0\x40HTTP" + b"x" * 60, mark, False) == -1
    assert smb.take(1, True, b"\0\0", mark, False) == 0
    sealed = w.framed(b"\xfdSMB" + b"x" * 100)
    assert smb.take(1, True, sealed[:20], mark, False) == len(sealed)
    assert list(smb.batches()) == []


def test_the_content_of_files_is_not_waited_for() -> None:
    smb, mark = Smb(), Mark(0, 0, ENDS)
    message = w.smb2(9, w.write(FILE, b"x" * 100_000))
    assert smb.take(1, True, message[: PART_BYTES - 1], mark, False) == 0
    assert smb.take(1, True, message[:PART_BYTES], mark, False) == len(message)


def test_state_is_bounded() -> None:
    smb, mark = Smb(), Mark(0, 0, ENDS)
    for n in range(20 * TABLE_LIMIT):
        handle = n.to_bytes(16, "big")
        for message in (w.smb2(5, w.create("samr"), ident=n), w.smb2(5, w.created(handle), ident=n, status=0)):
            smb.take(1, True, message, mark, True)
        smb.take(1, True, w.smb2(9, w.write(handle, w.request(13)), ident=n), mark, True)
    state = smb._open.get(1)
    assert state is not None
    held = (len(state.files), len(state.pipes), len(state.waiting), len(state.written), len(state.shares))
    assert max(held) <= TABLE_LIMIT
    for connection in range(20_000):
        smb.take(connection, True, w.smb2(5, w.create("x" * 50)), mark, True)
    assert len(smb._open) < 17_000


@settings(deadline=5_000)
@given(
    st.lists(
        st.tuples(st.sampled_from([0, 1, 3, 5, 6, 8, 9, 11]), st.binary(max_size=90), st.sampled_from([None, 0])),
        max_size=8,
    )
)
def test_noise_is_no_error(parts: list[tuple[int, bytes, int | None]]) -> None:
    conversation(
        *(w.smb2(c, b, ident=c, status=s) for c, b, s in parts), *(w.framed(b"\xffSMB" + b) for _, b, _ in parts)
    )

"""SSH: banners and key exchange offers."""

from __future__ import annotations

import hashlib

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.sources.pcap.messages import Mark
from vedette.sources.pcap.ssh import Ssh, read_offer
from vedette.testing.payloads import ssh_offer

ENDS = ("10.0.0.1", 40_000, "192.0.2.22", 22, 6, 1)
LISTS = ["kex", "key", "enc-out", "enc-in", "mac-out", "mac-in", "zip-out", "zip-in", "", ""]
CLIENT = b"SSH-2.0-OpenSSH_9.9\r\n" + ssh_offer(LISTS)
SERVER = b"SSH-2.0-dropbear\r\n" + ssh_offer(LISTS)


def rows(*messages: tuple[bool, bytes]) -> pl.DataFrame:
    """Return the rows of what each side (the client?) sent."""
    ssh = Ssh()
    for n, (orig, buffer) in enumerate(messages):
        ssh.take(1, orig, buffer, Mark(n * 1_000, n, ENDS), True)
    ssh.close()
    frames = [batch.frame for batch in ssh.rows.batches()]
    return pl.concat(frames) if frames else pl.DataFrame()


def md5(text: bytes) -> str:
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def test_both_sides_are_one_row() -> None:
    row = rows((False, SERVER), (True, CLIENT)).row(0, named=True)
    assert (row["vedette.client_banner"], row["vedette.server_banner"]) == ("SSH-2.0-OpenSSH_9.9", "SSH-2.0-dropbear")
    assert (row["protocol_ver"], row["activity_id"], row["status_id"], row["metadata.sequence"]) == ("2.0", 1, 1, 0)
    assert row["client_hassh.fingerprint.value"] == md5(b"kex;enc-out;mac-out;zip-out")
    assert row["server_hassh.fingerprint.value"] == md5(b"kex;enc-in;mac-in;zip-in")


def test_one_side_only() -> None:
    frame = rows((True, b"SSH-2.0-scanner\n"))
    columns = ["vedette.client_banner", "vedette.server_banner", "client_hassh.fingerprint.value", "status_id"]
    assert frame.select(columns).rows() == [("SSH-2.0-scanner", None, None, 0)]


@pytest.mark.parametrize("size", range(4, len(CLIENT), 7))
def test_the_offer_is_waited_for(size: int) -> None:
    assert Ssh().take(1, True, CLIENT[:size], Mark(0, 0, ENDS), False) == 0


def test_what_is_not_waited_for() -> None:
    mark = Mark(0, 0, ENDS)
    assert Ssh().take(1, True, b"SSH-1.5-old\n", mark, False) == -2
    assert Ssh().take(1, True, b"SSH-2.0-x\r\n" + b"\0\0\0\x10\x04\x01" + bytes(20), mark, False) == -2
    assert Ssh().take(1, True, b"SSH-" + b"2" * 300, mark, False) == -2
    assert Ssh().take(1, True, b"SSH-keys are fine\r\n", mark, False) == -1


@settings(deadline=5_000)
@given(st.binary())
def test_noise_is_no_error(noise: bytes) -> None:
    read_offer(noise)
    rows((True, b"SSH-2.0-" + noise), (False, b"SSH-2.0-x\r\n" + noise))
    read_offer(ssh_offer(LISTS)[:6] + noise)

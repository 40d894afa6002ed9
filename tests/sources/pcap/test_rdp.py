"""Remote Desktop: who asks, and what the server says."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.sources.pcap.messages import Mark
from vedette.sources.pcap.rdp import Rdp
from vedette.testing import windows as w

ENDS = ("10.0.0.1", 40_000, "192.0.2.9", 3389, 6, 1)


def rows(*messages: bytes) -> pl.DataFrame:
    """Return the rows of the first packets of one connection."""
    rdp = Rdp()
    for n, message in enumerate(messages):
        rdp.packet(1, message, Mark(n * 1_000, n, ENDS))
    rdp.close()
    return pl.concat([b.frame for b in rdp.rows.batches()]) if len(rdp.rows) else pl.DataFrame()


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (w.desktop_confirm(2), ("CredSSP", 1, None)),
        (w.desktop_confirm(0), ("RDP", 1, None)),
        (w.desktop_confirm(5, refused=True), (None, 2, "failure 5")),
        (b"", (None, 0, None)),
    ],
)
def test_a_request_and_its_answer_are_one_row(answer: bytes, wanted: tuple[str | None, int, str | None]) -> None:
    frame = rows(w.desktop_request("bob"), answer)
    assert frame.select("identifier_cookie", "vedette.security", "status_id", "status_code").rows() == [
        ("bob", *wanted)
    ]


def test_no_cookie_and_no_request() -> None:
    assert rows(w.desktop_request())["identifier_cookie"].to_list() == [None]
    assert rows(w.desktop_confirm()).is_empty()


def test_who_waits_too_long_is_given_up() -> None:
    rdp = Rdp()
    rdp.packet(1, w.desktop_request("bob"), Mark(0, 0, ENDS))
    rdp.packet(2, w.desktop_request("eve"), Mark(10**9, 1, ENDS))
    assert len(rdp.rows) == 1


@given(st.binary(max_size=60))
def test_noise_is_no_error(noise: bytes) -> None:
    rows(b"\3\0\0\x20\x06\xe0" + noise, b"\3\0\0\x20\x06\xd0" + noise, noise)

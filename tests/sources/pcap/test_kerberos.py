"""Kerberos: who asks for tickets, and what comes of it."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.sources.pcap.kerberos import Kerberos
from vedette.sources.pcap.messages import Mark
from vedette.testing import windows as w

ENDS = ("10.0.0.1", 40_000, "192.0.2.9", 88, 17, 1)
COLUMNS = ["user.name", "service.name", "activity_id", "status_id", "status_code", "vedette.etype"]
ASKED = w.ticket_request("bob", "CORP.EXAMPLE", ("krbtgt", "CORP"))


def rows(*messages: bytes) -> pl.DataFrame:
    """Return the rows of datagrams in one conversation."""
    kerberos = Kerberos()
    for n, message in enumerate(messages):
        kerberos.message(1, message, Mark(n * 1_000, n, ENDS))
    kerberos.close()
    return pl.concat([b.frame for b in kerberos.batches()]) if len(kerberos.rows) else pl.DataFrame()


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (w.ticket("bob", "CORP.EXAMPLE", 18), (3, 1, None, 18)),
        (w.kerberos_error(24), (3, 2, "KDC_ERR_PREAUTH_FAILED", None)),
        (w.kerberos_error(6), (3, 2, "KDC_ERR_C_PRINCIPAL_UNKNOWN", None)),
        (w.kerberos_error(25), (6, 0, "KDC_ERR_PREAUTH_REQUIRED", None)),
        (w.kerberos_error(99), (3, 2, "error 99", None)),
        (b"", (3, 0, None, None)),
    ],
)
def test_a_request_and_its_answer_are_one_row(answer: bytes, wanted: tuple[int, int, str | None, int | None]) -> None:
    frame = rows(ASKED, answer)
    assert frame.select(COLUMNS).rows() == [("bob", "krbtgt/CORP", *wanted)]
    assert frame["user.domain"].to_list() == ["CORP.EXAMPLE"]


def test_a_ticket_to_a_service() -> None:
    asked = w.ticket_request("", "R", ("cifs", "files"), tag=0x6C)
    assert rows(asked, w.ticket("bob", "R", 23, tag=0x6D)).select(COLUMNS).rows() == [
        (None, "cifs/files", 4, 1, None, 23)
    ]


def test_an_answer_alone_tells_whom_it_is_for() -> None:
    assert rows(w.ticket("bob", "R", 18)).select(COLUMNS).rows() == [("bob", None, 3, 1, None, 18)]
    assert rows(w.kerberos_error(24)).select(COLUMNS).rows() == [(None, None, 3, 2, "KDC_ERR_PREAUTH_FAILED", None)]


def test_over_tcp() -> None:
    kerberos, mark = Kerberos(), Mark(0, 0, ENDS)
    message = len(ASKED).to_bytes(4, "big") + ASKED
    assert kerberos.take(1, True, message[:40], mark, False) == 0
    assert kerberos.take(1, True, message, mark, False) == len(message)
    assert kerberos.take(1, True, b"\0\0\0\x08GET / HT", mark, False) == -1
    assert kerberos.take(1, True, b"\x7f\0\0\0", mark, False) == -1


def test_two_requests_are_two_rows() -> None:
    assert rows(ASKED, w.ticket_request("eve", "R"), w.kerberos_error(6))["user.name"].to_list() == ["bob", "eve"]


@settings(deadline=5_000)
@given(st.binary(max_size=120), st.sampled_from([0x6A, 0x6B, 0x6C, 0x6D, 0x7E]), st.integers(0, 200))
def test_noise_is_no_error(noise: bytes, tag: int, cut: int) -> None:
    rows(
        w.der(tag, w.der(0x30, noise)),
        bytes((tag,)) + noise,
        noise,
        ASKED[:cut],
        w.ticket("b", "r")[: cut + 1],
        w.kerberos_error(6)[:cut],
    )

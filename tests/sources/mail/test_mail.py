from __future__ import annotations

import gzip
import io
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.mail.test_outlook import outlook

from vedette.abc import Origin
from vedette.app.intake import open_inputs
from vedette.errors import SourceError
from vedette.events.schema import EventClass
from vedette.sources import mail
from vedette.sources.mail import Mail
from vedette.testing.laws import Law, laws_of
from vedette.testing.laws.source import ShortReads, mutated, read_all, tables

MESSAGE = b"Received: from a by b.example; Thu, 5 Mar 2026 09:01:12 +0100\nFrom: ada@a.example\nSubject: x\n\nsee https://a.example/\n"


@pytest.mark.parametrize("law", laws_of(Mail), ids=lambda law: law.name)
def test_law(law: Law) -> None:
    law.check()


@pytest.mark.parametrize(
    ("head", "taken"),
    [
        (MESSAGE, True),
        (b"\xef\xbb\xbf" + MESSAGE.replace(b"\n", b"\r\n"), True),
        (b"From ada@a.example Thu Mar  5 08:01:12 2026\n" + MESSAGE, True),
        (b"Delivered-To: a@b.example\nX: " + b"y" * 4000, False),
        (b"Return-Path: <>\nDelivered-To: a@b.example\nX: " + b"y" * 4000, True),
        (b"Subject: only\n\ntext", False),
        (b"Date: Thu, 5 Mar 2026 08:01:12 GMT\nContent-Type: text/html\nServer: x\n\n<p>", False),
        (b"HTTP/1.1 200 OK\nDate: x\nFrom: y\n\n", False),
        (b"From here on there is nothing\n", False),
        (b"Name: x\nVersion: 1\nFrom: y\n\n", False),
        (b"{}", False),
    ],
)
def test_mail_is_told_by_its_head(head: bytes, taken: bool) -> None:
    assert Mail.sniff(head[:4096], "") == taken


def test_a_folder_of_mail_in_any_packing_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "Maildir" / "cur"
    folder.mkdir(parents=True)
    (folder / "1234.abc.host:2,S").write_bytes(MESSAGE)
    (folder / "00001.7c53336b37003a9286aba55d2945844c").write_bytes(MESSAGE)
    (tmp_path / "box.mbox.gz").write_bytes(gzip.compress(Mail.example().data))
    (tmp_path / "message.msg").write_bytes(outlook())
    with zipfile.ZipFile(tmp_path / "evidence.zip", "w") as archive:
        archive.writestr("one.eml", MESSAGE)
    rows = {
        it.name.rpartition("/")[2]: sum(len(b) for b in it.batches() if b.kind is EventClass.EMAIL_ACTIVITY)
        for it in open_inputs([str(tmp_path)])
    }
    assert rows == {
        "1234.abc.host:2,S": 1,
        "00001.7c53336b37003a9286aba55d2945844c": 1,
        "box.mbox.gz": 3,
        "message.msg": 1,
        "evidence.zip!one.eml": 1,
    }


def test_links_and_attachments_count_as_no_records() -> None:
    batches = read_all(Mail, io.BytesIO(Mail.example().data))
    assert {b.kind: b.records for b in batches} == {
        EventClass.EMAIL_ACTIVITY: 3,
        EventClass.EMAIL_URL_ACTIVITY: 0,
        EventClass.EMAIL_FILE_ACTIVITY: 0,
    }


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no field here\n", "no header of mail"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "no message of Outlook's, or damaged"),
    ],
)
def test_what_is_no_mail_is_rejected(data: bytes, reason: str) -> None:
    (rejects,) = read_all(Mail, io.BytesIO(data))
    assert rejects.kind is EventClass.REJECT
    assert rejects.frame["status_detail"].to_list() == [f"{reason} (first at byte 0)"]


def test_batches_are_bounded_and_numbered_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "BATCH_MESSAGES", 2)
    box = b"".join(
        b"From a@b.example Thu Mar  5 08:01:12 2026\n" + (MESSAGE if i != 3 else b"no field\n") + b"\n"
        for i in range(7)
    )
    batches = list(Mail().read(io.BytesIO(box)))
    frames = [b.frame["metadata.sequence"].to_list() for b in batches if b.kind is EventClass.EMAIL_ACTIVITY]
    assert frames == [[0, 1], [2, 4], [5, 6]]
    assert sum(b.records for b in batches) == 7


def test_a_file_without_dates_is_as_old_as_it_was_written() -> None:
    written = datetime(2026, 3, 6, tzinfo=UTC)
    (batch,) = Mail(Origin("x.eml", written)).read(io.BytesIO(b"From: a@b.example\nSubject: x\n\n"))
    assert batch.frame["time"].to_list() == [written]


def test_a_stream_that_breaks_off_gives_what_it_held() -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            if not data:
                raise SourceError("ends early")
            return data

    batches = Mail().read(Breaking(MESSAGE))
    assert next(batches).frame["vedette.defects"].to_list() == [["the input breaks off"]]
    assert next(batches).kind is EventClass.EMAIL_URL_ACTIVITY
    with pytest.raises(SourceError, match="ends early"):
        next(batches)


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_damaged_mail_is_read_alike_however_the_stream_splits(seed: int) -> None:
    data = mutated(Mail.example().data, seed)
    whole = tables(read_all(Mail, io.BytesIO(data)))
    split = tables(read_all(Mail, ShortReads(data, seed)))
    assert {kind: len(frame) for kind, frame in whole.items()} == {kind: len(frame) for kind, frame in split.items()}


def test_a_large_mailbox_is_read_in_little_time() -> None:
    box = (b"From a@b.example Thu Mar  5 08:01:12 2026\n" + MESSAGE + b"\n") * 3000
    start = time.process_time()
    assert sum(b.records for b in Mail().read(io.BytesIO(box))) == 3000
    assert time.process_time() - start < 6

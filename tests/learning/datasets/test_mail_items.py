from __future__ import annotations

import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import zstandard

from vedette.learning.datasets.mail_items import files, mails, masking, restored, without_stamps

INDEX = """path,message_id,label,subset,date_header,date_received,source,bytes,body_hash,duplicate_of_earlier
a,,ham,easy,2002-08-22T13:50:31Z,2002-08-22T13:54:38Z,made,1,h1,0
b,,spam,easy,2002-08-23T13:50:31Z,,made,1,h2,0
c,,spam,easy,,,made,1,h2,1
d,,spam,hard,1999-12-14,,made,1,h3,0
"""
MESSAGE = b"From me Thu Aug 22 2002\nStatus: RO\nX-Seen: 1\nFrom: a@sender.example\nTo: x@mine.example\nSubject: %b\n\nHi %b\n"


def _set(folder: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in ("a", "b", "c", "d", "not in the index"):
            data = MESSAGE % (name.encode(), name.encode())
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    (folder / "messages.tar.zst").write_bytes(zstandard.compress(out.getvalue()))
    (folder / "index.csv.zst").write_bytes(zstandard.compress(INDEX.encode()))


def test_a_message_is_a_row_with_what_is_known_about_it_and_repetitions_are_dropped(tmp_path: Path) -> None:
    _set(tmp_path)
    rows = mails(tmp_path, "made", lambda raw: masking(("mine.example",))(without_stamps(raw)))
    assert rows["email.subject"].to_list() == ["a", "b", "d"]
    assert rows["metadata.sequence"].to_list() == [0, 1, 2]
    assert rows["@label"].to_list() == ["ham", "spam", "spam"]
    assert rows["@group"].to_list() == ["h1", "h2", "h3"]
    assert rows["@part"].to_list() == ["easy", "easy", "hard"]
    assert rows["@corpus"].unique().to_list() == ["made"]
    assert rows["@time"].to_list() == [
        datetime(2002, 8, 22, 13, 54, 38, tzinfo=UTC),
        datetime(2002, 8, 23, 13, 50, 31, tzinfo=UTC),
        datetime(1999, 12, 14, tzinfo=UTC),
    ]
    assert rows["email.to"].to_list() == [["x@receiver.example"]] * 3
    assert not any(word in head for head in rows["email.raw_header"] for word in ("Status", "X-Seen", "From me"))


def test_stamps_go_and_what_people_wrote_stays() -> None:
    raw = b"Received: by a\n\tb\nX-UID: 7\n 8\nContent-Length: 9\nX-Mailer: m\nLines: 3\nDelivered-To: x\n\nStatus: in the text\n"
    assert without_stamps(raw) == b"Received: by a\n\tb\nX-Mailer: m\n\nStatus: in the text\n"
    assert without_stamps(b"Status: O\r\n\r\n") == b"\n\n"
    assert without_stamps(b"") == b""


def test_the_domain_of_the_receiver_is_masked_in_mailboxes_and_in_the_head() -> None:
    masked = masking(("mine.example",))
    raw = b"Received: by mail.Mine.example\nTo: <jm@mine.example>\n\nHello jm@list.mine.example, see www.mine.example\n"
    assert masked(raw) == (
        b"Received: by mx.receiver.example\nTo: <jm@receiver.example>\n\nHello jm@receiver.example, see www.mine.example\n"
    )
    assert masked(b"To: a@notmine.example.org\n\n") == b"To: a@notmine.example.org\n\n"


def test_what_was_taken_out_is_stood_in_for() -> None:
    told = b"[stripped non-text part: %d bytes sha256=" + b"0" * 64 + b" magic=4d5a]"
    assert restored(b"A: b\n\n" + told % 4) == b"A: b\n\nMZ\0\0"
    assert len(restored(told % 999_999_999)) == 1 << 20
    assert restored(b"nothing") == b"nothing"


def test_files_are_named_with_their_hashes() -> None:
    assert files("f", messages="m", index="i") == {"f/index.csv.zst": "i", "f/messages.tar.zst": "m"}

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.sources.mail.ole import Tree, compound_file, properties, text

from vedette.sources.mail.mail_message import message
from vedette.sources.mail.outlook import NoMessageError, as_mail, is_outlook

HEADERS = """From: "Ada" <ada@sender.example>\r
To: charles@receiver.example\r
Subject: The engine\r
Received: from a by mx.receiver.example; Thu, 5 Mar 2026 08:01:12 +0000\r
Content-Type: multipart/mixed;\r
\tboundary="gone"\r
"""
SENT = 134_170_812_000_000_000  # 2026-03-04T... in 100 ns since 1601


def outlook(headers: str = HEADERS) -> bytes:
    html = "<p>Grüße, <a href='https://sender.example/'>here</a><p style='display:none'>no</p>".encode("cp1252")
    tree: Tree = {
        "__properties_version1.0": properties({0x3FDE0003: 1252, 0x3FFD0003: 1252, 0x0E060040: SENT}, 32),
        **text("007D", headers),
        **text("0037", "Subject of Outlook"),
        **text("1000", "Grüße, here <https://sender.example/>"),
        "__substg1.0_10130102": html,
        "__substg1.0_0C1A001E": "Bäcker".encode("cp1252"),
        **text("5D01", "baker@sender.example"),
        "__recip_version1.0_#00000000": {
            "__properties_version1.0": properties({0x0C150003: 1}, 8),
            **text("3001", "Charles"),
            **text("39FE", "charles@receiver.example"),
        },
        "__recip_version1.0_#00000001": {
            "__properties_version1.0": properties({0x0C150003: 2}, 8),
            **text("3001", "Copy"),
            **text("3003", "copy@receiver.example"),
        },
        "__attach_version1.0_#00000000": {
            "__properties_version1.0": properties({}, 8),
            **text("3707", 'bill".pdf.exe'),
            **text("370E", "application/pdf"),
            "__substg1.0_37010102": b"MZ" + bytes(98),
        },
    }
    return compound_file(tree)


def test_a_message_has_the_columns_of_any_mail() -> None:
    data = outlook()
    assert is_outlook(data[:4096], "") or is_outlook(data[:4096], "x.msg")
    it = message(as_mail(data), len(data))
    assert it.sender is not None
    assert (it.sender.name, it.sender.address, it.subject) == ("Ada", "ada@sender.example", "The engine")
    assert it.text == "Grüße, here"
    assert it.shown.hidden == "no"
    assert it.plain.startswith("Grüße, here <")
    assert list(it.links) == [("https://sender.example/", "here")]
    assert [(f.name, f.mime_type, f.size_bytes, f.kind) for f in it.files] == [
        ("bill.pdf.exe", "application/pdf", 100, "program")
    ]
    assert it.time is not None
    assert it.time.isoformat() == "2026-03-05T08:01:12+00:00"
    assert it.defects == []
    assert it.size_bytes == len(data)


def test_without_the_fields_it_came_with_outlook_knows_them() -> None:
    it = message(as_mail(outlook("")))
    assert it.sender is not None
    assert (it.sender.name, it.sender.address) == ("Bäcker", "baker@sender.example")
    assert it.subject == "Subject of Outlook"
    assert it.addresses("to") == ["charles@receiver.example"]
    assert it.addresses("cc") == ["copy@receiver.example"]
    assert it.time is not None
    assert it.time.year == 2026


@pytest.mark.parametrize(
    "data",
    [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", compound_file({"WordDocument": b"x"}), outlook()[:700]],
    ids=["nothing", "magic", "another document", "cut off"],
)
def test_what_is_no_message_is_told(data: bytes) -> None:
    with pytest.raises(NoMessageError):
        as_mail(data)


def test_damaged_files_are_read_or_told() -> None:
    data = outlook()
    for seed in range(300):
        rng, damaged = random.Random(seed), bytearray(data)
        for _ in range(rng.randint(1, 20)):
            damaged[rng.randrange(8, len(damaged))] = rng.choice((0, 1, 255, rng.randrange(256)))
        try:
            message(as_mail(bytes(damaged)))
        except NoMessageError:
            continue


def test_a_name_decides_nothing_alone(tmp_path: Path) -> None:
    assert not is_outlook(b"From: a@b.example\n", "x.msg")
    assert not is_outlook(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "x.doc")

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.events.times import FIRST
from vedette.sources.mail import parsed
from vedette.sources.mail.mail_message import message
from vedette.sources.mail.mail_rows import file_rows, link_rows

ONE = b"""\
From: "Ada L." <Ada@Sender.example>
Sender: list@lists.example
Return-Path: <bounce@sender.example>
Reply-To: a@x.example, B <b@x.example>
To: c@receiver.example
Cc: d@receiver.example
Subject: =?utf-8?q?caf=C3=A9?=
Date: Thu, 5 Mar 2026 09:01:12 +0100
Message-ID: <1@sender.example>
X-Originating-IP: [192.0.2.1]
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: text/html

<a href=https://a.example/>one</a><a href=https://b.example/>two</a>
--m
Content-Type: application/x-one; name=one.exe

MZ
--m
Content-Type: application/x-two

--m--
"""
TWO = b"Subject:\n\n\n"


def test_a_message_is_a_row() -> None:
    rows = parsed([ONE, TWO])
    EventBatch(EventClass.EMAIL_ACTIVITY, rows)
    first, second = rows.to_dicts()
    expected = {
        "email.from": "ada@sender.example",
        "email.from_mailbox": "Ada L. <ada@sender.example>",
        "email.sender": "list@lists.example",
        "email.return_path": "bounce@sender.example",
        "email.reply_to_list": ["a@x.example", "b@x.example"],
        "email.to": ["c@receiver.example"],
        "email.cc": ["d@receiver.example"],
        "email.subject": "café",
        "email.message_uid": "<1@sender.example>",
        "email.size": len(ONE),
        "email.x_originating_ip": ["192.0.2.1"],
        "email.files.name": ["one.exe", ""],
        "email.files.mime_type": ["application/x-one", "application/x-two"],
        "email.files.size": [2, 0],
        "email.urls.url_string": ["https://a.example/", "https://b.example/"],
        "vedette.link_text": ["one", "two"],
        "vedette.file_kinds": ["program", ""],
        "vedette.body_text": "onetwo",
        "time": datetime(2026, 3, 5, 8, 1, 12, tzinfo=UTC),
    }
    assert {name: first[name] for name in expected} == expected
    assert second["email.subject"] == ""
    assert second["time"] == FIRST
    assert second["vedette.defects"] == ["no date"]
    assert [
        name
        for name in ("email.from", "email.to", "email.files.name", "email.urls.url_string")
        if second[name] is not None
    ] == []


def test_a_message_without_a_date_has_that_of_its_file() -> None:
    written = datetime(2026, 3, 6, tzinfo=UTC)
    assert parsed([TWO], written)["time"].to_list() == [written]


def test_links_and_attachments_are_rows_under_the_number_of_their_message() -> None:
    messages = [message(TWO), message(ONE)]
    links, files = link_rows(messages, [4, 7]), file_rows(messages, [4, 7])
    EventBatch(EventClass.EMAIL_URL_ACTIVITY, links)
    EventBatch(EventClass.EMAIL_FILE_ACTIVITY, files)
    assert links["url.url_string"].to_list() == ["https://a.example/", "https://b.example/"]
    assert links["vedette.link_text"].to_list() == ["one", "two"]
    assert files["file.name"].to_list() == ["one.exe", ""]
    assert [len(hashes[0]) for hashes in files["file.hashes.value"]] == [64, 64]
    for rows in (links, files):
        assert rows["metadata.sequence"].to_list() == [7, 7]
        assert rows["email_uid"].to_list() == ["<1@sender.example>"] * 2


def test_without_links_and_attachments_there_are_no_rows_of_them() -> None:
    assert link_rows([message(TWO)], [0]).is_empty()
    assert file_rows([message(TWO)], [0]).is_empty()
    assert parsed([]).is_empty()


def test_every_column_is_of_its_class() -> None:
    schema = SCHEMAS[EventClass.EMAIL_ACTIVITY]
    assert all(schema[name] == dtype for name, dtype in parsed([ONE]).schema.items())
    assert parsed([]).schema == parsed([ONE]).schema
    assert pl.concat([parsed([]), parsed([ONE])]).height == 1
    assert parsed([ONE] * 100).schema == parsed([ONE]).schema
    assert parsed([ONE, TWO] * 100)[:2].equals(parsed([ONE, TWO]))

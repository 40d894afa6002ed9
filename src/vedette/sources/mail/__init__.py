"""Mail: single messages, mailboxes, folders of messages, and Outlook's files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import BinaryIO, ClassVar

import polars as pl

from vedette.abc import Example, Source
from vedette.errors import SourceError
from vedette.events.batch import EventBatch, Rejects
from vedette.events.schema import EventClass
from vedette.sources.mail.mail_message import Message, message
from vedette.sources.mail.mail_rows import file_rows, link_rows, mail_rows
from vedette.sources.mail.mailbox import MESSAGE_LIMIT_BYTES, Letter, is_envelope, letters, whole_letters
from vedette.sources.mail.outlook import MAGIC, NoMessageError, as_mail, is_outlook

BATCH_MESSAGES, BATCH_BYTES = 2000, 1 << 26
"""A batch ends with the message that brings it to so many, or to so many bytes of mail."""

_FIELD = re.compile(rb"([!-9;-~]{1,80})[ \t]*:")
_OF_MAIL = frozenset(
    b"received return-path delivered-to message-id from to subject date mime-version reply-to sender cc content-type".split(
        b" "
    )
)
_OF_MAIL_ALONE = frozenset(b"received return-path delivered-to message-id from".split(b" "))
_LEAST = 2
"""Fields of mail that a head must have, of them at least one of ``_OF_MAIL_ALONE``."""

_EXAMPLE = b"""\
From ada@sender.example Thu Mar  5 08:01:12 2026
Return-Path: <ada@sender.example>
Received: from mail.sender.example (mail.sender.example [192.0.2.7])
\tby mx.receiver.example with ESMTPS id 1; Thu, 5 Mar 2026 09:01:12 +0100
Authentication-Results: mx.receiver.example; spf=pass smtp.mailfrom=sender.example; dkim=pass header.d=sender.example
From: "Ada Lovelace" <ada@sender.example>
To: Charles <charles@receiver.example>
Subject: =?utf-8?q?The_engine_=E2=80=93_plans?=
Date: Thu, 5 Mar 2026 09:01:10 +0100
Message-ID: <1@sender.example>
Content-Type: text/plain; charset=utf-8

The plans are at https://sender.example/plans.

>From here on it is only work.

From - Thu Mar  5 08:05:44 2026
From: Billing <billing@shop.example>
Reply-To: <help@other.example>
To: charles@receiver.example
Subject: Your invoice
Date: Thu, 5 Mar 2026 09:05:40 +0100
Message-ID: <2@shop.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="mark"

--mark
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<p>Please <a href=3D"http://pay.example/now">pay here</a>.</p>
<p style=3D"display:none">nobody sees this</p>
--mark
Content-Type: application/pdf; name="invoice.pdf"
Content-Disposition: attachment; filename="invoice.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--mark--

From nobody Thu Mar  5 08:09:00 2026
From: nobody
Subject: no date, and no body

"""


class Mail(Source):
    """Reads mail: a message (``.eml``, a file of a Maildir or of any folder, Outlook's ``.msg``) or a mailbox of many (mbox).

    A message is a row of Email Activity: who, to whom, subject, the text that its reader sees and the text that HTML hides from him, links
    with the text they are shown with, attachments by name, declared type and first bytes, and what the receiving server found out about
    the sender (SPF, DKIM, DMARC; only from fields that this server wrote). Each link is a row of Email URL Activity and each attachment
    one of Email File Activity, under the number of their message.

    A message came when the newest readable Received field says so, else at its Date, else when its file was written. Mail that is broken
    is read as mail programs read it, and ``vedette.defects`` says what is wrong; what has no header at all is rejected. Of a message
    beyond 32 MB the rest is only counted. Nothing is fetched: images and links are addresses and stay so.
    """

    name = "mail"
    emits: ClassVar[tuple[EventClass, ...]] = (
        EventClass.EMAIL_ACTIVITY,
        EventClass.EMAIL_URL_ACTIVITY,
        EventClass.EMAIL_FILE_ACTIVITY,
    )

    @classmethod
    def example(cls) -> Example:
        return Example(_EXAMPLE, "mail.mbox", records=3)

    @classmethod
    def sniff(cls, head: bytes, filename: str) -> bool:
        if is_outlook(head, filename):
            return True
        if is_envelope(head):
            head = head.partition(b"\n")[2]
        names = _names(head)
        return len(names & _OF_MAIL) >= _LEAST and bool(names & _OF_MAIL_ALONE)

    @classmethod
    def cut(cls, data: bytes) -> int:
        return whole_letters(data) if is_envelope(data) else -1

    def read(self, stream: BinaryIO) -> Iterator[EventBatch]:
        rejects, cut = Rejects(self.name), None
        held: list[Message] = []
        numbers: list[int] = []
        number = size = 0
        try:
            for number, letter in enumerate(letters(stream)):
                read = _read(letter)
                if isinstance(read, str):
                    rejects.add(sequence=number, offset=letter.offset, reason=read, raw=letter.data)
                    continue
                held.append(read)
                numbers.append(number)
                size += len(letter.data)
                if len(held) >= BATCH_MESSAGES or size >= BATCH_BYTES:
                    yield from self._batches(held, numbers)
                    held, numbers, size = [], [], 0
        except SourceError as error:
            cut = error
        if held:
            yield from self._batches(held, numbers)
        if rejects:
            yield rejects.batch()
        if cut:
            raise cut

    def _batches(self, messages: list[Message], numbers: list[int]) -> Iterator[EventBatch]:
        """Yield the messages, their links and their attachments."""
        modified = self.origin.modified
        yield EventBatch(EventClass.EMAIL_ACTIVITY, mail_rows(messages, numbers, modified))
        if any(it.links for it in messages):
            yield EventBatch(EventClass.EMAIL_URL_ACTIVITY, link_rows(messages, numbers, modified), records=0)
        if any(it.files for it in messages):
            yield EventBatch(EventClass.EMAIL_FILE_ACTIVITY, file_rows(messages, numbers, modified), records=0)


def parsed(raw: Sequence[bytes], modified: datetime | None = None) -> pl.DataFrame:
    """Return (n,) rows of Email Activity, one per message, in order; pure.

    Args:
        raw: whole messages.
        modified: the time of messages that name none.
    """
    return mail_rows([message(data) for data in raw], range(len(raw)), modified)


def _read(letter: Letter) -> Message | str:
    """Return a message, or why it is none."""
    data = letter.data
    if data.startswith(MAGIC):
        try:
            data = as_mail(data)
        except NoMessageError:
            return "no message of Outlook's, or damaged"
    read = message(data, letter.size_bytes)
    if not read.head:
        return "no header of mail"
    if letter.cut:
        read.defects.append("the input breaks off")
    if letter.size_bytes > MESSAGE_LIMIT_BYTES:
        read.defects.append("too large")
    return read


def _names(head: bytes) -> set[bytes]:
    """Return the names, in lower case, of the fields that stand at the beginning; none where a line there is no field."""
    names: set[bytes] = set()
    lines = head.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for line in lines[:-1] if len(lines) > 1 else lines:
        text = line.rstrip(b"\r")
        if not text:
            break
        if text[:1] in (b" ", b"\t") and names:
            continue
        field = _FIELD.match(text)
        if field is None:
            return set()
        names.add(field[1].lower())
    return names

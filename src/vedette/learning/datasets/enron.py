"""Ham of Enron's employees and spam of other mailboxes, 1999-2005: subject and text only."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.mail_items import files, mails

_TOPS = "com|net|org|biz|info|edu|gov|us|uk|de|cc|tv|ws|nl|ca|ru|fr|cn|ch|jp|kr|au|br|mx|be|se|dk|pl|cz|hu|ro|gr|tr|il|za|hk|sg|tw|nu|co"
_ADDRESS = re.compile(
    rf"\b(?:https? ?: ?/ ?/ ?|(?=www ?\.))(?:[\w-]{{1,60}} ?\. ?){{1,5}}(?:{_TOPS})\b"
    r"(?:(?: ?[/?=&_~%:+-]){1,3} ?[\w-]+(?: ?\. ?(?:html?|php|aspx?|jpe?g|gif|cgi|pl|jsp|cfm))?)*(?: ?/)?"
)
_LINE = re.compile(r"(?:[-=_*] ){3,}")
_BEFORE, _AFTER = re.compile(r" +([.,;:!?)\]%'])"), re.compile(r"([(\[$#']) +")
_MAILBOX = re.compile(r"(?<=\w) @ (?=\w)")
_AROUND = re.compile(r"(?<=\w) ([-/_]) (?=\w)")


class Enron(Dataset):
    """Subject and text of messages, without any header; words stand apart from punctuation, in lower case.

    The punctuation is put back where that can be done; lower case stays. Ham is the work mail of three people: their names and trade
    ("gas", "hpl") tell it apart. The spam came to other people.
    """

    name = "enron"
    title = "Enron-Spam, parts 1 (ham only), 3 and 4"
    licence = "none stated"
    trains = True
    origin = "https://github.com/shaeferd/Phishing-Detection, commit 47ddb8e; https://github.com/KatyaLo/Phishing_emails, commit fe7f022"
    kind = EventClass.EMAIL_ACTIVITY
    files: ClassVar = files(
        "content/email_enron",
        messages="e7a50a6400dfa338420000e810ed9239f84f6403c9fd74c944fbbc9b3a1167cb",
        index="5760b95ce64487feab246c0229b81dbd0e49f34c8d56771a9cdc16c393a6d478",
    )

    def read(self, root: Path) -> pl.DataFrame:
        return mails(root / "content/email_enron", self.name, message)


def message(raw: bytes) -> bytes:
    r"""Return the message of a file: its first line is the subject, the others are the text.

    Example:
        >>> message(b"Subject: re : issue\r\ncall me , it ' s www . a . com / x .\r\n")
        b"Subject: re: issue\n\ncall me, it's www.a.com/x.\n"
    """
    text = raw.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")
    subject, _, body = text.partition("\n")
    return f"{_joined(subject)}\n\n{_joined(body)}".encode()


def _joined(text: str) -> str:
    """Return a text whose punctuation stands where people put it."""
    text = _ADDRESS.sub(lambda hit: hit[0].replace(" ", ""), text)
    text = _LINE.sub(lambda hit: hit[0].replace(" ", "") + " ", text)
    text = _AFTER.sub(r"\1", _BEFORE.sub(r"\1", text))
    return _AROUND.sub(r"\1", _MAILBOX.sub("@", text))

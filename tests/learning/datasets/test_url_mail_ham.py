from __future__ import annotations

from pathlib import Path

import pytest

from vedette.errors import DataError
from vedette.learning.data import data_root, load
from vedette.learning.datasets.url_mail_ham import UrlMailHam
from vedette.testing.urls import write_archive, write_compressed


def test_reads_a_file_like_it(tmp_path: Path) -> None:
    for folder in ("email_spamassassin", "email_trec07p"):
        place = tmp_path / "content" / folder
        write_compressed(place / "index.csv.zst", b"path,label\nh,ham\ns,spam\n")
        mails = {"h": b"Subject: x\n\nsee http://good.example/a=3D1&b=\n2.\n", "s": b"http://evil.example/x"}
        write_archive(place / "messages.tar.zst", mails)
    rows = UrlMailHam().read(tmp_path)
    assert rows.select("url.url_string", "@label", "@corpus").rows() == [
        ("http://good.example/a=1&b2", "benign", "mail/deep")
    ]


@pytest.mark.data
def test_reads_the_set() -> None:
    try:
        data_root()
    except DataError:
        pytest.skip("the data sets are not here")
    rows = load("url_mail_ham")
    assert rows.height > 10000
    assert set(rows["@label"]) == {"benign"}

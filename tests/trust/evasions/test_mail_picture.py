from __future__ import annotations

from random import Random

import polars as pl

from vedette.trust.evasions.mail_picture import MailPicture


def test_no_text_is_left(mails: pl.DataFrame) -> None:
    picture = MailPicture().rewrite(mails, Random(1))
    assert picture["vedette.body_text"].to_list() == ["", "", ""]
    assert picture["vedette.linked_images"].to_list() == [1, 0, 0]
    assert picture["email.urls.url_string"].equals(mails["email.urls.url_string"])

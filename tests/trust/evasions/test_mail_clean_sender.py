from __future__ import annotations

from random import Random

import polars as pl

from vedette.trust.evasions.mail_clean_sender import MailCleanSender


def test_sender_and_links_are_of_one_domain(mails: pl.DataFrame) -> None:
    mail = MailCleanSender().rewrite(mails, Random(1)).row(0, named=True)
    domain = mail["email.from"].partition("@")[2]
    assert mail["email.from_mailbox"] == f"Shop Service <info@{domain}>"
    assert all(domain in url for url in mail["email.urls.url_string"])

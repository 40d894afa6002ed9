from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.features.mail_links import LINKS, SCHEMA, USES, links
from vedette.testing.mails import mails


def linked(*rows: dict[str, Any], sender: str | None = "blueharbor.com") -> pl.DataFrame:
    return links(mails(*rows).select(("time", *USES)).collect(), pl.Series([sender] * len(rows), dtype=pl.String))


def told(row: dict[str, Any]) -> set[str]:
    found = linked(row).row(0, named=True)
    return {name for name in LINKS if found[name]}


def to(url: str, text: str = "here") -> dict[str, Any]:
    return {"email.urls.url_string": [url], "vedette.link_text": [text]}


def file(name: str, kind: str = "application/octet-stream") -> dict[str, Any]:
    return {"email.files.name": [name], "email.files.mime_type": [kind]}


@pytest.mark.parametrize(
    ("mail", "fact"),
    [
        (to("https://stone.com/a", "www.field.com"), "link_shows_other"),
        (to("https://stone.com/a", "https://www.paypal.com/login"), "link_shows_brand"),
        (to("https://paypal.stone.com/a"), "link_holds_brand"),
        (to("https://stone.com/paypal/a"), "link_path_holds_brand"),
        (to("https://paypa1.com/a"), "link_looks_like"),
        (to("http://203.0.113.9/a"), "link_is_address"),
        (to("https://xn--pypal-4ve.com/"), "link_is_coded"),
        (to("https://bit.ly/3abc"), "link_is_short"),
        (to("https://abc.web.app/x"), "link_is_tenant"),
        (to("https://a.b.c.d.stone.com/"), "link_is_deep"),
        (to("https://abc.top/"), "link_is_cheap"),
        (to("https://paypal.com@stone.com/"), "link_has_user"),
        (to("https://stone.com:8443/"), "link_has_port"),
        (to("data:text/html,abc"), "link_is_opaque"),
        (to("https://stone.com/r?u=https://field.com"), "link_redirects"),
        (to("https://stone.com/?e=anna@contoso.com") | {"email.to": ["anna@contoso.com"]}, "link_tells_recipient"),
        (to("https://xkcdfgt.com/"), "link_is_odd"),
        (to("https://stone.com/login"), "link_is_login"),
        (to("https://stone.com/"), "links_none_of_sender"),
        (to("https://stone.com/"), "links_all_elsewhere"),
        (file("a.js"), "file_runs"),
        (file("a.html", "text/html"), "file_is_page"),
        (file("a.iso"), "file_is_disk"),
        (file("a.docm"), "file_has_macros"),
        (file("invoice.pdf.exe"), "file_is_doubled"),
        (file("a.zip"), "file_is_packed"),
        (file("a.pdf", "image/png"), "file_lies"),
        (file("a.pdf", "application/pdf"), "file_is_document"),
    ],
)
def test_what_speaks_against_a_link_or_a_file(mail: dict[str, Any], fact: str) -> None:
    assert fact in told(mail)


@pytest.mark.parametrize(
    "mail",
    [
        to("https://www.blueharbor.com/account/login", "www.blueharbor.com"),
        to("https://blueharbor.com/a?b=c", "our shop"),
        to("mailto:info@blueharbor.com", "info@blueharbor.com"),
        file("photo.jpg", "image/jpeg"),
        {},
    ],
)
def test_what_speaks_against_nothing(mail: dict[str, Any]) -> None:
    assert told(mail) == set()


def test_without_a_sender_no_link_leads_away() -> None:
    assert linked(to("https://stone.com/"), sender=None)["links_none_of_sender"].to_list() == [0.0]


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "email.urls.url_string": st.lists(st.text(max_size=60), max_size=3),
                "email.files.name": st.lists(st.text(max_size=30), max_size=2),
            }
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_link_is_survived_and_judged_by_itself(rows: list[dict[str, Any]]) -> None:
    together = linked(*rows)
    assert together.schema == SCHEMA
    assert together.equals(pl.concat([linked(row) for row in rows]))

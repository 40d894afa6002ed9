from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from vedette.abc import Contribution
from vedette.detectors.url import FACTS, Url
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features.url import Url as UrlRows
from vedette.features.url_evidence import EDGES
from vedette.learning.registry import equip
from vedette.scoring.additive import Additive, Block
from vedette.scoring.artefact import Model
from vedette.scoring.calibration import Calibration
from vedette.testing.urls import NOON, url_events


def _rows(*urls: str) -> pl.DataFrame:
    made = UrlRows()
    return made.compute(made.take(url_events(urls))).collect()


def _blocks(*urls: str) -> dict[str, Block]:
    return {b.name: b for b in Url.encode(_rows(*urls))}


@pytest.fixture
def chance() -> Url:
    """Return a detector whose weights are drawn: what holds for it holds for any model."""
    rng = np.random.default_rng(1)
    weights = {b.name: rng.normal(size=b.slots).astype(np.float32) for b in Url.encode(_rows())}
    table = Calibration(np.zeros(1), np.ones(1, np.int64), 1, np.zeros(1), np.full(1, 0.5), 0.01)
    return Url(Model("url", "x", Url.encoder_version(), Additive(0.3, weights), table, np.ones(1 << 18, np.bool_)))


ODD = (
    "http://www.paypa1-secure.com@evil.co.uk:8080/paypal/?u=http://a.example/",
    "example.com",
    "http://пример.рф/й?ü",
    "http://0x7f.1/",
    "http://[2001:db8::1]:80/x",
    "data:text/html,<b>",
    "not a url",
    "",
    "http://example.com/" + "a/" * 3000,
)


def test_contributions_are_the_margin_to_the_last_digit(chance: Url) -> None:
    rows = _rows(*ODD)
    told = chance.contributions(rows)
    sums = [0.3 + sum(c.nats for c in parts) for parts in told]
    assert np.abs(np.array(sums) - chance.margins(rows)).max() < 1e-6
    assert all(isinstance(c, Contribution) and c.text for parts in told for c in parts)


def test_a_row_is_judged_by_itself(chance: Url) -> None:
    together = chance.judge(_rows(*ODD))
    assert together.equals(pl.concat([chance.judge(_rows(url)) for url in ODD]))


SAME = (
    ("https://www.example.com/", "example.com"),
    ("http://example.com/a/b/", "example.com/a/b"),
    ("hxxps://example[.]com/a", "http://EXAMPLE.com/a"),
    ("http://example.com/%6cogin", "http://example.com/login"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_scheme_www_slash_and_spelling_say_nothing(one: str, other: str) -> None:
    """But needless escapes are counted as such."""
    mine, its = _blocks(one), _blocks(other)
    for name in set(mine) - {"measures", "together"}:
        assert np.array_equal(mine[name].slot, its[name].slot), name
    changed = np.flatnonzero(mine["measures"].slot != its["measures"].slot)
    assert {list(EDGES)[k] for k in changed} <= {"escapes", "capitals"}


FACTS_OF = {
    "http://paypal.evil.example/": {"brand"},
    "http://evil.example/paypal": {"brand_tail"},
    "http://paypa1.example/": {"alike"},
    "http://x.example/?u=http://y.example/": {"redirect"},
    "http://a@x.example/": {"user"},
    "http://xn--bcher-kva.example/": {"punycode"},
    "http://192.0.2.1:8080/": {"address", "high_port"},
    "http://0x7f.0.0.1/": {"hidden_address"},
    "http://x.example:81/": {"port"},
    "http://x.example:443/": set(),
    "http://me.duckdns.org/": {"service_2"},
    "http://x.example/": set(),
}


@pytest.mark.parametrize("url", FACTS_OF)
def test_facts(url: str) -> None:
    slots = _blocks(url)["facts"].slot
    assert {list(FACTS)[k] for k in slots} == FACTS_OF[url]


UNSUITED = {
    "http://good.example/": None,
    "192.0.2.1/x": None,
    "": "it names no host",
    "http://": "it names no host",
    "javascript:alert(1)": "it holds its content itself and names no host",
    "mailto:a@b.example": "it names no host",
    "intranet/x": "its host is no name of the Internet",
    "two words.here": "it is no URL: no host can have such a name",
    "<script>alert(1)</script>.x": "it is no URL: no host can have such a name",
    "http://a..example/": "it is no URL: no host can have such a name",
    "http://good.example/" + "a" * 30_000: "it is longer than 8,192 characters",
}


@pytest.mark.parametrize("url", UNSUITED)
def test_what_cannot_be_judged(url: str) -> None:
    assert Url.unsuited(_rows(url))[0] == UNSUITED[url]


def test_the_summary_cannot_be_clicked(chance: Url) -> None:
    assert chance.summaries(_rows("http://evil.example/x")) == [
        "The URL hxxp://evil[.]example/x looks like phishing or malware."
    ]


def _asked(client: str | None, *hosts: str) -> EventBatch:
    """Return requests for ``/login.php``."""
    asked = {
        "time": [NOON] * len(hosts),
        "metadata.log_name": ["made"] * len(hosts),
        "metadata.sequence": list(range(len(hosts))),
        "src_endpoint.ip": [client] * len(hosts),
        "http_request.url.hostname": list(hosts),
        "http_request.url.path": ["/login.php"] * len(hosts),
    }
    return EventBatch(EventClass.HTTP_ACTIVITY, pl.DataFrame(asked, schema_overrides=SCHEMAS[EventClass.HTTP_ACTIVITY]))


def test_a_client_is_named_with_the_sites_it_went_to_and_a_link_by_its_domain(chance: Url) -> None:
    made = UrlRows()
    rows = made.compute(made.take(_asked("10.0.0.5", "a.evil.example", "b.bad.example"))).collect()
    assert rows["src_endpoint.ip"].to_list() == ["10.0.0.5"] * 2
    assert rows["gone_to"].to_list() == ["evil.example", "bad.example"]
    assert chance.summaries(rows)[0] == (
        "10.0.0.5 asked for a[.]evil[.]example/login[.]php, which looks like phishing or malware."
    )
    link = _rows("http://a.evil.example/login.php")
    assert link["src_endpoint.ip"].to_list() == link["gone_to"].to_list() == [None]
    assert [r.column for r in Url.actor.choices()] == ["src_endpoint.ip", "domain"]
    assert chance.margins(rows[:1]) == chance.margins(link), "where it was seen says nothing"


HOSTILE = (
    "http://paypal.com.secure-login-verify.top/signin/confirm.php",
    "http://login-microsoftonline.account-update.xyz/office365/",
    "http://amazon-co-jp.xk3jd8.cn/ap/signin",
    "http://appleid.apple.com-verify.id-3829.info/",
    "http://metamask-wallet-connect.pages.dev/",
)
HARMLESS = (
    "https://www.google.com/",
    "https://docs.python.org/3/library/pathlib.html",
    "https://en.wikipedia.org/wiki/Phishing",
    "https://www.paypal.com/signin",
    "https://news.ycombinator.com/item?id=1",
    "https://www.ox.ac.uk/about/organisation",
    "https://github.com/pola-rs/polars",
)


def test_the_shipped_model_tells_plain_cases_apart() -> None:
    detector = equip(Url)
    assert isinstance(detector, Url)
    assert set(detector.judge(_rows(*HOSTILE))["verdict"]) == {"malicious"}
    assert set(detector.judge(_rows(*HARMLESS))["verdict"]) == {"benign"}
    for reasons in detector.reasons(_rows(HOSTILE[0])):
        assert any("PayPal" in r.text for r in reasons)

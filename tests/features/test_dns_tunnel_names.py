from __future__ import annotations

from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.features import dns_tunnel_names
from vedette.features.dns_tunnel_names import FIELDS, SAMPLE, drawn, known, measures, with_domain

RANDOM = Random(1)


def split(*names: str) -> list[tuple[str, str]]:
    """Return domain and what stands below it, of names that somebody registered."""
    frame = pl.LazyFrame({"query.hostname": list(names)}, schema={"query.hostname": pl.String})
    return with_domain(frame).collect().select("domain", "below").rows()


def measured(*names: str) -> dict[str, float]:
    """Return what is seen in one draw of names."""
    told = measures(pl.Series([list(names)], dtype=pl.List(pl.String)))[0]
    return dict(zip(FIELDS, told, strict=True))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("A1b2.T.Relay.NET.", ("relay.net", "a1b2.t")),
        ("data.co.uk", ("data.co.uk", "")),
        ("x.data.co.uk", ("data.co.uk", "x")),
        ("abc.home7.duckdns.org", ("home7.duckdns.org", "abc")),
        (r"0\xbc\xfdab.\xc0.relay.net", ("relay.net", "0~~ab.~")),
        ("0\u00fcab.relay.net", ("relay.net", "0~ab")),
        ("a=b.=auth.relay.net", ("relay.net", "a=b.=auth")),
        ("dnscat.0a1b2c3d", ("dnscat", "0a1b2c3d")),
        ("7.0.0.10.in-addr.arpa", None),
        ("printer.local", None),
        ("com", None),
        ("", None),
    ],
)
def test_names_are_split_at_what_somebody_registered(name: str, told: tuple[str, str] | None) -> None:
    assert split(name) == ([told] if told else [])


@settings(max_examples=60, deadline=None)  # the first loads the tables
@given(st.lists(st.text(max_size=300), max_size=5))
def test_any_text_is_split_or_dropped(names: list[str]) -> None:
    assert all(domain and len(below) <= 1012 for domain, below in split(*names))


def test_hexadecimal_carries_half_a_byte_a_character() -> None:
    names = [f"{RANDOM.getrandbits(128):032x}.s1" for _ in range(24)]
    seen = measured(*names)
    assert 14 <= seen["carried"] <= 17  # 16 bytes; the label that repeats counts once
    assert seen["most"] >= seen["carried"] - 0.5
    assert seen["surprise"] > 5
    assert seen["length"] == 35


def test_words_carry_little_and_what_repeats_nothing() -> None:
    words = measured("mail.office", "shop.office", "news.office", "help.office")
    assert words["surprise"] < 4
    assert words["carried"] < 3
    long = "0123456789abcdef" * 3
    assert measured(*(f"{k}.{long}" for k in range(24)))["carried"] < 3


def test_polls_do_not_hide_the_names_that_carry() -> None:
    polls = [f"p{k:02x}" for k in range(18)]
    data = [f"{RANDOM.getrandbits(160):040x}" for _ in range(6)]
    seen = measured(*polls, *data)
    assert seen["most"] > 17 > 2 * seen["carried"]


@pytest.mark.parametrize(
    ("name", "field", "share"),
    [
        ("2.0.0.127", "reversed", 1.0),
        ("1.2.3.4.zen", "reversed", 1.0),
        (".".join("0123456789abcdef0123456789abcdef"), "reversed", 1.0),
        ("ab.cd.ef.01", "reversed", 0.0),
        ("_ldap._tcp.dc", "service", 1.0),
        ("key1._domainkey", "service", 1.0),
        ("under_score", "service", 0.0),
    ],
)
def test_forms_are_known(name: str, field: str, share: float) -> None:
    assert measured(name)[field] == share


def test_each_row_stands_for_itself() -> None:
    rows = pl.Series([["a1b2c3d4"], [], ["mail", "x9y8z7"], None], dtype=pl.List(pl.String))
    together = measures(rows).to_list()
    assert together == [measures(rows.slice(k, 1))[0].to_list() for k in range(4)]
    assert together[1] == together[3] == [0.0] * len(FIELDS)
    assert measures(rows.clear()).to_list() == []


@settings(max_examples=60, deadline=None)  # the first loads the tables
@given(st.lists(st.lists(st.text(max_size=80), max_size=6), max_size=4))
def test_any_names_have_finite_measures(names: list[list[str]]) -> None:
    for row in measures(pl.Series(names, dtype=pl.List(pl.String))).to_list():
        assert all(0 <= value < 1e4 for value in row)


def test_many_rows_are_measured_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pl.Series([[f"{k:x}a{k}", "mail"][: k % 3] for k in range(20)], dtype=pl.List(pl.String))
    whole = measures(rows).to_list()
    monkeypatch.setattr(dns_tunnel_names, "AT_ONCE", 7)
    assert measures(rows).to_list() == whole


def test_the_draw_is_bounded_and_does_not_depend_on_order() -> None:
    names = pl.DataFrame({"n": [f"n{k % 500}" for k in range(2000)]})
    one = names.select(drawn(pl.col("n"), SAMPLE).implode()).item().to_list()
    other = names.sample(fraction=1, shuffle=True, seed=1).select(drawn(pl.col("n"), SAMPLE).implode()).item().to_list()
    assert one == other
    assert len(set(one)) == SAMPLE


def test_much_visited_domains_and_providers_are_known_and_dynamic_names_are_not() -> None:
    domains = pl.Series(["google.com", "cloudfront.net", "github.io", "home7.duckdns.org", "relay-example.net"])
    assert known(domains).to_list() == [True, True, True, False, False]

from __future__ import annotations

import math

import polars as pl
import pytest

from vedette.abc import BENIGN, MALICIOUS, UNKNOWN, Learned
from vedette.detectors.domain import Domain
from vedette.learning.registry import equip
from vedette.testing.names import lookups, random_names
from vedette.testing.rows import hits_of, rows_of

CHOSEN = [
    *("google.com", "wikipedia.org", "mountainviewhotel.co.uk", "schmidt-maschinenbau.de", "boulangerie-dupont.fr"),
    *(
        "d111111abcdef8.cloudfront.net",
        "x7f9q2.blob.core.windows.net",
        "_ldap._tcp.dc.contoso.com",
        "a1b2c3d4e5f6.avlookup.mcafee.com",
    ),
    *("bmw.com", "bbc.co.uk", "ikea.com", "openstreetmap.org", "libreoffice.org"),
]
MADE = [*random_names(8, 14), "3lgrupwdivsfm2w4kng2iha.ddns.net", "fd0ee78d1dbf4957b04cc6eb65feb97d.tk"]


def verdicts(*names: str) -> list[str]:
    detector = equip(Domain)
    assert isinstance(detector, Learned)
    return detector.judge(rows_of(Domain.needs, lookups(names)))["verdict"].to_list()


@pytest.mark.parametrize("name", CHOSEN)
def test_names_that_people_chose(name: str) -> None:
    assert verdicts(name) == [BENIGN]


@pytest.mark.parametrize("name", MADE)
def test_names_that_a_program_made(name: str) -> None:
    assert verdicts(name) == [MALICIOUS]


@pytest.mark.parametrize("name", ["ab.com", "printer.local", "5.2.0.192.in-addr.arpa", "xn--mnchen-3ya.de", "co.uk"])
def test_what_cannot_be_told(name: str) -> None:
    assert verdicts(name) == [UNKNOWN]


def test_the_top_level_domain_does_not_matter() -> None:
    detector = equip(Domain)
    rows = rows_of(Domain.needs, lookups(["goodnews.com", "goodnews.tk", "www.goodnews.ddns.net"]))
    assert detector.score(rows).n_unique() == 1


def test_contributions_and_bias_are_the_margin() -> None:
    detector = equip(Domain)
    assert isinstance(detector, Learned)
    rows = rows_of(Domain.needs, lookups([*CHOSEN, *MADE]))
    for parts, margin in zip(detector.contributions(rows), detector.margins(rows), strict=True):
        assert math.isclose(detector.model.form.bias + math.fsum(p.nats for p in parts), margin, abs_tol=1e-6)


def test_says_who_asked() -> None:
    hits = hits_of(Domain, lookups(["www.qzxkjvwpfhgt.com"]))
    assert hits["summary"].to_list() == [
        "10.0.0.5 asked for qzxkjvwpfhgt.com, which looks like a name that a program made up."
    ]


def test_a_list_has_no_client() -> None:
    rows = rows_of(Domain.needs, lookups(["qzxkjvwpfhgt.com"])).with_columns(
        pl.lit(None, pl.String).alias("src_endpoint.ip")
    )
    assert equip(Domain).summaries(rows)[0].startswith("qzxkjvwpfhgt.com")


def test_a_name_is_judged_alike_however_often_and_among_whatever_it_comes() -> None:
    detector = equip(Domain)
    assert isinstance(detector, Learned)
    names = [*CHOSEN, "ab.com", *MADE, *CHOSEN[::-1], "ab.com", MADE[0]]
    together = detector.judge(rows_of(Domain.needs, lookups(names)))
    for at, name in enumerate(names):
        alone = detector.judge(rows_of(Domain.needs, lookups([name])))
        assert together[at].drop("verdict", "unsuited").row(0) == pytest.approx(
            alone.drop("verdict", "unsuited").row(0)
        )
        assert together[at].select("verdict", "unsuited").equals(alone.select("verdict", "unsuited"))

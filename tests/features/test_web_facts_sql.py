from __future__ import annotations

import re

import pytest

from vedette.features.web_facts_sql import SQL_FACTS

BY_NAME = {fact.name: fact for fact in (SQL_FACTS)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sql_tautology", "\x1c/a\x1eq\x1f1 or 1=1"),
        ("sql_union", "\x1c/a\x1eq\x1f1 union select 2"),
        ("sql_call", "\x1c/a\x1eq\x1fsleep(5)"),
        ("sql_catalogue", "\x1c/a\x1eq\x1finformation_schema"),
        ("sql_order", "\x1c/a\x1eq\x1f1 order by 3"),
        ("sql_order", "\x1c/a\x1eq\x1fx') order by 3--"),
        ("sql_arithmetic", "\x1c/a\x1eq\x1fiif(3=4,1,2)"),
        ("sql_tautology", "\x1c/a\x1eq\x1f'#\nor#\n7=2#"),
        ("sql_words", "\x1c/a\x1eq\x1f1;select a from b where c"),
        ("query_operator", '\x1c/a\x1eq\x1f{"$ne":1}'),
        ("directory_filter", "\x1c/a\x1eq\x1f*)(uid=*"),
    ],
)
def test_holds(name: str, text: str) -> None:
    assert re.search(BY_NAME[name].pattern, text, re.ASCII)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sql_tautology", "\x1c/a\x1eq\x1fthis or that"),
        ("sql_union", "\x1c/a\x1eq\x1fthe union selects a leader"),
        ("sql_call", "\x1c/a\x1eq\x1fsleep well (all night)"),
        ("sql_order", "\x1c/a\x1eq\x1fwhy is order by 1 bad"),
        ("sql_arithmetic", "\x1c/a\x1eq\x1f5'-gattaca-3'"),
        ("sql_words", "\x1c/a\x1eq\x1fselect mean(x) from cpu where a"),
        ("sql_quote", "\x1c/a\x1eq\x1fo'neil"),
        ("sql_stacked", "\x1c/a\x1eq\x1fa; select one"),
    ],
)
def test_does_not_hold(name: str, text: str) -> None:
    assert not re.search(BY_NAME[name].pattern, text, re.ASCII)

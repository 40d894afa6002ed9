from __future__ import annotations

import re

import pytest

from vedette.features.web_facts_code import COMMAND_FACTS, SCRIPT_FACTS, TEMPLATE_FACTS

BY_NAME = {fact.name: fact for fact in (SCRIPT_FACTS + COMMAND_FACTS + TEMPLATE_FACTS)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("script_tag", "\x1c/a\x1eq\x1f<script>"),
        ("event_handler", "\x1c/a\x1eq\x1fx onerror=1"),
        ("script_address", "\x1c/a\x1eq\x1fjavascript:x"),
        ("joined_command", "\x1c/a\x1eq\x1fa;id"),
        ("script_tag", "\x1c/a\x1eq\x1f<script>a"),
        ("script_tag", "\x1c/a\x1eq\x1f<script src=//h>"),
        ("tag_breakout", '\x1c/a\x1eq\x1fx">'),
        ("fetch_and_run", "\x1c/a\x1eq\x1frm -rf /tmp"),
        ("fetch_and_run", "\x1c/a\x1eq\x1fchmod 777 x.sh"),
        ("template_object", "\x1c/a\x1eq\x1fx.__init__.y"),
        ("template_sum", "\x1c/a\x1eq\x1f{%if 3==3%}"),
        ("document_type", '\x1c/a\x1eq\x1f<!--#fsize file="a"-->'),
        ("substitution", "\x1c/a\x1eq\x1f$(x)"),
        ("shell_function", "\x1d() { :;};"),
        ("template_sum", "\x1c/a\x1eq\x1f{{7*7}}"),
        ("lookup", "\x1c/a\x1eq\x1f${jndi:ldap://h}"),
        ("header_line", "\x1c/a\x1eq\x1fx\nset-cookie: a"),
    ],
)
def test_holds(name: str, text: str) -> None:
    assert re.search(BY_NAME[name].pattern, text, re.ASCII)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("script_tag", "\x1c/a\x1eq\x1fa < b"),
        ("script_tag", "\x1c/a\x1eq\x1fthe <script> tag"),
        ("script_address", "\x1c/a\x1eq\x1fjavascript: links"),
        ("tag_breakout", '\x1c/a\x1eq\x1f<td width="100%"><a href="/b">c</a>'),
        ("fetch_and_run", "\x1c/a\x1eq\x1fwhy is rm -rf bad, and chmod 755"),
        ("template_object", "\x1c/a\x1eq\x1fruntime.getruntime and __init__"),
        ("header_line", "\x1c/a\x1eq\x1fdear all\nto whom it concerns"),
        ("event_handler", "\x1c/a\x1eq\x1fonce=1"),
        ("script_address", "\x1c/a\x1eq\x1fjavascript links"),
        ("joined_command", "\x1c/a\x1eq\x1fa; identity"),
        ("template_sum", "\x1c/a\x1eq\x1f{name}"),
        ("lookup", "\x1c/a\x1eq\x1fjndi"),
    ],
)
def test_does_not_hold(name: str, text: str) -> None:
    assert not re.search(BY_NAME[name].pattern, text, re.ASCII)

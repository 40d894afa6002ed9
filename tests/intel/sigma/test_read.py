from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vedette.errors import ConfigError
from vedette.events.schema import EventClass
from vedette.intel.sigma import Rules
from vedette.intel.sigma.read import read_rules, stamps
from vedette.testing.sigma import rule_text, rules_of

GOOD = rule_text(
    "sel:\n    Image|endswith: '\\x.exe'\ncondition: sel",
    title="Good",
    more="""\
    id: 11111111-2222-4333-8444-555555555555
    author: Ada, Grace
    level: high
    status: experimental
    tags: [attack.t1059.001, attack.execution, cve.2020-1]
    falsepositives: [admins]""",
)


def test_what_a_rule_says_of_itself() -> None:
    [rule] = rules_of(GOOD).rules
    assert (rule.title, rule.author, rule.level, rule.status) == ("Good", "Ada, Grace", "high", "experimental")
    assert (rule.techniques, rule.false_positives, rule.line) == (("T1059.001",), ("admins",), 1)
    assert str(rule.logsource) == "windows/process_creation"
    assert Path(rule.path).name == "0.yml"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("title: x\nlogsource: [", 2, "not YAML"),
        ("- just\n- a list\n", 1, "no mapping"),
        (rule_text("sel:\n    F: 1\ncondition: nothing"), 9, "nothing"),
        (rule_text("sel:\n    F|unheard: 1\ncondition: sel"), 6, "unheard"),
        (rule_text("sel:\n    F|re: '('\ncondition: sel"), 6, "("),
        ("title: x\ndetection:\n    sel: {F: 1}\n    condition: sel\n", 1, "log source"),
        ("x: " + "[" * 100_000, 1, "too deep"),
        ("x: " + "{a: [" * 4_000, 1, "too deep"),
        ("- " * 20_000, 1, "too deep"),
    ],
    ids=["yaml", "list", "condition", "modifier", "regex", "logsource", "brackets", "mixed", "dashes"],
)
def test_a_broken_rule_is_told_with_its_line_and_stops_nothing(text: str, line: int, words: str) -> None:
    read = rules_of(text, GOOD)
    assert [r.title for r in read.rules] == ["Good"]
    assert words.lower() in read.issues[0].message.lower(), read.issues
    assert read.issues[0].line == line
    assert read.files == 2


def test_several_documents_in_a_file() -> None:
    two = rules_of(GOOD + "---\n" + rule_text("sel:\n    F: 1\ncondition: sel", title="Second"))
    assert [(r.title, r.line) for r in two.rules] == [("Good", 1), ("Second", 16)]


def test_a_second_rule_of_the_same_id_is_left_out() -> None:
    read = rules_of(GOOD, GOOD)
    assert len(read.rules) == 1
    assert "0.yml" in read.issues[0].message


def test_a_filter_is_applied_to_its_rule() -> None:
    text = """\
    title: Not of backup
    logsource: {product: windows, category: process_creation}
    filter:
        rules: [11111111-2222-4333-8444-555555555555]
        selection: {User: backup}
        condition: not selection
    """
    [rule] = rules_of(GOOD, text).rules
    assert "backup" in repr(rule.condition)


def test_a_file_that_changes_changes_the_stamp(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(GOOD)
    before = stamps([tmp_path])
    assert stamps([tmp_path]) == before
    (tmp_path / "a.yml").write_text(GOOD + "# more\n")
    assert stamps([tmp_path]) != before


def test_a_bomb_of_aliases_is_a_broken_rule(tmp_path: Path) -> None:
    """Ten names, each ten times the one before: ten thousand million words, were they written out."""
    levels = "\n".join(f"    l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 10))
    bomb = f"title: b\nlogsource: {{product: windows}}\ndetection:\n    l0: &l0 [x, y]\n{levels}\n    condition: l9\n"
    (tmp_path / "a.yml").write_text(bomb)
    (tmp_path / "b.yml").write_text(GOOD)
    read = read_rules([tmp_path])
    assert [r.title for r in read.rules] == ["Good"]
    assert [Path(i.path).name for i in read.issues] == ["a.yml"]


def test_files_that_are_none() -> None:
    with pytest.raises(ConfigError, match="no such file"):
        read_rules(["nowhere-at-all"])


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"title: \xff\xfe")
    (tmp_path / "b.txt").write_text("not looked at")
    (tmp_path / "c.YAML").write_text(GOOD)
    read = read_rules([tmp_path])
    assert (len(read.rules), read.files) == (1, 2)
    assert "UTF-8" in read.issues[0].message


_ODD = st.sampled_from(
    [
        ": ",
        "- ",
        "'",
        '"',
        "[",
        "]",
        "{",
        "|re",
        "|all",
        "|cidr",
        "*",
        "\\",
        "%x%",
        "\x00",
        "null",
        "&a ",
        "*a",
        "1 of ",
        "not ",
        "\n",
        "    ",
    ]
)
_SEEDS = (
    GOOD,
    rule_text(
        "sel:\n    F|re|i: 'a.*b'\n    G|cidr: 10.0.0.0/8\n    H|gt: 3\nkeywords: [x, 1]\ncondition: sel or keywords"
    ),
    (
        "title: C\nname: c\ncorrelation:\n    type: value_count\n    rules: [a]\n    group-by: [User]\n    timespan: 5m\n"
        "    condition: {gte: 3, field: F}\n"
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(_SEEDS), st.lists(st.tuples(st.integers(0, 600), st.integers(0, 4), _ODD), max_size=4))
def test_whatever_a_file_holds_the_others_are_read(text: str, changes: list[tuple[int, int, str]]) -> None:
    for at, cut, odd in changes:
        text = text[:at] + odd + text[at + cut :]
    read = rules_of(text, rule_text("sel:\n    F: 1\ncondition: sel", title="Untouched"))
    assert "Untouched" in {r.title for r in read.rules}
    frame = pl.DataFrame({"unmapped.F": ["a", None, "3"], "unmapped.G": ["10.0.0.1", "x", None]})
    list(Rules(read.rules).match(EventClass.PROCESS_ACTIVITY, frame))

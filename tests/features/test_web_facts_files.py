from __future__ import annotations

import re

import pytest

from vedette.features.web_facts_files import FILE_FACTS, PROBE_FACTS

BY_NAME = {fact.name: fact for fact in (FILE_FACTS + PROBE_FACTS)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("up_once", "\x1c/a\x1eq\x1f../a"),
        ("up_twice", "\x1c/a\x1eq\x1f../../a"),
        ("unix_file", "\x1c/a\x1eq\x1f/etc/passwd"),
        ("windows_file", "\x1c/a\x1eq\x1fc:\\boot.ini"),
        ("up_twice", "\x1c/a\x1eq\x1f/..///a"),
        ("windows_path", "\x1c/a\x1eq\x1fc:\\users\\anna"),
        ("remote_cut", "\x1c/a\x1eq\x1fhttp://h.example/a.txt?"),
        ("remote_page", "\x1c/a\x1eq\x1fhttp://h.example/a.txt"),
        ("inner_address", "\x1c/a\x1eq\x1fhttp://169.254.169.254/"),
        ("secret_file", "\x1c/.git/config"),
        ("scan_tool", "\x1dsqlmap/1.7"),
        ("known_shell", "\x1c/c99.php"),
        ("uploaded_script", "\x1c/uploads/x.php"),
        ("command_field", "\x1c/x.php\x1ecmd\x1fwhoami"),
    ],
)
def test_holds(name: str, text: str) -> None:
    assert re.search(BY_NAME[name].pattern, text, re.ASCII)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("up_once", "\x1c/a\x1eq\x1fa...b"),
        ("up_twice", "\x1c/a\x1eq\x1f../a"),
        ("unix_file", "\x1c/a\x1eq\x1f/etcetera/hosts"),
        ("unix_file", "\x1c/a\x1eq\x1fhe forgot the passwd"),
        ("windows_file", "\x1c/a\x1eq\x1fc:\\users\\anna"),
        ("remote_cut", "\x1c/a\x1eq\x1fhttp://h.example/a?b=c"),
        ("remote_page", "\x1c/a\x1eq\x1fhttp://h.example/index.php"),
        ("command_field", "\x1c/x\x1ea\x1fping pong"),
        ("secret_file", "\x1c/gitlab/config"),
        ("scan_tool", "\x1dmozilla/5.0"),
        ("known_shell", "\x1c/shellfish.html"),
        ("uploaded_script", "\x1c/uploads/x.png"),
    ],
)
def test_does_not_hold(name: str, text: str) -> None:
    assert not re.search(BY_NAME[name].pattern, text, re.ASCII)

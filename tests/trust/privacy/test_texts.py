from __future__ import annotations

import time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.trust.privacy.texts import Texts
from vedette.trust.privacy.tokens import Tokens

KEY = bytes(range(32))
TOKENS = Tokens(KEY)
ALICE = TOKENS.of_name("alice")

FORMS = {  # text -> with a token in the place of alice
    "type C:\\Users\\alice\\notes.txt": f"type C:\\Users\\{ALICE}\\notes.txt",
    "C:\\\\Users\\\\alice\\\\x": f"C:\\\\Users\\\\{ALICE}\\\\x",
    "/home/alice/.ssh/id_rsa": f"/home/{ALICE}/.ssh/id_rsa",
    "mail to alice@corp.example now": f"mail to {ALICE}@corp.example now",
    "Accepted password for alice from 10.0.0.1 port 22": f"Accepted password for {ALICE} from 10.0.0.1 port 22",
    "Failed password for invalid user alice from 10.0.0.1": f"Failed password for invalid user {ALICE} from 10.0.0.1",
    "session opened for user alice(uid=0)": f"session opened for user {ALICE}(uid=0)",
    "new user: name=alice, UID=1001": f"new user: name={ALICE}, UID=1001",
    "net user alice Passw0rd /add": f"net user {ALICE} Passw0rd /add",
    "runas /user:CORP\\alice cmd": f"runas /user:CORP\\{ALICE} cmd",
    'x {"userName": "alice", "userAgent": "b"}': f'x {{"userName": "{ALICE}", "userAgent": "b"}}',
    "<Author>CORP\\alice</Author><UserId>alice</UserId>": f"<Author>CORP\\{ALICE}</Author><UserId>{ALICE}</UserId>",
    "arn:aws:iam::1:user/alice": f"arn:aws:iam::1:user/{ALICE}",
    "login?user=alice&x=1": f"login?user={ALICE}&x=1",
}
SAME = (
    "C:\\Users\\Public\\a.exe",
    "C:\\Windows\\System32\\cmd.exe /c whoami",
    "powershell -nop -enc QQBB",
    "git clone ssh://git@example.org/x",
    "/home/www-data/x",
    "for root from 10.0.0.1",
    "S-1-5-21-1-2-3-500",
    "user=root",
)


def replaced(text: str, texts: Texts | None = None) -> str:
    return str((texts or Texts(Tokens(KEY))).of(pl.Series([text]))[0])


@pytest.mark.parametrize("text", FORMS)
def test_forms(text: str) -> None:
    assert replaced(text) == FORMS[text]


@pytest.mark.parametrize("text", SAME)
def test_what_names_nobody_stays(text: str) -> None:
    assert replaced(text) == text


def test_names_that_were_met_are_found_as_words() -> None:
    texts = Texts(Tokens(KEY))
    texts.learn(["alice", "CORP\\bob.miller", "eve@corp.example", "cmd", "Al", "powershell"], ["CORP"])
    bob = TOKENS.of_name("bob.miller")
    assert replaced("copy to alice-PC", texts) == f"copy to {ALICE}-PC"
    assert replaced("malice of alice.", texts) == f"malice of {ALICE}."
    assert replaced("sent by bob.miller and CORP\\carol", texts) == f"sent by {bob} and CORP\\{TOKENS.of_name('carol')}"
    assert replaced("cmd /c powershell Al", texts) == "cmd /c powershell Al"


def test_a_name_is_found_however_it_is_spelled() -> None:
    texts = Texts(TOKENS)
    texts.learn(["alice"])
    assert replaced("WS-ALICE", texts) == f"WS-{ALICE}"
    assert replaced("ws-Alice.corp.example", texts) == f"ws-{ALICE}.corp.example"
    assert replaced("Alice did it", texts) == f"{ALICE} did it"


def test_tokens_stay() -> None:
    texts = Texts(Tokens(KEY))
    texts.learn(["alice"])
    once = replaced("user=alice in /home/alice as alice@corp.example", texts)
    assert "alice" not in once
    assert replaced(once, texts) == once


def test_nulls_and_order_stay() -> None:
    values = pl.Series(["/home/alice/x", None, "plain", "/home/alice/x"])
    assert Texts(Tokens(KEY)).of(values).to_list() == [f"/home/{ALICE}/x", None, "plain", f"/home/{ALICE}/x"]


@pytest.mark.parametrize(
    "text",
    ["@" * 60_000, "user=" * 12_000, "/home/" * 10_000, '"user":"' * 8_000, "a.b-c_" * 10_000, "S-1-5-21-1" * 6_000],
)
def test_hostile_texts_take_no_time(text: str) -> None:
    texts = Texts(Tokens(KEY))
    texts.learn(["alice", "a.b"], ["CORP", "a"])
    began = time.process_time()
    replaced(text, texts)
    assert time.process_time() - began < 2.0


@given(st.text(max_size=200))
def test_any_text_gives_a_text(text: str) -> None:
    assert isinstance(replaced(text), str)

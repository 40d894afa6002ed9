from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.intel.principals import of_admin, of_service
from vedette.trust.privacy.tokens import LONGEST, TOKEN, Tokens, names_nobody

KEY = bytes(range(32))


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(KEY)


@pytest.mark.parametrize(
    "name", ["", "-", "SYSTEM", "root", "WS01$", "krbtgt", "1104", "%%1793", "DWM-3", "www-data", "Administrator"]
)
def test_what_names_nobody_stays(tokens: Tokens, name: str) -> None:
    assert tokens.of_name(name) == name


def test_the_same_name_is_the_same_token_and_another_key_another(tokens: Tokens) -> None:
    one = tokens.of_name("alice")
    assert TOKEN.fullmatch(one)
    assert one == Tokens(KEY).of_name("alice") != Tokens(bytes(32)).of_name("alice")
    assert one != tokens.of_name("Alice")


def test_domains_stay_readable(tokens: Tokens) -> None:
    alice = tokens.of_name("alice")
    assert tokens.of_name("CORP\\alice") == f"CORP\\{alice}"
    assert tokens.of_name("alice@corp.example") == f"{alice}@corp.example"
    assert tokens.of_name("CN=alice,OU=Staff,DC=corp") == f"CN={alice},OU=Staff,DC=corp"
    assert tokens.of_name("arn:aws:iam::1:user/dev/alice") == f"arn:aws:iam::1:user/dev/{alice}"
    assert tokens.of_name("arn:aws:sts::1:assumed-role/Admin/alice") == f"arn:aws:sts::1:assumed-role/Admin/{alice}"
    assert tokens.of_name("alice#EXT#@corp.example") == f"{alice}#EXT#@corp.example"


@pytest.mark.parametrize(
    "name", ["robot@my-project.iam.gserviceaccount.com", "NT AUTHORITY\\SYSTEM", "S-1-5-18", "S-1-5-21-1-2-3-500"]
)
def test_programs_and_well_known_ids_stay(tokens: Tokens, name: str) -> None:
    assert tokens.of_name(name) == name


def test_ids(tokens: Tokens) -> None:
    assert tokens.of_id("S-1-5-21-1-2-3-1104").startswith("sid-")
    assert tokens.of_id("AIDAEXAMPLE1").startswith("id-")
    assert tokens.of_id("1000") == "1000"
    assert tokens.of_secret("AKIAEXAMPLEKEY01").startswith("AKIAid-")
    assert tokens.of_secret("4556").startswith("id-")


def test_mail_addresses(tokens: Tokens) -> None:
    alice = tokens.of_name("alice")
    assert tokens.of_mail("alice@corp.example") == f"{alice}@corp.example"
    assert tokens.of_mail("Alice A <alice@corp.example>") == f'"{tokens.of_name("Alice A")}" <{alice}@corp.example>'
    ours = Tokens(KEY, ("corp.example",))
    assert ours.of_mail("alice@mail.corp.example") == f"{alice}@mail.corp.example"
    assert ours.of_mail('"Bank" <service@bank.example>') == '"Bank" <service@bank.example>'


def test_coarse_facts_stay(tokens: Tokens) -> None:
    frame = pl.DataFrame({"n": [tokens.of_name(n) for n in ("svc-backup", "adm-alice", "alice")]})
    assert frame.select(of_service(pl.col("n")), of_admin(pl.col("n")).alias("a")).rows() == [
        (True, False),
        (False, True),
        (False, False),
    ]


def test_the_list_of_fresh_names_is_taken_once(tokens: Tokens) -> None:
    token = tokens.of_name("alice")
    tokens.of_name("x" * 5_000)
    taken = tokens.taken()
    assert taken[token] == "alice"
    assert max(map(len, taken.values())) == LONGEST
    assert not tokens.taken()


def test_a_key_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tokens(b"short")


@given(st.text(max_size=60))
def test_any_text_gives_a_text_without_it(name: str) -> None:
    made = Tokens(KEY).of_name(name)
    assert made == Tokens(KEY).of_name(name)
    if len(name) > 2 and name.isalpha() and not names_nobody(name):
        assert name not in made

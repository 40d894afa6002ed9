from __future__ import annotations

import pytest

from vedette.app.api import secrets
from vedette.app.api.secrets import PROOF_SECONDS, Proofs, fresh, parts

TOKEN = "ved_" + "abcde23456" + "_" + "abcdefgh" * 4
"""One as it is made; it is nobody's."""


def test_a_token_is_known_by_its_hash_alone() -> None:
    made, other = fresh(), fresh()
    assert made.text != other.text
    found = parts(made.text)
    assert found is not None
    uid, secret = found
    assert uid == made.uid
    assert len(secret) == 32, "160 bits"
    assert secret not in made.kept
    assert made.kept.startswith("$argon2id$")
    proofs = Proofs()
    assert proofs.prove(secret, made.kept)
    assert not proofs.prove(secret, other.kept)
    assert not proofs.prove(secret[:-1] + ("a" if secret[-1] != "a" else "b"), made.kept)
    assert not proofs.prove(secret, None)
    assert not proofs.prove(secret, "damaged")


def test_what_was_proved_is_remembered_for_a_while() -> None:
    now = [0.0]
    proofs, made = Proofs(lambda: now[0]), fresh()
    secret = made.text.split("_")[2]
    assert not proofs.known(secret, made.kept)
    proofs.prove(secret, made.kept)
    assert proofs.known(secret, made.kept)
    assert not proofs.known(secret, fresh().kept)
    assert not proofs.known("x" * 32, made.kept)
    assert secret not in repr(vars(proofs))
    now[0] = PROOF_SECONDS + 1
    assert not proofs.known(secret, made.kept)


def test_the_memory_of_proofs_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_fits", lambda *_: True)
    proofs = Proofs()
    for number in range(3_000):
        proofs.prove(str(number), "kept")
    assert len(proofs._proved) == 1_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ved",
        "ved_",
        "ved__",
        "Bearer x",
        "ved_abc_def",
        TOKEN.upper(),
        TOKEN + "\n",
        " " + TOKEN,
        "\x00",
        "ved_" * 10**5,
    ],
)
def test_what_is_no_token(text: str) -> None:
    assert parts(text) is None

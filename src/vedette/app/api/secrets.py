"""Tokens: what is shown once, what is kept of it, and how it is proved.

A token is ``ved_<id>_<secret>``: the id is found in the store, the secret is 160 bits of chance. The store keeps an argon2id hash alone
(RFC 9106, with the memory that OWASP names as the least: the secret is no password that could be guessed).
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_ID_LETTERS, _SECRET_LETTERS = 10, 32
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
"""Of base32: read aloud without mistakes, and marked as one word by a double click."""
_TOKEN = re.compile(rf"ved_([{_ALPHABET}]{{{_ID_LETTERS}}})_([{_ALPHABET}]{{{_SECRET_LETTERS}}})")
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
PROOF_SECONDS = 300.0
_PROOFS = 1_000


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new token.

    Attributes:
        uid: its id.
        text: all of it, to be shown once.
        kept: the hash of its secret, for the store.
    """

    uid: str
    text: str
    kept: str


def fresh() -> Fresh:
    """Make a token."""
    uid, secret = (_letters(n) for n in (_ID_LETTERS, _SECRET_LETTERS))
    return Fresh(uid, f"ved_{uid}_{secret}", _HASHER.hash(secret))


def parts(text: str) -> tuple[str, str] | None:
    """Return id and secret of a token; None where it is none."""
    found = _TOKEN.fullmatch(text)
    return (found[1], found[2]) if found else None


class Proofs:
    """Proves secrets, and remembers for a while which were proved: argon2 is slow by intent.

    What is remembered is a hash under a key of this process alone, never the secret. Who asks looks the token up in the store each
    time: one that was revoked is refused at once. One proof is made at a time, so that many bad ones cannot fill the memory.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._key, self._clock = secrets.token_bytes(32), clock
        self._proved: OrderedDict[bytes, float] = OrderedDict()
        self._lock, self._slow = threading.Lock(), threading.Lock()

    def known(self, secret: str, kept: str) -> bool:
        """Say whether this secret was proved for this hash a short while ago."""
        with self._lock:
            until = self._proved.get(self._name(secret, kept), 0.0)
            return until > self._clock()

    def prove(self, secret: str, kept: str | None) -> bool:
        """Say whether a secret is that of a hash; of None, as slowly, that it is not."""
        with self._slow:
            proved = _fits(secret, kept or _nobody()) and kept is not None
        if proved and kept is not None:
            with self._lock:
                self._proved[self._name(secret, kept)] = self._clock() + PROOF_SECONDS
                while len(self._proved) > _PROOFS:
                    self._proved.popitem(last=False)
        return proved

    def _name(self, secret: str, kept: str) -> bytes:
        return blake2b(f"{kept}\0{secret}".encode(), key=self._key, digest_size=32).digest()


def _fits(secret: str, kept: str) -> bool:
    try:
        return _HASHER.verify(kept, secret)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """Return the hash of a secret that nobody has: an unknown id must take as long as a known one."""
    return _HASHER.hash(_letters(_SECRET_LETTERS))


def _letters(count: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(count))

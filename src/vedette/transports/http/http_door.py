"""Who may send: tokens, of which only the SHA-256 is known here, in whichever header a client puts them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from vedette.errors import TransportError
from vedette.transports.http.http_request import Trouble

HASH = re.compile(r"sha256:[0-9a-f]{64}\Z")
LONGEST = 1024
"""Characters of the longest Authorization that is looked at."""

OF_BROWSERS = ("origin", "sec-fetch-site")
"""Headers that a browser adds to what a page sends, and no log shipper does: any page could write events through a browser here."""


class Door:
    """Lets in who has a token; where there are none everybody but pages in a browser of this machine.

    Args:
        hashes: ``sha256:`` and 64 hexadecimal digits each.
    """

    def __init__(self, hashes: Iterable[str]) -> None:
        self._hashes = tuple(bytes.fromhex(h.removeprefix("sha256:")) for h in hashes)

    def trouble(self, headers: Mapping[str, str]) -> Trouble | None:
        """Return why a request is not let in, or None."""
        if not self._hashes:
            return Trouble.NO_TOKEN if any(headers.get(name) for name in OF_BROWSERS) else None
        said = headers.get("authorization", "")[:LONGEST]
        if not said:
            return Trouble.NO_TOKEN
        digests = [hashlib.sha256(token.encode("utf-8", "replace")).digest() for token in tokens(said)]
        known = [hmac.compare_digest(digest, mine) for digest in digests for mine in self._hashes]
        return None if any(known) else Trouble.BAD_TOKEN


def tokens(authorization: str) -> Iterator[str]:
    """Yield what may be the token: of Bearer and Splunk the word, of Basic the password, of ApiKey all of it or its second part."""
    scheme, _, word = authorization.partition(" ")
    word = word.strip()
    match scheme.lower():
        case "bearer" | "splunk":
            yield word
        case "basic" | "apikey":
            yield word
            try:
                pair = base64.b64decode(word, validate=True).decode("utf-8", "replace")
            except (binascii.Error, ValueError):
                return
            yield pair
            yield pair.partition(":")[2]


def from_file(path: str) -> list[str]:
    """Return the hashes of a file: one a line, perhaps with a name before it; what follows ``#`` is a remark.

    Raises:
        TransportError: it cannot be read, or a line is none.
    """
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TransportError(f"cannot be read: {error}", where=f"token_file {path}") from error
    words = [(n, line.partition("#")[0].split()) for n, line in enumerate(lines, 1)]
    bad = [n for n, found in words if found and not HASH.match(found[-1])]
    if bad:
        raise TransportError(
            "no hash of a token",
            where=f"{path}:{bad[0]}",
            hint='printf %s "$TOKEN" | sha256sum, with sha256: before it',
        )
    return [found[-1] for _, found in words if found]

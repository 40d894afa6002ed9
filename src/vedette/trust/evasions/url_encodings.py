"""The same URL written in another way."""

from __future__ import annotations

from random import Random

import polars as pl

from vedette.abc import Evasion
from vedette.events.schema import EventClass
from vedette.trust.evasions.url_words import rewritten


class UrlEncodings(Evasion):
    """Half of the letters of the path percent-encoded, capitals in the host, a decoy before an ``@``, a dot behind the host.

    A browser asks for the same page.
    """

    name = "url_encodings"
    kind = EventClass.EMAIL_URL_ACTIVITY
    column = "url.url_string"
    detectors = ("url",)

    def rewrite(self, events: pl.DataFrame, rng: Random) -> pl.DataFrame:
        return rewritten(events, self.column, _encoded, rng)


def _encoded(host: str, rest: str, rng: Random) -> tuple[str, str]:
    mixed = "".join(c.upper() if rng.random() < 1 / 2 else c for c in host)
    decoy = "" if "@" in mixed else rng.choice(["", "", "www.example.com@", "login@"])
    name, colon, port = mixed.rpartition(":") if ":" in mixed else (mixed, "", "")
    dotted = name if name.endswith((".", "]")) or not rng.getrandbits(1) else f"{name}."
    path = "".join(f"%{ord(c):02X}" if c.isascii() and c.isalpha() and rng.random() < 1 / 2 else c for c in rest)
    return f"{decoy}{dotted}{colon}{port}", path

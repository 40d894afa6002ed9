from __future__ import annotations

import polars as pl
import pytest

from vedette.features.mail_text import folded, masked


def _one(text: str) -> str:
    return str(pl.select(masked(folded(pl.lit(text)))).item())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("FREE  Offer", "free offer"),
        ("V\u200bi\u200ba\u200bg\u200bra", "viagra"),
        ("v\u0456\u0430gr\u0430", "viagra"),  # three letters are Cyrillic
        ("víágrà \uff46\uff52\uff45\uff45", "viagra free"),
        ("see http://shop.example/a?b=1 now", "see xurl now"),
        ("see http : / / shop . example now", "see xurl now"),
        ("write to anna.b@mail.example please", "write to xaddress please"),
        ("from: anna . b @ mail . example", "from: xaddress"),
        ("only $ 49.95 or 20 %", "only xmoney or xpercent"),
        ("call 555-010 22 at 10:30", "call xnumber at xnumber"),
        ("id 3f9a88c2d1e04b7f", "id xcode"),
        ("====== big\n\n\tsale ======", "big sale"),
        ("", ""),
    ],
)
def test_reads(written: str, read: str) -> None:
    assert _one(written) == read

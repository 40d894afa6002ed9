"""Scripts that are logged in several parts, put together again before they are judged.

PowerShell logs a long script block (event 4104) in parts of some 10,000 to 20,000 characters, cut anywhere: each says its number and how
many there are (``MessageNumber``, ``MessageTotal``), and all have the script's ``ScriptBlockId``.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import numpy as np
import polars as pl

from vedette.abc import WindowFeatures
from vedette.events.schema import EventClass
from vedette.features.command_decode import LONGEST
from vedette.features.command_line import KEPT, PARTS, READ, SCRIPT, last, read_lines
from vedette.features.command_signs import STRENGTH
from vedette.features.sign import person
from vedette.features.sketch import merge_sample, sample

MOST_PARTS = 64
"""Parts of a script that are kept: those with the lowest numbers. PowerView, among the longest scripts of attackers, has some fifty."""
PART_CHARS = 20_000
"""Characters of a part that are kept: PowerShell writes no longer ones."""
STEP = LONGEST // 2
"""Characters after which a script is read anew: what is no longer than this stands whole in one reading."""
_DIGITS = 6
_TOLD = pl.Struct({"present": pl.Int64, **dict(READ.to_schema()), "line": pl.String, "long": pl.Boolean})


class CommandScript(WindowFeatures):
    """A row per host and script that came in several parts: what stands in it where it says most, as ``CommandLine`` tells of a line.

    ``present``: parts that are there, each counted once, in whatever order they came; ``total``: how many there should be. What lies
    beside a missing part is not joined. Parts of one script are logged within moments: those on two sides of a window's end, every ten
    minutes, are judged as two scripts with parts missing.
    """

    name = "command_script"
    needs = EventClass.SCRIPT_ACTIVITY
    requires = ("script.script_content.value", "script.uid")
    uses = (
        PARTS,
        *("vedette.part", "device.hostname", "actor.user.name", "actor.process.name"),
        "actor.process.file.path",
    )
    keys = ("host", "script")
    windows = (timedelta(minutes=10),)

    def prepare(self, events: pl.LazyFrame) -> pl.LazyFrame:
        text, total = pl.col("script.script_content.value"), pl.col(PARTS)
        number = pl.col("vedette.part").fill_null(0)
        return events.filter((total > 1) & text.str.contains(r"\S")).with_columns(
            host=pl.col("device.hostname"),
            script=pl.col("script.uid"),
            part=number.clip(0, 10**_DIGITS - 1).cast(pl.String).str.zfill(_DIGITS) + text.str.head(PART_CHARS),
            parts=total,
            account=person(pl.col("actor.user.name")),
            parent=pl.coalesce(last("actor.process.file.path"), "actor.process.name"),
        )

    def partial(self) -> list[pl.Expr]:
        return [
            sample(pl.col("part"), MOST_PARTS).alias("pieces"),
            *(pl.col(c).max() for c in ("parts", "account", "parent")),
        ]

    def merge(self) -> list[pl.Expr]:
        return [merge_sample("pieces", MOST_PARTS), *(pl.col(c).max() for c in ("parts", "account", "parent"))]

    def finish(self) -> list[pl.Expr]:
        told = pl.col("pieces").map_batches(_read, return_dtype=_TOLD, is_elementwise=True)
        return [
            *(told.struct.field(f).alias(f) for f in _TOLD.to_schema()),
            pl.col("parts").alias("total"),
            *(pl.col(c) for c in ("account", "parent")),
            pl.lit(None, pl.String).alias("program"),
            pl.lit(SCRIPT).alias("what"),
        ]


def _read(scripts: pl.Series) -> pl.Series:
    """Return (n,) structs (``_TOLD``) of what scripts, each a list of numbered parts, say where they say most."""
    joined = [join(pieces) for pieces in scripts.to_list()]  # scripts in several parts are few
    pieces = [text[at : at + LONGEST] for text, _ in joined for at in _places(text)]
    owner = np.repeat(np.arange(len(joined)), [len(_places(text)) for text, _ in joined])
    read = pl.DataFrame({"owner": owner, "line": pl.Series(pieces, dtype=pl.String)})
    read = read.with_columns(read_lines(read["line"]).alias("read")).unnest("read").with_columns(_strength)
    best = read.sort("owner", "strength", descending=[False, True], maintain_order=True)
    best = best.unique("owner", keep="first", maintain_order=True)
    most = MOST_PARTS * PART_CHARS
    return best.select(
        pl.struct(
            pl.Series("present", [n for _, n in joined], dtype=pl.Int64),
            *READ.to_schema(),
            pl.col("line").str.head(KEPT),
            pl.Series("long", [len(text) >= most for text, _ in joined], dtype=pl.Boolean),
        ).alias("pieces")
    ).to_series()


_strength = (
    pl.col("facts")
    .list.eval(pl.element().replace_strict(np.arange(len(STRENGTH)), STRENGTH, default=0, return_dtype=pl.Float64))
    .list.sum()
    .alias("strength")
)


def _places(text: str) -> range:
    """Return where readings of a script begin: the last reaches its end."""
    return range(0, max(len(text) - STEP, 1), STEP)


def join(pieces: list[str]) -> tuple[str, int]:
    r"""Return a script put together, and how many parts of it there are.

    Args:
        pieces: parts in order, each behind its number of six digits; of two with one number the first counts.

    Example:
        >>> join(["000001Invoke-Exp", "000002ression $a", "000004exit"])
        ('Invoke-Expression $a\nexit', 3)
    """
    parts: dict[int, str] = {}
    for piece in pieces:
        parts.setdefault(int(piece[:_DIGITS]), piece[_DIGITS:])
    numbers = list(parts)
    gaps = ["" if after == before + 1 else "\n" for before, after in pairwise(numbers)]
    text = "".join(parts[n] + gap for n, gap in zip(numbers, [*gaps, ""], strict=True))
    return text, len(numbers)

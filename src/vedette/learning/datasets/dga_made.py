"""Generated, by us: names of generators that no malware has, so that a model learns kinds of names and not families."""

from __future__ import annotations

from pathlib import Path
from random import Random

import polars as pl

from vedette.abc import Dataset
from vedette.events.schema import EventClass
from vedette.learning.datasets.domain_items import items
from vedette.trust.evasions.domain_generators import TRAINED

GENERATORS, NAMES, SEED = 150, 70, 20261123
_SUFFIXES = ("com", "net", "org", "info", "biz")


class DgaMade(Dataset):
    """150 generators of five kinds, 70 names each; each generator has an alphabet, lengths and a pattern of its own.

    The kinds ``english_chain``, ``compounds`` and ``slips`` are not among them: they measure evasion.
    """

    name = "dga_made"
    title = "Names of generators made for training"
    licence = "ours"
    trains = True
    origin = "vedette.trust.evasions.domain_generators"
    kind = EventClass.DNS_ACTIVITY
    files = {}  # noqa: RUF012 - ClassVar of the contract

    def read(self, root: Path) -> pl.DataFrame:
        del root
        kinds, rows = list(TRAINED.items()), []
        for k in range(GENERATORS):
            kind, make = kinds[k % len(kinds)]
            name = make(Random(f"{SEED} {k}"))  # noqa: S311 - not for secrets
            labels = dict.fromkeys(name() for _ in range(NAMES))
            rows += [(label, f"{label}.{_SUFFIXES[k % len(_SUFFIXES)]}", f"made {kind} {k}") for label in labels]
        names = pl.DataFrame(rows, schema=["label", "registered", "@group"], orient="row").unique(
            "label", keep="first", maintain_order=True
        )
        fixed = {"@label": "generated", "@corpus": "made", "@part": "made"}
        return items(names.with_columns(**{c: pl.lit(v) for c, v in fixed.items()}))

"""Simulates clients, healthy and infected, and counts which the detector ``generated_domains`` finds.

Run it as ``python -m tools.infected_clients``; it needs the data sets of domain names. Healthy clients browse, slip on the keyboard, and
make storms: search suffixes, a browser's test words, anti-virus look-ups, content delivery. An infected one is a healthy one that asks for
missing names of one family besides. The model that judges a family was not trained on it (``families 1`` to ``families 5`` in turn).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from statistics import fmean

import msgspec
import polars as pl

from vedette.abc import MALICIOUS
from vedette.detectors.domain import Domain
from vedette.detectors.generated_domains import GeneratedDomains
from vedette.events.batch import EventBatch
from vedette.events.schema import SCHEMAS, EventClass
from vedette.features.domain_client import DomainClient
from vedette.features.window import WindowState
from vedette.learning.data import load
from vedette.learning.fit import Design
from vedette.learning.gather import Shelf, gather
from vedette.learning.learn import learn
from vedette.learning.recipe import Selection
from vedette.learning.recipe import load as recipe_of
from vedette.learning.registry import equip
from vedette.learning.train import built
from vedette.testing.events import START

FAMILIES = 5
"""Parts into which the families are cut."""
FEWEST = 8
"""Names below which a family is no generator that can be simulated."""
CLIENTS = 4
"""Infected clients of each family and rate, one of each kind of healthy client."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_FOUND, _MISSING = 0, 3

Lookup = tuple[float, str, str, int]
"""Second, client, name, ``rcode_id``."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names that healthy clients ask for: ``popular``, ``tail`` (curated, not trained on), ``queried`` (nobody vouches for them)."""

    popular: Sequence[str]
    tail: Sequence[str]
    queried: Sequence[str]

    @classmethod
    def loaded(cls) -> Names:
        """Return those of the data sets."""
        curated = load("benign_domains").filter(pl.col("@part") == "test")
        popular = curated.filter(pl.col("@corpus") == "popular")["query.hostname"].to_list()
        return cls(popular, curated["query.hostname"].to_list(), load("queried_domains")["query.hostname"].to_list())


def healthy(names: Names, client: str, hours: int, kind: int, rng: Random) -> list[Lookup]:
    """Return what a healthy client asks for; kind 0 browses, 1 has a search suffix, 2 anti-virus, 3 content delivery besides."""
    span, slips = 3600.0 * hours, rng.uniform(0.01, 0.05)
    usual = [*rng.choices(names.popular, k=80), *rng.choices(names.tail, k=60), *rng.choices(names.queried, k=8)]
    asked: list[tuple[str, int]] = []
    for _ in range(rng.choice((30, 100, 300)) * hours):
        name = rng.choice(usual) if rng.random() < 0.85 else rng.choice(names.tail)
        if rng.random() < slips:
            asked.append((_slipped(name, rng), _MISSING))
        else:
            asked.append((rng.choice(("www.", "", "cdn.", f"{rng.getrandbits(64):x}.")) + name, _FOUND))
    if kind == 1:
        asked += [(f"{_drawn(rng, 10)}.corp.acme-holding.com", _MISSING) for _ in range(200 * hours)]
    elif kind == 2:
        asked += [(_drawn(rng, rng.randint(7, 15)), _MISSING) for _ in range(12 * hours)]
        looked_up = (f"{rng.getrandbits(128):032x}.avlookup.mcafee.com" for _ in range(100 * hours))
        asked += [(name, rng.choice((_FOUND, _MISSING))) for name in looked_up]
    elif kind == 3:
        asked += [(f"d{rng.getrandbits(50):013x}.cloudfront.net", _FOUND) for _ in range(100 * hours)]
    return [(rng.random() * span, client, name, code) for name, code in asked]


def asking(family: Sequence[str], client: str, hours: int, rate: int, rng: Random) -> list[Lookup]:
    """Return ``rate`` look-ups an hour of missing names of a family."""
    count = rate * hours
    drawn = rng.sample(family, count) if len(family) >= count else rng.choices(family, k=count)
    return [(rng.random() * 3600 * hours, client, name, _MISSING) for name in drawn]


def verdicts(detector: GeneratedDomains, clients: Sequence[list[Lookup]]) -> pl.DataFrame:
    """Return a row per client and window: ``src_endpoint.ip``, ``margin``, ``verdict``."""
    state = WindowState(DomainClient())
    for asked in clients:
        state.add(DomainClient.take(_batch(asked)))
    rows = pl.concat(list(state.advance()))
    return rows.select("src_endpoint.ip").hstack(detector.judge(rows).select("margin", "verdict"))


def alarmed(judged: pl.DataFrame) -> int:
    """Return how many clients were called infected in at least one window."""
    return judged.filter(pl.col("verdict") == MALICIOUS)["src_endpoint.ip"].n_unique()


def without(part: str) -> GeneratedDomains:
    """Return the detector with a model that was not trained on a part of the families, nor on the healthy clients' names."""
    recipe = recipe_of("domain")
    others = tuple(p for p in (f"families {k}" for k in range(1, FAMILIES + 1)) if p != part)
    chosen = (
        Selection("benign_domains", where={"@part": ("train",)}),
        Selection("dga", where={"@part": others, "@label": ("generated",)}, balance=0.7),
        Selection("dga_made", balance=0.7),
    )
    recipe = msgspec.structs.replace(recipe, folds=3, data=chosen)
    lot = gather(recipe, recipe.data, Shelf(Domain, recipe.malicious, None))
    return GeneratedDomains(built(recipe, learn(recipe, lot, Design.of(lot.items.blocks))))


def tried(
    names: Names, detector: GeneratedDomains, family: Sequence[str], rate: int, rng: Random, hours: int = 1
) -> float:
    """Return the share of ``CLIENTS`` infected by a family that is found; each is of another healthy kind but for the look-ups."""
    clients = [
        healthy(names, f"infected/{k}", hours, k, rng) + asking(family, f"infected/{k}", hours, rate, rng)
        for k in range(CLIENTS)
    ]
    return alarmed(verdicts(detector, clients)) / CLIENTS


def families(part: str) -> dict[str, list[str]]:
    """Return the names of each family of a part."""
    held = load("dga").filter(pl.col("@part") == part)
    known = {str(f): rows["query.hostname"].to_list() for (f,), rows in held.group_by("@corpus", maintain_order=True)}
    return {family: asked for family, asked in known.items() if len(asked) >= FEWEST}


def _batch(asked: Sequence[Lookup]) -> EventBatch:
    kind, ordered = EventClass.DNS_ACTIVITY, sorted(asked)
    data = {
        "time": [START + timedelta(seconds=second) for second, *_ in ordered],
        "src_endpoint.ip": [client for _, client, *_ in ordered],
        "query.hostname": [name for *_, name, _ in ordered],
        "rcode_id": [code for *_, code in ordered],
        "metadata.log_name": ["simulated"] * len(ordered),
        "metadata.sequence": list(range(len(ordered))),
    }
    return EventBatch(kind, pl.DataFrame(data, schema={c: SCHEMAS[kind][c] for c in data}))


def _drawn(rng: Random, size: int) -> str:
    return "".join(rng.choices(_LETTERS, k=size))


def _slipped(name: str, rng: Random) -> str:
    label, _, suffix = name.partition(".")
    k = rng.randrange(len(label))
    return f"{label[:k]}{rng.choice(('', rng.choice(_LETTERS), label[k] * 2))}{label[k + 1 :]}.{suffix}"


def main() -> None:
    """Print false alarms and the share of infected clients found."""
    parser = argparse.ArgumentParser(prog="python -m tools.infected_clients", description=__doc__)
    parser.add_argument("--benign", type=int, default=40, help="healthy clients, watched for eight hours")
    parser.add_argument(
        "--parts", type=int, nargs="*", default=list(range(1, FAMILIES + 1)), help="parts of the families"
    )
    parser.add_argument("--rates", type=int, nargs="*", default=[10, 50, 200], help="generated names an hour")
    parser.add_argument("--hours", type=int, default=1, help="hours that infected clients are watched")
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args()
    names, rng, shipped = Names.loaded(), Random(given.seed), equip(GeneratedDomains)  # noqa: S311 - a simulation
    if not isinstance(shipped, GeneratedDomains):
        raise TypeError(shipped)
    judged = verdicts(shipped, [healthy(names, f"healthy/{k}", 8, k % CLIENTS, rng) for k in range(given.benign)])
    print(
        f"healthy: {given.benign} clients, 8 hours, {judged.height} windows; with false alarms: {alarmed(judged)} clients",
        flush=True,
    )
    found: dict[int, dict[str, float]] = {rate: {} for rate in given.rates}
    for part in (f"families {k}" for k in given.parts):
        detector = without(part)
        for family, asked in families(part).items():
            for rate, told in found.items():
                told[family] = tried(names, detector, asked, rate, rng, given.hours)
        print(f"{part}: done", flush=True)
    for rate, told in found.items() if given.parts else ():
        missed = ", ".join(f"{family} {share:.0%}" for family, share in told.items() if share < 1)
        print(
            f"{rate} names an hour: {fmean(told.values()):.1%} of the clients found, {len(told)} families; fewer of: {missed or 'none'}"
        )


if __name__ == "__main__":
    main()

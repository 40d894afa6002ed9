"""Questions to the name service: for what is gone to, by mistake, and by programs that ask strange names for a living."""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.soak import words
from bench.soak.company import CORP, Company
from bench.soak.days import Presence, moments
from bench.soak.rows import AAAA, DAY, HOUR, MINUTE, PTR, SECOND, TXT, A, Flows, Ints, Lookups

CACHES = np.asarray([900, 3600, 7200, 14_400, 14_400])
"""Seconds that an answer is kept; which of them depends on the name."""
NOWHERE, MISSING, FAILED = -1, 3, 2


def for_flows(company: Company, flows: Flows, rng: np.random.Generator) -> Lookups:
    """Return the look-ups that come before connections: one while the answer is kept.

    A and, less often, AAAA; by the host and, where nobody asked lately, by the resolver outside. Some slip on the keyboard, some go
    through the search suffix first.
    """
    f = flows.take(np.flatnonzero((flows["name"] >= 0) & (flows["src"] < company.inside)))
    kept = CACHES[f["name"] * 7 % len(CACHES)] * SECOND
    key = (f["src"].astype(np.int64) << 44) | (f["name"].astype(np.int64) << 24) | (f["start"] // kept % (1 << 24))
    _, first = np.unique(key, return_index=True)
    f = f.take(first)
    at, src, name, plant = (
        f["start"] - 25_000,
        f["src"].astype(np.int64),
        f["name"].astype(np.int64),
        f["plant"].astype(np.int64),
    )
    names = company.pools.names.gather(name)
    asked = Lookups.of(
        names, time=at, src=src, dst=_resolver(company, src), answer=f["dst"].astype(np.int64), plant=plant
    )
    six = np.flatnonzero(rng.random(len(asked)) < 0.3)
    wide = Lookups.of(
        names.gather(six),
        time=at[six] + 300,
        src=src[six],
        dst=_resolver(company, src[six]),
        type=AAAA,
        plant=plant[six],
    )
    suffix = np.flatnonzero((rng.random(len(asked)) < 0.02) & (plant < 0))
    missed = Lookups.of(
        names.gather(suffix) + f".{CORP}",
        time=at[suffix] - 1000,
        src=src[suffix],
        dst=_resolver(company, src[suffix]),
        rcode=MISSING,
    )
    slip = np.flatnonzero(
        (rng.random(len(asked)) < 0.003) & (name < company.parties.min(initial=1 << 30)) & (plant < 0)
    )
    typed = pl.Series(
        [
            _typo(n, int(r))
            for n, r in zip(names.gather(slip).to_list(), rng.integers(0, 1 << 30, len(slip)), strict=True)
        ],
        dtype=pl.String,
    )
    typos = Lookups.of(
        typed, time=at[slip] - 5 * SECOND, src=src[slip], dst=_resolver(company, src[slip]), rcode=MISSING
    )
    mine = [asked, wide, missed, typos]
    return Lookups.joined([*mine, _upstream(company, Lookups.joined([asked, wide, typos]))])


def _resolver(company: Company, src: Ints) -> Ints:
    return np.asarray([company.at("dc1"), company.at("dc2")])[src % 2]


def _upstream(company: Company, inner: Lookups) -> Lookups:
    """Return what the resolvers ask outside: each name and type once in an hour."""
    c = inner.columns
    cache = c["time"] // HOUR
    key = pl.DataFrame({"n": inner.names, "t": c["type"], "d": c["dst"], "b": cache})
    first = key.select(pl.arg_where(pl.struct("n", "t", "d", "b").is_first_distinct())).to_series().to_numpy()
    chosen = inner.take(first)
    k = chosen.columns
    return Lookups.of(
        chosen.names,
        time=k["time"] + 400,
        took=15_000,
        src=k["dst"],
        dst=company.base[company.named("www.cloudflare.com")] + k["time"] // SECOND % 2,
        type=k["type"],
        rcode=k["rcode"],
        answer=k["answer"],
        plant=k["plant"],
    )


def _typo(name: str, roll: int) -> str:
    """Return the name with two neighbours of its first labels swapped."""
    cut = 4 + roll % max(1, len(name) - 8)
    return name[:cut] + name[cut + 1 : cut + 2] + name[cut : cut + 1] + name[cut + 2 :]


def strange(company: Company, presence: Presence, rng: np.random.Generator) -> Lookups:
    """Return honest look-ups that look like none.

    Hashes asked of an anti-virus maker, reverse names, block lists, made-up labels of content delivery, a browser's test words.
    """
    return Lookups.joined(
        [
            _reputation(company, presence, rng),
            _lists(company, presence, rng),
            _reverse(company, presence, rng),
            _sessions(company, presence, rng),
            _tests(company, presence, rng),
        ]
    )


def _reputation(company: Company, presence: Presence, rng: np.random.Generator) -> Lookups:
    """Ask by the hash of a file whether it is known: in bursts, when a program is installed or opened."""
    host, at = moments(presence, rng.poisson(2.0, len(company.workstations)), rng)
    many = rng.geometric(0.15, len(host))
    host, at = np.repeat(host, many), np.repeat(at, many) + rng.integers(0, 4 * MINUTE, int(many.sum()))
    n = len(host)
    hashes = words.hexes(n, 32, rng)
    tail = words.hexes(n, 8, rng)
    names = pl.Series([f"{h}.{t}.lookup.av-reputation.com" for h, t in zip(hashes, tail, strict=True)], dtype=pl.String)
    mine = Lookups.of(
        names,
        time=at,
        src=host,
        dst=_resolver(company, host),
        type=np.where(rng.random(n) < 0.2, TXT, A),
        rcode=np.where(rng.random(n) < 0.3, 3, 0),
        answer=company.base[company.named("lookup.av-reputation.com")],
    )
    return Lookups.joined([mine, _upstream(company, mine)])


def _lists(company: Company, presence: Presence, rng: np.random.Generator) -> Lookups:
    """The mail server asks block lists about senders."""
    n = 4 * company.hosts
    four = rng.integers(1, 255, (n, 4))
    zones = ("bl.spamlist-zone.org", "dnsbl.mailwatch.net")
    names = pl.Series(
        [f"{a}.{b}.{c}.{d}.{zones[i % 2]}" for i, (a, b, c, d) in enumerate(four.tolist())], dtype=pl.String
    )
    at = presence.begin + np.sort(rng.integers(0, DAY, n))
    mail = np.full(n, company.at("mail"))
    mine = Lookups.of(names, time=at, src=mail, dst=_resolver(company, mail), rcode=np.where(rng.random(n) < 0.8, 3, 0))
    return Lookups.joined([mine, _upstream(company, mine)])


def _reverse(company: Company, presence: Presence, rng: np.random.Generator) -> Lookups:
    """The monitor and the mail server ask who an address is."""
    n = 2 * company.hosts
    which = rng.integers(0, len(company.addresses), n)
    names = pl.Series(
        [".".join(company.addresses[i].split(".")[::-1]) + ".in-addr.arpa" for i in which], dtype=pl.String
    )
    src = np.where(np.arange(n) % 2, company.at("monitor"), company.at("mail"))
    at = presence.begin + rng.integers(0, DAY, n)
    return Lookups.of(
        names, time=at, src=src, dst=_resolver(company, src), type=PTR, rcode=np.where(rng.random(n) < 0.35, 3, 0)
    )


def _sessions(company: Company, presence: Presence, rng: np.random.Generator) -> Lookups:
    """Labels that content delivery makes up for each session."""
    host, at = moments(presence, rng.poisson(5.0, len(company.workstations)), rng)
    n = len(host)
    zone = np.asarray(["edge-delivery.net", "pagestats.io", "video-segments.com"])[rng.integers(0, 3, n)]
    labels = words.base32(n, 26, rng)
    names = pl.Series(
        [f"{w}-{i % 9}.s.{z}" for i, (w, z) in enumerate(zip(labels, zone.tolist(), strict=True))], dtype=pl.String
    )
    mine = Lookups.of(
        names, time=at, src=host, dst=_resolver(company, host), answer=company.base[60] + np.arange(n) % 3
    )
    return Lookups.joined([mine, _upstream(company, mine)])


def _tests(company: Company, presence: Presence, rng: np.random.Generator) -> Lookups:
    """A browser asks three made-up words when it starts, to learn whether the network lies; old machines ask for wpad."""
    host = np.repeat(np.flatnonzero(presence.at_work), 3)
    n = len(host)
    at = presence.on[host] + 40 * SECOND + np.arange(n) % 3 * 200_000
    made = words.letters(n, 11, rng)
    single = Lookups.of(
        pl.Series([f"{w}.{CORP}" if i % 2 else w for i, w in enumerate(made)], dtype=pl.String),
        time=at,
        src=host,
        dst=_resolver(company, host),
        rcode=3,
    )
    old = host[host % 5 == 0]
    hours = rng.integers(0, 9 * HOUR, len(old))
    wpad = Lookups.of(
        pl.Series([f"wpad.{CORP}"] * len(old), dtype=pl.String),
        time=presence.on[old] + hours,
        src=old,
        dst=_resolver(company, old),
        rcode=3,
    )
    return Lookups.joined([single, wpad])

"""What people do at their computers: they read the web, meet, send files, open documents, read mail."""

from __future__ import annotations

from functools import partial

import numpy as np

from bench.soak.company import Company, popular
from bench.soak.days import GROWTH, Presence, moments
from bench.soak.kinds import Kind
from bench.soak.rows import (
    ANSWERED,
    EMPTY,
    HOUR,
    HTTP,
    IMAP,
    KRB,
    LDAP,
    MINUTE,
    NO_APP,
    OPEN,
    QUIC,
    RDP,
    REFUSED,
    RESET_BY_CLIENT,
    RESET_BY_SERVER,
    SECOND,
    SILENT,
    SMB,
    TLS,
    UDP,
    UNHEARD,
    Column,
    Flows,
    Ints,
)

VISITS, SESSIONS = 38.0, 5.0
"""Pages a day of a usual reader, and in how many sittings."""


def browse(company: Company, presence: Presence, rng: np.random.Generator) -> Flows:
    """Return the connections of a day's reading: sittings of pages with heavy-tailed thinking in between (Crovella and Bestavros 1997)."""
    stations = len(company.workstations)
    zeal = np.random.default_rng([company.seed, 3]).lognormal(0, 0.6, stations)
    sittings, begin = moments(presence, rng.poisson(SESSIONS * zeal**0.3, stations), rng)
    pages = 1 + rng.geometric(
        1 / (VISITS / SESSIONS * np.clip(zeal[sittings] ** 0.7, 0.2, 5) * (1 + GROWTH) ** presence.day)
    )
    host, first = np.repeat(sittings, pages), np.repeat(begin, pages)
    gap = rng.lognormal(3.2, 1.2, len(host)) * SECOND
    walked = np.cumsum(gap)
    at = first + (walked - np.repeat(walked[np.cumsum(pages) - pages], pages)).astype(np.int64)
    there = at < presence.leave[host] + HOUR
    host, at = host[there], at[there]
    own = rng.random(len(host)) < 0.72
    rank = np.minimum(rng.zipf(1.6, len(host)) - 1, 39)
    site = np.where(own, company.taste[host, rank], popular(rng, len(host)))
    return Flows.joined([_page(company, host, at, site, rng), _parties(company, host, at, site, rng)])


def _page(company: Company, host: Ints, at: Ints, site: Column, rng: np.random.Generator) -> Flows:
    times = 1 + (rng.random(len(host)) < 0.35) + (rng.random(len(host)) < 0.15)
    row = np.repeat(np.arange(len(host)), times)
    return web(company, host[row], at[row] + (rng.exponential(0.2, len(row)) * SECOND).astype(np.int64), site[row], rng)


def _parties(company: Company, host: Ints, at: Ints, site: Column, rng: np.random.Generator) -> Flows:
    wanted = rng.random((len(host), 6)) < 0.3  # what a browser does not have in its cache yet
    row, column = np.nonzero(wanted)
    later = (rng.exponential(0.9, len(row)) * SECOND).astype(np.int64)
    return web(company, host[row], at[row] + later, company.parties[site[row], column], rng)


def web(company: Company, host: Ints, at: Ints, name: Column, rng: np.random.Generator, kind: Kind = Kind.WEB) -> Flows:
    """Return a browser's connections to server names: sizes log-normal with a Pareto tail, some failing, some over QUIC or plain HTTP."""
    n = len(host)
    tail = rng.random(n) < 0.03
    got = np.where(tail, 60_000 * (1 + rng.pareto(1.15, n)), rng.lognormal(8.9, 1.5, n))
    sent = rng.lognormal(7.2, 0.8, n) + got / 60 + np.where(rng.random(n) < 0.004, 50_000 * (1 + rng.pareto(1.2, n)), 0)
    got, sent = np.minimum(got, 4e9), np.minimum(sent, 8e7)
    quic = (name < 60) & (rng.random(n) < 0.5)
    plain = (name * 7919 % 100 < 4) & ~quic
    luck = rng.random(n)
    state = np.select(
        [luck < 0.008, luck < 0.012, luck < 0.1, luck < 0.16, luck < 0.175],
        [SILENT, REFUSED, RESET_BY_CLIENT, RESET_BY_SERVER, EMPTY],
        0,
    )
    state = np.where(quic, np.where(state == SILENT, UNHEARD, ANSWERED), state)
    nothing = np.isin(state, (SILENT, REFUSED, EMPTY, UNHEARD))
    dur = np.minimum(rng.lognormal(2.6, 1.4, n), 900) * SECOND + got / 4
    app = np.where(nothing, NO_APP, np.where(quic, QUIC, np.where(plain, HTTP, TLS)))
    return Flows.of(
        n,
        start=at,
        dur=np.where(nothing, np.where(state == SILENT, 3 * SECOND, 30_000), dur),
        src=host,
        dst=company.base[name] + rng.integers(0, 1 << 30, n) % company.spread[name],
        dport=np.where(plain, 80, 443),
        proto=np.where(quic, UDP, 0),
        state=state,
        sent=np.where(nothing, 0, sent),
        got=np.where(nothing, 0, got),
        app=app,
        name=name,
        look=host % 6,
        kind=int(kind),
    )


def meet(company: Company, presence: Presence, rng: np.random.Generator) -> Flows:
    """Return video calls: as much goes out as comes in, over relays, half an hour long; some through TCP."""
    stations = len(company.workstations)
    host, at = moments(presence, rng.poisson(0.9, stations), rng)
    n = len(host)
    length = np.clip(rng.lognormal(3.3, 0.6, n), 4, 110) * 60
    rate = rng.lognormal(11.4, 0.6, n)
    camera = np.where(rng.random(n) < 0.6, 1.0, 0.12)
    relayed = rng.random(n) < 0.15
    return Flows.of(
        n,
        start=at,
        dur=length * SECOND,
        src=host,
        dst=company.relays[rng.integers(0, 64, n)],
        dport=np.where(relayed, 443, 3478 + rng.integers(0, 4, n)),
        proto=np.where(relayed, 0, UDP),
        state=np.where(relayed, 0, ANSWERED),
        sent=rate * length * camera,
        got=rate * length * rng.uniform(0.7, 1.6, n),
        app=np.where(relayed, TLS, NO_APP),
        look=6,
        kind=int(Kind.CALL),
    )


def send(company: Company, presence: Presence, rng: np.random.Generator) -> Flows:
    """Return uploads to cloud storage: everybody's now and then, and those whose work is large files, each day."""
    stations = len(company.workstations)
    makers = np.random.default_rng([company.seed, 4]).random(stations) < 0.04
    host, at = moments(presence, rng.poisson(np.where(makers, 4.0, 0.25)), rng)
    n = len(host)
    size = np.where(makers[host], rng.lognormal(18.6, 1.2, n), rng.lognormal(15.5, 1.7, n))
    name = np.where(
        makers[host] & (rng.random(n) < 0.4),
        company.named("upload.mediashare-pro.com"),
        company.named("storage.filesync-drive.com"),
    )
    size = np.minimum(size, 6e9)
    whole = web(company, host, at, name, rng, Kind.UPLOAD)
    return whole.but(sent=size, got=size / 90, dur=size / 4 + SECOND, state=0, app=TLS, dport=443, proto=0)


def office(company: Company, presence: Presence, rng: np.random.Generator) -> Flows:
    """Return what a working day needs inside: logon, tickets, policies, documents, mail, the intranet, printing."""
    stations = len(company.workstations)
    ask = partial(_inside, company, presence, rng)
    dc = np.asarray([company.at("dc1"), company.at("dc2")])
    files = np.asarray([company.at(f"file{i}") for i in (1, 2, 3)])
    group = np.random.default_rng([company.seed, 5]).integers(0, 3, stations)
    logon = np.flatnonzero(presence.at_work)
    begins = presence.on[logon]
    parts = [
        _at(logon, begins + 8 * SECOND, dc[logon % 2], 88, KRB, 1500, 1700, rng),
        _at(logon, begins + 9 * SECOND, dc[logon % 2], 389, LDAP, 3000, 8000, rng),
        _at(logon, begins + 11 * SECOND, dc[logon % 2], 445, SMB, 9000, 60_000, rng),
        _at(logon, begins + 30 * SECOND, files[group[logon]], 445, SMB, 30_000, 300_000, rng),
        ask(7.0, lambda h: dc[h % 2], 88, KRB, 1500, 1700),
        ask(5.0, lambda h: dc[h % 2], 389, LDAP, 2000, 5000),
        ask(9.0, lambda h: files[group[h]], 445, SMB, 60_000, 900_000, 2.2),
        ask(0.4, lambda h: files[(group[h] + 1) % 3], 445, SMB, 20_000, 90_000, 2.0),
        ask(20.0, lambda _: company.at("mail"), 993, IMAP, 1500, 20_000, 1.6),
        ask(8.0, lambda _: company.at("intranet"), 443, TLS, 2500, 60_000, 1.2),
        ask(1.1, lambda _: company.at("print1"), 9100, NO_APP, 900_000, 400, 1.0),
    ]
    help_desk = logon[:2]
    helped, at = moments(presence, rng.poisson(0.012, stations), rng)
    parts.append(
        _at(help_desk[helped % len(help_desk)], at, helped, 3389, RDP, 2e6, 2e7, rng) if len(help_desk) else Flows.of(0)
    )
    return Flows.joined(parts)


def _inside(  # noqa: PLR0913, PLR0917 - a table in the form of calls
    company: Company,
    presence: Presence,
    rng: np.random.Generator,
    often: float,
    to: object,
    port: int,
    app: int,
    sent: float,
    got: float,
    sigma: float = 0.8,
) -> Flows:
    stations = len(company.workstations)
    host, at = moments(presence, rng.poisson(often, stations), rng)
    dst = np.broadcast_to(np.asarray(to(host)), (len(host),)) if callable(to) else host
    return _at(host, at, dst, port, app, sent, got, rng, sigma)


def _at(  # noqa: PLR0913, PLR0917 - a table in the form of calls
    host: Ints,
    at: Ints,
    dst: Column,
    port: int,
    app: int,
    sent: float,
    got: float,
    rng: np.random.Generator,
    sigma: float = 0.4,
) -> Flows:
    n = len(host)
    luck = rng.random(n)
    return Flows.of(
        n,
        start=at,
        dur=np.minimum(rng.lognormal(1.5, 1.5, n) * SECOND, 4 * HOUR),
        src=host,
        dst=dst,
        dport=port,
        state=np.select([luck < 0.05, luck < 0.1, luck < 0.12], [RESET_BY_CLIENT, RESET_BY_SERVER, OPEN], 0),
        sent=rng.lognormal(np.log(sent), sigma, n),
        got=rng.lognormal(np.log(got), sigma, n),
        app=app,
        look=host % 6,
        kind=int(Kind.OFFICE),
    )


def neighbours(company: Company, presence: Presence, rng: np.random.Generator) -> Flows:
    """Return what workstations say to each other and to all: updates shared among peers, and discovery by broadcast."""
    stations = len(company.workstations)
    host, at = moments(presence, rng.poisson(0.6, stations), rng)
    peer = (host + rng.integers(1, 30, len(host))) % stations
    gone = ~presence.at_work[peer]
    shared = _at(host, at, peer, 7680, NO_APP, 9000, 3e6, rng, 1.5).but(
        state=np.where(gone, SILENT, 0), kind=int(Kind.NEIGHBOUR)
    )
    quiet = shared.take(gone).but(sent=0, got=0, dur=9 * SECOND)
    caller, when = moments(presence, rng.poisson(8, stations), rng)
    which = rng.integers(0, 3, len(caller))
    to = np.asarray([company.at(n) for n in ("broadcast", "mdns", "ssdp")])[which]
    called = Flows.of(
        len(caller),
        start=when,
        src=caller,
        dst=to,
        dport=np.asarray([137, 5353, 1900])[which],
        proto=UDP,
        state=UNHEARD,
        sent=np.asarray([150, 90, 400])[which],
        kind=int(Kind.NEIGHBOUR),
    )
    return Flows.joined([shared.take(~gone), quiet, called])


def patch(company: Company, presence: Presence, name: str, size: float, rng: np.random.Generator) -> Flows:
    """Return one large download by everybody, within hours."""
    host = np.flatnonzero(presence.at_work)
    at = presence.arrive[host] + (rng.exponential(70, len(host)) * MINUTE).astype(np.int64)
    whole = web(company, host, at, np.full(len(host), company.named(name)), rng, Kind.PATCH)
    return whole.but(got=size * rng.uniform(0.9, 1.1, len(host)), dur=90 * SECOND, state=0, app=TLS, dport=443, proto=0)

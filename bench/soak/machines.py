"""What machines do by themselves: programs that beat, servers, backups, monitoring, the scanner, the administrator's tools, odd things."""

from __future__ import annotations

import numpy as np

from bench.soak.company import PARTNERS, PROGRAMS, ROLLED_OUT, Company, Program
from bench.soak.days import Calendar, Presence
from bench.soak.kinds import Kind
from bench.soak.people import web
from bench.soak.rows import (
    ANSWERED,
    DAY,
    HOUR,
    HTTP,
    ICMP,
    MINUTE,
    NO_APP,
    NTP,
    PING,
    REFUSED,
    RTSP,
    SECOND,
    SILENT,
    SNMP,
    SSH,
    TLS,
    UDP,
    Column,
    Flows,
    Ints,
)


def beats(on: Ints, off: Ints, period: float, jitter: float, shape: str, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return (row, time) of everything that beats between ``on`` and ``off`` of each row, from a phase of its own.

    Args:
        on: (n,) microseconds.
        off: likewise; where it is not later, there is no beat.
        period: seconds.
        jitter: a share of it: the spread (normal), the range to either side (uniform), or of single beats (exact).
        shape: ``exact`` keeps to a fixed clock, the others wait anew after each beat.
        rng: the chance.
    """
    step = period * SECOND
    most = int(np.max(np.maximum(off - on, 0), initial=0) / step * 1.15) + 2
    if shape == "exact":
        gaps = np.full((len(on), most), step)
        noise = rng.normal(0, jitter * step, (len(on), most))
    else:
        drawn = (
            rng.normal(1, jitter, (len(on), most))
            if shape == "normal"
            else rng.uniform(1 - jitter, 1 + jitter, (len(on), most))
        )
        gaps, noise = np.maximum(drawn, 0.02) * step, np.zeros((len(on), most))
    at = on[:, None] + rng.random((len(on), 1)) * step + np.cumsum(gaps, axis=1) - step + noise
    row, column = np.nonzero((at < off[:, None]) & (at >= on[:, None]))
    return row, at[row, column].astype(np.int64)


def programs(company: Company, presence: Presence, calendar: Calendar, rng: np.random.Generator) -> Flows:
    """Return the beats of all programs on all workstations."""
    rolled = (ROLLED_OUT,) if 0 <= calendar.rollout <= presence.day else ()
    return Flows.joined(_program(company, presence, p, n, rng) for n, p in enumerate((*PROGRAMS, *rolled)))


def _program(company: Company, presence: Presence, program: Program, number: int, rng: np.random.Generator) -> Flows:
    hosts = np.flatnonzero(company.has[program.name])
    on, off = (
        (presence.on, presence.off)
        if program.always
        else (presence.arrive, np.where(presence.at_work, presence.leave, 0))
    )
    row, at = beats(on[hosts], off[hosts], program.period, program.jitter, program.shape, rng)
    n, host = len(row), hosts[row]
    names = np.asarray([company.named(h) for h in program.hosts])
    name = names[rng.integers(0, len(names), n)]
    missed = rng.random(n) < 0.004
    return Flows.of(
        n,
        start=at,
        dur=np.where(
            missed, 3 * SECOND, np.minimum(rng.lognormal(-0.5, 0.8, n) * SECOND, program.period * 0.6 * SECOND)
        ),
        src=host,
        dst=company.base[name] + rng.integers(0, 1 << 30, n) % company.spread[name],
        dport=80 if program.plain else 443,
        state=np.where(missed, SILENT, 0),
        sent=np.where(missed, 0, rng.lognormal(np.log(program.sent), program.sigma, n)),
        got=np.where(missed, 0, rng.lognormal(np.log(program.got), program.sigma, n)),
        app=np.where(missed, NO_APP, HTTP if program.plain else TLS),
        name=name,
        look=6 + number,
        kind=Kind.PROGRAM + number,
    )


def clocks(company: Company, presence: Presence, rng: np.random.Generator) -> Flows:
    """Return the time of day: workstations and servers ask inside, the domain controllers outside."""
    servers, on, off = _servers(company, presence)
    hosts = np.concatenate([company.workstations, servers])
    row, at = beats(np.append(presence.on, on), np.append(presence.off, off), 1024, 0.005, "exact", rng)
    inside = _datagram(
        hosts[row], at, np.asarray([company.at("dc1"), company.at("dc2")])[row % 2], 123, NTP, 48, 48, Kind.CLOCK
    )
    dcs = np.asarray([company.at("dc1"), company.at("dc2")])
    row, at = beats(on[:2], off[:2], 1024, 0.005, "exact", rng)
    name = company.named("pool.ntp-time.org")
    dst = company.base[name] + (at // (6 * HOUR) + row) % company.spread[name]
    return Flows.joined([inside, _datagram(dcs[row], at, dst, 123, NTP, 48, 48, Kind.CLOCK).but(name=name)])


def servers(company: Company, presence: Presence, calendar: Calendar, rng: np.random.Generator) -> Flows:
    """Return what servers do: applications ask databases and partners, all are watched and backed up; visitors come to the web site."""
    every, on, off = _servers(company, presence)
    apps = np.asarray(company.apps)
    bases = np.asarray([company.at("db1"), company.at("db2")])
    row, at = beats(on[: len(apps)], off[: len(apps)], 400, 0.6, "uniform", rng)
    asked = _stream(apps[row], at, bases[row % 2], 5432, 4000, 30_000, rng, Kind.SERVER, 1.4)
    monitor = company.at("monitor")
    row, at = beats(on, off, 600, 0.002, "exact", rng)
    n = len(row)
    watched = _stream(np.full(n, monitor), at, every[row], 9100, 250, 24_000, rng, Kind.MONITOR, 0.2)
    pinged = Flows.of(
        n,
        start=at + SECOND,
        dur=900,
        src=monitor,
        dst=every[row],
        sport=8,
        dport=0,
        proto=ICMP,
        state=PING,
        sent=56,
        got=56,
        kind=int(Kind.MONITOR),
    )
    prints = np.asarray([company.at(f"printer{i}") for i in (1, 2, 3)])
    row, at = beats(on[:3], off[:3], 120, 0.01, "exact", rng)
    read = _datagram(np.full(len(row), company.at("print1")), at, prints[row], 161, SNMP, 90, 140, Kind.MONITOR)
    row, at = beats(on, off, 80_000, 0.2, "uniform", rng)
    updates = np.full(len(row), company.named("dl.update-service.com"))
    fetched = web(company, every[row], at, updates, rng, Kind.SERVER).but(
        got=3_000_000, state=0, app=TLS, dport=443, proto=0
    )
    parts = [
        asked,
        watched,
        pinged,
        read,
        fetched,
        _licences(company, presence, rng),
        _partners(company, presence, rng),
    ]
    parts += [_backup(company, presence, every, rng), _visitors(company, presence, rng)]
    if 0 <= calendar.new_server <= presence.day:
        row, at = beats(presence.arrive, np.where(presence.at_work, presence.leave, 0), 9000, 0.7, "uniform", rng)
        new = np.full(len(row), company.at("new server"))
        parts.append(_stream(company.workstations[row], at, new, 443, 3000, 80_000, rng, Kind.SERVER, 1.0).but(app=TLS))
    return Flows.joined(parts)


def _licences(company: Company, presence: Presence, rng: np.random.Generator) -> Flows:
    engineers = np.flatnonzero(np.random.default_rng([company.seed, 6]).random(len(company.workstations)) < 0.15)
    off = np.where(presence.at_work, presence.leave, 0)
    row, at = beats(presence.arrive[engineers], off[engineers], 120, 0.01, "exact", rng)
    to = np.full(len(row), company.at("license"))
    return _stream(engineers[row], at, to, 27000, 180, 160, rng, Kind.SERVER, 0.05)


def _partners(company: Company, presence: Presence, rng: np.random.Generator) -> Flows:
    apps = np.asarray(company.apps[:PARTNERS])
    names = np.asarray([company.partner(i) for i in range(len(apps))])
    _, on, off = _servers(company, presence)
    row, at = beats(on[: len(apps)], off[: len(apps)], 300, 0.01, "exact", rng)
    whole = web(company, apps[row], at, names[row], rng, Kind.PARTNER)
    n = len(row)
    return whole.but(
        sent=rng.lognormal(7.2, 0.3, n),
        got=rng.lognormal(8, 0.9, n),
        dur=400_000,
        state=0,
        app=TLS,
        dport=443,
        proto=0,
        look=30,
    )


def _backup(company: Company, presence: Presence, every: Ints, rng: np.random.Generator) -> Flows:
    n = len(every)
    size = rng.lognormal(21.5, 0.3, n) * (5 if presence.day % 7 == 5 else 1)
    at = presence.begin + 22 * HOUR + np.arange(n) * 2 * MINUTE
    inside = _stream(every, at, np.full(n, company.at("backup")), 10_001, 1, 1, rng, Kind.BACKUP, 0).but(
        sent=size, got=size / 200, dur=np.minimum(size / 60, 80 * MINUTE)
    )
    parts = 8
    name = np.full(parts, company.named("bucket.offsite-backup.com"))
    begin = presence.begin + 2 * HOUR + np.arange(parts) * 9 * MINUTE
    away = web(company, np.full(parts, company.at("backup")), begin, name, rng, Kind.BACKUP)
    each = rng.lognormal(22.2, 0.2, parts)
    return Flows.joined(
        [inside, away.but(sent=each, got=each / 300, dur=8 * MINUTE, state=0, app=TLS, dport=443, proto=0, look=31)]
    )


def _visitors(company: Company, presence: Presence, rng: np.random.Generator) -> Flows:
    n = int(rng.poisson(3 * company.hosts))
    hour = np.clip(rng.normal(13, 5, n), 0, 23.9)
    src = company.visitors[rng.integers(0, len(company.visitors), n)]
    to = np.full(n, company.at("public"))
    at = presence.begin + (hour * HOUR).astype(np.int64)
    return _stream(src, at, to, 443, 1500, 40_000, rng, Kind.VISITOR, 1.2).but(app=TLS, look=rng.integers(0, 6, n))


def things(company: Company, presence: Presence, rng: np.random.Generator) -> Flows:
    """Return the odd ones: cameras and their maker's relay, a coffee machine, the scanner, the administrator's machine."""
    begin = np.asarray([presence.begin])
    end = begin + DAY
    parts = []
    for i in (1, 2):
        camera = company.at(f"camera{i}")
        relay = company.named("p2p.cam-viewer.cn")
        row, at = beats(begin, end, 30, 0.02, "exact", rng)
        parts.append(
            _datagram(
                np.full(len(row), camera),
                at,
                np.full(len(row), company.base[relay]),
                32_100,
                NO_APP,
                44,
                44,
                Kind.THING,
            )
        )
        row, at = beats(begin, end, 3600, 0.001, "exact", rng)
        parts.append(
            _stream(
                np.full(len(row), company.at("recorder")),
                at,
                np.full(len(row), camera),
                554,
                90_000,
                9e8,
                rng,
                Kind.THING,
                0.1,
            ).but(app=RTSP, dur=59 * MINUTE)
        )
    brew = company.named("api.weather-brew.net")
    row, at = beats(begin, end, 300, 0.005, "exact", rng)
    n = len(row)
    coffee = web(company, np.full(n, company.at("coffee")), at, np.full(n, brew), rng, Kind.THING)
    parts.append(coffee.but(sent=310, got=640, dur=250_000, state=0, app=TLS, dport=443, proto=0, look=32))
    return Flows.joined([*parts, _scanner(company, presence, rng), _admin(company, presence, rng)])


def _scanner(company: Company, presence: Presence, rng: np.random.Generator) -> Flows:
    """The scanner of the IT department: each Wednesday night every server, a hundred and twenty ports."""
    if presence.day % 7 != 2:
        return Flows.of(0)
    every, _, _ = _servers(company, presence)
    ports = rng.permutation(
        np.r_[1:80, 88, 110, 111, 135, 139, 143, 389, 443, 445, 993, 1433, 3306, 3389, 5432, 5985, 8080, 8443, 9100]
    )
    to, port = np.repeat(every, len(ports)), np.tile(ports, len(every))
    n = len(to)
    answered = rng.random(n) < 0.06
    return Flows.of(
        n,
        start=presence.begin + 3 * HOUR + (np.arange(n) * 0.4 * SECOND).astype(np.int64),
        dur=np.where(answered, 2 * SECOND, 900),
        src=company.at("scanner"),
        dst=to,
        dport=port,
        state=np.where(answered, 0, REFUSED),
        sent=np.where(answered, 220, 0),
        got=np.where(answered, 900, 0),
        kind=int(Kind.SCANNER),
    )


def _admin(company: Company, presence: Presence, rng: np.random.Generator) -> Flows:
    """The administrator: a handful of sessions by hand, and twice a day a tool that logs on to every server."""
    if presence.weekend:
        return Flows.of(0)
    every, _, _ = _servers(company, presence)
    n = int(rng.poisson(9))
    admin = company.at("admin")
    at = presence.begin + (rng.uniform(8, 18, n) * HOUR).astype(np.int64)
    hand = _stream(
        np.full(n, admin), at, every[rng.integers(0, len(every), n)], 22, 30_000, 90_000, rng, Kind.ADMIN, 1.3
    )
    runs = []
    for hour in (9, 16):
        begin = presence.begin + int((hour + rng.random()) * HOUR)
        when = begin + (np.arange(len(every)) // 10 * 12 * SECOND) + rng.integers(0, SECOND, len(every))
        runs.append(_stream(np.full(len(every), admin), when, every, 22, 60_000, 40_000, rng, Kind.ADMIN, 0.3))
    return Flows.joined([hand, *runs]).but(app=SSH)


def _servers(company: Company, presence: Presence) -> tuple[Ints, Ints, Ints]:
    """Return all servers, and when they run: always."""
    every = np.asarray([v for k, v in company.by_name.items() if k in company.serving])
    n = len(every)
    return every, np.full(n, presence.begin), np.full(n, presence.begin + DAY)


def _stream(  # noqa: PLR0913, PLR0917 - a table in the form of calls
    src: Column,
    at: Ints,
    dst: Column,
    port: int,
    sent: float,
    got: float,
    rng: np.random.Generator,
    kind: Kind,
    sigma: float,
) -> Flows:
    n = len(src)
    return Flows.of(
        n,
        start=at,
        dur=np.minimum(rng.lognormal(-0.5, 1.0, n), 600) * SECOND,
        src=src,
        dst=dst,
        dport=port,
        sent=rng.lognormal(np.log(sent), sigma, n),
        got=rng.lognormal(np.log(got), sigma, n),
        kind=int(kind),
    )


def _datagram(src: Column, at: Ints, dst: Column, port: int, app: int, sent: int, got: int, kind: Kind) -> Flows:  # noqa: PLR0913, PLR0917 - a table in the form of calls
    return Flows.of(
        len(src),
        start=at,
        dur=12_000,
        src=src,
        dst=dst,
        dport=port,
        proto=UDP,
        state=ANSWERED,
        sent=sent,
        got=got,
        app=app,
        kind=int(kind),
    )

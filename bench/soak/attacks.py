"""The planted attacks: each a function that says who, when, and makes what a sensor would see of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import numpy as np
import polars as pl

from bench.soak import words
from bench.soak.company import Company
from bench.soak.days import BEGIN, JOIN, present
from bench.soak.lookups import MISSING
from bench.soak.machines import beats
from bench.soak.rows import (
    CNAME,
    DAY,
    HOUR,
    ICMP,
    MINUTE,
    NO_APP,
    PING,
    RDP,
    REFUSED,
    RESET_BY_SERVER,
    SECOND,
    SILENT,
    SMB,
    SSH,
    TLS,
    TXT,
    A,
    Column,
    Flows,
    Ints,
    Lookups,
)

TOOL_LOOK = 50
"""From here on: handshakes of the attackers' tools."""


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """One attack.

    Attributes:
        begin, end: microseconds since the epoch.
        hosts: the company's addresses that do it or suffer it, the first the doer; ``marks``: addresses and domains of the attacker.
    """

    name: str
    about: str
    begin: int
    end: int
    hosts: tuple[str, ...]
    marks: tuple[str, ...]
    flows: Flows
    lookups: Lookups


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """Where an attack takes place: the company, the days there are, a generator of its own, and its number."""

    company: Company
    days: int
    rng: np.random.Generator
    number: int

    @property
    def host(self) -> int:
        """The workstation that is in the attacker's hands: another one for each attack."""
        stations = len(self.company.workstations)
        return (7 + self.number * stations // 13) % stations

    def day(self, share: float) -> int:
        """Return the midnight that begins a working day, ``share`` of the run in."""
        day = int(share * self.days)
        if self.company.joining:  # whoever is attacked has been there for a day
            day = max(day, int(JOIN * self.days) + 1)
        day += (7 - day % 7) if day % 7 > 4 else 0
        return BEGIN + min(day, self.days - 1) * DAY

    def waking(self, begin: int, days: int, period: float, jitter: float, shape: str) -> Ints:
        """Return beats of a program that runs while the host's machine does, on so many days of its from ``begin`` on."""
        later = (present(self.company, d, self.days) for d in range((begin - BEGIN) // DAY, self.days))
        held = list(islice((p for p in later if p.off[self.host] > max(begin, p.on[self.host])), days))
        on, off = (np.asarray([getattr(p, w)[self.host] for p in held], dtype=np.int64) for w in ("on", "off"))
        if not held:  # its owner is away to the end of the run, and left it on
            on, off = np.asarray([begin]), np.asarray([begin + 9 * HOUR])
        _, at = beats(np.maximum(on, begin), off, period, jitter, shape, self.rng)
        return at

    def done(
        self,
        name: str,
        about: str,
        flows: Flows,
        lookups: Lookups | None = None,
        others: tuple[int, ...] = (),
        marks: tuple[str, ...] = (),
    ) -> Planted:
        """Return the attack, its rows marked."""
        rows = flows.but(plant=self.number)
        asked = (
            _none()
            if lookups is None
            else Lookups({**lookups.columns, "plant": np.full(len(lookups), self.number)}, lookups.names)
        )
        times = np.concatenate([rows["start"], rows["start"] + rows["dur"], asked.columns["time"]])
        own = tuple(self.company.addresses[i] for i in (self.host, *others))
        return Planted(name, about, int(times.min()), int(times.max()), own, marks, rows, asked)


Attack = Callable[[Stage], Planted]


def fast_scan(stage: Stage) -> Planted:
    """Fast port scan inside: two hundred addresses, eleven ports, ten minutes."""
    rng = stage.rng
    ports = np.asarray([21, 22, 23, 80, 135, 139, 443, 445, 1433, 3389, 8080])
    to = rng.permutation(np.arange(stage.company.inside))[:200]
    dst, port = np.repeat(to, len(ports)), np.tile(ports, len(to))
    begin = stage.day(0.35) + 11 * HOUR
    at = begin + np.sort(rng.integers(0, 10 * MINUTE, len(dst)))
    return stage.done("fast scan", "200 inside addresses x 11 ports in 10 min", _probes(stage.host, at, dst, port, rng))


def slow_scan(stage: Stage) -> Planted:
    """Slow scan: one probe in six minutes, of the ports that administrators use, for days."""
    rng, begin = stage.rng, stage.day(0.4) + 9 * HOUR
    at = stage.waking(begin, max(2, stage.days // 5), 360, 0.5, "uniform")
    dst = rng.permutation(np.arange(stage.company.inside))[np.arange(len(at)) % stage.company.inside]
    port = np.asarray([22, 445, 3389, 5985])[rng.integers(0, 4, len(at))]
    return stage.done("slow scan", "an inside address every 6 min for days", _probes(stage.host, at, dst, port, rng))


def jittered_beacon(stage: Stage) -> Planted:
    """Beacon: every five minutes with 40 % jitter, to one new domain on one address."""
    begin = stage.day(0.45) + 10 * HOUR
    at = stage.waking(begin, max(2, stage.days // 5), 300, 0.4, "uniform")
    return _beacon(
        stage, "beacon, 40 % jitter", "5 min +- 40 % to a new domain", at, "sync.metric-harbor-cdn.com", 1, TOOL_LOOK
    )


def rotating_beacon(stage: Stage) -> Planted:
    """Beacon: every ten minutes with 20 % jitter, one server name, forty addresses in turn."""
    begin = stage.day(0.3) + 14 * HOUR
    at = stage.waking(begin, max(2, stage.days // 5), 600, 0.2, "uniform")
    return _beacon(
        stage,
        "beacon, rotating",
        "10 min +- 20 %, one SNI over 40 addresses",
        at,
        "assets.quietlake-static.net",
        40,
        TOOL_LOOK + 1,
    )


def dns_tunnel(stage: Stage) -> Planted:
    """DNS tunnel: an interactive session, two questions a second for twenty-five minutes."""
    rng, n = stage.rng, 3000
    at = stage.day(0.5) + 15 * HOUR + np.sort(rng.integers(0, 25 * MINUTE, n))
    size = np.clip(rng.normal(90, 45, n), 18, 170).astype(int)
    data = words.hexes(n, 170, rng)
    names = [
        ".".join((d[:s][:60], d[:s][60:120], d[:s][120:])).rstrip(".") + ".t.brightfell-ns.com"
        for d, s in zip(data, size, strict=True)
    ]
    kind = np.asarray([TXT, CNAME, A])[rng.integers(0, 3, n)]
    return _asked(stage, "DNS tunnel", "3,000 look-ups in 25 min", at, names, kind, "brightfell-ns.com")


def dns_slow(stage: Stage) -> Planted:
    """DNS exfiltration, slow: one address look-up in a minute or so that carries forty characters, for days."""
    begin = stage.day(0.35) + 9 * HOUR
    at = stage.waking(begin, max(2, stage.days // 6), 75, 0.6, "uniform")
    data = words.base32(len(at), 40, stage.rng)
    names = [f"{d}.{i % 97:02}.stonewharf-img.com" for i, d in enumerate(data)]
    return _asked(
        stage,
        "DNS exfiltration, slow",
        "40 characters every 75 s for days",
        at,
        names,
        np.full(len(at), A),
        "stonewharf-img.com",
    )


def night_exfiltration(stage: Stage) -> Planted:
    """Bulk exfiltration at night: six gigabytes to a host never seen, in forty minutes."""
    rng, n = stage.rng, 12
    at = stage.day(0.6) + DAY * 0 + 2 * HOUR + np.arange(n) * 3 * MINUTE
    name = stage.company.open("files.northquay-vault.net", 1, rng)
    whole = _to(stage, at, np.full(n, name), rng.lognormal(np.log(5e8), 0.2, n), np.full(n, 4e5), 160 * SECOND)
    return stage.done("exfiltration at night", "6 GB at 02:00 to a new host", whole, marks=_marks(stage, name))


def patient_exfiltration(stage: Stage) -> Planted:
    """Exfiltration, raised a little each day: from twelve megabytes, 7 % more each day, in working hours."""
    rng, first = stage.rng, stage.day(0.3)
    name = stage.company.open("cdn.larkspur-share.com", 2, rng)
    at, sent = [], []
    for i in range(max(2, stage.days * 3 // 5)):
        p = present(stage.company, (first - BEGIN) // DAY + i, stage.days)
        if p.at_work[stage.host] and not p.weekend:
            begin, end = int(p.arrive[stage.host]), int(p.leave[stage.host])
            at += list(rng.integers(begin, end, 14))
            sent += list(rng.lognormal(np.log(12e6 / 14 * 1.07**i), 0.4, 14))
    when = np.sort(np.asarray(at, dtype=np.int64)) if at else np.asarray([first + 12 * HOUR])
    size = np.asarray(sent) if sent else np.asarray([1e6])
    whole = _to(stage, when, np.full(len(when), name), size, size / 40, 20 * SECOND)
    return stage.done("exfiltration, patient", "12 MB a day, 7 % more each day", whole, marks=_marks(stage, name))


def lateral_movement(stage: Stage) -> Planted:
    """Lateral movement: workstation to a file server, from there to two applications' servers and the domain controller."""
    c, rng, begin = stage.company, stage.rng, stage.day(0.7) + 13 * HOUR
    hops = (
        (
            stage.host,
            c.at("file2"),
            0,
            ((135, NO_APP, 900, 600), (445, SMB, 320_000, 40_000), (49_700, NO_APP, 4000, 3000)),
        ),
        (stage.host, c.at("file2"), 12, ((5985, NO_APP, 30_000, 90_000),)),
        (
            c.at("file2"),
            c.apps[1],
            35,
            ((135, NO_APP, 900, 600), (445, SMB, 310_000, 20_000), (49_702, NO_APP, 4000, 3000)),
        ),
        (c.apps[1], c.apps[2], 70, ((3389, RDP, 900_000, 9_000_000),)),
        (c.apps[2], c.at("db1"), 110, ((22, SSH, 40_000, 200_000),)),
        (
            c.apps[2],
            c.at("dc1"),
            150,
            ((135, NO_APP, 900, 600), (445, SMB, 500_000, 30_000_000), (49_705, NO_APP, 5000, 3000)),
        ),
    )
    rows = [(s, d, m, i, *what) for s, d, m, each in hops for i, what in enumerate(each)]
    src, dst, minute, order, port, app, sent, got = (np.asarray(v) for v in zip(*rows, strict=True))
    at = begin + minute * MINUTE + order * 4 * SECOND + rng.integers(0, SECOND, len(rows))
    flows = Flows.of(
        len(rows),
        start=at,
        dur=np.where(port > 3000, 9 * MINUTE, 40 * SECOND),
        src=src,
        dst=dst,
        dport=port,
        sent=sent,
        got=got,
        app=app,
    )
    others = (c.at("file2"), c.apps[1], c.apps[2], c.at("db1"), c.at("dc1"))
    return stage.done("lateral movement", "five hosts in three hours: SMB, WinRM, RDP, SSH", flows, others=others)


def generated_domains(stage: Stage) -> Planted:
    """Bot with generated domains: a few names that do not exist every few minutes, and one that does, twice a day."""
    rng, begin = stage.rng, stage.day(0.55) + 9 * HOUR
    beat = stage.waking(begin, 2, 240, 0.5, "uniform")
    each = rng.integers(3, 10, len(beat))
    at = np.repeat(beat, each) + (np.arange(int(each.sum())) % 7) * 1_100_000
    sizes = rng.integers(11, 18, len(at))
    letters = words.letters(len(at), 18, rng)
    ends = np.asarray(["com", "net", "biz", "info", "org"])[rng.integers(0, 5, len(at))]
    names = [f"{w[:s]}.{e}" for w, s, e in zip(letters, sizes, ends.tolist(), strict=True)]
    asked = Lookups.of(
        pl.Series(names, dtype=pl.String),
        time=at,
        src=stage.host,
        dst=stage.company.at(("dc1", "dc2")[stage.host % 2]),
        rcode=MISSING,
    )
    live = stage.company.open(names[len(names) // 2], 1, rng)
    met = _to(stage, beat[:: max(1, len(beat) // 5)], live, 700.0, 30_000.0, 2 * SECOND)
    return stage.done(
        "generated domains",
        "3 to 9 missing names every 4 min, two days",
        met,
        asked,
        marks=(*_marks(stage, live), *names),
    )


def ssh_guessing(stage: Stage) -> Planted:
    """Guessing of SSH passwords inside: a try in three seconds for twenty minutes, of one server."""
    rng, begin = stage.rng, stage.day(0.8) + 17 * HOUR
    at = begin + np.arange(400) * 3 * SECOND + rng.integers(0, SECOND, 400)
    to = stage.company.at("db2")
    flows = Flows.of(
        400,
        start=at,
        dur=rng.normal(2.4, 0.3, 400) * SECOND,
        src=stage.host,
        dst=to,
        dport=22,
        sent=rng.integers(1900, 2300, 400),
        got=rng.integers(2300, 2700, 400),
        app=SSH,
        state=np.where(rng.random(400) < 0.4, RESET_BY_SERVER, 0),
    )
    return stage.done("SSH guessing", "400 tries in 20 min", flows, others=(to,))


def icmp_tunnel(stage: Stage) -> Planted:
    """ICMP tunnel: echoes that carry forty megabytes in two hours."""
    rng, begin = stage.rng, stage.day(0.75) + 10 * HOUR
    to = stage.company.outside(1, rng)
    at = begin + np.arange(120) * MINUTE
    flows = Flows.of(
        120,
        start=at,
        dur=58 * SECOND,
        src=stage.host,
        dst=to,
        sport=8,
        dport=0,
        proto=ICMP,
        state=PING,
        sent=rng.lognormal(12.7, 0.4, 120),
        got=rng.lognormal(11, 0.4, 120),
    )
    return stage.done("ICMP tunnel", "40 MB in echoes, two hours", flows, marks=(stage.company.addresses[to],))


ATTACKS: tuple[Attack, ...] = (
    fast_scan,
    slow_scan,
    jittered_beacon,
    rotating_beacon,
    dns_tunnel,
    dns_slow,
    night_exfiltration,
    patient_exfiltration,
    lateral_movement,
    generated_domains,
    ssh_guessing,
    icmp_tunnel,
)


def plant(company: Company, days: int) -> list[Planted]:
    """Return all attacks of a run; the company knows their servers afterwards."""
    made = [f(Stage(company, days, np.random.default_rng([company.seed, 9, n]), n)) for n, f in enumerate(ATTACKS)]
    company.repool()
    return made


def _none() -> Lookups:
    return Lookups.joined([])


def _probes(host: int, at: Ints, dst: Column, port: Column, rng: np.random.Generator) -> Flows:
    n = len(at)
    luck = rng.random(n)
    answered = luck < 0.06
    state = np.where(answered, 10, np.where(luck < 0.35, REFUSED, SILENT))
    return Flows.of(n, start=at, dur=np.where(state == SILENT, SECOND, 900), src=host, dst=dst, dport=port, state=state)


def _beacon(stage: Stage, title: str, about: str, at: Ints, name: str, addresses: int, look: int) -> Planted:  # noqa: PLR0913, PLR0917 - a table in the form of calls
    rng, n = stage.rng, len(at)
    number = stage.company.open(name, addresses, rng)
    tasked = rng.random(n) < 0.03
    sent = np.where(tasked, rng.lognormal(9.5, 1, n), rng.normal(420, 25, n))
    got = np.where(tasked, rng.lognormal(10, 1, n), rng.normal(680, 40, n))
    flows = _to(stage, at, np.full(n, number), sent, got, 700_000).but(look=look)
    return stage.done(title, about, flows, marks=_marks(stage, number))


def _to(stage: Stage, at: Ints, name: Column | int, sent: Column | float, got: Column | float, dur: int) -> Flows:
    c, n = stage.company, len(at)
    names = np.broadcast_to(np.asarray(name), (n,))
    dst = c.base[names] + stage.rng.integers(0, 1 << 30, n) % c.spread[names]
    return Flows.of(
        n,
        start=at,
        dur=stage.rng.lognormal(np.log(dur), 0.2, n),
        src=stage.host,
        dst=dst,
        sent=sent,
        got=got,
        app=TLS,
        name=names,
        look=TOOL_LOOK + 2,
    )


def _asked(stage: Stage, title: str, about: str, at: Ints, names: list[str], kind: Column, domain: str) -> Planted:  # noqa: PLR0913, PLR0917 - a table in the form of calls
    c = stage.company
    series, dc = pl.Series(names, dtype=pl.String), c.at(("dc1", "dc2")[stage.host % 2])
    inner = Lookups.of(series, time=at, src=stage.host, dst=dc, type=kind, took=70_000)
    outer = Lookups.of(
        series, time=at + 400, src=dc, dst=int(c.base[c.named("www.cloudflare.com")]), type=kind, took=65_000
    )
    return stage.done(title, about, Flows.of(0), Lookups.joined([inner, outer]), marks=(domain,))


def _marks(stage: Stage, name: int) -> tuple[str, ...]:
    c = stage.company
    first, host = int(c.base[name]), c.names[name]
    parent = (host.partition(".")[2],) if host.count(".") > 1 else ()
    return (host, *parent, *c.addresses[first : first + int(c.spread[name])])

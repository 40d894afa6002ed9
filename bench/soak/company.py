"""The company: its hosts, the sites its people go to, the programs that run on its machines."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address

import numpy as np
import polars as pl

from bench.soak import words
from bench.soak.rows import Column, Ints, Pools

SITES, THIRD_PARTIES = 30_000, 300
LOOKS = 60
"""Handshakes (and user agents) that are about; the first few are the browsers."""
DELIVERY = ("cloudfront.net", "doubleclick.net", "akamaihd.net", "googlevideo.com", "fastly.net")
"""Where third parties have most of their servers: real names, as facts."""
CORP = "corp.lindenhall-works.com"
RESOLVERS = ("dc1", "dc2")
SERVERS = (
    *RESOLVERS,
    "file1",
    "file2",
    "file3",
    "mail",
    "intranet",
    "db1",
    "db2",
    "monitor",
    "license",
    "updates",
    "public",
    "print1",
)
ODD = ("printer1", "printer2", "printer3", "camera1", "camera2", "recorder", "backup", "scanner", "admin", "coffee")
PARTNERS = 6
"""Application servers that ask a partner's interface all day."""


@dataclass(frozen=True, slots=True)
class Program:
    """Software that speaks by itself.

    Attributes:
        share: of the workstations that have it.
        period: seconds between beats; ``jitter`` their spread as a share of it, ``shape`` how: normal, uniform, exact.
        hosts: names it speaks to; ``spread`` how many addresses stand behind each.
        sent, got: typical payload bytes; ``sigma`` their spread in nats.
        always: speaks whenever the machine is on, not only while its owner works.
    """

    name: str
    share: float
    period: float
    jitter: float = 0.05
    shape: str = "normal"
    hosts: tuple[str, ...] = ()
    spread: int = 4
    sent: float = 900.0
    got: float = 1500.0
    sigma: float = 0.2
    always: bool = True
    plain: bool = False


PROGRAMS = (
    Program("endpoint agent", 1.0, 600, 0.1, "uniform", ("agent.sentinelguard-cloud.com",), 8, 1400, 700, 0.4),
    Program(
        "telemetry",
        0.95,
        1500,
        0.3,
        "uniform",
        tuple(f"v{i}.events.data-desk.com" for i in range(4)),
        12,
        6000,
        500,
        0.9,
    ),
    Program(
        "collaboration poll", 0.15, 60, 0.03, "normal", ("presence.teamboard-app.com",), 6, 700, 450, 0.1, always=False
    ),
    Program("cloud drive", 0.2, 90, 0.25, "uniform", ("notify.filesync-drive.com",), 16, 500, 250, 0.05),
    Program(
        "mail over the web",
        0.3,
        300,
        0.02,
        "normal",
        ("outlook.mailcloud-suite.com",),
        20,
        1200,
        2600,
        0.6,
        always=False,
    ),
    Program("password safe", 0.2, 600, 0.01, "exact", ("sync.keysafe-vault.com",), 2, 800, 900, 0.02),
    Program("browser update", 0.8, 18_000, 0.2, "uniform", ("update.browser-services.com",), 10, 1600, 9000, 0.8),
    Program(
        "system update",
        0.95,
        79_000,
        0.3,
        "uniform",
        ("fe.update-service.com", "dl.update-service.com"),
        12,
        3000,
        60_000,
        1.2,
    ),
    Program("clock widget", 0.12, 120, 0.01, "exact", ("time.desk-widgets.net",), 1, 300, 320, 0.02, plain=True),
    Program(
        "news ticker", 0.1, 180, 0.15, "normal", ("feeds.tickerbar.net",), 2, 420, 5200, 0.7, always=False, plain=True
    ),
    Program("design suite", 0.15, 1800, 0.05, "normal", ("lcs.creative-suite.com",), 4, 2500, 1200, 0.3),
    Program("music", 0.2, 210, 0.3, "normal", ("audio.streamtunes.com",), 24, 900, 3_500_000, 0.3, always=False),
    Program("graphics driver", 0.3, 43_000, 0.3, "uniform", ("services.gfx-driver.com",), 3, 1100, 3000, 0.3),
    Program("remote help", 0.2, 240, 0.02, "exact", ("router.helpdesk-remote.com",), 10, 120, 90, 0.02),
)
ROLLED_OUT = Program("expenses", 1.0, 1200, 0.1, "normal", ("sync.expense-pilot.com",), 3, 1500, 2100, 0.4)
"""Comes to everybody on one day."""


@dataclass(slots=True)
class Company:
    """Everything that stays the same from day to day.

    Attributes:
        joining: the share of the workstations that nobody has before a quarter of the run is over.
        workstations, servers, odd: numbers of their addresses; ``servers`` and ``odd`` are looked up by name with ``at``.
        names, base, spread, asked: the pool of server names; each stands for ``spread`` addresses from ``base`` on; ``asked`` says
            that DNS is asked for it.
        parties: site -> the names that its pages pull in besides.
        taste: workstation -> its favourite sites.
    """

    seed: int
    hosts: int
    joining: float = 0.0
    addresses: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    base: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    spread: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    workstations: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    by_name: dict[str, int] = field(default_factory=dict)
    serving: frozenset[str] = frozenset()
    inside: int = 0
    """Addresses below this number are the company's own."""
    apps: list[int] = field(default_factory=list)
    parties: Column = field(default_factory=lambda: np.zeros((0, 6), dtype=np.int64))
    taste: Column = field(default_factory=lambda: np.zeros((0, 40), dtype=np.int64))
    pools: Pools = field(init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng([self.seed, 0])
        self._settle()
        self._open_sites(rng)
        self._install(rng)
        agents = [f"Mozilla/5.0 (X11; rv:{100 + i}.0) Gecko/20100101 Firefox/{100 + i}.0" for i in range(6)]
        agents += [f"{w}-client/{i}.{i % 7}" for i, w in enumerate(words.SECOND[: LOOKS - 6])]
        self.pools = Pools(
            pl.Series(self.addresses, dtype=pl.String),
            pl.Series(self.names, dtype=pl.String),
            pl.Series(words.hexes(LOOKS, 32, rng)),
            pl.Series(agents),
        )

    @property
    def young(self) -> Column:
        """Return (workstations,) which of them join in the middle."""
        return np.random.default_rng([self.seed, 3]).random(len(self.workstations)) < self.joining

    def at(self, name: str) -> int:
        """Return the number of the address of a server or an odd thing."""
        return self.by_name[name]

    def named(self, name: str) -> int:
        """Return the number of a server name."""
        return self._index[name]

    _index: dict[str, int] = field(default_factory=dict)
    has: dict[str, Column] = field(default_factory=dict)
    """Program -> which workstations run it."""
    visitors: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Addresses outside that come to the public web site."""
    relays: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Media relays of video calls."""

    def partner(self, i: int) -> int:
        """Return the server name of the ``i``-th partner."""
        return self.named(_partner(i))

    def open(self, name: str, count: int, rng: np.random.Generator, base: int | None = None) -> int:
        """Add a server name with ``count`` addresses outside (new ones, unless they begin at ``base``); return its number."""
        at = self.outside(count, rng) if base is None else base
        self.names.append(name)
        self.base, self.spread = np.append(self.base, at), np.append(self.spread, count)
        self._index[name] = len(self.names) - 1
        return len(self.names) - 1

    def outside(self, count: int, rng: np.random.Generator) -> int:
        """Add ``count`` public addresses, neighbours of each other; return the number of the first."""
        first = len(self.addresses)
        start = int(_PUBLIC[rng.integers(0, len(_PUBLIC))]) << 24 | int(rng.integers(0, 1 << 24))
        self.addresses += [str(IPv4Address(start + i)) for i in range(count)]
        return first

    def repool(self) -> None:
        """Make the pools again, after names or addresses were added."""
        old = self.pools
        self.pools = Pools(pl.Series(self.addresses), pl.Series(self.names), old.ja3, old.agents)

    def _settle(self) -> None:
        """Give the hosts of the company their addresses."""
        servers, odd = max(len(SERVERS) + PARTNERS, self.hosts * 8 // 100), len(ODD)
        stations = max(10, self.hosts - servers - odd)
        self.workstations = np.arange(stations)
        self.addresses = [f"10.20.{1 + i // 200}.{20 + i % 200}" for i in range(stations)]
        named = [*SERVERS, *(f"app{i + 1}" for i in range(servers - len(SERVERS)))]
        for i, name in enumerate(named):
            self.by_name[name] = len(self.addresses)
            self.addresses.append(f"10.20.100.{10 + i}")
        self.apps = [self.by_name[n] for n in named if n.startswith("app")]
        self.serving = frozenset(named)
        for i, name in enumerate([*ODD, "new server", "broadcast", "mdns", "ssdp"]):
            self.by_name[name] = len(self.addresses)
            self.addresses.append(f"10.20.200.{10 + i}")
        for name, address in (("broadcast", "10.20.255.255"), ("mdns", "224.0.0.251"), ("ssdp", "239.255.255.250")):
            self.addresses[self.by_name[name]] = address
        self.inside = len(self.addresses)

    def _open_sites(self, rng: np.random.Generator) -> None:
        """Make the sites, the best known first, many of them behind shared addresses; and what their pages pull in."""
        shared = [self.outside(64, rng) for _ in range(12)]
        made = list(words.sites(SITES, rng))
        self.names = [host for host, _ in made]
        self._index = {host: i for i, host in enumerate(self.names)}
        many = np.where(np.arange(SITES) < 60, 12, 1)
        own = rng.random(SITES) < 0.55
        own[:60] = True
        bases = np.asarray(shared)[rng.integers(0, 12, SITES)] + rng.integers(0, 60, SITES)
        for i in np.flatnonzero(own).tolist():
            bases[i] = self.outside(int(many[i]), rng)
        self.base, self.spread = bases, np.where(own, many, 3)
        first = len(self.names)
        for i in range(THIRD_PARTIES):
            word = words.FIRST[i % len(words.FIRST)]
            label = (
                "d" + words.hexes(1, 13, rng)[0]
                if i % 3 == 0
                else f"{words.SECOND[i % len(words.SECOND)]}-{i}"
                if i % 3 == 1
                else f"r{i}---sn-{words.base32(1, 10, rng)[0]}"
            )
            domain = (*DELIVERY, "edge-delivery.net", "pagestats.io")[i % 7]
            self.open(
                f"{label}.{word}.{domain}" if i % 2 else f"{label}.{domain}", 4, rng, int(shared[i % 12]) + i % 60
            )
        weight = 1 / (np.arange(THIRD_PARTIES) + 2.0)
        self.parties = first + rng.choice(THIRD_PARTIES, (SITES, 6), p=weight / weight.sum())
        stations = len(self.workstations)
        self.taste = _zipf(rng, (stations, 40), 0.9)
        self.relays = self.outside(64, rng) + np.arange(64)
        starts = [self.outside(1, rng) for _ in range(3000)]
        self.visitors = np.asarray(starts)

    def _install(self, rng: np.random.Generator) -> None:
        """Put the programs on the workstations and their servers on the Internet."""
        stations = len(self.workstations)
        for program in (*PROGRAMS, ROLLED_OUT):
            self.has[program.name] = rng.random(stations) < program.share
            for host in program.hosts:
                self.open(host, program.spread, rng)
        for name, count in (
            ("storage.filesync-drive.com", 24),
            ("upload.mediashare-pro.com", 8),
            ("bucket.offsite-backup.com", 6),
            ("api.weather-brew.net", 1),
            ("p2p.cam-viewer.cn", 2),
            ("pool.ntp-time.org", 12),
            ("lookup.av-reputation.com", 1),
        ):
            self.open(name, count, rng)
        for i in range(PARTNERS):
            self.open(_partner(i), 1, rng)


_PUBLIC = (
    23,
    31,
    34,
    45,
    52,
    64,
    74,
    81,
    89,
    93,
    104,
    108,
    129,
    139,
    142,
    151,
    157,
    162,
    178,
    185,
    193,
    195,
    199,
    204,
    209,
    212,
    217,
)


def _partner(i: int) -> str:
    return f"api.{words.FIRST[i * 7 % len(words.FIRST)]}-logistics{i}.com"


def _zipf(rng: np.random.Generator, shape: tuple[int, ...], s: float) -> Ints:
    """Return numbers of sites, the popular ones more often: a Zipf law with exponent ``s``."""
    weight = (np.arange(SITES) + 3.0) ** -s
    edge = np.cumsum(weight / weight.sum())
    drawn: Ints = np.minimum(np.searchsorted(edge, rng.random(shape)), SITES - 1).astype(np.int64)
    return drawn


def popular(rng: np.random.Generator, n: int) -> Ints:
    """Return ``n`` sites as the whole Internet visits them."""
    return _zipf(rng, (n,), 1.0)

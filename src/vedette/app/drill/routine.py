"""Steps of an ordinary day: people and programs that talk to each other."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vedette.app.drill.clock import When
from vedette.app.drill.datagrams import DATAGRAMS
from vedette.app.drill.protocols import TCP_PROTOCOLS, Ask
from vedette.app.drill.stage import Stage
from vedette.app.drill.step import DomainName, Port, Range, Step, Who, spoken
from vedette.testing.packets import arp


class Browse(Step):
    """People visit outside sites: a look-up, then a burst of connections, then some reading."""

    do: Literal["browse"]
    who: Who
    when: When
    burst: Range = (1, 5)
    size: Range = (2_000, 60_000)

    def play(self, stage: Stage) -> None:
        rng = stage.rng
        sites = sorted(stage.sites)
        for src in stage.cast[self.who]:
            habits = rng.sample(sites, k=min(8, len(sites)))
            for start in self.when.times(rng):
                name, now = rng.choice(habits), start
                stage.resolve(now, src, name)
                for _ in range(rng.randint(*self.burst)):
                    now += 0.05 + rng.expovariate(4)
                    ask = Ask(rng, name, rng.randint(*self.size), rng.randint(1, 3))
                    stage.connect(now, (src, stage.sites[name], 443), "tls", ask)


class Exchange(Step):
    """Clients talk to servers over TCP, each to one of them at a time."""

    do: Literal["exchange"]
    who: Who
    to: Who
    port: Port
    protocol: Annotated[str, spoken(dict(TCP_PROTOCOLS))]
    when: When
    name: DomainName = "host.example"
    size: Range = (500, 5_000)
    requests: Range = (1, 3)

    def play(self, stage: Stage) -> None:
        rng = stage.rng
        for src in stage.cast[self.who]:
            for start in self.when.times(rng):
                ask = Ask(rng, self.name, rng.randint(*self.size), rng.randint(*self.requests))
                stage.connect(start, (src, rng.choice(stage.cast[self.to]), self.port), self.protocol, ask)


class Datagrams(Step):
    """Clients and servers exchange datagrams; ``every_one`` asks all of ``to`` each time, one after the other."""

    do: Literal["datagrams"]
    who: Who
    to: Who
    port: Annotated[int, Field(ge=0, lt=65_536)]
    protocol: Annotated[str, spoken(dict(DATAGRAMS))]
    when: When
    every_one: bool = False

    def play(self, stage: Stage) -> None:
        rng = stage.rng
        for src in stage.cast[self.who]:
            for start in self.when.times(rng):
                ends = stage.cast[self.to] if self.every_one else (rng.choice(stage.cast[self.to]),)
                for i, dst in enumerate(ends):
                    stage.send(start + i * 0.2, (src, dst, self.port), self.protocol, Ask(rng))


class Mistype(Step):
    """People look names up that do not exist."""

    do: Literal["mistype"]
    who: Who
    names: tuple[DomainName, ...] = Field(min_length=1)
    when: When

    def play(self, stage: Stage) -> None:
        for src in stage.cast[self.who]:
            for start in self.when.times(stage.rng):
                stage.resolve(start, src, stage.rng.choice(self.names))


class Neighbours(Step):
    """Hosts ask for each other's hardware address, and are answered; Zeek's conn.log at the branch knows nothing of it."""

    do: Literal["neighbours"]
    who: Who
    to: Who
    when: When

    def play(self, stage: Stage) -> None:
        for src in stage.cast[self.who]:
            for start in self.when.times(stage.rng):
                dst, now = stage.rng.choice(stage.cast[self.to]), stage.at(start)
                if not stage.branch & {src, dst}:
                    stage.packets += (now, arp(src, dst)), (now + 200, arp(dst, src, reply=True))

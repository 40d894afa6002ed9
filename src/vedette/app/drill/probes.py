"""Steps that try what is there, or try to break it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vedette.app.drill.clock import Clock, Span, When
from vedette.app.drill.conversation import Conversation
from vedette.app.drill.stage import Stage
from vedette.app.drill.step import Port, Step, Who


class Scan(Step):
    """Somebody tries ports of addresses, ``pause`` apart, in the order of chance, none twice."""

    do: Literal["scan"]
    who: Who
    to: Who
    ports: tuple[Port, ...] = ()
    first_ports: int = Field(default=0, ge=0, lt=65_536)
    at: Clock
    pause: Span
    limit: int = Field(default=1_000_000, gt=0)

    def play(self, stage: Stage) -> None:
        rng = stage.rng
        for src in stage.cast[self.who]:
            ports = dict.fromkeys((*self.ports, *range(1, self.first_ports + 1)))
            tries = [(dst, port) for dst in stage.cast[self.to] for port in ports]
            rng.shuffle(tries)
            now = self.at
            for dst, port in tries[: self.limit]:
                stage.knock(now, src, dst, port)
                now += self.pause * (0.5 + rng.random())


class Noise(Step):
    """The Internet's background: single tries from everywhere, never twice from the same."""

    do: Literal["noise"]
    who: Who
    to: Who
    ports: tuple[Port, ...] = Field(min_length=1)
    when: When

    def play(self, stage: Stage) -> None:
        rng = stage.rng
        times = self.when.times(rng)
        strangers = rng.sample(stage.cast[self.who], k=min(len(times), len(stage.cast[self.who])))
        for start, src in zip(times, strangers, strict=False):
            stage.knock(start, src, rng.choice(stage.cast[self.to]), rng.choice(self.ports))


class Retry(Step):
    """A program calls a host that is gone, or a port that nobody serves any more, again and again."""

    do: Literal["retry"]
    who: Who
    to: Who
    port: Port
    when: When

    def play(self, stage: Stage) -> None:
        for src in stage.cast[self.who]:
            for start in self.when.times(stage.rng):
                stage.knock(start, src, stage.rng.choice(stage.cast[self.to]), self.port)


class Flood(Step):
    """SYNs from forged addresses, ``rate`` a second; of the first ``answered`` share the victim answers that share, then it chokes."""

    do: Literal["flood"]
    who: Who
    to: Who
    port: Port
    at: Clock
    lasts: Span
    rate: int = Field(gt=0, le=5_000)
    answered: float = Field(default=0.2, ge=0, le=1)

    def play(self, stage: Stage) -> None:
        rng = stage.rng
        (victim, *_), forged = stage.cast[self.to], stage.cast[self.who]
        total = int(self.rate * self.lasts)
        for i in range(total):
            state = "RSTO" if i < total * self.answered and rng.random() < self.answered else "S0"
            start = stage.at(self.at) + int((i + rng.random()) / self.rate * 1_000_000)
            port = rng.randint(1024, 65_535)
            stage.observe(Conversation(start, "tcp", rng.choice(forged), victim, port, self.port, (), state))

"""What can happen in a drill: one class a kind of step, its fields as they stand in YAML, ``play`` as it happens."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

from vedette.app.drill.clock import Clock, Span, When
from vedette.app.drill.conversation import Conversation, distant
from vedette.app.drill.datagrams import DATAGRAMS
from vedette.app.drill.protocols import TCP_PROTOCOLS, Ask
from vedette.app.drill.stage import Stage
from vedette.testing.packets import arp

_SECOND = 1_000_000


def _known(value: str, info: ValidationInfo) -> str:
    if value not in (info.context or {}).get("cast", ()):
        raise ValueError(f"nobody in the cast is called {value!r}")
    return value


def _spoken(table: dict[str, object]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in table:
            raise ValueError(f"no such protocol {value!r}; there are: {', '.join(sorted(table))}")
        return value

    return AfterValidator(check)


Who = Annotated[str, AfterValidator(_known)]
"""A name in the cast."""
Port = Annotated[int, Field(gt=0, lt=65_536)]
Range = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]


class Step(BaseModel):
    """One thing that happens; ``title`` says it to a person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str

    def play(self, stage: Stage) -> None:
        """Let it happen on the stage."""
        raise NotImplementedError


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
    protocol: Annotated[str, _spoken(dict(TCP_PROTOCOLS))]
    when: When
    name: str = "host.example"
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
    protocol: Annotated[str, _spoken(dict(DATAGRAMS))]
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
    names: tuple[str, ...]
    when: When

    def play(self, stage: Stage) -> None:
        for src in stage.cast[self.who]:
            for start in self.when.times(stage.rng):
                stage.resolve(start, src, stage.rng.choice(self.names))


class Neighbours(Step):
    """Hosts ask for each other's hardware address, and are answered."""

    do: Literal["neighbours"]
    who: Who
    to: Who
    when: When

    def play(self, stage: Stage) -> None:
        for src in stage.cast[self.who]:
            for start in self.when.times(stage.rng):
                dst, now = stage.rng.choice(stage.cast[self.to]), stage.at(start)
                stage.packets += (now, arp(src, dst)), (now + 200, arp(dst, src, reply=True))


class Scan(Step):
    """Somebody tries ports of addresses, ``pause`` apart, in the order of chance."""

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
            ports = (*self.ports, *range(1, self.first_ports + 1))
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
    ports: tuple[Port, ...]
    when: When

    def play(self, stage: Stage) -> None:
        rng = stage.rng
        times = self.when.times(rng)
        strangers = rng.sample(stage.cast[self.who], k=min(len(times), len(stage.cast[self.who])))
        for start, src in zip(times, strangers, strict=False):
            stage.knock(start, src, rng.choice(stage.cast[self.to]), rng.choice(self.ports))


class Flood(Step):
    """SYNs from forged addresses, ``rate`` a second; the victim answers the first ``answered`` share, then chokes."""

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
            start = stage.at(self.at) + int((i + rng.random()) / self.rate * _SECOND)
            port = rng.randint(1024, 65_535)
            stage.observe(Conversation(start, "tcp", rng.choice(forged), victim, port, self.port, (), state))


class Logins(Step):
    """Somebody logs in by SSH, or tries to: packets on the wire and lines in the host's log.

    Attributes:
        users: tried in turn (``round_robin``: spraying), or each ``tries`` times before the next.
        accepted: which user's last try succeeds; none when empty.
        unknown: those of ``users`` that the host does not have.
        method: ``password`` or ``publickey``.
    """

    do: Literal["logins"]
    who: Who
    host: Who
    users: tuple[str, ...]
    when: When
    tries: int = Field(default=1, ge=0)
    accepted: str = ""
    unknown: tuple[str, ...] = ()
    method: Literal["password", "publickey"] = "password"
    round_robin: bool = False
    session_exchanges: int = Field(default=6, gt=0)

    def play(self, stage: Stage) -> None:
        for start in self.when.times(stage.rng):
            now = start
            for user in self._order():
                now += self._fail(stage, now, user)
            if self.accepted:
                self._accept(stage, now, self.accepted)

    def _order(self) -> list[str]:
        if self.round_robin:
            return [user for _ in range(self.tries) for user in self.users]
        return [user for user in self.users for _ in range(self.tries)]

    def _meet(self, stage: Stage, now: float, exchanges: int) -> tuple[str, int, str]:
        src, dst = stage.rng.choice(stage.cast[self.who]), stage.cast[self.host][0]
        port = stage.connect(now, (src, dst, 22), "ssh", Ask(stage.rng, "", 60 * exchanges, exchanges))
        return src, port, f"sshd[{stage.rng.randint(2_000, 30_000)}]"

    def _fail(self, stage: Stage, now: float, user: str) -> float:
        src, port, sshd = self._meet(stage, now, 2)
        told = f"invalid user {user}" if user in self.unknown else user
        if user in self.unknown:
            stage.log(now + 0.4, self.host, sshd, f"Invalid user {user} from {src} port {port}")
        else:
            pam = f"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={src}  user={user}"
            stage.log(now + 0.6, self.host, sshd, pam)
        stage.log(now + 2.2, self.host, sshd, f"Failed password for {told} from {src} port {port} ssh2")
        stage.log(now + 2.4, self.host, sshd, f"Connection closed by {self._peer(user)} {src} port {port} [preauth]")
        return 2.6 + stage.rng.random() * (1 if distant(src) else 6)

    def _peer(self, user: str) -> str:
        return f"{'invalid' if user in self.unknown else 'authenticating'} user {user}"

    def _accept(self, stage: Stage, now: float, user: str) -> None:
        src, port, sshd = self._meet(stage, now, self.session_exchanges)
        uid = 1000 + sum(user.encode()) % 500
        stage.log(now + 1.1, self.host, sshd, f"Accepted {self.method} for {user} from {src} port {port} ssh2")
        opened = f"pam_unix(sshd:session): session opened for user {user}(uid={uid}) by {user}(uid=0)"
        stage.log(now + 1.2, self.host, sshd, opened)
        number = stage.rng.randint(10, 9_000)
        stage.log(now + 1.3, self.host, "systemd-logind[612]", f"New session {number} of user {user}.")
        end = now + 2 + self.session_exchanges * 1.2
        stage.log(end, self.host, sshd, f"pam_unix(sshd:session): session closed for user {user}")


class Sudo(Step):
    """A user runs commands as another, through sudo."""

    do: Literal["sudo"]
    host: Who
    user: str
    target: str = "root"
    at: Clock
    pause: Span
    commands: tuple[str, ...]

    def play(self, stage: Stage) -> None:
        now = self.at
        for command in self.commands:
            place = f"TTY=pts/0 ; PWD=/home/{self.user} ; USER={self.target} ; COMMAND={command}"
            stage.log(now, self.host, "sudo", f" {self.user} : {place}")
            session = f"pam_unix(sudo:session): session opened for user {self.target}(uid=0) by {self.user}(uid=1000)"
            stage.log(now + 0.01, self.host, "sudo", session)
            stage.log(now + 0.9, self.host, "sudo", f"pam_unix(sudo:session): session closed for user {self.target}")
            now += self.pause * (0.5 + stage.rng.random())


class Cron(Step):
    """A host runs a job."""

    do: Literal["cron"]
    host: Who
    user: str = "root"
    command: str
    when: When

    def play(self, stage: Stage) -> None:
        for start in self.when.times(stage.rng):
            cron = f"CRON[{stage.rng.randint(2_000, 30_000)}]"
            stage.log(
                start, self.host, cron, f"pam_unix(cron:session): session opened for user {self.user}(uid=0) by (uid=0)"
            )
            stage.log(start + 0.01, self.host, cron, f"({self.user}) CMD ({self.command})")
            stage.log(start + 1.4, self.host, cron, f"pam_unix(cron:session): session closed for user {self.user}")


class Line(Step):
    """A host logs a line as it stands here."""

    do: Literal["line"]
    host: Who
    program: str
    message: str
    at: Clock

    def play(self, stage: Stage) -> None:
        stage.log(self.at, self.host, self.program, self.message)


AnyStep = Annotated[
    Browse | Exchange | Datagrams | Mistype | Neighbours | Scan | Noise | Flood | Logins | Sudo | Cron | Line,
    Field(discriminator="do"),
]

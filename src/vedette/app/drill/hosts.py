"""Steps that a host writes into its log: logins, commands, jobs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vedette.app.drill.clock import Clock, Span, When
from vedette.app.drill.conversation import distant
from vedette.app.drill.protocols import Ask
from vedette.app.drill.stage import Stage
from vedette.app.drill.step import Step, Who, Words


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
    users: tuple[Words, ...]
    when: When
    tries: int = Field(default=1, ge=0)
    accepted: Words = ""
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
        elif self.method == "password":
            pam = f"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={src}  user={user}"
            stage.log(now + 0.6, self.host, sshd, pam)
        stage.log(now + 2.2, self.host, sshd, f"Failed {self.method} for {told} from {src} port {port} ssh2")
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
    user: Words
    target: Words = "root"
    at: Clock
    pause: Span
    commands: tuple[Words, ...]

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
    user: Words = "root"
    command: Words
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
    program: Words
    message: Words
    at: Clock

    def play(self, stage: Stage) -> None:
        stage.log(self.at, self.host, self.program, self.message)

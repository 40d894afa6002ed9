"""An attack played into a running service: made-up events with the times of now, sent as a log shipper sends them.

Somebody outside guesses passwords on a bastion, gets in, looks from there at what the servers offer, and makes an account to come back.
Outside addresses are kept for documentation (RFC 5737), inside ones are of 10.99.0.0/16; the drill's hosts are called ``drill-...``, so
nobody takes it for real. Each round has an intruder and a bastion of its own.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vedette.app.ask import ask, get_json
from vedette.errors import VedetteError

EXPECTED = ("brute_force", "logon_after_failures", "port_scan_horizontal", "account_takes_rights")
"""What must be found: guessing, getting in, looking around, and the account that is made last of all, which nothing before it tells."""
GUESSES, LOOKED_AT = 60, 120
EVERY = timedelta(milliseconds=80)
"""Between two guesses."""
PARTS = 12
"""Pieces that the events of one round come in."""
ASK_SECONDS = 0.15
"""Seldom enough for the API, which lets a client ask ten times a second."""
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part in one round."""

    number: int

    @property
    def intruder(self) -> str:
        """The address outside."""
        return f"203.0.113.{20 + self.number}"

    @property
    def bastion(self) -> str:
        """The name of the host that is broken into."""
        return f"drill-bastion-{self.number + 1}"

    @property
    def address(self) -> str:
        """Its address."""
        return f"10.99.{10 + self.number}.22"


@dataclass(frozen=True, slots=True)
class Round:
    """What became of one attack.

    Attributes:
        intruder: whose it was.
        first_seconds: from its last event until an incident about it could be asked for; below 0: before its last event.
        whole_seconds: until the incident held everything that is expected; None: it did not in time.
        incident: uid and title.
        found: detectors that spoke.
    """

    intruder: str
    first_seconds: float | None
    whole_seconds: float | None
    incident: tuple[str, str] = ("", "")
    found: tuple[str, ...] = ()


Say = Callable[[str], None]


def play(
    to: str, api: str, token: str = "", *, rounds: int = 1, seconds: float = 10.0, say: Say = print
) -> list[Round]:
    """Play the attack so many times, each by another intruder, and see what the service says.

    Args:
        to: where the service receives, ``http://127.0.0.1:8751``.
        api: where it answers, ``http://127.0.0.1:8750``.
        token: for the API, where it asks for one.
        rounds: how often; at most 200.
        seconds: how long one attack takes.
        say: told what happens.

    Raises:
        VedetteError: nobody receives or answers there.
    """
    out = []
    for number in range(rounds):
        cast = Cast(number)
        say(f"{cast.intruder} guesses passwords on {cast.bastion}, gets in, looks around and makes an account ...")
        sent = _send(to, cast, seconds, random.Random(number))  # noqa: S311 - a drill is repeatable
        out.append(_watch(api, token, cast.intruder, sent))
    return out


def events(cast: Cast, rng: random.Random, now: Callable[[], datetime]) -> Iterator[tuple[bytes, ...]]:
    """Yield the pieces of one attack, in order: a host's log, and Zeek's connection log beside it. Their times are those of asking."""
    ports = rng.sample(range(30_000, 60_000), GUESSES + 1)
    intruder, server = cast.intruder, (cast.address, 22)
    head, tail = f"{cast.bastion} sshd", f"password for root from {intruder} port"
    for part in _cut(list(range(GUESSES)), PARTS // 2):
        at = now()
        stamp = at.isoformat(timespec="microseconds")
        tries = [(at - EVERY * (part[-1] - n), n) for n in part]
        lines = [
            f"{t.isoformat(timespec='microseconds')} {head}[{rng.randrange(900, 9000)}]: Failed {tail} {ports[n]} ssh2"
            for t, n in tries
        ]
        logons = [_connection((intruder, ports[n]), server, rng, t) for t, n in tries]
        if part[-1] == GUESSES - 1:
            lines.append(f"{stamp} {head}[899]: Accepted {tail} {ports[-1]} ssh2")
            logons.append(_connection((intruder, ports[-1]), server, rng, at))
        yield "".join(f"{line}\n" for line in lines).encode(), b"".join(logons)
    for part in _cut(list(range(LOOKED_AT)), PARTS - PARTS // 2):
        knocks = [
            _connection(
                (cast.address, rng.randrange(32_768, 60_000)),
                (f"10.99.{10 + cast.number}.{100 + n}", 445),
                rng,
                now(),
                answered=False,
            )
            for n in part
        ]
        yield (b"".join(knocks),)
    stamp = now().isoformat(timespec="microseconds")
    made = f"new user: name=drill-help-{cast.number + 1}, UID=0, GID=0, home=/root, shell=/bin/bash"
    yield (f"{stamp} {cast.bastion} useradd[777]: {made}\n".encode(),)


def _connection(
    src: tuple[str, int], dst: tuple[str, int], rng: random.Random, at: datetime, *, answered: bool = True
) -> bytes:
    """Return one line of Zeek's connection log, as JSON."""
    line = {
        "_path": "conn",
        "ts": round(at.timestamp(), 6),
        "uid": f"Cdrill{rng.getrandbits(48):x}",
        "id.orig_h": src[0],
        "id.orig_p": src[1],
        "id.resp_h": dst[0],
        "id.resp_p": dst[1],
        "proto": "tcp",
        "duration": 0.9 if answered else None,
        "conn_state": "SF" if answered else "S0",
        "history": "ShADadFf" if answered else "S",
        "orig_pkts": 14 if answered else 1,
        "orig_ip_bytes": 2900 if answered else 60,
        "resp_pkts": 12 if answered else 0,
        "resp_ip_bytes": 3100 if answered else 0,
    }
    return json.dumps({k: v for k, v in line.items() if v is not None}).encode() + b"\n"


def _cut(items: list[int], parts: int) -> Iterator[list[int]]:
    size = -(-len(items) // parts)
    return (items[at : at + size] for at in range(0, len(items), size))


def _send(to: str, cast: Cast, seconds: float, rng: random.Random) -> float:
    """Send the events, spread over ``seconds``; return when the last were acknowledged (monotonic seconds)."""
    for number, bodies in enumerate(events(cast, rng, lambda: datetime.now(UTC))):
        if number:
            time.sleep(seconds / PARTS)
        for body in bodies:
            status, text = ask("POST", f"{to}/v1/ingest", {"Content-Type": "text/plain"}, body)
            if status >= 300:  # noqa: PLR2004 - of HTTP
                raise VedetteError(f"the service did not take events: HTTP {status}: {text[:200]!r}", where=to)
    return time.monotonic()


def _watch(api: str, token: str, intruder: str, sent: float) -> Round:
    """Ask until the incident about the intruder holds everything that is expected."""
    first: float | None = None
    found: set[str] = set()
    named, count = ("", ""), dict[str, int]()
    while time.monotonic() - sent < PATIENCE_SECONDS:
        listed = get_json(api, f"/api/v1/incidents?entity={intruder}&limit=5", token)["items"]
        at = time.monotonic() - sent
        for item in (i for i in listed if not i["gone"]):
            first = at if first is None else first
            named = (item["uid"], item["title"])
            if item["finding_count"] != count.get(item["uid"]):
                count[item["uid"]] = item["finding_count"]
                held = get_json(api, f"/api/v1/findings?incident={item['uid']}&limit=100", token)["items"]
                found |= {f["detector"] for f in held}
        if found.issuperset(EXPECTED):
            return Round(intruder, first, time.monotonic() - sent, named, tuple(sorted(found)))
        time.sleep(ASK_SECONDS)
    return Round(intruder, first, None, named, tuple(sorted(found)))

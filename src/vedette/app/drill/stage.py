"""Where the steps of a drill play: the cast, the time, and what the sensors write down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from vedette.app.drill.conversation import CONN_FIELDS, Conversation, conn_line, distant, frames
from vedette.app.drill.datagrams import DATAGRAMS
from vedette.app.drill.protocols import TCP_PROTOCOLS, Ask
from vedette.testing.packets import PcapWriter

SERVICES = {
    "tls": "ssl",
    "tunnel": "ssl",
    "http": "http",
    "update": "http",
    "smtp": "smtp",
    "smb": "smb",
    "ssh": "ssh",
    "dns": "dns",
    "ntp": "ntp",
}
"""Name of a protocol in YAML -> the word of Zeek's ``service`` column."""

_EPHEMERAL = (32_768, 60_999)


@dataclass(slots=True)
class Stage:
    """What the steps act on.

    Attributes:
        midnight_us: start of the day, microseconds since the epoch.
        cast: name -> addresses.
        open_ports: address -> ports that answer; an address that is not in it does not exist.
        sites: name of an outside site -> its address.
        resolver: who answers DNS.
        branch: addresses that the branch's Zeek sees; everything else is seen by the capture.
        rng: the step's own source of chance, so that editing one step leaves the others as they were.
    """

    midnight_us: int
    cast: dict[str, tuple[str, ...]]
    open_ports: dict[str, frozenset[int]]
    sites: dict[str, str]
    resolver: str
    branch: frozenset[str]
    rng: Random
    packets: list[tuple[int, bytes]] = field(default_factory=list)
    connections: list[tuple[int, str]] = field(default_factory=list)
    lines: list[tuple[int, str]] = field(default_factory=list)

    def at(self, seconds: float) -> int:
        """Return a time of day as microseconds since the epoch."""
        return self.midnight_us + int(seconds * 1e6)

    def port(self) -> int:
        """Return a port as a client gets it."""
        return self.rng.randint(*_EPHEMERAL)

    def observe(self, talk: Conversation) -> None:
        """Write a conversation down where it is seen: as packets at the head office, as a conn.log line at the branch."""
        if talk.src in self.branch or talk.dst in self.branch:
            self.connections.append((talk.start_us, conn_line(talk, self.rng)))
        else:
            self.packets.extend(frames(talk, self.rng))

    def connect(self, seconds: float, ends: tuple[str, str, int], protocol: str, ask: Ask) -> int:
        """Play a whole TCP conversation between ``ends``: client, server, port. Return the client's port."""
        src, dst, port = ends
        turns, service, sport = tuple(TCP_PROTOCOLS[protocol](ask)), SERVICES.get(protocol, ""), self.port()
        self.observe(Conversation(self.at(seconds), "tcp", src, dst, sport, port, turns, service=service))
        return sport

    def send(self, seconds: float, ends: tuple[str, str, int], protocol: str, ask: Ask) -> None:
        """Play an exchange of datagrams between ``ends``."""
        src, dst, port = ends
        turns, service = tuple(DATAGRAMS[protocol](ask)), SERVICES.get(protocol, "")
        kind = "icmp" if protocol == "echo" else "udp"
        self.observe(Conversation(self.at(seconds), kind, src, dst, self.port(), port, turns, service=service))

    def resolve(self, seconds: float, src: str, name: str) -> None:
        """Look a name up; an unknown one does not exist."""
        ask = Ask(self.rng, name, address=self.sites.get(name, ""))
        self.send(seconds, (src, self.resolver, 53), "dns", ask)

    def knock(self, seconds: float, src: str, dst: str, port: int) -> None:
        """Send one SYN and see: open ports answer and are reset, closed ones refuse insiders; a firewall drops outsiders' tries."""
        ports = self.open_ports.get(dst)
        state = "S0" if ports is None or (distant(src) and port not in ports) else "RSTO" if port in ports else "REJ"
        self.observe(Conversation(self.at(seconds), "tcp", src, dst, self.port(), port, (), state))

    def log(self, seconds: float, host: str, program: str, message: str) -> None:
        """Write a syslog line with an ISO 8601 stamp, as rsyslog does."""
        moment = datetime.fromtimestamp(self.at(seconds) / 1e6, UTC)
        self.lines.append(
            (self.at(seconds), f"{moment.isoformat(timespec='microseconds')} {host} {program}: {message}")
        )


def write_capture(path: Path, packets: list[tuple[int, bytes]]) -> None:
    """Write a pcap file, in order of time."""
    with path.open("wb") as stream:
        writer = PcapWriter(stream)
        for time_us, frame in sorted(packets):
            writer.write(time_us, frame)


def write_connections(path: Path, connections: list[tuple[int, str]]) -> None:
    """Write a conn.log as Zeek does: a header, then tab-separated values."""
    head = (
        "#separator \\x09",
        "#set_separator\t,",
        "#empty_field\t(empty)",
        "#unset_field\t-",
        "#path\tconn",
        "\t".join(("#fields", *CONN_FIELDS)),
        "\t".join(("#types", *CONN_FIELDS.values())),
    )
    path.write_text("\n".join((*head, *(line for _, line in sorted(connections)))) + "\n", encoding="ascii")


def write_lines(path: Path, lines: list[tuple[int, str]]) -> None:
    """Write a log file, in order of time."""
    path.write_text("".join(f"{line}\n" for _, line in sorted(lines)), encoding="utf-8")

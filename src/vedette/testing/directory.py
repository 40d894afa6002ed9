"""A real OpenLDAP server on this machine, for tests: with the attributes of Active Directory's users, or with its own password policy."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BASE = "dc=corp,dc=example"
PEOPLE = f"ou=people,{BASE}"
ADMIN, PASSWORD = f"cn=admin,{BASE}", "made-up"
PROGRAMS = {
    name: shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin") for name in ("slapd", "slapadd", "ldapsearch")
}

_OID = "1.3.6.1.4.1.55555"
_SCHEMA = "\n".join(
    f"attributetype ( {_OID}.1.{n} NAME '{name}' EQUALITY {match} SYNTAX {syntax} SINGLE-VALUE )"
    for n, (name, match, syntax) in enumerate(
        [
            ("sAMAccountName", "caseIgnoreMatch", "1.3.6.1.4.1.1466.115.121.1.15"),
            ("userPrincipalName", "caseIgnoreMatch", "1.3.6.1.4.1.1466.115.121.1.15"),
            ("userAccountControl", "integerMatch", "1.3.6.1.4.1.1466.115.121.1.27"),
            ("pwdLastSet", "integerMatch", "1.3.6.1.4.1.1466.115.121.1.27"),
            ("adminCount", "integerMatch", "1.3.6.1.4.1.1466.115.121.1.27"),
        ]
    )
)
_CLASS = (
    f"\nobjectclass ( {_OID}.2.1 NAME 'user' SUP inetOrgPerson STRUCTURAL "
    "MAY ( sAMAccountName $ userPrincipalName $ userAccountControl $ pwdLastSet $ adminCount ) )\n"
)


def available() -> bool:
    """Say whether OpenLDAP's server and tools are installed."""
    return all(PROGRAMS.values())


@contextmanager
def slapd(folder: Path, people: dict[str, dict[str, str]], ou: str = "people") -> Iterator[int]:
    """Serve a directory with these users (by ``uid``, with attributes besides) on a free port of 127.0.0.1, and give the port."""
    (folder / "db").mkdir()
    (folder / "ad.schema").write_text(_SCHEMA + _CLASS)
    (folder / "slapd.conf").write_text(
        "include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\n"
        f"include /etc/ldap/schema/inetorgperson.schema\ninclude {folder}/ad.schema\n"
        "modulepath /usr/lib/ldap\nmoduleload back_mdb\nmoduleload ppolicy\n"
        f'database mdb\nsuffix "{BASE}"\nrootdn "{ADMIN}"\nrootpw {PASSWORD}\ndirectory {folder}/db\noverlay ppolicy\n'
    )
    entries = [
        f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: corp\ndc: corp\n",
        *(f"dn: ou={name},{BASE}\nobjectClass: organizationalUnit\nou: {name}\n" for name in ("people", "servers")),
    ]
    for uid, attributes in people.items():
        lines = "".join(f"{name}: {value}\n" for name, value in attributes.items() if name != "ou")
        where = attributes.get("ou", ou)
        entries.append(f"dn: uid={uid},ou={where},{BASE}\nobjectClass: user\ncn: {uid}\nsn: {uid}\nuid: {uid}\n{lines}")
    _run("slapadd", "-f", str(folder / "slapd.conf"), given="\n".join(entries))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [str(PROGRAMS["slapd"]), "-d", "0", "-f", str(folder / "slapd.conf"), "-h", f"ldap://127.0.0.1:{port}"]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as server:  # noqa: S603 - the words are ours
        try:
            _wait(port)
            yield port
        finally:
            server.kill()


def value_of(port: int, uid: str, attribute: str) -> str:
    """Return what another client sees of an attribute; empty where it has none."""
    words = (
        "-x",
        "-LLL",
        "-H",
        f"ldap://127.0.0.1:{port}",
        "-D",
        ADMIN,
        "-w",
        PASSWORD,
        "-b",
        BASE,
        f"(uid={uid})",
        attribute,
    )
    lines = [line for line in _run("ldapsearch", *words).splitlines() if line.startswith(f"{attribute}: ")]
    return lines[0].partition(": ")[2] if lines else ""


def _run(program: str, *words: str, given: str = "") -> str:
    done = subprocess.run(  # noqa: S603 - the words are ours
        [str(PROGRAMS[program]), *words], input=given, capture_output=True, text=True, timeout=30, check=False
    )
    assert not done.returncode, done.stderr
    return done.stdout


def _wait(port: int) -> None:
    deadline = time.monotonic() + 15
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "slapd never listened"
            time.sleep(0.05)
        else:
            return
